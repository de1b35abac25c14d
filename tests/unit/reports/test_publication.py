"""The nightly publication: who counts, what is rounded and hidden, which night makes figures anew."""

import datetime as dt

import pytest

from tests.factories.catalogue import ExerciseItemFactory
from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import NOON, MembershipFactory, OrganisationFactory
from upskill.people.models import Organisation, User
from upskill.reports import publication, published
from upskill.reports.models import PublishedFigures
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _fairness_is_taught():
    SkillFactory(slug="fairness", name="Fairness")
    ExerciseItemFactory(skills=[{"skill": "fairness", "level": 2}])


def posts(organisation: Organisation, count: int, *, level: Level = Level.NONE, **fields) -> list[User]:
    """So many people who work there, each perhaps with a level of fairness."""
    people = [MembershipFactory(organisation=organisation, **fields).person for _ in range(count)]
    for person in people:
        if level:
            EvidenceFactory(learner=person, level=level)
    return people


def publish(on: dt.date = TODAY) -> publication.Made:
    return publication.publish(on, now=NOON)


def test_try():
    top = OrganisationFactory()
    a, b = OrganisationFactory(parent=top), OrganisationFactory(parent=top)
    posts(a, 40, level=Level.WORKING, grade="EO", profession="Tax")
    posts(b, 25, level=Level.AWARENESS, grade="SCS")
    posts(b, 15)
    made = publish()
    print(made)
    for row in PublishedFigures.objects.order_by("slice_kind", "slice", "path"):
        print(row.path, row.parent_path, row.slice_kind, row.slice, row.people, row.figures)
    print(published.trend(a, skill="fairness"))
    assert 0
