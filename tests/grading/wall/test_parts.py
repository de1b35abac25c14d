"""The wall's parts that can be looked at without closing it."""

import json
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import grading
from grading.protocol import Limits
from grading.sandbox import limits, lines, modes, scratch, visible
from grading.sandbox.modes import Layer, Mode
from grading.sandbox.slots import SandboxRefused

ROOT = Path(__file__).resolve().parents[3]


def test_only_a_mode_asked_for_by_name_promises_less():
    assert modes.candidates("") == modes.candidates("auto") == (Mode.NAMESPACE, Mode.LANDLOCK)
    assert [modes.candidates(mode) for mode in Mode] == [(mode,) for mode in Mode]


def test_an_unknown_mode_is_refused_with_those_that_exist():
    with pytest.raises(SandboxRefused) as refusal:
        modes.candidates("docker")

    assert str(refusal.value) == (
        "GRADER_ISOLATION is 'docker'. Use one of: auto, namespace, landlock, external, unsafe-dev."
    )


@pytest.mark.parametrize("as_root", [True, False])
def test_every_mode_uses_at_least_what_it_rests_on(as_root):
    for mode in Mode:
        assert modes.rests_on(mode, as_root=as_root) <= modes.tries(mode, as_root=as_root)
    assert modes.rests_on(Mode.UNSAFE_DEV, as_root=as_root) == ({Layer.UID} if as_root else set())


def test_what_can_be_read_is_the_engine_and_libraries_and_nothing_twice():
    paths = visible.read_only_paths()

    assert [path for path in paths if any(parent in paths for parent in path.parents)] == []
    assert any(Path(grading.__file__).is_relative_to(path) for path in paths)
    assert any(Path(os.__file__).is_relative_to(path) for path in paths)
    assert [path for path in paths if ROOT.is_relative_to(path) or path == Path(sys.prefix)] == []


def test_what_cannot_be_read_is_named(tmp_path):
    missing = tmp_path / "missing"

    assert visible.unreadable([tmp_path, missing]) == [missing]


LATE = """
import os, time
from grading.sandbox import linux
parent = os.getpid()
if os.fork() == 0:
    while os.getppid() == parent:
        time.sleep(0.001)
    linux.end_with_parent(parent)
    print("lives on", flush=True)
    time.sleep(60)
"""


def test_a_process_whose_parent_ended_before_it_could_ask_ends_as_well():
    program = [sys.executable, "-c", LATE]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=30, check=True, cwd=ROOT)

    assert (ended.stdout, ended.stderr) == ("", "")


def test_a_scratch_folder_is_counted_and_removed_with_whatever_is_in_it(tmp_path):
    folder = scratch.make(tmp_path)
    deep = folder
    for _ in range(50):
        deep = deep / "d"
        deep.mkdir()
    (deep / "file").write_bytes(bytes(8192))
    (folder / "link").symlink_to(tmp_path)
    (folder / "closed" / "inner").mkdir(parents=True)
    (folder / "closed" / "inner").chmod(0)
    (folder / "closed").chmod(0o700)

    used = scratch.used(folder)
    stopped = scratch.used(folder, at_most=10)
    scratch.remove(folder)

    assert used.entries >= 52
    assert used.bytes >= 8192
    assert stopped.entries > 10
    assert list(tmp_path.iterdir()) == []


def test_a_scratch_folder_too_deep_to_name_can_be_removed(tmp_path):
    folder = scratch.make(tmp_path)
    place = os.open(folder, os.O_RDONLY)
    for _ in range(1200):  # beyond what a path, or Python's own recursion, has room for
        os.mkdir("level", dir_fd=place)
        inner = os.open("level", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.close(place)

    counted = scratch.used(folder)
    scratch.remove(folder)

    assert counted.entries >= 800
    assert list(tmp_path.iterdir()) == []


def test_folders_of_a_process_that_ended_are_removed_by_the_next_and_only_those(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pid = os.fork()
    if pid == 0:
        (scratch.make(scratch.make_parent()) / "left").touch()
        os._exit(0)
    os.waitpid(pid, 0)
    left = list(tmp_path.iterdir())

    mine = scratch.make_parent()
    another = scratch.make_parent()

    assert len(left) == 1
    assert sorted(tmp_path.iterdir()) == sorted([mine, another])
    for parent in (mine, another):
        scratch.remove_parent(parent)


def test_every_limit_is_hard_and_the_clock_of_the_processor_ends_a_second_later():
    wanted = limits.bounds(Limits(memory_mb=100, files_mb=2, total_seconds=10), processes=30)

    assert wanted[resource.RLIMIT_CPU] == (15, 16)
    assert wanted[resource.RLIMIT_FSIZE] == (2 << 20,) * 2
    assert (wanted[resource.RLIMIT_AS][1], wanted[resource.RLIMIT_NPROC][1]) == (100 << 20, 30)
    assert [kind for kind, (soft, hard) in wanted.items() if soft != hard] == [resource.RLIMIT_CPU]


def test_a_line_comes_back_equal_and_silence_is_told_apart():
    ours, theirs = socket.socketpair()
    lines.send(theirs, {"a": [1, "ä"]})

    assert lines.receive(ours) == {"a": [1, "ä"]}

    theirs.sendall(json.dumps("cut short").encode())
    theirs.close()
    with pytest.raises(lines.Silence):
        lines.receive(ours)
