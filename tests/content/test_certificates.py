"""What the gate says of the courses that ship: nothing by reading, and every exercise has a certificate that matches.

Marking everything again takes most of an hour. Who changes an exercise does it, and commits what the gate writes.
"""

import pytest

from tests.content.library import COURSES, library
from upskill.authoring.gate import certificate, running
from upskill.authoring.parity.exercises import Exercise, exercises_of

SHIPPED = [exercise for course in library().courses for exercise in exercises_of(course)]
pytestmark = pytest.mark.slow


def test_reading_finds_no_mistake_in_any_course_that_ships():
    assert [str(mistake) for mistake in running.read([COURSES]).mistakes] == []


@pytest.mark.parametrize("exercise", SHIPPED, ids=lambda exercise: exercise.name)
def test_certificate_of_every_exercise_that_ships_still_matches(exercise: Exercise):
    found = certificate.matching(exercise)

    assert found, f"{exercise.name} has no certificate that matches. Run manage.py check_course courses and commit."
    assert found.exercise == exercise.name
