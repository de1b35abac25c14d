"""The figures of a night: when new counts are taken, and that nothing else makes the figures of others move."""

import datetime as dt

import numpy as np
import pytest
from django.utils import timezone

from tests.factories.catalogue import ExerciseItemFactory
from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.reports import publish
from upskill.people.models import Membership, Organisation, User
from upskill.reports import published
from upskill.reports.figures import Hidden
from upskill.reports.models import Publication, PublicationBasis
from upskill.reports.night import has_changed_enough
from upskill.skills.models import CapabilityRole, Level, Requirement, RoleLevel

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


@pytest.fixture
def fairness(db):
    skill = SkillFactory(slug="fairness", name="Fairness")
    ExerciseItemFactory(skills=[{"skill": "fairness", "level": 2}])
    return skill


def posts(organisation: Organisation, count: int, *, level: Level = Level.NONE, **fields) -> list[User]:
    people = [MembershipFactory(organisation=organisation, **fields).person for _ in range(count)]
    for person in people if level else []:
        EvidenceFactory(learner=person, level=level)
    return people


def at_working(organisation: Organisation | None) -> object:
    newest = published.newest()
    found = newest and published.unit(newest, of=organisation)
    return found and found.rows[0].levels[2]


def counts_of(**measures: int) -> np.ndarray:
    names = ("none", "at1", "at2", "at3", "at4", "needs", "short")
    return np.array([[measures.get(name, 0) for name in names]])


# --- Enough has changed ----------------------------------------------------------------------------------------------


def test_somebody_who_moves_and_is_short_of_a_target_changes_as_much_as_anybody_who_moves():
    """A team of five moves: nobody else did anything, and the figures of others must not tell what they are."""
    before = np.concatenate([counts_of(none=30, needs=30, short=30), counts_of(none=30, needs=30, short=30)])
    after = np.concatenate([counts_of(none=25, needs=25, short=25), counts_of(none=35, needs=35, short=35)])
    farther = np.concatenate([counts_of(none=20, needs=20, short=20), counts_of(none=40, needs=40, short=40)])

    assert (has_changed_enough(before, after, team=5), has_changed_enough(before, farther, team=5)) == (False, True)


def test_team_that_was_broken_up_still_counts_as_one(fairness):
    """Thirty people learn, and report to two new managers from then on: the former one knows them all."""
    top, old = OrganisationFactory(), PersonFactory()
    posts(top, 60)
    team = posts(top, 30, line_manager=old)
    publish(TODAY)
    for manager, people in ((PersonFactory(), team[:15]), (PersonFactory(), team[15:])):
        Membership.objects.filter(person__in=people).update(valid_to=TODAY + DAY)
        for person in people:
            MembershipFactory(person=person, organisation=top, line_manager=manager, valid_from=TODAY + DAY)
            EvidenceFactory(learner=person, level=Level.WORKING)

    publish(TODAY + DAY)
    alone = at_working(top)
    for person in posts(top, 40):
        EvidenceFactory(learner=person, level=Level.WORKING)
    publish(TODAY + 2 * DAY)

    assert (alone, at_working(top)) == (Hidden.FEW, 70)


def test_manager_of_second_posts_has_a_team_as_well(fairness):
    top, project, lead = OrganisationFactory(), OrganisationFactory(), PersonFactory()
    team = posts(top, 30)
    posts(top, 30)
    for person in team:
        MembershipFactory(person=person, organisation=project, line_manager=lead, is_main=False)
    publish(TODAY)
    for person in team:
        EvidenceFactory(learner=person, level=Level.WORKING)

    publish(TODAY + DAY)

    assert at_working(top) is Hidden.FEW


# --- Which organisations are shown is no reason ----------------------------------------------------------------------


