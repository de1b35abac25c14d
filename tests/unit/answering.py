"""An answer on its way through the pipeline, as tests need it."""

from tests.factories import exercises
from tests.factories.people import NOON, PersonFactory
from upskill import pipeline
from upskill.catalogue.models import ExerciseVersion
from upskill.learning.models import Submission


def answered(exercise: ExerciseVersion, double: str = exercises.RIGHT) -> Submission:
    """An answer that the engine has marked."""
    sent = pipeline.submit(
        exercise,
        content=exercises.answer(double),
        idempotency_key="key",
        by=PersonFactory(),
        now=NOON,
        announce=lambda: None,
    )
    assert pipeline.mark_next(now=lambda: NOON)
    return sent
