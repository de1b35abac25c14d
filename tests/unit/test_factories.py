"""The factories make rows that PostgreSQL accepts, and what belongs together hangs together."""

import pytest

from tests.factories.marking import EvidenceFactory
from tests.factories.people import NOON
from upskill.skills import queries
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db


def test_evidence_hangs_on_a_passed_mark_of_the_same_learner():
    evidence = EvidenceFactory()

    assert evidence.mark.passed
    assert evidence.mark.submission.learner == evidence.learner
    assert queries.levels([evidence.learner.pk], on=NOON.date()) == {(evidence.learner.pk, "fairness"): Level.WORKING}