def test_organisation_that_is_shown_for_the_first_time_waits_until_enough_has_changed(fairness):
    """Nine work there, then ten: the whole stays as it was, though three learned something. Then many do."""
    top = OrganisationFactory(name="Top")
    large, small = (OrganisationFactory(parent=top, name=name) for name in ("Large", "Small"))
    learners = posts(large, 40)
    posts(large, 41, level=Level.WORKING)
    posts(top, 20, level=Level.WORKING)
    posts(small, 9, level=Level.WORKING)
    publish(TODAY)
    shown, basis = at_working(top), list(PublicationBasis.objects.values_list("pk", "since_on"))
    for person in learners[:3]:
        EvidenceFactory(learner=person, level=Level.WORKING)
    posts(small, 1)

    publish(TODAY + DAY)

    assert (at_working(top), at_working(small)) == (shown, Hidden.NEW)
    assert list(PublicationBasis.objects.values_list("pk", "since_on")) == basis
    assert Publication.objects.get(on=TODAY + DAY).oldest_on == TODAY
    for person in learners[3:] + posts(small, 20):
        EvidenceFactory(learner=person, level=Level.WORKING)
    publish(TODAY + 2 * DAY)
    assert at_working(small) in {25, 30}  # of 29


def test_figures_stand_while_their_organisation_shrinks_and_do_not_where_it_moves(fairness):
    """A part that moves is counted in its old place until enough has changed: until then it is in no place."""
    top = OrganisationFactory(code="top")
    one, other = (OrganisationFactory(parent=top, code=code) for code in ("one", "other"))
    part = OrganisationFactory(parent=one, code="part")
    for place, count in ((one, 40), (other, 40), (part, 30)):
        posts(place, count, level=Level.WORKING)
    publish(TODAY)
    before = [at_working(each) for each in (top, one, other, part)]
    Organisation.objects.filter(pk=part.pk).update(parent=other, path="top/other/part/")

    publish(TODAY + DAY)

    assert before == [110, 70, 40, 30]
    assert [at_working(each) for each in (top, one, other, part)] == [110, 70, 40, Hidden.NEW]


@pytest.mark.parametrize("number", [3, 14], ids=["a few", "as many as would be enough, all of one team"])
def test_counts_of_what_left_a_root_stay_with_it_until_enough_has_changed(number, fairness):
    """A unit goes to another department: what remains must not tell how many of them were at a level, and whoever leads
    them all knows where they went.
    """
    first, other = OrganisationFactory(code="first"), OrganisationFactory(code="other")
    unit = OrganisationFactory(parent=first, code="unit")
    posts(first, 60, level=Level.WORKING)
    posts(other, 60)
    posts(unit, number, level=Level.WORKING, line_manager=PersonFactory())
    publish(TODAY)
    before = at_working(first)
    Organisation.objects.filter(pk=unit.pk).update(parent=other, path="other/unit/")

    publish(TODAY + DAY)

    assert at_working(first) == before
    assert PublicationBasis.objects.get(root=first, slice_kind="").since_on == TODAY


def test_counts_of_a_department_that_is_no_more_are_forgotten(fairness):
    stays, goes = OrganisationFactory(), OrganisationFactory()
    for top in (stays, goes):
        posts(top, 40)
    publish(TODAY)
    Organisation.objects.filter(pk=goes.pk).update(valid_to=TODAY + DAY)

    publish(TODAY + DAY)

    assert set(PublicationBasis.objects.values_list("root", flat=True)) == {stays.pk, None}


# --- All of government -----------------------------------------------------------------------------------------------


def test_few_people_in_several_departments_are_few_in_all_of_government(fairness):
    """One in each of six departments is rounded to 0 or 5: together they could be 30 in figures."""
    for _ in range(6):
        top = OrganisationFactory()
        posts(top, 1, level=Level.WORKING)
        posts(top, 39)

    publish(TODAY)

    assert Publication.objects.get().roots == 6
    assert at_working(None) is Hidden.FEW


def test_department_in_which_a_role_asks_few_gives_nothing_to_those_who_are_short_in_government(fairness):
    """What is hidden of it would be what is left of the whole without the others, on this night or a later one."""
    role = CapabilityRole.objects.create(slug="analyst", name="Analyst")
    step = RoleLevel.objects.create(code="senior", role=role, position=1, name="Senior analyst")
    Requirement.objects.create(role_level=step, skill_id="fairness", level=Level.WORKING, source="local")
    for asked in (40, 40, 9):
        top = OrganisationFactory()
        posts(top, asked, role="senior")
        posts(top, 40)

    publish(TODAY)

    newest = published.newest()
    whole = newest and published.unit(newest, of=None)
    assert whole
    assert (whole.rows[0].needs, whole.rows[0].short) == (80, 80)
