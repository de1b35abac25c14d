"""The nightly publication and what is read of it: who counts, which night makes figures anew, splits and mergers."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories.catalogue import ExerciseItemFactory
from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.reports import publish
from upskill.people.models import Membership, Organisation, Succession, User
from upskill.people.organisations import NewPart, merge, split
from upskill.reports import counts, published, sights
from upskill.reports.figures import MEASURES, Hidden, Row, less_own_team
from upskill.reports.models import Publication, PublicationBasis, PublishedFigures
from upskill.reports.publication import DayHasPassed
from upskill.reports.unit_figures import EVERYBODY, Slice
from upskill.skills.models import CapabilityRole, Level, Requirement, RoleLevel, Skill

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
FEW, WITH = Hidden.FEW, Hidden.WITH


@pytest.fixture(autouse=True)
def _fairness_is_taught():
    SkillFactory(slug="fairness", name="Fairness")
    ExerciseItemFactory(skills=[{"skill": "fairness", "level": 2}])


def posts(organisation: Organisation, count: int, *, level: Level = Level.NONE, **fields) -> list[User]:
    """So many people who work there, each perhaps with a level of fairness."""
    people = [MembershipFactory(organisation=organisation, **fields).person for _ in range(count)]
    for person in people if level else []:
        EvidenceFactory(learner=person, level=level)
    return people


def seen(organisation: Organisation, **which) -> published.Unit | None:
    newest = published.newest()
    assert newest
    return published.unit(newest, of=organisation, **which)


def stored() -> list:
    fields = ("path", "parent_path", "slice_kind", "slice", "people", "figures")
    return list(PublishedFigures.objects.order_by(*fields[:4]).values_list("publication__on", *fields))


# --- Who counts ------------------------------------------------------------------------------------------------------


def test_people_count_at_their_level_in_their_main_post_and_everything_above():
    top = OrganisationFactory()
    part, other = OrganisationFactory(parent=top), OrganisationFactory(parent=top)
    posts(part, 30, level=Level.WORKING, grade="EO", profession="Tax")
    both = posts(other, 40, grade="SCS")
    for person in both:
        MembershipFactory(person=person, organisation=part, is_main=False)
    for fields in ({"person__is_active": False}, {"person__is_probe": True}, {"valid_to": TODAY}):
        posts(part, 20, level=Level.EXPERT, **fields)
    posts(part, 20, level=Level.EXPERT, valid_from=TODAY + DAY)

    made = publish(TODAY)

    row = Row("fairness", levels=(40, FEW, 30, FEW, FEW), needs=FEW, short=FEW, people=70)
    assert seen(top) == published.Unit(top, path=top.path, slice=EVERYBODY, people=70, rows=(row,))
    assert [unit.people for unit in published.parts(made.publication, path=top.path)] == [30, 40]
    assert [(unit.slice, unit.people) for unit in published.slices(made.publication, of=top)] == [
        (("grade", "EO"), 30), (("grade", "SCS"), 40), (("profession", "Tax"), 30),
    ]  # fmt: skip
    assert (made.people, made.units) == (70, 4)


def test_level_counts_as_long_as_its_evidence_is_valid():
    top = OrganisationFactory()
    Skill.objects.update(valid_months=12)
    posts(top, 30, level=Level.WORKING)
    posts(top, 30)

    publish(TODAY)
    then = seen(top)
    publish(TODAY.replace(year=2027, month=12))

    assert [unit.rows[0].levels[2] for unit in (then, seen(top)) if unit] == [30, FEW]


def test_roles_that_ask_for_a_skill_are_counted_and_who_falls_short():
    top = OrganisationFactory()
    role = CapabilityRole.objects.create(slug="analyst", name="Analyst")
    step = RoleLevel.objects.create(code="senior-analyst", role=role, position=1, name="Senior analyst")
    Requirement.objects.create(role_level=step, skill_id="fairness", level=Level.WORKING, source="local")
    posts(top, 40, role="senior-analyst", level=Level.AWARENESS)
    posts(top, 40, role="senior-analyst", level=Level.EXPERT)
    posts(top, 20)

    publish(TODAY)

    found = seen(top)
    assert found
    assert (found.rows[0].needs, found.rows[0].short) == (80, 40)


def test_skills_are_counted_for_the_roles_of_the_day_whatever_is_planned():
    top, later = OrganisationFactory(), TODAY + dt.timedelta(days=90)
    role = CapabilityRole.objects.create(slug="analyst", name="Analyst")
    for code, skill in (("now", "privacy"), ("later", "oversight")):
        SkillFactory(slug=skill)
        step = RoleLevel.objects.create(code=code, role=role, position=len(code), name=code)
        Requirement.objects.create(role_level=step, skill_id=skill, level=Level.WORKING, source="local")
    alice = MembershipFactory(organisation=top, role="now", valid_to=later).person
    MembershipFactory(organisation=top, person=alice, role="later", valid_from=later)

    found = [set(counts.skills_counted(day)) for day in (TODAY, later)]

    assert found == [{"fairness", "privacy"}, {"fairness", "oversight"}]  # the first is taught


def test_people_of_an_organisation_that_has_ended_count_in_the_one_above():
    top = OrganisationFactory()
    ended = OrganisationFactory(parent=top, valid_to=TODAY)
    posts(ended, 20)
    posts(OrganisationFactory(valid_to=TODAY), 15)

    made = publish(TODAY)

    whole = published.unit(made.publication, of=None)
    assert [unit.people for unit in (seen(top), whole) if unit] == [20, 35]
    assert seen(ended) is None


# --- Nights ----------------------------------------------------------------------------------------------------------


def test_publishing_again_changes_nothing_but_when_it_was_made():
    top = OrganisationFactory()
    posts(OrganisationFactory(parent=top), 23, level=Level.WORKING, grade="EO")
    posts(top, 31)
    publish(TODAY)
    before = stored()

    again = publish(TODAY)

    assert (stored(), again.made_anew) == (before, 0)
    assert Publication.objects.count() == 1


def test_a_few_changes_are_not_shown_and_many_are():
    top = OrganisationFactory()
    people = posts(top, 60)
    publish(TODAY)
    shown = []
    for night, number in ((1, 4), (2, 1), (3, 30)):
        for _ in range(number):
            EvidenceFactory(learner=people.pop(), level=Level.EXPERT)
        made = publish(TODAY + night * DAY)
        unit = seen(top)
        shown.append((bool(made.made_anew), unit and unit.rows[0].levels[4]))

    assert shown == [(False, FEW), (True, FEW), (True, 35)]


def test_figures_of_a_day_before_the_newest_are_refused():
    publish(TODAY)

    with pytest.raises(DayHasPassed, match="The newest figures are of 2026-11-23"):
        publish(TODAY - DAY)

    assert [each.on for each in Publication.objects.all()] == [TODAY]


def test_publications_of_a_month_are_kept_and_then_the_first_of_each_month():
    first = dt.date(2026, 9, 28)
    for night in range(0, 66, 3):
        publish(first + night * DAY)

    kept = [each.on.isoformat() for each in Publication.objects.order_by("on")]

    assert kept[:4] == ["2026-09-28", "2026-10-01", "2026-10-31", "2026-11-03"]
    assert len(kept) == 13


def test_publication_that_fails_in_the_middle_leaves_the_last_one(monkeypatch):
    top = OrganisationFactory()
    posts(top, 40)
    publish(TODAY)
    before, basis = stored(), PublicationBasis.objects.count()
    posts(top, 40)
    Organisation.objects.update(name="Renamed")
    monkeypatch.setattr("upskill.reports.publication.forget_old", _dies)

    with pytest.raises(InterruptedError):
        publish(TODAY + DAY)

    assert (stored(), PublicationBasis.objects.count()) == (before, basis)


def _dies(on: dt.date) -> None:
    raise InterruptedError


def test_command_says_what_it_made(capsys):
    posts(OrganisationFactory(), 40)

    call_command("publish", on=TODAY)

    assert capsys.readouterr().out.startswith(
        "Figures of 2026-11-23: 40 people, 2 organisations in 4 rows, 85.7% of 28 figures hidden, 4 of 4 sets made anew"
    )


def test_command_refuses_a_day_that_has_not_come():
    posts(OrganisationFactory(), 40)
    tomorrow = timezone.localdate() + DAY

    with pytest.raises(CommandError, match=f"Nothing is known yet of {tomorrow}"):
        call_command("publish", on=tomorrow)

    assert not Publication.objects.exists()


# --- Splits and mergers ----------------------------------------------------------------------------------------------


def history(organisation):
    found = sights.sight(organisation, slice_=EVERYBODY, viewer=PersonFactory())
    assert found
    nights = sights.trend(found)
    return [(night.on, night.others, night.unit.people, night.unit.skills[0].levels[2]) for night in nights]


def test_split_in_mid_year_is_right_in_both_halves_and_the_whole():
    """What is left of an organisation is one half. The other begins with one of its parts, which goes on."""
    top = OrganisationFactory()
    old = OrganisationFactory(parent=top, name="Old")
    part = OrganisationFactory(parent=old)
    posts(old, 30, level=Level.WORKING)
    posts(part, 40, level=Level.WORKING)
    publish(TODAY)
    into = [NewPart("left", name="Left"), NewPart("right", name="Right", parts=frozenset({part.pk}))]
    left, right = split(old, into=into, on=TODAY + DAY, by=None, now=NOON + DAY)
    publish(TODAY + DAY)

    part.refresh_from_db()
    assert history(left) == [(TODAY, ("Old",), 70, 70), (TODAY + DAY, (), 30, 30)]
    assert history(right) == [(TODAY, ("Old",), 70, 70), (TODAY + DAY, (), 40, 40)]
    assert history(part) == [(TODAY, (), 40, 40), (TODAY + DAY, (), 40, 40)]
    assert history(top) == [(TODAY, (), 70, 70), (TODAY + DAY, (), 70, 70)]
    assert history(old) == [(TODAY, (), 70, 70)]


def test_merger_in_mid_year_counts_what_became_one_before_it():
    top = OrganisationFactory()
    gone, stays = OrganisationFactory(parent=top, name="Gone"), OrganisationFactory(parent=top)
    posts(gone, 30, level=Level.WORKING)
    posts(stays, 40, level=Level.WORKING)
    publish(TODAY)
    merge([gone], into=stays, on=TODAY + DAY, by=None, now=NOON + DAY)
    publish(TODAY + DAY)

    assert history(stays) == [(TODAY, ("Gone",), 70, 70), (TODAY + DAY, (), 70, 70)]


def test_part_that_closes_into_its_whole_is_counted_once_before_it():
    whole = OrganisationFactory()
    part = OrganisationFactory(parent=whole, valid_to=TODAY + DAY)
    people = posts(part, 30, level=Level.WORKING)
    posts(whole, 40, level=Level.WORKING)
    publish(TODAY)
    Succession.objects.create(predecessor=part, successor=whole, on=TODAY + DAY)
    Membership.objects.filter(person__in=people).update(organisation=whole)
    publish(TODAY + DAY)

    assert history(whole) == [(TODAY, (), 70, 70), (TODAY + DAY, (), 70, 70)]


# --- Reads -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_reads_cost_the_same_however_much_there_is(number, django_assert_num_queries):
    top, viewer = OrganisationFactory(), PersonFactory()
    for _ in range(number):
        posts(OrganisationFactory(parent=top), 15, grade="EO", line_manager=None)
        posts(top, 1, line_manager=viewer)
    posts(top, 20)
    publish(TODAY)

    with django_assert_num_queries(1):
        newest = published.newest()
    assert newest
    with django_assert_num_queries(1):
        found = published.unit(newest, of=top)
    with django_assert_num_queries(1):
        parts = published.parts(newest, path=top.path)
    with django_assert_num_queries(1):
        assert len(published.slices(newest, of=top)) == 2
    with django_assert_num_queries(1):
        assert len(sights.team_of(viewer).between(TODAY, TODAY)) == number
    with django_assert_num_queries(4):
        look = sights.sight(top, slice_=EVERYBODY, viewer=viewer)
    assert look
    with django_assert_num_queries(2):
        assert len(sights.trend(look)) == 1
    assert (found and found.organisation, len(parts)) == (top, number)


def test_newest_is_of_that_day_or_before():
    assert published.newest() is None
    for night in range(3):
        publish(TODAY + night * DAY)

    found = [published.newest(day) for day in (TODAY - DAY, TODAY + DAY, None)]

    assert [each and each.on for each in found] == [None, TODAY + DAY, TODAY + 2 * DAY]


def test_publication_of_before_people_were_kept_with_each_skill_is_read_as_it_was():
    top = OrganisationFactory()
    posts(top, 40)
    made = publish(TODAY)
    then = seen(top)
    for row in PublishedFigures.objects.filter(publication=made.publication):
        PublishedFigures.objects.filter(pk=row.pk).update(figures=row.figures[: len(MEASURES)])
    Publication.objects.update(method=2)

    assert then
    assert seen(top) == replace(then, rows=tuple(replace(row, people=None) for row in then.rows))


@pytest.mark.parametrize(
    ("figure", "reports", "shown"),
    [(20, 0, 20), (20, 11, 20), (20, 12, Hidden.OWN_TEAM), (10, 1, 10), (10, 2, Hidden.OWN_TEAM), (FEW, 9, FEW)],
)
def test_figure_less_ones_own_reports_is_about_five_people_at_least(figure, reports, shown):
    assert less_own_team(figure, reports=reports) == shown


def test_own_team_counts_where_its_people_work():
    top = OrganisationFactory()
    part, other = OrganisationFactory(parent=top), OrganisationFactory(parent=top)
    viewer = PersonFactory()
    posts(part, 25, grade="EO")
    posts(part, 6, level=Level.WORKING, grade="EO")
    posts(part, 9, level=Level.WORKING, grade="EO", line_manager=viewer)
    posts(other, 30, level=Level.WORKING, grade="SCS")
    publish(TODAY)
    reports = sights.team_of(viewer).between(TODAY, TODAY)

    found = [
        published.as_seen(unit, reports=reports).rows[0].levels[2]
        for unit in (
            seen(part),
            seen(other),
            seen(top, slice=Slice("grade", "SCS")),
            seen(top, slice=Slice("grade", "EO")),
        )
        if unit
    ]

    assert found == [Hidden.OWN_TEAM, 30, 30, Hidden.OWN_TEAM]
