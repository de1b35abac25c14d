"""The engine's own faults: tried once more, and never told as a mistake of the course."""

import sys
from contextlib import closing

import pytest

from grading.engine import Engine, EngineFailed
from grading.protocol import Job, Outcome, TrialJob
from tests.unit.authoring.gate.planted import BY_MARKING, DOUBLE, FILES, write
from upskill.authoring.gate.engines import Engines
from upskill.authoring.gate.known import job_of
from upskill.authoring.parity.exercises import chosen

CURE = "No course is to blame. Check the course again, and tell whoever runs this machine if it stays so."


def job(root, *, files: dict[str, str] = FILES) -> Job:
    """The untouched notebook of the small course, to be marked."""
    (exercise,) = chosen(str(write(root, files) / DOUBLE), places=[])
    return job_of(exercise, answer=exercise.content.release, name="untouched")


@pytest.fixture
def fails_once(tmp_path):
    """An engine whose process ends the first time it is started."""
    python, mark = tmp_path / "python", tmp_path / "tried"
    python.write_text(f'#!/bin/sh\n[ -e {mark} ] || {{ touch {mark}; exit 1; }}\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    with closing(Engine(python=str(python))) as engine:
        yield Engines([engine])


def test_fault_that_passes_is_tried_again_and_the_answer_marked(tmp_path, fails_once):
    (verdict,) = fails_once.mark_all([job(tmp_path / "courses")])

    assert (verdict.outcome, verdict.checks[0].points) == (Outcome.MARKED, 0.0)


def test_trial_that_fails_once_is_made_again(fails_once):
    assert fails_once.trial(TrialJob(code="print('tea')")).stdout == "tea\n"


def test_fault_that_stays_is_the_engines(tmp_path):
    engines = Engines([Engine(python="/usr/bin/false")])

    with pytest.raises(EngineFailed) as marking:
        engines.mark_all([job(tmp_path)])
    with pytest.raises(EngineFailed) as trial:
        engines.trial(TrialJob(code="print('tea')"))

    name = "tea-for-teams/basics/double untouched 0"
    ended = "The marking process ended."
    assert str(marking.value) == f"The marking engine failed twice with '{name}': {ended} {CURE}"
    assert str(trial.value) == f"The marking engine failed twice with a trial: {ended} {CURE}"


def test_authors_mistake_is_no_fault_of_the_engine(tmp_path, one_engine):
    files = BY_MARKING["exercise whose own cell fails"].files()

    (verdict,) = one_engine.mark_all([job(tmp_path, files=files)])

    assert (verdict.outcome, verdict.by_author) == (Outcome.FAILED_OURS, True)
