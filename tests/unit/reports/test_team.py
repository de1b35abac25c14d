"""A team as its manager sees it: who is in it, where each stands, what roles ask for, and what follows from both."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.catalogue import ExerciseItemFactory, ModuleFactory, QuizFactory
from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import MembershipFactory, PersonFactory
from tests.factories.roles import role_asking
from upskill.people.models import User
from upskill.reports import gaps
from upskill.reports import team as teams
from upskill.reports.direct_report import Source, lines_of, member_of
from upskill.reports.gaps import Gain
from upskill.reports.team import Cell, Reach, Show
from upskill.skills.models import Level
from upskill.skills.validity import Standing

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
NONE, AWARENESS, WORKING, PRACTITIONER, EXPERT = Level


@pytest.fixture(autouse=True)
def _two_skills_exist():
    SkillFactory(slug="fairness", name="Fairness", position=0)
    SkillFactory(slug="oversight", name="Oversight", position=1)


@pytest.fixture
def manager() -> User:
    return PersonFactory()


def noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def report(manager, name="Adam", *, on=TODAY, fairness=0, oversight=0, **post) -> User:
    """A direct report with these levels, earned on that day."""
    person = MembershipFactory(line_manager=manager, person__full_name=name, **post).person
    for skill, level in (("fairness", fairness), ("oversight", oversight)):
        if level:
            EvidenceFactory(learner=person, skill_id=skill, level=level, earned_at=noon(on))
    return person


def cells(team) -> dict[str, list[tuple[Level, Level]]]:
    """Name -> (level, level asked for) of each skill."""
    return {each.person.full_name: [(cell.level, cell.target) for cell in each.cells] for each in team.members}


# --- who is in it, and what is shown ---------------------------------------------------------------------------------


def test_reach_of_a_team_counts_people_and_not_skills(manager, django_assert_num_queries):
    short = role_asking(fairness=PRACTITIONER, oversight=WORKING)
    report(manager, fairness=WORKING, oversight=EXPERT, role=short)
    report(manager, fairness=AWARENESS, role=role_asking(fairness=AWARENESS))
    for _ in range(3):
        report(manager)
    report(PersonFactory(), fairness=EXPERT)

    with django_assert_num_queries(4):
        reach = teams.reach_of_team(manager, level=WORKING, on=TODAY)

    assert reach == Reach(people=5, reached=1, short=1)


@pytest.mark.parametrize("people", [0, 1, 4])
def test_reach_of_a_team_of_fewer_than_five_is_hidden(manager, people):
    for _ in range(people):
        report(manager, fairness=AWARENESS, role=role_asking(fairness=WORKING))

    assert teams.reach_of_team(manager, level=WORKING, on=TODAY) == Reach(people, None, None)


def test_team_is_the_direct_reports_by_name_with_levels_and_what_the_role_of_their_main_post_asks_for(manager):
    zoe = report(manager, "Zoe", fairness=WORKING, role=role_asking(fairness=PRACTITIONER))
    report(manager, "Adam", fairness=AWARENESS)
    MembershipFactory(person=zoe, is_main=False, role=role_asking(oversight=EXPERT))

    team = teams.team(manager, on=TODAY)

    assert [skill.pk for skill in team.skills] == ["fairness"]
    assert cells(team) == {"Adam": [(AWARENESS, NONE)], "Zoe": [(WORKING, PRACTITIONER)]}
    assert [(member.role, member.needs) for member in team.members] == [
        ("", ()),
        ("Data scientist", ((0, PRACTITIONER),)),
    ]


def test_team_leaves_out_whoever_is_suspended_has_left_comes_later_or_reports_to_somebody_else(manager):
    here = report(manager)
    report(manager, person__is_active=False)
    report(manager, valid_to=TODAY)
    report(manager, valid_from=TOMORROW)
    report(PersonFactory(), fairness=EXPERT)
    report(here, fairness=EXPERT)

    team = teams.team(manager, on=TODAY)

    assert [member.person for member in team.members] == [here]


def test_team_counts_how_many_have_reached_a_level(manager):
    for level in (NONE, AWARENESS, WORKING, PRACTITIONER):
        report(manager, fairness=level)

    team = teams.team(manager, on=TODAY)

    assert [team.how_many_reach(level) for level in Level] == [4, 3, 2, 1, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_team_costs_six_queries_however_many_people(manager, count, django_assert_num_queries):
    role = role_asking(oversight=WORKING)
    for _ in range(count):
        report(manager, fairness=WORKING, role=role)

    with django_assert_num_queries(6):
        team = teams.team(manager, on=TODAY)

    assert len(team.members) == count


def test_columns_are_what_roles_ask_for_then_what_somebody_has_then_what_courses_teach_now(manager):
    taught, was_taught, _never = (SkillFactory(slug=slug) for slug in ("a-taught", "a-was-taught", "a-never"))
    old = ModuleFactory()
    ExerciseItemFactory(module=old, skills=[{"skill": was_taught.slug, "level": 1}])
    new = ModuleFactory(course_version__course=old.course_version.course, course_version__version="2.0.0")
    QuizFactory(module=new, skills=[{"skill": taught.slug, "level": 1}])
    report(manager, oversight=AWARENESS)
    report(manager, role=role_asking(fairness=WORKING))

    team = teams.team(manager, on=TODAY)

    assert [skill.slug for skill in team.skills] == ["fairness", "oversight", "a-taught"]
    assert [skill.slug for skill in team.showing(Show.TARGETS).skills] == ["fairness"]


def test_skills_with_a_gap_are_those_that_somebody_is_short_of(manager):
    role = role_asking(fairness=WORKING, oversight=AWARENESS)
    report(manager, "Adam", fairness=AWARENESS, oversight=AWARENESS, role=role)
    report(manager, "Zoe", fairness=WORKING, oversight=EXPERT, role=role)

    team = teams.team(manager, on=TODAY)

    shown = team.showing(Show.GAPS)
    assert [skill.pk for skill in shown.skills] == ["fairness"]
    assert cells(shown) == {"Adam": [(AWARENESS, WORKING)], "Zoe": [(WORKING, WORKING)]}
    assert team.showing(Show.ALL) == team


@pytest.mark.parametrize(("days", "ends_soon"), [(0, True), (90, True), (91, False)])
def test_a_level_ends_soon_within_ninety_days(days, ends_soon):
    cell = Cell(Standing(WORKING, TODAY, TODAY + dt.timedelta(days=days)), NONE)

    assert cell.ends_soon(on=TODAY) is ends_soon


def test_a_level_that_has_ended_is_a_gap_again(manager):
    SkillFactory(slug="privacy", valid_months=12)
    adam = report(manager, role=role_asking(privacy=WORKING))
    EvidenceFactory(learner=adam, skill_id="privacy", level=WORKING, earned_at=noon(TODAY - dt.timedelta(days=366)))

    team = teams.team(manager, on=TODAY)

    assert cells(team.showing(Show.GAPS)) == {"Adam": [(NONE, WORKING)]}


# --- gaps and what hangs on one person -------------------------------------------------------------------------------


def test_gaps_say_who_is_asked_who_is_short_and_who_has_it_the_most_short_first(manager):
    role = role_asking(fairness=AWARENESS, oversight=WORKING)
    adam = report(manager, "Adam", fairness=AWARENESS, role=role)
    bea = report(manager, "Bea", oversight=PRACTITIONER, role=role)
    cem = report(manager, "Cem", fairness=WORKING, role=role_asking(oversight=WORKING))

    told = gaps.gaps(teams.team(manager, on=TODAY))

    def people(members):
        return [member.person for member in members]

    assert [(gap.skill.pk, people(gap.asked), people(gap.short), people(gap.holders)) for gap in told] == [
        ("oversight", [adam, bea, cem], [adam, cem], [bea]),
        ("fairness", [adam, bea], [bea], [cem]),
    ]


def test_a_skill_hangs_on_one_person_if_a_role_asks_for_working_level_and_one_alone_has_it(manager):
    SkillFactory(slug="alone", position=2)
    SkillFactory(slug="nobody", position=3)
    SkillFactory(slug="not-asked", position=4)
    role = role_asking(alone=WORKING, nobody=PRACTITIONER, fairness=WORKING, oversight=AWARENESS)
    adam = report(manager, "Adam", fairness=WORKING, oversight=WORKING, role=role)
    report(manager, "Bea", fairness=PRACTITIONER)
    for skill in ("alone", "not-asked"):
        EvidenceFactory(learner=adam, skill_id=skill, level=WORKING, earned_at=noon(TODAY))

    team = teams.team(manager, on=TODAY)

    assert [gap.skill.pk for gap in gaps.single_points(team)] == ["alone"]
    assert [gap.skill.pk for gap in gaps.gaps(team) if gap.is_missing] == ["nobody"]


def test_nothing_hangs_on_one_person_in_a_team_of_one(manager):
    report(manager, fairness=WORKING, role=role_asking(fairness=WORKING))

    assert gaps.single_points(teams.team(manager, on=TODAY)) == []


# --- what was reached lately -----------------------------------------------------------------------------------------


def gained(manager, *, since: dt.date) -> list[Gain]:
    return gaps.gains(teams.team(manager, on=TODAY), since=since)


def test_gains_are_levels_that_somebody_did_not_have_before_newest_first(manager, django_assert_num_queries):
    since = TODAY.replace(day=1)
    before = since - dt.timedelta(days=1)
    report(manager, "Adam", fairness=WORKING, on=before)
    bea = report(manager, "Bea", fairness=AWARENESS, on=before)
    cem = report(manager, "Cem", oversight=AWARENESS, on=since)
    EvidenceFactory(learner=bea, skill_id="fairness", level=WORKING, earned_at=noon(TODAY))
    team = teams.team(manager, on=TODAY)

    with django_assert_num_queries(1):
        found = gaps.gains(team, since=since)

    fairness, oversight = team.skills
    assert found == [Gain(bea, fairness, WORKING, TODAY), Gain(cem, oversight, AWARENESS, since)]


def test_the_same_level_shown_again_or_a_lower_one_is_no_gain(manager):
    adam = report(manager, fairness=WORKING, on=TODAY - dt.timedelta(days=60))
    for level in (WORKING, AWARENESS):
        EvidenceFactory(learner=adam, skill_id="fairness", level=level, earned_at=noon(TODAY))

    assert gained(manager, since=TODAY.replace(day=1)) == []


def test_a_level_shown_again_after_it_had_ended_is_a_gain(manager):
    privacy = SkillFactory(slug="privacy", valid_months=12)
    adam = report(manager)
    for day in (TODAY - dt.timedelta(days=800), TODAY):
        EvidenceFactory(learner=adam, skill=privacy, level=WORKING, earned_at=noon(day))

    assert gained(manager, since=TODAY.replace(day=1)) == [Gain(adam, privacy, WORKING, TODAY)]


# --- one person ------------------------------------------------------------------------------------------------------


def test_nobody_but_a_direct_report_is_a_member(manager):
    adam, stranger = report(manager), report(PersonFactory())
    team = teams.team(manager, on=TODAY)

    found = [member_of(team, public_id=User.objects.get(pk=each.pk).public_id) for each in (adam, stranger)]

    assert found == [team.members[0], None]


def test_a_level_rests_on_the_newest_assessment_that_proves_it_and_gaps_come_first(manager, django_assert_num_queries):
    adam = report(manager, role=role_asking(oversight=WORKING))
    for title, level, day in (("Old", WORKING, 3), ("New", WORKING, 2), ("Lower", AWARENESS, 1)):
        mark = MarkFactory(
            submission__learner=adam,
            submission__exercise__item_version__title=title,
            submission__exercise__item_version__module__course_version__title="Ethics",
        )
        EvidenceFactory(learner=adam, mark=mark, level=level, earned_at=noon(TODAY - dt.timedelta(days=day)))
    team = teams.team(manager, on=TODAY)

    with django_assert_num_queries(1):
        lines = lines_of(team.members[0], team=team)

    passed = Source(title="New", course_title="Ethics", on=TODAY - dt.timedelta(days=2))
    assert [(line.skill.pk, line.source) for line in lines] == [("oversight", None), ("fairness", passed)]
