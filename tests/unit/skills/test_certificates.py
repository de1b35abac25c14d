"""Certificates: who gets one, what it says, and when it no longer holds."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from tests.factories.catalogue import (
    CourseVersionFactory,
    DiagnosticFactory,
    ItemVersionFactory,
    ModuleFactory,
    QuizFactory,
)
from tests.factories.marking import CertificateFactory, EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import Taught, finish, learner_of, taught
from upskill import pipeline
from upskill.catalogue import queries as catalogue
from upskill.catalogue.queries import Outline
from upskill.core.models import AuditEntry
from upskill.learning import diagnostics
from upskill.learning import services as learning
from upskill.learning.models import QuizAttempt
from upskill.people.models import User
from upskill.skills import certificates, services
from upskill.skills.certificates import NotFinished
from upskill.skills.models import Certificate, Level

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)


def outline_of(course: Taught) -> Outline:
    [outline] = catalogue.outlines_of_versions([course.version.pk])
    return outline


@pytest.fixture
def course() -> Taught:
    return taught(title="AI ethics")


@pytest.fixture
def learner(course) -> User:
    return learner_of(course, full_name="Alice Adams")


@pytest.fixture
def mark(course, learner):
    """The learner has finished the course; this is the mark of their exercise."""
    return finish(course, learner)


def issue(learner: User, course: Taught) -> Certificate:
    return services.issue_certificate(learner, outline=outline_of(course), now=NOON)


def fail(mark) -> None:
    """A trainer takes the pass away."""
    nothing = {"test_one": Decimal(0)}
    pipeline.override_mark(mark, points=nothing, reason="It was copied.", by=PersonFactory(), now=LATER)


def lacking(learner: User, course: Taught) -> list[str]:
    outline = outline_of(course)
    return [item.title for item in certificates.missing(learner, outlines=[outline])[outline.version.pk]]


def events_about(learner: User) -> list[tuple[str, User | None]]:
    mine = AuditEntry.objects.filter(about=learner, event__startswith="certificate.").order_by("pk")
    return [(entry.event, entry.by) for entry in mine]


# --- What it says ----------------------------------------------------------------------------------------------------


def test_facts_are_those_of_progress_evidence_and_marks(course, learner, mark):
    facts = certificates.facts(learner, outline=outline_of(course))

    assert (facts.finished_at, facts.awards) == (NOON, [("Fairness", Level.WORKING)])
    assert (facts.by_tests, facts.by_people) == (2, 0)  # the quiz and the exercise


def test_attempts_are_counted_by_who_gave_the_mark_in_effect(course, learner, mark):
    pipeline.override_mark(mark, points={"test_one": Decimal("3.5")}, reason="Again.", by=PersonFactory(), now=LATER)
    MarkFactory(submission__learner=learner, submission__exercise=course.exercise, submission__attempt=2, points=0)

    facts = certificates.facts(learner, outline=outline_of(course))

    assert (facts.by_tests, facts.by_people) == (2, 1)


def test_work_and_evidence_of_other_courses_and_people_do_not_count(course, learner, mark):
    EvidenceFactory(learner=learner, skill=SkillFactory(slug="oversight"), level=3)
    finish(course, learner_of(course))

    facts = certificates.facts(learner, outline=outline_of(course))

    assert (facts.awards, facts.by_tests, facts.by_people) == ([("Fairness", Level.WORKING)], 2, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_certificate_costs_the_same_for_one_skill_and_for_three(django_assert_num_queries, count):
    skills = [{"skill": SkillFactory(slug=f"skill-{number}").pk, "level": 1} for number in range(count)]
    quiz = QuizFactory(skills=skills)
    learner = PersonFactory()
    pipeline.answer_quiz(quiz, answers={"one-of-two": ["this"]}, by=learner, now=NOON)
    public_id = CertificateFactory(learner=learner, course_version=quiz.module.course_version).public_id

    with django_assert_num_queries(11):
        found = certificates.genuine(public_id)

    assert found is not None
    assert found.facts.awards == [(f"Skill {number}", Level.AWARENESS) for number in range(count)]


# --- Who gets one ----------------------------------------------------------------------------------------------------


def test_everything_must_be_done_and_passed(course, learner):
    before = lacking(learner, course)
    learning.complete_item(learner, item=course.lesson.item, now=NOON)
    read = lacking(learner, course)
    finish(course, learner)

    assert (before, read, lacking(learner, course)) == (
        ["Why we audit", "Check", "Audit a model"],
        ["Check", "Audit a model"],
        [],
    )


def test_item_that_is_done_and_was_not_passed_is_missing(course, learner):
    """Progress alone says that somebody was there."""
    for item in (course.lesson, course.quiz, course.exercise.item_version):
        learning.complete_item(learner, item=item.item, now=NOON)
    QuizAttempt.objects.create(
        learner=learner, quiz=course.quiz, answers={}, right=0, questions=1, passed=False, answered_at=NOON
    )
    MarkFactory(submission__learner=learner, submission__exercise=course.exercise, points=0)

    assert lacking(learner, course) == ["Check", "Audit a model"]


@pytest.mark.parametrize(("then", "now", "lacks"), [(True, True, []), (True, False, ["Start"]), (False, True, [])])
def test_diagnostic_that_was_answered_passes_no_quiz(learner, then, now, lacks):
    """(what it was when it was answered, what it is in the version asked for, what is missing there)"""
    quiz_of = {True: DiagnosticFactory, False: QuizFactory}
    old = CourseVersionFactory()
    module = ModuleFactory(course_version=old)
    answered = quiz_of[then](module=module, slug="start")
    newer = CourseVersionFactory(course=old.course, version="2.0.0")
    quiz_of[now](module=ModuleFactory(course_version=newer, slug=module.slug), slug="start", title="Start")
    answers = {"one-of-two": ["this"]}
    if then:
        diagnostics.record_result(learner, quiz=answered, answers=answers, now=NOON)
    else:
        pipeline.answer_quiz(answered, answers=answers, by=learner, now=NOON)

    [outline] = catalogue.outlines_of_versions([newer.pk])
    missing = certificates.missing(learner, outlines=[outline])[newer.pk]

    assert [item.title for item in missing] == lacks


def test_exercise_whose_pass_was_taken_away_is_missing_again(course, learner, mark):
    fail(mark)

    assert lacking(learner, course) == ["Audit a model"]


def test_unfinished_course_has_no_certificate(course, learner):
    with pytest.raises(NotFinished, match="when every part of the course is done and passed"):
        issue(learner, course)

    assert (Certificate.objects.count(), events_about(learner)) == (0, [])


def test_course_without_items_has_no_certificate(learner):
    [outline] = catalogue.outlines_of_versions([CourseVersionFactory().pk])

    with pytest.raises(NotFinished):
        services.issue_certificate(learner, outline=outline, now=NOON)


def test_certificate_is_made_once_with_the_name_of_the_day(course, learner, mark):
    first, again = issue(learner, course), issue(learner, course)

    assert first == again
    assert (first.name, first.issued_at, first.course_version) == ("Alice Adams", NOON, course.version)
    assert events_about(learner) == [("certificate.issued", learner)]


# --- When it holds ---------------------------------------------------------------------------------------------------


def test_address_of_a_certificate_leads_to_it_and_no_other_does(course, learner, mark):
    certificate = issue(learner, course)

    found = certificates.genuine(certificate.public_id)

    assert found is not None
    assert (found.certificate, found.facts.outline.version) == (certificate, course.version)
    assert certificates.genuine(uuid.uuid4()) is None


def test_certificate_keeps_its_name_when_the_person_has_another(course, learner, mark):
    certificate = issue(learner, course)
    User.objects.filter(pk=learner.pk).update(full_name="Alice Brown")

    found = certificates.genuine(certificate.public_id)

    assert found is not None
    assert found.certificate.name == "Alice Adams"


def test_certificate_of_somebody_who_has_left_still_holds(course, learner, mark):
    certificate = issue(learner, course)
    User.objects.filter(pk=learner.pk).update(is_active=False)

    assert certificates.genuine(certificate.public_id) is not None


def test_certificate_of_an_erased_person_is_not_there(course, learner, mark):
    certificate = issue(learner, course)
    User.objects.filter(pk=learner.pk).update(email=None)

    assert certificates.genuine(certificate.public_id) is None


def test_certificate_does_not_hold_while_the_pass_that_it_rests_on_is_withdrawn(course, learner, mark):
    certificate = issue(learner, course)
    fail(mark)
    after = certificates.genuine(certificate.public_id)
    again = MarkFactory(submission__learner=learner, submission__exercise=course.exercise, submission__attempt=2)
    services.add_mark_evidence(again, now=LATER)

    assert after is None
    assert certificates.genuine(certificate.public_id) is not None


def test_certificate_holds_for_its_own_version_when_the_course_has_a_newer_one(course, learner, mark):
    certificate = issue(learner, course)
    newer = CourseVersionFactory(course=course.version.course, version="2.0.0")
    ItemVersionFactory(module=ModuleFactory(course_version=newer))

    found = certificates.genuine(certificate.public_id)

    assert found is not None
    assert found.facts.outline.version == course.version
    [outline] = catalogue.outlines_of_versions([newer.pk])
    with pytest.raises(NotFinished):
        services.issue_certificate(learner, outline=outline, now=LATER)


def test_withdrawn_certificate_is_gone_and_the_next_has_another_address(course, learner, mark):
    certificate = issue(learner, course)

    services.withdraw_certificate(certificate, by=learner, now=LATER)
    services.withdraw_certificate(certificate, by=learner, now=LATER)
    after = certificates.genuine(certificate.public_id)
    new = issue(learner, course)

    assert (after, new.public_id == certificate.public_id) == (None, False)
    assert events_about(learner) == [
        ("certificate.issued", learner),
        ("certificate.withdrawn", learner),
        ("certificate.issued", learner),
    ]


# --- What the database holds -----------------------------------------------------------------------------------------


def test_certificate_cannot_be_changed(course, learner, mark):
    certificate = issue(learner, course)

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(name="Somebody Else")


@pytest.mark.parametrize("fields", [{"name": ""}, {}])
def test_database_refuses_a_certificate_without_a_name_and_a_second_one(course, learner, fields):
    if not fields:
        CertificateFactory(learner=learner, course_version=course.version)

    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateFactory(learner=learner, course_version=course.version, **fields)
