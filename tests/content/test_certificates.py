"""What the gate says of the courses that ship: nothing by reading, and every exercise has a certificate that matches.

Marking everything again takes minutes. Who changes an exercise does it, and commits what the gate writes. One
exercise is marked anew here each time, another one with each commit: see turns.py.
"""

from dataclasses import replace

import pytest

from tests.content.library import COURSES, library
from tests.content.turns import NUMBER, number_of_this_run, share_of, turn_of
from upskill.authoring.gate import certificate, engines, running
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


def test_every_exercise_has_its_turn():
    numbers = range(100, 100 + len(SHIPPED))
    names = sorted(each.name for each in SHIPPED)

    assert sorted(turn_of(number, exercises=SHIPPED).name for number in numbers) == names
    shares = [share_of(number, exercises=SHIPPED, one_in=4) for number in range(100, 104)]
    assert sorted(each.name for share in shares for each in share) == names


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
