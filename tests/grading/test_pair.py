"""Orders to the two sides of a pair: whatever a side does, the supervisor has its answer, or an end, in time."""

import os
import socket
import threading
import time

import pytest

from grading.channel.frames import FrameSocket
from grading.protocol import Limits, to_json
from grading.runner.orders import REFUSED
from grading.runner.pair import JudgeGone, Late, LearnerGone, OwnerGone, Pair, Side, SideGone
from grading.runner.sides import CellTold
from grading.sandbox.slots import SandboxRefused
from tests.running import wait_until


@pytest.fixture
def process():
    """A process that sleeps until it is killed."""
    pid = os.fork()
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    yield pid
    os.kill(pid, 9)
    os.waitpid(pid, 0)


@pytest.fixture
def side(process):
    """A side whose control socket the test holds: (the supervisor's hold on it, the socket)."""
    ours, theirs = socket.socketpair()
    with theirs:
        held = Side(ours, pidfd=os.pidfd_open(process))
        yield held, theirs
        held.close()


def test_the_answer_to_an_order_comes_back(side):
    held, theirs = side
    far = FrameSocket(theirs)
    answering = threading.Thread(target=lambda: far.send({"got": far.receive().head}))
    answering.start()

    answer = held.ask({"op": "run"}, seconds=5)

    answering.join()
    assert answer.head == {"got": {"op": "run"}}


def test_an_answer_that_is_late_can_still_come_whole(side):
    held, theirs = side

    with pytest.raises(Late):
        held.ask({"op": "run"}, seconds=0.05)
    FrameSocket(theirs).send({"told": "at last"})

    assert held.receive(seconds=5).head == {"told": "at last"}


def test_an_answer_that_drips_is_given_up_in_time(side):
    held, theirs = side
    stop = threading.Event()

    def drip():
        while not stop.wait(0.02):
            theirs.send(b"\0")

    dripping = threading.Thread(target=drip)
    dripping.start()
    began = time.monotonic()

    with pytest.raises((Late, SideGone)):
        held.receive(seconds=0.5)

    stop.set()
    dripping.join()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("noise", [b"\xff" * 4096, b"", b"\0\0\0\1"], ids=["huge", "nothing", "cut short"])
def test_noise_is_the_end_of_a_side(side, noise):
    held, theirs = side
    theirs.sendall(noise)
    theirs.close()

    with pytest.raises(SideGone):
        held.receive(seconds=5)


def test_a_child_that_could_not_be_confined_says_why(side):
    held, theirs = side
    FrameSocket(theirs).send({REFUSED: "No namespaces here."})

    with pytest.raises(SandboxRefused, match=r"No namespaces here\."):
        held.receive(seconds=5)


def test_nobody_waits_on_for_an_owner_that_has_gone(side):
    held, _ = side
    ours, owner = socket.socketpair()
    with ours:
        held.owner = ours
        owner.close()

        with pytest.raises(OwnerGone):
            held.receive(seconds=30)


def test_a_learner_that_says_nonsense_is_ended(side):
    held, theirs = side
    judge_control, judges_end = socket.socketpair()
    with judges_end:
        judge = Side(judge_control, pidfd=os.pidfd_open(os.getpid()))
        pair = Pair(limits=Limits(), learner=held, judge=judge)
        FrameSocket(theirs).send({"told": to_json(CellTold(ok=True)).replace("true", '"perhaps"')})

        with pytest.raises(LearnerGone) as gone:
            pair.run_cell("1", cell="a", seconds=5)

        judge.close()
    assert gone.value.late is False
    assert wait_until(held.has_ended, seconds=5)


def test_a_judge_that_says_nonsense_is_never_believed(side):
    held, theirs = side
    learner_control, learners_end = socket.socketpair()
    with learners_end:
        learner = Side(learner_control, pidfd=os.pidfd_open(os.getpid()))
        pair = Pair(limits=Limits(), learner=learner, judge=held)
        FrameSocket(theirs).send({"report": "{}"})

        with pytest.raises(JudgeGone):
            pair.run_test("assert True", seconds=5)

        learner.close()
