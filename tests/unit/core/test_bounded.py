"""Whoever asks something that hangs gets no answer, in time."""

import threading
import time

import pytest

from upskill.core.bounded import MOST_WAITING, NoAnswer, Question


@pytest.fixture
def release():
    """An event that lets all questions of the test end."""
    event = threading.Event()
    yield event
    event.set()


def in_seconds(seconds: float) -> float:
    return time.monotonic() + seconds


def test_answer_that_comes_in_time_is_given():
    assert Question(lambda: "yes").answer(until=in_seconds(5)) == "yes"


def test_nothing_is_an_answer_too():
    assert Question(lambda: None).answer(until=in_seconds(5)) is None


def test_question_that_hangs_is_given_up_in_time(release):
    begun = time.monotonic()

    with pytest.raises(NoAnswer):
        Question(release.wait).answer(until=in_seconds(0.2))

    assert 0.2 <= time.monotonic() - begun < 2


def test_two_questions_are_asked_at_the_same_time(release):
    begun = time.monotonic()
    first, second = Question(lambda: time.sleep(0.3)), Question(lambda: time.sleep(0.3))

    first.answer(until=in_seconds(5))
    second.answer(until=in_seconds(5))

    assert time.monotonic() - begun < 0.55


def test_more_than_some_that_hang_are_not_even_asked(release):
    hanging = [Question(release.wait) for _ in range(MOST_WAITING)]
    begun = time.monotonic()

    with pytest.raises(NoAnswer):
        Question(lambda: "yes").answer(until=in_seconds(5))
    took = time.monotonic() - begun
    release.set()
    ended = [question.answer(until=in_seconds(5)) for question in hanging]

    assert (took < 1, ended, Question(lambda: "yes").answer(until=in_seconds(5))) == (
        True,
        [True] * MOST_WAITING,
        "yes",
    )


def test_a_question_keeps_no_process_alive(release):
    before = set(threading.enumerate())
    Question(release.wait)

    (asking,) = set(threading.enumerate()) - before

    assert asking.daemon is True
