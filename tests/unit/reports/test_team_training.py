"""The training of a team: from what is published and open, for what each is short of, with the sum."""

import datetime as dt

import pytest

from tests.factories.catalogue import (
    CourseVersionFactory,
    DiagnosticFactory,
    ExerciseFactory,
    ItemVersionFactory,
    ModuleFactory,
    QuizFactory,
    WorkshopFactory,
    clear,
)
from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import NOON, MembershipFactory, PersonFactory
from tests.factories.reflections import real_reflection
from tests.factories.roles import role_asking
from upskill.catalogue.models import Course
from upskill.catalogue.offers import Offer, OfferedModule, offered
from upskill.reports import team as teams
from upskill.reports.team_training import training_of_team
from upskill.reports.training import Step, earns
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
FAIRNESS = [{"skill": "fairness", "level": 2}]


@pytest.fixture(autouse=True)
def _skills_exist():
    for slug in ("fairness", "oversight"):
        SkillFactory(slug=slug)


def module(title: str = "Bias", **fields):
    return ModuleFactory(slug=title.lower(), title=title, **fields)


def exercise(module, *, minutes: int, skills=FAIRNESS, is_open=True):
    return ExerciseFactory(
        item_version__module=module, item_version__minutes=minutes, item_version__skills=skills,
        item_version__title="Exercise", clearance=None if is_open else False,
    )  # fmt: skip


# --- what is offered -------------------------------------------------------------------------------------------------


def test_offered_is_what_can_be_passed_now_with_the_minutes_of_the_lessons_before_it():
    bias = module(course_version__title="Ethics", course_version__course__id="ethics")
    for minutes in (10, 5):
        ItemVersionFactory(module=bias, minutes=minutes, skills=FAIRNESS)
    QuizFactory(module=bias, title="Quiz", minutes=6)
    DiagnosticFactory(module=bias, skills=FAIRNESS)
    exercise(bias, minutes=30)
    exercise(bias, minutes=31, is_open=False)
    WorkshopFactory(module=bias, skills=FAIRNESS)
    real_reflection(module=bias, slug="reflection")
    ItemVersionFactory(module=module("Reading", course_version=bias.course_version))

    [found] = offered()

    quiz, task, text = found.offers
    assert found == OfferedModule("ethics", "Ethics", "bias", "Bias", 15, (quiz, task, text))
    assert (quiz, task) == (
        Offer("Quiz", "quiz", 6, (("fairness", 1),), by_person=False),
        Offer("Exercise", "exercise", 30, (("fairness", 2),), by_person=task.by_person),
    )
    assert (text.kind, text.by_person) == ("reflection", True)


def test_offered_follows_what_is_published_and_opened_and_is_remembered(django_assert_num_queries):
    old = module()
    closed = exercise(old, minutes=30, is_open=False)
    before = offered()

    clear(closed)
    opened = offered()
    with django_assert_num_queries(2):
        again = offered()
    CourseVersionFactory(course=old.course_version.course, version="2.0.0")

    assert (before, again, offered()) == ((), opened, ())
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("kind", "by_person", "level"),
    [("quiz", False, 1), ("exercise", False, 2), ("exercise", True, 3), ("reflection", False, 3)],
)
def test_an_item_earns_no_more_than_its_kind_can_prove(kind, by_person, level):
    offer = Offer("Item", kind, 10, (("fairness", 4),), by_person)

    assert earns(offer) == {"fairness": Level(level)}


# --- what a team takes -----------------------------------------------------------------------------------------------


def report(manager, name, *, role="", **levels):
    person = MembershipFactory(line_manager=manager, person__full_name=name, role=role).person
    for skill, level in levels.items():
        EvidenceFactory(learner=person, skill_id=skill, level=level, earned_at=NOON)
    return person


def test_team_takes_for_each_person_the_shortest_choice_and_the_sum_is_of_everybody():
    manager, ethics = PersonFactory(), CourseVersionFactory(title="Ethics", course__id="ethics")
    long, short = module("Long", course_version=ethics), module("Short", course_version=ethics)
    for each, minutes in ((long, 40), (short, 20)):
        ItemVersionFactory(module=each, minutes=10)
        exercise(each, minutes=minutes)
    QuizFactory(module=long, minutes=5, skills=[{"skill": "oversight", "level": 1}])
    report(manager, "Adam", role=role_asking(fairness=2, oversight=1))
    report(manager, "Bea", role=role_asking(fairness=2))
    report(manager, "Cem", role=role_asking(fairness=2), fairness=2)
    report(manager, "Dot", role=role_asking(oversight=3))

    Course.objects.exclude(pk="ethics").update(current_version=None)  # those of the evidence
    plan = training_of_team(teams.team(manager, on=TODAY), modules=offered())

    adam, bea, dot = plan.people
    assert [(each.member.person.full_name, each.minutes) for each in plan.people] == [
        ("Adam", 45),
        ("Bea", 30),
        ("Dot", 0),
    ]
    assert [step.module.title for step in adam.training.steps] == ["Long", "Short"]
    assert bea.training.steps == (Step(offered()[1], offered()[1].offers),)
    assert [(skill.pk, asked, reached) for skill, asked, reached in dot.remains] == [("oversight", 3, 1)]
    assert (plan.minutes, plan.is_least) == (75, True)
    assert [(each.course, each.minutes, len(each.people)) for each in plan.courses] == [("ethics", 75, 2)]


def test_training_rests_on_nothing_that_somebody_did_but_levels():
    """Their manager could otherwise work out what they have read or tried."""
    manager, bias = PersonFactory(), module()
    exercise(bias, minutes=20)
    for name in ("Adam", "Bea"):
        report(manager, name, role=role_asking(fairness=2))

    adam, bea = training_of_team(teams.team(manager, on=TODAY), modules=offered()).people

    assert adam.training == bea.training
