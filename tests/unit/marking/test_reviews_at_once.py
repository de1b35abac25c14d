"""Reviews and reruns when several people act at the same moment, each with a connection of their own."""

from decimal import Decimal

import pytest

from tests.factories.marking import MarkFactory, ReviewFactory
from tests.factories.people import NOON, trainer_of
from tests.unit.marking.test_jobs_at_once import at_once
from upskill.core.models import OutboxMail
from upskill.core.rules import NotNow
from upskill.marking import queries, reruns, reviews, services
from upskill.marking.chain import MarkReplaced
from upskill.marking.models import Job, Mark, Review, ReviewDecision, Waiting
from upskill.marking.reviews import Change
from upskill.marking.services import RubricMark

pytestmark = pytest.mark.django_db(transaction=True)


def trainers(mark: Mark, *, number: int) -> list:
    course = mark.submission.exercise.item_version.item.course_id
    return [trainer_of(course) for _ in range(number)]


def test_a_learner_who_asks_several_times_at_once_has_asked_once():
    mark = MarkFactory()
    trainers(mark, number=1)

    def ask(number):
        try:
            reviews.ask_review(mark, reason=f"Reason {number}.", by=mark.submission.learner, now=NOON)
        except NotNow:
            return "refused"
        return "asked"

    assert sorted(at_once(ask)) == ["asked", *["refused"] * 5]
    assert (Review.objects.count(), OutboxMail.objects.count()) == (1, 1)


def test_of_several_trainers_who_decide_at_once_one_does_and_the_others_are_told():
    review = ReviewFactory(mark__points=2)
    course_trainers = trainers(review.mark, number=4)

    def decide(number):
        change = Change(points={"test_one": Decimal(number)}) if number != 2 else None
        try:
            reviews.decide_review(
                review, seen=review.mark, change=change, reason="Seen.", by=course_trainers[number], now=NOON
            )
        except NotNow as refusal:
            return str(refusal)
        return "decided"

    said = at_once(decide, times=4)

    decision = ReviewDecision.objects.get()
    assert sorted(said) == [*["This review has been decided already."] * 3, "decided"]
    assert said[course_trainers.index(decision.decided_by)] == "decided"
    assert Mark.objects.count() == 1 + bool(decision.new_mark)
    assert OutboxMail.objects.count() == 1


def test_a_decision_and_another_mark_at_once_leave_one_chain():
    """Whoever comes second is told that the mark was changed; nothing is decided about a mark nobody looked at."""
    review = ReviewFactory(mark__points=2)
    mark, (rita, terry) = review.mark, trainers(review.mark, number=2)

    def act(number):
        points = {"test_one": Decimal(number)}
        try:
            if number:
                reviews.decide_review(review, seen=mark, change=Change(points=points), reason="Yes.", by=rita, now=NOON)
            else:
                services.override_mark(mark, points=points, reason="No.", by=terry, now=NOON)
        except MarkReplaced:
            return "replaced"
        return "done"

    assert sorted(at_once(act, times=2)) == ["done", "replaced"]
    first, second = queries.history(mark.submission)[::-1]
    assert (first, second.replaces) == (mark, mark)
    assert ReviewDecision.objects.count() == (second.given_by == rita)
    assert list(Waiting.objects.values_list("pk", flat=True)) == [mark.submission_id]  # its free text still does


def test_of_two_trainers_who_mark_free_text_at_once_one_does_and_it_waits_no_longer():
    mark = MarkFactory()
    judgement = RubricMark(check="reflection", levels={"finding": 3, "advice": 3, "limit": 3}, comment="Good.")
    course_trainers = trainers(mark, number=2)

    def judge(number):
        try:
            services.mark_by_rubric(mark, rubric_mark=judgement, by=course_trainers[number], now=NOON)
        except MarkReplaced:
            return "replaced"
        return "done"

    assert sorted(at_once(judge, times=2)) == ["done", "replaced"]
    assert not Waiting.objects.exists()


def test_a_mark_that_several_people_make_again_at_once_is_made_again_once():
    mark = MarkFactory()
    people = [mark.submission.learner, *trainers(mark, number=3)]

    def ask(number):
        try:
            reruns.ask_rerun(mark, by=people[number], now=NOON)
        except NotNow:
            return "refused"
        return "asked"

    assert sorted(at_once(ask, times=4)) == ["asked", "refused", "refused", "refused"]
    assert Job.objects.filter(rerun_of=mark).count() == 1
