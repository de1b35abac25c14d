"""Locks that tell who is alive, between real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running import ROOT, wait_until
from upskill_stack import locks

HOLD = """
import sys, os
from pathlib import Path
from upskill_stack import locks
path = Path(sys.argv[2])
if sys.argv[1] == "share":
    place = locks.Share(path)
    print("held", flush=True)
    sys.stdin.read()
else:
    with locks.alone_at_once(path, note=sys.argv[3]):
        print("held", flush=True)
        sys.stdin.read()
"""
WAIT = """
import sys
from pathlib import Path
from upskill_stack import locks
with locks.alone(Path(sys.argv[1])):
    pass
"""


@contextmanager
def another(kind: str, path: Path, *, note: str = "") -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock, until the block ends or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, kind, str(path), note],
        env={**os.environ, "PYTHONPATH": str(ROOT / "platform")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    yield process
    process.communicate("")


def test_a_lock_that_nobody_holds_is_free(tmp_path: Path):
    free = (locks.is_free(tmp_path / "x.lock"), locks.holder(tmp_path / "x.lock"))

    assert free == (True, None)


def test_a_lock_that_somebody_holds_alone_is_refused_and_names_its_holder(tmp_path: Path):
    path = tmp_path / "x.lock"

    with another("alone", path, note="4711"):
        with pytest.raises(locks.Taken), locks.alone_at_once(path):
            pass
        seen = (locks.is_free(path), locks.holder(path))

    assert seen == (False, 4711)


def test_a_refused_lock_keeps_the_note_of_its_holder(tmp_path: Path):
    path = tmp_path / "x.lock"

    with another("alone", path, note="http://127.0.0.1:8000/"):
        with pytest.raises(locks.Taken), locks.alone_at_once(path, note="mine"):
            pass
        note = path.read_text()

    assert note == "http://127.0.0.1:8000/"


def test_a_holder_that_has_not_said_its_number_yet_is_nobody(tmp_path: Path):
    path = tmp_path / "x.lock"

    with another("alone", path, note=""):
        holder = locks.holder(path)

    assert holder is None


def test_many_can_share_a_lock_and_it_is_free_when_the_last_has_left(tmp_path: Path):
    path = tmp_path / "x.lock"
    mine = locks.Share(path)

    with another("share", path):
        mine.give_up()
        while_one_is_left = locks.is_free(path)
    after = locks.is_free(path)

    assert (while_one_is_left, after) == (False, True)


def test_a_killed_holder_holds_nothing(tmp_path: Path):
    path = tmp_path / "x.lock"

    with another("alone", path, note="4711") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen = (locks.is_free(path), locks.holder(path))

    assert seen == (True, None)


def test_waiting_for_a_lock_ends_when_its_holder_leaves(tmp_path: Path):
    path = tmp_path / "x.lock"

    with another("share", path):
        waiting = subprocess.Popen(
            [sys.executable, "-c", WAIT, str(path)], env={**os.environ, "PYTHONPATH": str(ROOT / "platform")}
        )
        early = wait_until(lambda: waiting.poll() is not None, seconds=1)
    status = waiting.wait(timeout=20)

    assert (early, status) == (False, 0)


def test_a_lock_file_is_its_owners_alone(tmp_path: Path):
    path = tmp_path / "x.lock"

    with locks.alone(path):
        mode = path.stat().st_mode & 0o777

    assert mode == 0o600
