"""The author's own answer gets every point that tests can give, and leaks no mark of where it came from."""

from decimal import Decimal

import pytest

from tests.factories import exercises
from tests.factories.marking import SkillFactory
from tests.factories.people import NOON, PersonFactory
from upskill import pipeline
from upskill.core import blobs
from upskill.marking import slot
from upskill.marking.model_answer import FREE_TEXT, model_answer

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _engine_ends():
    yield
    slot.close()


def test_model_answer_gets_full_points_and_its_free_text_waits_for_a_person():
    SkillFactory()
    exercise = exercises.real_exercise()
    content = model_answer(exercise, release=blobs.read(exercise.release_sha256))

    sent = pipeline.submit(
        exercise, content=content, idempotency_key="k", by=PersonFactory(), now=NOON, announce=lambda: None
    )
    pipeline.mark_next(now=lambda: NOON)

    checks = [(check.slug, check.points, check.answer) for check in sent.marks.get().checks.all()]
    assert checks == [("test_double", Decimal(4), ""), ("reflection", None, FREE_TEXT)]
    assert [word for word in (b"SOLUTION", b"HIDDEN") if word in content] == []
