"""Every exercise that ships means the same in the browser as in the marking engine: continuous integration's part.

All of it takes a minute or two for each exercise. `./test all` compares every answer of one exercise and the solutions
of a quarter of them, others with each commit (tests/content/turns.py); the rest is long: `./test -m long` of this file.
"""

from itertools import islice

import pytest

from grading.engine import Engine
from tests.content.library import library
from tests.content.turns import number_of_this_run, share_of, turn_of
from upskill.authoring.parity.comparing import compared
from upskill.authoring.parity.exercises import Exercise, exercises_of

SHIPPED = [exercise for course in library().courses for exercise in exercises_of(course)]
TURN = turn_of(number_of_this_run(), exercises=SHIPPED)
SHARE = share_of(number_of_this_run(), exercises=SHIPPED, one_in=4)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def each_exercise(*, now: list[Exercise]) -> pytest.MarkDecorator:
    """The same of every exercise: now of these, of the others where there is time for what is long."""
    cases = [pytest.param(each, id=each.name, marks=[] if each in now else [pytest.mark.long]) for each in SHIPPED]
    return pytest.mark.parametrize("exercise", cases)


@pytest.fixture(scope="module")
def engine():
    with Engine() as running:
        yield running


def checks_of(exercise: Exercise) -> list[str]:
    """The checks that no person marks."""
    return [check.slug for check in exercise.content.checks if not check.by_person]


@each_exercise(now=[TURN])
def test_every_answer_that_its_author_knows_is_marked_alike(engine, runtime, exercise: Exercise):
    checks = list(compared(exercise, engine=engine, runtime=runtime))

    tests = checks_of(exercise)
    answers = ["solution", "untouched", *sorted(path.stem for path in (exercise.folder / "wrong").glob("*.py"))]
    assert [(each.answer, each.check) for each in checks] == [(answer, test) for answer in answers for test in tests]
    assert [each for each in checks if each.differs or each.has_other_words] == []


@each_exercise(now=SHARE)
def test_solution_is_marked_alike(engine, runtime, exercise: Exercise):
    tests = checks_of(exercise)

    checks = list(islice(compared(exercise, engine=engine, runtime=runtime), len(tests)))

    assert [(each.answer, each.check) for each in checks] == [("solution", test) for test in tests]
    assert [each for each in checks if each.differs or each.has_other_words] == []
