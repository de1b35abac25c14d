"""Team and department as managers see them: who counts, on which day, and what is hidden."""

import datetime as dt

import pytest

from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    viewer_of,
)
from upskill.core.models import AuditEntry
from upskill.people.models import Organisation, User
from upskill.people.roles import Role
from upskill.reports import queries, rules, services
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _fairness_exists():
    SkillFactory(slug="fairness", name="Fairness")


def post(organisation: Organisation, *, level: Level = Level.NONE, **fields) -> User:
    """Somebody who works there, perhaps with a level of fairness."""
    person = MembershipFactory(organisation=organisation, **fields).person
    if level:
        EvidenceFactory(learner=person, level=level)
    return person


def posts(organisation: Organisation, count: int, *, level: Level = Level.NONE) -> list[User]:
    return [post(organisation, level=level) for _ in range(count)]


def test_record_team_view_writes_one_entry_about_each_person_in_one_query(django_assert_num_queries):
    manager, people = PersonFactory(), [PersonFactory() for _ in range(3)]

    with django_assert_num_queries(1):
        services.record_team_view(people, by=manager, now=NOON)

    entries = AuditEntry.objects.order_by("pk")
    assert [(e.event, e.by, e.about, e.at, e.subject_id) for e in entries] == [
        ("levels.viewed", manager, person, NOON, str(person.pk)) for person in people
    ]


def test_only_somebody_with_reports_may_view_a_team():
    manager = PersonFactory()
    MembershipFactory(line_manager=manager)

    assert rules.can_see_team(manager)
    assert not rules.can_see_team(PersonFactory())


# --- department ------------------------------------------------------------------------------------------------------


def test_organisation_in_force_is_one_that_exists_on_that_day():
    ended, begins = OrganisationFactory(valid_to=TODAY), OrganisationFactory(valid_from=TODAY)

    assert queries.organisation_in_force(ended.code, on=TODAY) is None
    assert queries.organisation_in_force(ended.code, on=YESTERDAY) == ended
    assert queries.organisation_in_force(begins.code, on=TODAY) == begins
    assert queries.organisation_in_force(begins.code, on=YESTERDAY) is None
    assert queries.organisation_in_force("nowhere", on=TODAY) is None


def test_organisations_viewed_by_somebody_are_those_granted_that_still_exist():
    zebra, ant = OrganisationFactory(name="Zebra"), OrganisationFactory(name="Ant")
    closed, not_theirs = OrganisationFactory(valid_to=TODAY), OrganisationFactory()
    viewer = viewer_of(zebra)
    for organisation in (ant, closed):
        RoleGrantFactory(person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=organisation)
    RoleGrantFactory(person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=not_theirs, ended_at=NOON)

    assert queries.organisations_viewed_by(viewer, on=TODAY) == [ant, zebra]


def test_above_is_the_way_from_the_top():
    top = OrganisationFactory()
    middle = OrganisationFactory(parent=top)
    bottom = OrganisationFactory(parent=middle)

    assert [queries.above(each) for each in (top, middle, bottom)] == [[], [top], [top, middle]]


def test_viewers_see_their_organisation_and_below_and_nothing_beside_or_above():
    top = OrganisationFactory()
    mine, beside = OrganisationFactory(parent=top), OrganisationFactory(parent=top)
    below = OrganisationFactory(parent=mine)
    viewer = viewer_of(mine)

    may = [rules.can_see_department(viewer, organisation=each) for each in (top, mine, below, beside)]

    assert may == [False, True, True, False]
