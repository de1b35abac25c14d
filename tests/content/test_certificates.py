"""What the gate says of the courses that ship: nothing by reading, and every exercise has a certificate that matches.

Marking everything again takes minutes. Who changes an exercise does it, and commits what the gate writes. One
exercise is marked anew here each time, another one with each commit: see `turn_of`.
"""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.content.library import COURSES, library
from upskill.authoring.gate import certificate, engines, running
from upskill.authoring.parity.exercises import Exercise, exercises_of

SHIPPED = [exercise for course in library().courses for exercise in exercises_of(course)]
NUMBER = "UPSKILL_SAMPLE"  # chooses what is marked anew; left out: how many commits there are
pytestmark = pytest.mark.slow


def test_reading_finds_no_mistake_in_any_course_that_ships():
    assert [str(mistake) for mistake in running.read([COURSES]).mistakes] == []


@pytest.mark.parametrize("exercise", SHIPPED, ids=lambda exercise: exercise.name)
def test_certificate_of_every_exercise_that_ships_still_matches(exercise: Exercise):
    found = certificate.matching(exercise)

    assert found, f"{exercise.name} has no certificate that matches. Run manage.py check_course courses and commit."
    assert found.exercise == exercise.name


def number_of_this_run() -> int:
    """What UPSKILL_SAMPLE says, or else the number of commits; 0 where there is no history."""
    if NUMBER in os.environ:
        return int(os.environ[NUMBER])
    counting = ["git", "-C", str(COURSES), "rev-list", "--count", "HEAD"]
    counted = subprocess.run(counting, capture_output=True, text=True)
    return int(counted.stdout) if counted.returncode == 0 else 0


def turn_of(number: int, *, exercises: Sequence[Exercise]) -> Exercise:
    """The exercise whose turn it is: each comes once in as many numbers as there are exercises."""
    return sorted(exercises, key=lambda exercise: exercise.name)[number % len(exercises)]


def test_every_exercise_has_its_turn():
    turns = [turn_of(number, exercises=SHIPPED) for number in range(100, 100 + len(SHIPPED))]

    assert sorted(each.name for each in turns) == sorted(each.name for each in SHIPPED)


@pytest.mark.timeout(1200)
def test_exercise_whose_turn_it_is_comes_out_as_its_certificate_says(capsys):
    number = number_of_this_run()
    exercise = turn_of(number, exercises=SHIPPED)
    with capsys.disabled():
        print(f"\nMarked anew: {exercise.name}. The same again: {NUMBER}={number} ./test {__file__}")

    with engines.started() as two:
        [examined] = running.try_out((exercise,), again=True, start=lambda: two, say=lambda _: None).examined

    assert [str(mistake) for mistake in examined.mistakes] == []
    found = certificate.matching(exercise)
    assert found
    made = certificate.certificate_of(examined, browser=found.browser)
    assert replace(made, python=found.python) == replace(found, edition=made.edition)
