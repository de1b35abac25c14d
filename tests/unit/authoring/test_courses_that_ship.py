"""Every exercise that ships means the same in the browser as in the marking engine: continuous integration's part."""

import pytest

from grading.engine import Engine
from tests.content.library import library
from upskill.authoring.parity.comparing import compared
from upskill.authoring.parity.exercises import Exercise, exercises_of

SHIPPED = [exercise for course in library().courses for exercise in exercises_of(course)]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def engine():
    with Engine() as running:
        yield running


@pytest.mark.parametrize("exercise", SHIPPED, ids=lambda exercise: exercise.name)
def test_every_answer_that_its_author_knows_is_marked_alike(engine, runtime, exercise: Exercise):
    checks = list(compared(exercise, engine=engine, runtime=runtime))

    tests = [check.slug for check in exercise.content.checks if not check.by_person]
    answers = ["solution", "untouched", *sorted(path.stem for path in (exercise.folder / "wrong").glob("*.py"))]
    assert [(each.answer, each.check) for each in checks] == [(answer, test) for answer in answers for test in tests]
    assert [each for each in checks if each.differs or each.has_other_words] == []
