"""The bench's own children, and its view of the engine's."""

import os
import subprocess
import sys
import time

import pytest

from grading.bench.asking import ChildFailed
from grading.bench.assignments import assignment, from_script
from grading.bench.forkfloor import ForkFloor
from grading.bench.processes import children_of, most_pair_mb, pair_mb
from grading.bench.scripts import probe

PAIR = """
import os, sys
assert sys.argv[1] == "plain"
children = [os.fork() for _ in range(2)]
if 0 in children:
    sys.stdin.read()
    os._exit(0)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def parent_of_two():
    """A process with two children that wait."""
    process = subprocess.Popen([sys.executable, "-c", PAIR, "plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    yield process.pid
    process.communicate()


def test_the_bare_fork_is_timed(tmp_path):
    with ForkFloor(tmp_path) as floor:
        floor.prepare(assignment("plain"))

        seconds = floor.seconds("plain")

    assert 0 < seconds < 60


def test_cells_that_fail_are_no_time(tmp_path):
    wrong = from_script("wrong", probe(tested="assert same(1) == 2"))
    with ForkFloor(tmp_path) as floor:
        floor.prepare(wrong)

        with pytest.raises(ChildFailed, match=r"(?s)The forkfloor of the bench failed: CellsFailed: .*AssertionError"):
            floor.seconds("wrong")


def test_the_memory_of_two_children_is_read_from_outside(parent_of_two):
    assert parent_of_two in children_of(os.getpid())
    assert 0 < (pair_mb(parent_of_two, warmth="plain") or 0) < 50


def test_the_memory_at_work_is_the_most_that_was_seen(parent_of_two):
    most = most_pair_mb(parent_of_two, warmth="plain", during=lambda: time.sleep(0.2))

    assert most == pytest.approx(pair_mb(parent_of_two, warmth="plain"), abs=0.5)


def test_a_process_without_two_children_of_this_warmth_has_no_pair(parent_of_two):
    child, _ = children_of(parent_of_two)

    assert pair_mb(child, warmth="plain") is None
    assert most_pair_mb(child, warmth="plain", during=lambda: None) is None
    assert pair_mb(parent_of_two, warmth="tables") is None
