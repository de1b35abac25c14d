"""Finding a start: the form, a suggestion with a reason for each skill, and nothing of it for anybody else."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.catalogue import (
    QUESTION,
    CourseVersionFactory,
    DiagnosticFactory,
    LearningPathFactory,
    ModuleFactory,
)
from tests.factories.marking import SkillFactory
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import Taught, errors, learner_of, links, listed, main, taught, words
from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import LearningPath
from upskill.core import allowances
from upskill.learning import diagnostics, paths, recall
from upskill.learning.models import DiagnosticResult, ItemProgress, QuizAttempt
from upskill.skills import certificates
from upskill.skills.models import Evidence
from upskill.web.learner.items import MOST_QUIZZES

pytestmark = pytest.mark.django_db
RIGHT, WRONG = {"one-of-two": "this", "how-chance": "this"}, {"one-of-two": "that", "how-chance": "that"}
CHANCE = QUESTION | {"id": "how-chance", "skill": "stats-reasoning", "html": "<p>By chance?</p>", "hints": []}
START = {"path": "analyst", "course": "tea", "module": "audits"}
RULES = [
    {"skill": "fairness", "at_least": 1, "because": "You were right about fairness."},
    {"skill": "fairness", "at_least": 0, "because": "Begin with audits.", **START},
    {"skill": "stats-reasoning", "at_least": 1, "because": "You know chance.", **START, "module": ""},
    {"skill": "stats-reasoning", "at_least": 0, "because": "Chance comes first.", **START, "course": "gone"},
]


@pytest.fixture
def course() -> Taught:
    """The course tea, whose only quiz finds a start in it."""
    made = taught(course__id="tea", title="Tea for teams")
    SkillFactory(slug="stats-reasoning", name="Statistical reasoning")
    LearningPathFactory(id="analyst", title="Analyst", takes=("tea",))
    content = {"questions": [QUESTION | {"hints": []}, CHANCE], "diagnostic": RULES}
    quiz = DiagnosticFactory(
        module=made.lesson.module, slug="find-start", position=4, title="Find your start", content=content
    )
    return Taught(version=made.version, lesson=made.lesson, quiz=quiz, exercise=made.exercise)


def answer(client, course: Taught, answers: dict, **more):
    return client.post(course.item_url(course.quiz, "start/"), answers, **more)


def test_form_says_what_it_is_for_and_gives_nothing_away(signed_in, course):
    page = signed_in(learner_of(course)).get(course.item_url(course.quiz))

    assert "You cannot fail it: it has no pass mark and shows in no skills record, and nobody else sees" in words(page)
    assert f'action="{course.item_url(course.quiz, "start/")}"' in main(page)
    assert [
        told for told in ("Begin with audits.", "No: this.", "that-for-this") if told in page.content.decode()
    ] == []


def test_result_suggests_one_path_and_start_and_gives_a_reason_for_each_skill(signed_in, course):
    page = answer(signed_in(learner_of(course)), course, WRONG | {"how-chance": "this"})

    assert page.status_code == 200
    assert (
        "Where you could start The path Analyst fits. Begin at Audits . Begin with audits. "
        "This is a suggestion; you may start anywhere. Follow this path See its steps first"
    ) in words(page)
    assert listed(page, css="app-card") == [
        "Fairness 0 of 1 right Begin with audits. Start: Audits",
        "Statistical reasoning 1 of 1 right You know chance. Start: Tea for teams",
    ]
    assert ("/courses/tea/#audits", "Audits") in links(page)
    assert '<form method="post" action="/paths/analyst/follow/">' in main(page)


def test_first_skill_whose_rule_names_a_path_decides(signed_in, course):
    page = answer(signed_in(learner_of(course)), course, RIGHT)

    assert "The path Analyst fits. Begin at Tea for teams . You know chance." in words(page)
    assert listed(page, css="app-card")[0] == "Fairness 1 of 1 right You were right about fairness."


def test_answers_have_a_word_on_each_option_once_and_are_not_kept(signed_in, course):
    client = signed_in(learner_of(course))

    at_once = answer(client, course, WRONG)
    later = client.get(course.item_url(course.quiz))

    assert listed(at_once, css="app-option__feedback") == ["Yes.", "No: this."] * 2
    assert "You see this once: what you answered is kept nowhere." in words(at_once)
    assert listed(later, css="app-option__feedback") == []
    assert "Begin with audits." in words(later)
    assert list(DiagnosticResult.objects.values_list("right", flat=True)) == [{}]


def test_result_earns_nothing_and_is_no_attempt_and_never_comes_back(signed_in, course):
    person = learner_of(course)

    answer(signed_in(person), course, RIGHT)

    in_a_month = timezone.localdate() + dt.timedelta(days=30)
    assert (QuizAttempt.objects.count(), Evidence.objects.count()) == (0, 0)
    assert recall.today(person, on=in_a_month) == recall.Today(due=[], next_on=None)
    assert ItemProgress.objects.get(learner=person, item=course.quiz.item).completed_at is not None


def test_answering_again_replaces_the_result(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course, WRONG)

    form = client.get(course.item_url(course.quiz), {"again": ""})
    answer(client, course, RIGHT)

    assert (course.item_url(course.quiz) + "?again", "Answer again") in links(client.get(course.item_url(course.quiz)))
    assert listed(form, css="govuk-button") == ["Find my start"]
    assert [row.right for row in DiagnosticResult.objects.all()] == [{"fairness": 1, "stats-reasoning": 1}]


def test_result_of_an_earlier_version_gives_way_to_the_new_questions(signed_in, course):
    client = signed_in(learner_of(course))
    answer(client, course, RIGHT)
    newer = CourseVersionFactory(course=course.version.course, version="2.0.0")
    module = ModuleFactory(course_version=newer, slug="audits")
    DiagnosticFactory(module=module, slug="find-start", content=course.quiz.content)

    assert listed(client.get(course.item_url(course.quiz)), css="govuk-button") == ["Find my start"]


def test_path_that_is_followed_already_has_no_button(signed_in, course):
    person = learner_of(course)
    paths.follow(person, path=LearningPath.objects.get(), now=NOON)

    page = answer(signed_in(person), course, RIGHT)

    assert "You follow the path Analyst ." in words(page)
    assert listed(page, css="govuk-button") == ["Answer again"]


def test_path_that_is_offered_no_more_is_not_suggested_but_the_start_is(signed_in, course):
    LearningPath.objects.update(withdrawn_at=NOON)

    page = answer(signed_in(learner_of(course)), course, RIGHT)

    assert "Where you could start Begin at Tea for teams . You know chance." in words(page)
    assert "Follow this path" not in words(page)


def test_missing_answer_is_said_in_words_and_nothing_is_kept(signed_in, course):
    page = answer(signed_in(learner_of(course)), course, {"one-of-two": "this"})

    assert page.status_code == 422
    assert errors(page) == [("id_how-chance_0", "Answer question 2")]
    assert DiagnosticResult.objects.count() == 0


def test_answering_too_often_is_refused(signed_in, course):
    person = learner_of(course)
    for _ in range(MOST_QUIZZES):
        allowances.spend("answer quiz", who=f"person {person.pk}", most=MOST_QUIZZES, seconds=3600)

    page = answer(signed_in(person), course, RIGHT)

    assert (page.status_code, DiagnosticResult.objects.count()) == (429, 0)


def test_quiz_and_diagnostic_have_addresses_of_their_own(signed_in, course):
    other = taught()

    assert signed_in(learner_of(other)).post(other.item_url(other.quiz, "start/"), RIGHT).status_code == 404
    assert signed_in(learner_of(course)).get(course.item_url(course.quiz, "start/"))["Location"] == course.item_url(
        course.quiz
    )


def test_diagnostic_is_not_answered_as_a_quiz(signed_in, course):
    page = signed_in(learner_of(course)).post(course.item_url(course.quiz, "answers/"), RIGHT)

    assert (page.status_code, QuizAttempt.objects.count()) == (404, 0)


def test_nobody_else_meets_the_result(signed_in, course):
    answer(signed_in(learner_of(course)), course, WRONG)

    page = signed_in(learner_of(course)).get(course.item_url(course.quiz))

    assert listed(page, css="govuk-button") == ["Find my start"]


def test_certificate_asks_that_it_is_answered_not_how():
    version = CourseVersionFactory(course__id="short")
    quiz = DiagnosticFactory(module=ModuleFactory(course_version=version, slug="audits"))
    person = PersonFactory()
    [outline] = catalogue.outlines_of_versions([version.pk])

    before = certificates.missing(person, outlines=[outline])
    diagnostics.record_result(person, quiz=quiz, answers={"one-of-two": ["that"]}, now=NOON)

    assert before == {version.pk: [quiz]}
    assert certificates.missing(person, outlines=[outline]) == {version.pk: []}


@pytest.mark.parametrize("skills", [1, 3])
def test_result_costs_the_same_with_more_skills(signed_in, course, skills):
    names = [SkillFactory(slug=f"skill-{number}").pk for number in range(skills)]
    content = {
        "questions": [QUESTION | {"id": f"question-{name}", "skill": name} for name in names],
        "diagnostic": [{"skill": name, "at_least": 0, "because": "So.", **START} for name in names],
    }
    quiz = DiagnosticFactory(module=course.lesson.module, slug="another", position=5, content=content)
    person = learner_of(course)
    answers = {f"question-{name}": ["that"] for name in names}
    diagnostics.record_result(person, quiz=quiz, answers=answers, now=NOON)
    client = signed_in(person)
    client.get(course.item_url(quiz))

    with CaptureQueriesContext(connection) as queries:
        client.get(course.item_url(quiz))

    assert len(queries) == 15
