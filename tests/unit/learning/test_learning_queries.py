"""What a learner takes, where they are, and what they handed in; and what PostgreSQL refuses of it."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from tests.factories.catalogue import (
    CourseVersionFactory,
    ExerciseFactory,
    ItemVersionFactory,
    ModuleFactory,
    QuizFactory,
)
from tests.factories.marking import SubmissionFactory
from tests.factories.people import NOON, PersonFactory
from upskill.learning import queries, rules, services
from upskill.learning.models import Enrolment, ItemProgress, QuizAttempt, Submission

pytestmark = pytest.mark.django_db


def hours_after_noon(hours: int) -> dt.datetime:
    return NOON + dt.timedelta(hours=hours)


def answered(learner, *, quiz, hours=0, **fields) -> QuizAttempt:
    counts = {"right": 1, "questions": 1, "passed": True} | fields
    return QuizAttempt.objects.create(
        learner=learner, quiz=quiz, answers={}, answered_at=hours_after_noon(hours), **counts
    )


def test_enrolments_are_the_learners_own_newest_first():
    learner, courses = PersonFactory(), [CourseVersionFactory().course for _ in range(2)]
    for hours, course in enumerate(courses):
        services.enrol(learner, course=course, now=hours_after_noon(hours))
    services.enrol(PersonFactory(), course=courses[0], now=NOON)

    found = [each.course_id for each in queries.enrolments(learner)]

    assert found == [courses[1].pk, courses[0].pk]
    assert [queries.is_enrolled(learner, course=course.pk) for course in courses] == [True, True]
    assert not queries.is_enrolled(PersonFactory(), course=courses[0].pk)


def test_where_left_is_the_item_seen_last_that_is_not_done():
    learner = PersonFactory()
    first, second, done = (ItemVersionFactory().item for _ in range(3))
    for hours, item in enumerate((second, first)):
        services.see_item(learner, item=item, now=hours_after_noon(hours))
    services.complete_item(learner, item=done, now=hours_after_noon(5))
    services.see_item(PersonFactory(), item=second, now=hours_after_noon(9))

    assert queries.where_left(learner) == first


def test_where_left_is_nowhere_for_somebody_who_never_came_or_has_done_it_all():
    learner = PersonFactory()
    assert queries.where_left(learner) is None

    services.complete_item(learner, item=ItemVersionFactory().item, now=NOON)

    assert queries.where_left(learner) is None


def test_completed_items_are_the_learners_own_of_these_courses():
    learner, module = PersonFactory(), ModuleFactory()
    mine, theirs, open_one = (ItemVersionFactory(module=module).item for _ in range(3))
    elsewhere = ItemVersionFactory().item
    for item in (mine, elsewhere):
        services.complete_item(learner, item=item, now=NOON)
    services.see_item(learner, item=open_one, now=NOON)
    services.complete_item(PersonFactory(), item=theirs, now=NOON)

    assert queries.completed_items(learner, courses=[mine.course_id]) == {mine.pk}


def test_submissions_of_a_learner_are_newest_first_through_versions():
    learner, exercise = PersonFactory(), ExerciseFactory()
    newer = ExerciseFactory(item_version__item=exercise.item_version.item)
    first = SubmissionFactory(learner=learner, exercise=exercise, attempt=1)
    second = SubmissionFactory(learner=learner, exercise=newer, attempt=2)
    SubmissionFactory(exercise=exercise)
    SubmissionFactory(learner=learner)

    assert list(queries.submissions_of(learner, item=exercise.item_version.item)) == [second, first]


def test_submission_comes_with_all_that_its_page_names_in_one_query(django_assert_num_queries):
    sent = SubmissionFactory()

    with django_assert_num_queries(1):
        found = queries.submission(sent.public_id)
        assert found
        named = (found.learner.full_name, found.exercise.item_version.module.course_version.title)

    assert (found, named[0]) == (sent, sent.learner.full_name)


def test_submission_that_does_not_exist_is_none():
    assert queries.submission(uuid.uuid4()) is None


def test_newest_quiz_attempt_is_the_learners_own_in_any_version():
    learner, quiz = PersonFactory(), QuizFactory()
    newer_version = QuizFactory(item=quiz.item)
    answered(learner, quiz=quiz, hours=1)
    newest = answered(learner, quiz=newer_version, hours=2)
    answered(PersonFactory(), quiz=quiz, hours=3)

    assert queries.newest_quiz_attempt(learner, item=quiz.item) == newest
    assert queries.newest_quiz_attempt(PersonFactory(), item=quiz.item) is None


def test_only_the_learner_owns_a_submission_and_only_while_active():
    sent = SubmissionFactory()
    owns_before = rules.is_own(sent.learner, submission=sent)
    sent.learner.is_active = False

    assert (owns_before, rules.is_own(sent.learner, submission=sent)) == (True, False)
    assert not rules.is_own(PersonFactory(), submission=sent)


# --- what PostgreSQL refuses -----------------------------------------------------------------------------------------


def test_a_learner_is_enrolled_in_a_course_once():
    enrolment = services.enrol(PersonFactory(), course=CourseVersionFactory().course, now=NOON)

    with pytest.raises(IntegrityError, match="enrolment_once"):
        Enrolment.objects.create(learner=enrolment.learner, course=enrolment.course, enrolled_at=NOON)


def test_a_learner_has_one_place_in_an_item():
    learner, item = PersonFactory(), ItemVersionFactory().item
    services.see_item(learner, item=item, now=NOON)

    with pytest.raises(IntegrityError, match="progress_once"):
        ItemProgress.objects.create(learner=learner, item=item, opened_at=NOON, last_seen_at=NOON)


@pytest.mark.parametrize("fields", [{"right": 2, "questions": 1}, {"right": 0, "questions": 0}])
def test_a_quiz_has_no_more_right_answers_than_questions_and_at_least_one_question(fields):
    with pytest.raises(IntegrityError, match="quiz_right_in_range"):
        answered(PersonFactory(), quiz=QuizFactory(), **fields)


def test_a_key_makes_one_submission_of_a_learner():
    sent = SubmissionFactory()

    with pytest.raises(IntegrityError, match="submission_once_per_key"):
        SubmissionFactory(learner=sent.learner, idempotency_key=sent.idempotency_key)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"idempotency_key": ""}, "submission_has_key"), ({"attempt": 0}, "submission_attempt_counts_from_one")],
)
def test_a_submission_has_a_key_and_counts_from_one(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        SubmissionFactory(**fields)


@pytest.mark.parametrize("model", [Submission, QuizAttempt])
@pytest.mark.parametrize("act", ["change", "delete"])
def test_what_learners_handed_in_is_never_changed_or_deleted(model, act):
    SubmissionFactory()
    answered(PersonFactory(), quiz=QuizFactory())
    before = list(model.objects.values())

    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
        model.objects.update(learner=PersonFactory()) if act == "change" else model.objects.all()._raw_delete("default")

    assert list(model.objects.values()) == before
