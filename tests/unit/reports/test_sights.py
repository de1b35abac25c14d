"""What one viewer sees of a publication: own team hidden everywhere, no department's figures for another."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.people import MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.published import FEW, publication, published
from upskill.reports import sights
from upskill.reports.figures import Hidden
from upskill.reports.sights import Sight
from upskill.reports.unit_figures import EVERYBODY, Slice

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YESTERDAY = TODAY - dt.timedelta(days=1)
GRADE = Slice("grade", "EO")
OWN = Hidden.OWN_TEAM
ROW = (60, 10, 20, 10, 10, 40, 10)


@pytest.fixture
def health():
    return OrganisationFactory(name="Health", code="health")


@pytest.fixture
def agency(health):
    return OrganisationFactory(name="Agency", code="agency", parent=health)


@pytest.fixture
def two_nights(health, agency):
    for day in (YESTERDAY, TODAY):
        made = publication(on=day)
        for place in (health, agency, None):
            published(made, place, people=110, fairness=ROW)
            published(made, place, people=110, slice_=("grade", "EO"), fairness=ROW)


def manager_of(number: int, *, organisation, **post):
    manager = PersonFactory()
    for _ in range(number):
        MembershipFactory(line_manager=manager, organisation=organisation, grade="EO", **post)
    return manager


def look(organisation, *, viewer, slice_: Slice = EVERYBODY) -> Sight:
    found = sights.sight(organisation, slice_=slice_, viewer=viewer)
    assert found
    return found


def levels(unit) -> tuple:
    return unit.skills[0].levels


def test_nothing_is_seen_before_anything_is_published(health):
    assert sights.sight(health, slice_=EVERYBODY, viewer=PersonFactory()) is None
    assert (sights.skill_names(), sights.slices_of(health)) == ({}, [])


def test_viewer_without_a_team_sees_what_is_published(health, two_nights):
    seen = look(health, viewer=PersonFactory())

    assert seen.whole
    assert (seen.whole.people, levels(seen.whole), seen.whole.skills[0].name) == (110, ROW[:5], "Fairness")
    assert [each.name for each in sights.parts(seen)] == ["Agency"]
    assert [each.slice for each in sights.slices(seen)] == [GRADE]
    assert [night.on for night in sights.trend(seen)] == [YESTERDAY, TODAY]
    assert [whole.code for whole in sights.wholes(seen)] == [""]
    assert (sights.skill_names(), sights.slices_of(health)) == ({"fairness": "Fairness"}, [GRADE])


def test_part_is_compared_with_its_department_and_government(agency, two_nights):
    seen = look(agency, slice_=GRADE, viewer=PersonFactory())

    assert [(whole.code, whole.slice) for whole in sights.wholes(seen)] == [("health", GRADE), ("", GRADE)]


def test_government_is_one_whole_without_the_departments_in_it(two_nights):
    seen = look(None, viewer=PersonFactory())

    assert seen.whole
    assert (seen.whole.name, sights.parts(seen), sights.wholes(seen)) == ("All of government", [], [])
    assert len(sights.trend(seen)) == 2


def test_own_team_is_hidden_in_every_read(health, agency, two_nights):
    """With two reports a figure of 10 would be about three others: 20 stays in sight."""
    viewer = manager_of(2, organisation=agency, valid_from=YESTERDAY)
    mine, other = (60, OWN, 20, OWN, OWN), ROW[:5]

    seen = look(health, viewer=viewer)

    reads = [seen.whole, *sights.parts(seen), *sights.slices(seen), *sights.wholes(seen)]
    reads += [night.unit for night in sights.trend(seen)]
    assert [levels(each) for each in reads] == [mine] * len(reads)
    assert seen.whole
    assert seen.whole.skills[0].working is OWN
    assert levels(look(health, slice_=GRADE, viewer=PersonFactory()).whole) == other


def test_who_leads_people_in_another_post_knows_them_too(health, agency, two_nights):
    """Their main post says where they count; they count once."""
    viewer = manager_of(0, organisation=agency)
    for _ in range(2):
        main = MembershipFactory(organisation=agency, grade="EO", valid_from=YESTERDAY)
        for place in (health, OrganisationFactory()):
            MembershipFactory(person=main.person, organisation=place, line_manager=viewer, is_main=False)

    assert levels(look(health, viewer=viewer).whole) == (60, OWN, 20, OWN, OWN)


def test_trend_hides_by_the_team_of_each_day(health, agency, two_nights):
    """Somebody who led two people until yesterday knew their levels of that day, and of the day before."""
    made = publication(on=TODAY + dt.timedelta(days=1))
    published(made, health, people=110, fairness=ROW)
    viewer = manager_of(2, organisation=agency, valid_from=YESTERDAY, valid_to=TODAY)

    seen = look(health, viewer=viewer)

    assert [levels(night.unit) for night in sights.trend(seen)] == [
        (60, OWN, 20, OWN, OWN), (60, OWN, 20, OWN, OWN), ROW[:5],
    ]  # fmt: skip


def test_organisation_too_small_to_be_shown_has_no_figures(two_nights, health):
    small = OrganisationFactory(parent=health)

    seen = look(small, viewer=PersonFactory())

    assert (seen.whole, sights.parts(seen), sights.trend(seen)) == (None, [], [])


def test_sight_costs_the_same_with_one_part_and_with_three(health, django_assert_num_queries):
    viewer, made = PersonFactory(), publication()
    published(made, health, people=500)
    for parts in (1, 2):
        for _ in range(parts):
            part = OrganisationFactory(parent=health)
            published(made, part, people=50, fairness=(30, 20, FEW, FEW, FEW, FEW, FEW))
            published(made, health, people=50, slice_=("profession", part.code))
        with django_assert_num_queries(9):
            seen = look(health, viewer=viewer)
            found = [
                len(sights.parts(seen)), len(sights.slices(seen)), len(sights.wholes(seen)), len(sights.trend(seen))
            ]  # fmt: skip

    assert found == [3, 3, 0, 1]
