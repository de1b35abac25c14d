"""What always holds of a doubted mark, whatever the trainers enter and in which order."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.marking import MarkFactory, SkillFactory
from tests.factories.people import NOON, trainer_of
from upskill import pipeline
from upskill.core.rules import NotAllowed
from upskill.marking import queries
from upskill.marking.chain import MarkReplaced
from upskill.marking.models import CheckMark, Mark, Review, ReviewDecision
from upskill.marking.points import MarkOutOfRange
from upskill.marking.reasons import ReasonUnusable
from upskill.marking.reviews import Change
from upskill.marking.services import NothingChanged, NothingToMark, RubricMark
from upskill.people.models import User
from upskill.skills import queries as skills
from upskill.skills import services as skills_services

REFUSALS = (MarkOutOfRange, MarkReplaced, NothingChanged, NothingToMark, NotAllowed, ReasonUnusable)
ALL_POINTS = Change(points={"test_one": Decimal(4)})
CRITERIA = ("finding", "advice", "limit")

points = st.one_of(
    st.decimals(min_value=-1, max_value=5, places=2), st.sampled_from([Decimal("1e-9"), Decimal(0), Decimal(4)])
)
levels = st.fixed_dictionaries(dict.fromkeys(CRITERIA, st.integers(-1, 5)))
changes = st.builds(
    Change,
    points=st.dictionaries(st.sampled_from(["test_one", "reflection", "unknown"]), points, max_size=2),
    levels=st.dictionaries(st.sampled_from(["reflection", "test_one"]), levels, max_size=1),
)
ask = (("ask", None), 0)
acts = st.one_of(
    st.just(ask[0]),
    st.tuples(
        st.just("decide"), st.one_of(st.none(), changes, st.builds(Change, points=st.just({"test_one": Decimal(4)})))
    ),
    st.tuples(st.just("override"), points),
    st.tuples(st.just("judge"), st.fixed_dictionaries(dict.fromkeys(CRITERIA, st.integers(0, 4)))),
)
numbers = st.integers(0, 2)
steps = st.lists(st.tuples(acts, numbers), max_size=8).map(lambda later: [ask, *later])


def act(first: Mark, *, what: str, how, who: User, now: dt.datetime) -> None:
    """One act about the answer by one person, as pages call it; what the service refuses is left undone."""
    mark = queries.current_marks().get(submission=first.submission)
    review = queries.newest_review(first.submission)
    with suppress(*REFUSALS):
        if what == "ask":
            pipeline.ask_review(mark, reason="I doubt it.", by=first.submission.learner, now=now)
        elif what == "decide" and review:
            pipeline.decide_review(review, seen=mark, change=how, reason="I looked.", by=who, now=now)
        elif what == "override":
            pipeline.override_mark(mark, points={"test_one": how}, reason="I looked.", by=who, now=now)
        elif what == "judge":
            judgement = RubricMark(check="reflection", levels=how, comment="I read it.")
            pipeline.mark_by_rubric(mark, rubric_mark=judgement, by=who, now=now)


def assert_marks_are_one_chain_in_range(first: Mark) -> None:
    marks = list(queries.history(first.submission))
    assert [mark.replaces for mark in marks] == [*marks[1:], None]
    for mark in marks:
        assert 0 <= mark.points <= mark.max_points
        assert mark.max_points + mark.waiting_points == 10
    for check in CheckMark.objects.exclude(points=None):
        assert check.points is not None
        assert 0 <= check.points <= check.max_points


def assert_evidence_rests_on_the_mark_in_effect(first: Mark) -> None:
    mark = queries.current_marks().get(submission=first.submission)
    assert [piece.mark for piece in skills.in_effect()] == [mark] * mark.passed


def assert_each_review_was_decided_by_somebody_who_had_not_marked(first: Mark) -> None:
    assert Review.objects.filter(decision=None).count() <= 1
    for decision in ReviewDecision.objects.select_related("review", "new_mark"):
        before = Mark.objects.filter(submission=first.submission, pk__lte=decision.review.mark_id)
        assert decision.decided_by_id not in set(before.values_list("given_by", flat=True))
        if decision.new_mark:
            assert decision.new_mark.given_by_id == decision.decided_by_id
            assert not Review.objects.filter(mark=decision.new_mark).exists()


class TestReviews(TestCase):
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(first_points=st.sampled_from([0, 2, 4]), wanted=steps)
    def test_whatever_is_asked_decided_and_marked_in_any_order(self, first_points, wanted):
        SkillFactory()
        first = MarkFactory(points=first_points)
        skills_services.add_mark_evidence(first, now=NOON)
        course = first.submission.exercise.item_version.item.course_id
        trainers = [trainer_of(course) for _ in range(3)]

        for number, ((what, how), who) in enumerate(wanted):
            act(first, what=what, how=how, who=trainers[who], now=NOON + dt.timedelta(minutes=number))

        assert_marks_are_one_chain_in_range(first)
        assert_evidence_rests_on_the_mark_in_effect(first)
        assert_each_review_was_decided_by_somebody_who_had_not_marked(first)
