"""One program, tied to its supervisor's life: every test starts real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.running import wait_until
from upskill_stack import locks
from upskill_stack.supervision import tethered
from upskill_stack.tether import PARENT

pytestmark = pytest.mark.stack

SLEEP = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"]
FORK_AND_SLEEP = [sys.executable, "-I", "-S", "-c", "import os, time; os.fork(); time.sleep(60)"]
STUBBORN = [sys.executable, "-I", "-S", "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]
SAY = [sys.executable, "-I", "-S", "-c", "import os, sys; print(os.getcwd(), sorted(os.environ), sys.stdin.read())"]

SUPERVISOR = """
import os, subprocess, sys, time
subprocess.Popen(sys.argv[1:], env={"UPSKILL_PARENT": str(os.getpid())}, start_new_session=True)
time.sleep(60)
"""


def write(place: Path, command: list[str], **more: object) -> Path:
    """An order in `place`, as supervision.py writes it."""
    order = {"command": command, "environment": {}, "folder": "/", "owner": None, "dies_by": 0, **more}
    path = place / "program.json"
    path.write_text(json.dumps(order))
    return path


def start(order: Path, **more: object) -> subprocess.Popen[str]:
    """The program of the order, as a child of this test."""
    return subprocess.Popen(tethered(order), env={PARENT: str(os.getpid())}, text=True, start_new_session=True, **more)  # type: ignore[call-overload]


def pid_of(order: Path) -> int | None:
    return locks.holder(order.with_suffix(".pid"))


def comes_up(order: Path, *, other_than: int | None = None) -> int:
    """The process id of the program, once it runs."""
    assert wait_until(lambda: pid_of(order) not in {None, other_than}, seconds=10, pause=0.02)
    pid = pid_of(order)
    assert pid
    return pid


def test_the_program_replaces_the_tether_and_holds_its_lock(tmp_path: Path):
    order = write(tmp_path, SLEEP)

    process = start(order)
    pid = comes_up(order)
    process.kill()
    process.wait()

    assert pid == process.pid
    assert pid_of(order) is None


def test_the_program_sees_its_folder_and_its_environment_and_no_other(tmp_path: Path):
    order = write(tmp_path, SAY, folder=str(tmp_path), environment={"ONE": "1"})

    said, _ = start(order, stdin=subprocess.PIPE, stdout=subprocess.PIPE).communicate("in")

    assert said.replace("'LC_CTYPE', ", "") == f"{tmp_path} ['ONE', '{PARENT}'] in\n"


def test_the_program_dies_with_its_supervisor(tmp_path: Path):
    order = write(tmp_path, SLEEP, dies_by=signal.SIGTERM)
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR, *tethered(order)])
    comes_up(order)
    time.sleep(0.3)  # the lock comes first, the wish to die a moment later

    supervisor.kill()
    supervisor.wait()

    assert wait_until(lambda: pid_of(order) is None, seconds=5)


def test_the_program_that_nobody_ties_outlives_its_starter(tmp_path: Path):
    order = write(tmp_path, SLEEP)
    starter = subprocess.Popen([sys.executable, "-c", SUPERVISOR, *tethered(order)])
    pid = comes_up(order)

    starter.kill()
    starter.wait()
    died = wait_until(lambda: pid_of(order) is None, seconds=1)
    os.kill(pid, signal.SIGKILL)

    assert died is False


def test_the_program_does_not_start_when_its_supervisor_died_before(tmp_path: Path):
    order = write(tmp_path, SLEEP, dies_by=signal.SIGTERM)

    process = subprocess.run(
        tethered(order), env={PARENT: "1"}, text=True, stderr=subprocess.PIPE, start_new_session=True
    )

    assert (process.returncode, process.stderr) == (1, "The supervisor has gone.\n")


@pytest.mark.parametrize("command", [SLEEP, STUBBORN])
def test_a_second_life_ends_the_first(tmp_path: Path, command: list[str]):
    order = write(tmp_path, command)
    first = start(order)
    comes_up(order)

    second = start(order)
    comes_up(order, other_than=first.pid)

    assert first.wait(timeout=5) == -signal.SIGKILL
    assert pid_of(order) == second.pid
    second.kill()
    second.wait()


def test_a_second_life_ends_the_children_that_the_first_left_behind(tmp_path: Path):
    order = write(tmp_path, FORK_AND_SLEEP)
    first = start(order)
    comes_up(order)
    time.sleep(0.3)
    first.kill()
    first.wait()
    left_behind = not locks.is_free(order.with_suffix(".pid"))

    second = start(write(tmp_path, SLEEP))
    comes_up(order, other_than=first.pid)
    second.kill()
    second.wait()

    assert left_behind is True
    assert wait_until(lambda: locks.is_free(order.with_suffix(".pid")), seconds=5)


def test_a_stale_number_in_the_pid_file_harms_nobody(tmp_path: Path):
    bystander = subprocess.Popen(SLEEP, start_new_session=True)
    order = write(tmp_path, SAY)
    order.with_suffix(".pid").write_text(str(bystander.pid))

    start(order, stdin=subprocess.PIPE, stdout=subprocess.PIPE).communicate("")

    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()
