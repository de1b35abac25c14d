"""What a submission's mark is now, and what waits for a trainer."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.factories.catalogue import ExerciseFactory, next_exercise_item
from tests.factories.marking import JobFactory, MarkFactory, ReviewFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from upskill.marking import queries, rules, services
from upskill.marking.models import Job
from upskill.marking.services import RubricMark

pytestmark = pytest.mark.django_db
LEVELS = {"finding": 3, "advice": 3, "limit": 3}


def course_of(exercise) -> str:
    return exercise.item_version.item.course_id


def ids_of(course: str) -> tuple[list[int], bool]:
    return queries.ids_of_course(course, ahead=queries.ahead_in(course))


def listed(course: str):
    return queries.listed(ids_of(course)[0])


def judged(mark):
    judgement = RubricMark(check="reflection", levels=LEVELS, comment="Good.")
    return services.mark_by_rubric(mark, rubric_mark=judgement, by=PersonFactory(), now=NOON)


def minutes_after_noon(minutes: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minutes)


def test_state_of_a_submission_in_the_queue_has_no_mark_and_is_not_over():
    job = JobFactory()

    state = queries.state_of(job.submission)

    assert (state.job, state.mark, state.is_over) == (job, None, False)


def test_state_of_a_marked_submission_is_the_mark_in_effect():
    old = MarkFactory(points=2)
    new = services.override_mark(old, points={"test_one": Decimal(4)}, reason="Right.", by=PersonFactory(), now=NOON)

    state = queries.state_of(old.submission)

    assert (state.job.state, state.mark, state.is_over) == (Job.State.DONE, new, True)


def test_state_of_a_submission_follows_its_newest_job():
    mark = MarkFactory()
    again = JobFactory(submission=mark.submission, lane=Job.Lane.REGRADE)

    state = queries.state_of(mark.submission)

    assert (state.job, state.mark, state.is_over) == (again, mark, False)


def test_submissions_of_a_course_begin_with_those_that_wait_then_the_newest():
    exercise = ExerciseFactory()

    def sent(minutes):
        return SubmissionFactory(exercise=exercise, submitted_at=minutes_after_noon(minutes))

    done_old, done_new, waits_old, waits_new = sent(0), sent(9), sent(1), sent(2)
    for submission in (done_old, done_new):
        judged(MarkFactory(submission=submission))
    for submission in (waits_old, waits_new):
        MarkFactory(submission=submission)

    found = listed(course_of(exercise))

    assert found == [waits_new, waits_old, done_new, done_old]


def test_submissions_of_a_course_leave_out_every_other_course():
    mine, other = MarkFactory().submission, MarkFactory().submission

    assert ids_of(course_of(mine.exercise)) == ([mine.pk], False)
    assert course_of(other.exercise) != course_of(mine.exercise)


@pytest.mark.parametrize("most", [1000, 6, 5, 3])
def test_submissions_of_a_course_stand_in_one_order_over_all_its_exercises(monkeypatch, most):
    monkeypatch.setattr(queries, "MOST_LISTED", most)
    one = ExerciseFactory()
    another = ExerciseFactory(item_version=next_exercise_item(one.item_version))

    def sent(minutes, exercise, **fields):
        return SubmissionFactory(exercise=exercise, submitted_at=minutes_after_noon(minutes), **fields)

    newest = [judged(MarkFactory(submission=sent(n, (one, another)[n % 2]))).submission.pk for n in (6, 5, 4, 3)]
    twins = sorted((judged(MarkFactory(submission=sent(2, each))).submission.pk for each in (one, another)),
                   reverse=True)  # fmt: skip
    waits = MarkFactory(submission=sent(1, another)).submission.pk
    doubted = ReviewFactory(mark=judged(MarkFactory(submission=sent(0, one)))).mark.submission.pk
    MarkFactory(submission=sent(7, one, learner=PersonFactory(is_probe=True)))

    assert ids_of(course_of(one)) == ([doubted, waits, *[*newest, *twins][:most]], most < 6)


def test_course_without_exercises_has_no_submissions():
    assert ids_of("no-such-course") == ([], False)


@pytest.mark.parametrize("count", [1, 3])
def test_submissions_come_with_marks_jobs_learners_and_titles_in_five_queries(count, django_assert_num_queries):
    exercise = ExerciseFactory()
    for _ in range(count):
        judged(MarkFactory(submission__exercise=exercise))

    with django_assert_num_queries(5):
        found = [vars(sent) | {"names": _names(sent)} for sent in listed(course_of(exercise))]

    assert [(len(line["current_marks"]), len(line["newest_jobs"])) for line in found] == [(1, 1)] * count


def _names(submission) -> tuple[str, str]:
    return submission.learner.full_name, submission.exercise.item_version.title


def test_waiting_for_a_trainer_is_other_peoples_free_text_only():
    exercise = ExerciseFactory()
    trainer = trainer_of(course_of(exercise))
    waits = MarkFactory(submission__exercise=exercise).submission
    MarkFactory(submission__exercise=exercise, submission__learner=trainer)
    judged(MarkFactory(submission__exercise=exercise))
    JobFactory(submission__exercise=exercise)
    MarkFactory()

    found = queries.waiting_for(trainer, ahead=queries.ahead_in(course_of(exercise)))

    assert found == [waits.pk]
    assert queries.waiting_counts(trainer, courses=[course_of(exercise)]) == {course_of(exercise): 1}


def test_waiting_counts_name_only_the_courses_asked_for_that_have_some():
    one, two, elsewhere = MarkFactory(), MarkFactory(), MarkFactory()
    judged(two)
    courses = [course_of(mark.submission.exercise) for mark in (one, two)]

    counts = queries.waiting_counts(PersonFactory(), courses=courses)

    assert counts == {courses[0]: 1}
    assert course_of(elsewhere.submission.exercise) not in counts


def test_free_text_and_tests_share_out_the_checks_of_a_mark():
    mark = MarkFactory()

    assert [check.slug for check in queries.free_text(mark)] == ["reflection"]
    assert [check.slug for check in queries.tested(mark)] == ["test_one"]


def test_lowest_rubric_level_is_none_until_a_person_has_judged():
    mark = MarkFactory()

    assert queries.lowest_rubric_level(mark) is None
    assert queries.lowest_rubric_level(judged(mark)) == 3


def test_history_is_every_mark_newest_first_and_of_this_submission_only():
    first = MarkFactory(points=2)
    MarkFactory()
    second = judged(first)

    assert list(queries.history(first.submission)) == [second, first]


# --- who may ---------------------------------------------------------------------------------------------------------


def test_a_trainer_of_the_course_may_see_and_mark():
    submission = SubmissionFactory()
    trainer = trainer_of(course_of(submission.exercise))

    assert rules.can_see_submission(trainer, submission=submission)
    assert rules.can_mark(trainer, submission=submission)


def test_nobody_marks_their_own_work():
    exercise = ExerciseFactory()
    trainer = trainer_of(course_of(exercise))
    own = SubmissionFactory(exercise=exercise, learner=trainer)

    assert rules.can_see_submission(trainer, submission=own)
    assert not rules.can_mark(trainer, submission=own)


def test_a_trainer_of_another_course_a_former_one_a_suspended_one_and_the_learner_may_neither_see_nor_mark():
    submission = SubmissionFactory()
    course = course_of(submission.exercise)
    elsewhere = trainer_of("another-course")
    former = trainer_of(course, ended_at=NOON)
    suspended = trainer_of(course, person__is_active=False)

    may = [
        (rules.can_see_submission(person, submission=submission), rules.can_mark(person, submission=submission))
        for person in (elsewhere, former, suspended, submission.learner)
    ]

    assert may == [(False, False)] * 4
