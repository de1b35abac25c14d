"""Enrol, keep the place, answer a quiz, hand in a notebook: each once, whatever is pressed twice."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.factories.catalogue import CourseFactory, ExerciseFactory, ItemVersionFactory, QuizFactory
from tests.factories.people import NOON, PersonFactory
from upskill.core import blobs
from upskill.core.models import AuditEntry, Blob
from upskill.learning import services
from upskill.learning.models import Enrolment, ItemProgress, QuizAttempt, Submission
from upskill.learning.quizzes import Unanswered

LATER = NOON + dt.timedelta(hours=1)


def hand_in(learner, *, exercise, key="key", content=b"{}", now=NOON):
    return services.record_submission(learner, exercise=exercise, content=content, idempotency_key=key, now=now)


@pytest.mark.django_db
def test_enrol_twice_keeps_the_first_and_audits_it_once(audit_trail):
    learner, course = PersonFactory(), CourseFactory()

    first = services.enrol(learner, course=course, now=NOON)
    again = services.enrol(learner, course=course, now=LATER)

    assert (again, Enrolment.objects.get().enrolled_at) == (first, NOON)
    assert audit_trail() == [("learner.enrolled", learner, {"course": course.pk})]


@pytest.mark.django_db
def test_see_item_remembers_the_first_and_the_last_time():
    learner, item = PersonFactory(), ItemVersionFactory().item

    services.see_item(learner, item=item, now=NOON)
    services.see_item(learner, item=item, now=LATER)

    progress = ItemProgress.objects.get()
    assert (progress.opened_at, progress.last_seen_at, progress.completed_at) == (NOON, LATER, None)


@pytest.mark.django_db
def test_see_item_is_private_and_not_audited():
    services.see_item(PersonFactory(), item=ItemVersionFactory().item, now=NOON)

    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db
def test_complete_item_keeps_the_first_moment(audit_trail):
    learner, item = PersonFactory(), ItemVersionFactory().item

    services.complete_item(learner, item=item, now=NOON)
    services.complete_item(learner, item=item, now=LATER)

    progress = ItemProgress.objects.get()
    assert (progress.opened_at, progress.completed_at, progress.last_seen_at) == (NOON, NOON, LATER)
    assert audit_trail() == [("item.completed", learner, {})]


@pytest.mark.django_db
def test_record_quiz_attempt_keeps_the_answers_and_how_many_were_right(audit_trail):
    learner, quiz = PersonFactory(), QuizFactory()

    attempt = services.record_quiz_attempt(learner, quiz=quiz, answers={"one-of-two": ["this"]}, now=NOON)

    attempt.refresh_from_db()
    assert (attempt.learner, attempt.quiz, attempt.answers) == (learner, quiz, {"one-of-two": ["this"]})
    assert (attempt.right, attempt.questions, attempt.passed, attempt.share) == (1, 1, True, 1)
    assert audit_trail() == [("quiz.answered", learner, {"right": 1})]


@pytest.mark.django_db
def test_record_quiz_attempt_with_an_open_question_writes_nothing():
    with pytest.raises(Unanswered):
        services.record_quiz_attempt(PersonFactory(), quiz=QuizFactory(), answers={}, now=NOON)

    assert (QuizAttempt.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_record_submission_stores_the_file_once_and_says_that_it_is_new(audit_trail):
    learner, exercise = PersonFactory(), ExerciseFactory()

    submission, is_new = hand_in(learner, exercise=exercise, content=b'{"my": "work"}')

    assert (submission.learner, submission.exercise, submission.attempt, is_new) == (learner, exercise, 1, True)
    assert blobs.read(submission.blob_id) == b'{"my": "work"}'
    assert audit_trail() == [("submission.received", learner, {})]


@pytest.mark.django_db
def test_record_submission_with_a_known_key_is_what_it_made_then():
    learner, exercise = PersonFactory(), ExerciseFactory()
    first, _new = hand_in(learner, exercise=exercise, content=b"first")

    again, is_new = hand_in(learner, exercise=exercise, content=b"first", now=LATER)

    assert (again, is_new, Submission.objects.count()) == (first, False, 1)
    assert (again.submitted_at, blobs.read(again.blob_id)) == (NOON, b"first")


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["file", "exercise"])
def test_record_submission_refuses_a_known_key_for_another_answer(other):
    learner, exercise = PersonFactory(), ExerciseFactory()
    hand_in(learner, exercise=exercise, content=b"first")
    changed = {"content": b"second"} if other == "file" else {"exercise": ExerciseFactory()}

    with pytest.raises(services.KeyReused, match="Use a new key for each answer"):
        hand_in(learner, **{"exercise": exercise, "content": b"first", **changed})

    assert Submission.objects.count() == 1


@pytest.mark.django_db
def test_record_submission_with_a_known_key_survives_a_new_version_of_the_exercise():
    learner, old = PersonFactory(), ExerciseFactory()
    first, _new = hand_in(learner, exercise=old)
    newer = ExerciseFactory(item_version__item=old.item_version.item)

    assert hand_in(learner, exercise=newer) == (first, False)


@pytest.mark.django_db
def test_two_learners_may_use_one_key():
    exercise = ExerciseFactory()

    one, two = (hand_in(PersonFactory(), exercise=exercise)[0] for _ in range(2))

    assert one != two
    assert [one.attempt, two.attempt] == [1, 1]


@pytest.mark.django_db
def test_equal_files_of_two_learners_share_one_blob():
    exercise = ExerciseFactory()
    before = Blob.objects.count()

    one, two = (hand_in(PersonFactory(), exercise=exercise, content=b"same")[0] for _ in range(2))

    assert (one.blob_id == two.blob_id, Blob.objects.count()) == (True, before + 1)


@pytest.mark.django_db
def test_attempts_count_on_through_versions_of_an_exercise():
    learner, first = PersonFactory(), ExerciseFactory()
    second = ExerciseFactory(item_version__item=first.item_version.item)
    elsewhere = ExerciseFactory()

    sent = [hand_in(learner, exercise=each, key=str(each.pk))[0] for each in (first, second, elsewhere)]

    assert [each.attempt for each in sent] == [1, 2, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_key", [True, False])
def test_files_handed_in_at_the_same_moment_are_one_per_key_and_count_without_gaps(same_key):
    learner, exercise = PersonFactory(), ExerciseFactory()
    start = threading.Barrier(5)

    def send(number):
        start.wait(timeout=10)
        try:
            return hand_in(learner, exercise=exercise, key="one" if same_key else str(number))[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        new = list(pool.map(send, range(5)))

    attempts = sorted(Submission.objects.values_list("attempt", flat=True))
    assert (new.count(True), attempts) == ((1, [1]) if same_key else (5, [1, 2, 3, 4, 5]))
