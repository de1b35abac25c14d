"""A learner doubts a mark; a trainer who did not give it upholds or changes it; everybody concerned is told."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import MarkFactory, ReviewDecisionFactory, ReviewFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from tests.unit.refusing import act_that_fails
from upskill.core.models import AuditEntry, OutboxMail
from upskill.core.rules import NotAllowed, NotNow, NotThere
from upskill.marking import queries, reviews, services
from upskill.marking.chain import MarkReplaced
from upskill.marking.models import Mark, Review, ReviewDecision
from upskill.marking.points import MarkOutOfRange
from upskill.marking.reasons import ReasonUnusable
from upskill.marking.reviews import Change
from upskill.marking.services import NothingChanged, NothingToMark, RubricMark
from upskill.people.models import User

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
LEVELS = {"finding": 3, "advice": 2, "limit": 2}
UP = Change(points={"test_one": Decimal(4)})


@pytest.fixture
def exercise():
    return ExerciseFactory(
        item_version__title="Audit a model", item_version__module__course_version__title="Ethics in practice"
    )


@pytest.fixture
def mark(exercise):
    return MarkFactory(points=2, submission__exercise=exercise, submission__learner__full_name="Alice Adams")


def trainer(mark: Mark, name: str = "Rita Reviewer") -> User:
    return trainer_of(mark.submission.exercise.item_version.item.course_id, person__full_name=name)


def ask(mark: Mark, *, reason="I rounded as the task says.", by=None) -> Review:
    return reviews.ask_review(mark, reason=reason, by=by or mark.submission.learner, now=NOON)


def decide(review: Review, *, by: User, seen=None, change=None, reason="I looked at it.") -> ReviewDecision:
    return reviews.decide_review(review, seen=seen or review.mark, change=change, reason=reason, by=by, now=LATER)


def changed(review: Review, **how) -> Mark:
    """The new mark of a decision that changes one."""
    new = decide(review, **how).new_mark
    assert new
    return new


def judged(mark: Mark, *, by: User, levels=LEVELS, comment="Say who decides.") -> Mark:
    return services.mark_by_rubric(
        mark, rubric_mark=RubricMark(check="reflection", levels=levels, comment=comment), by=by, now=NOON
    )


def rows(mark: Mark) -> list[tuple]:
    return [(each.slug, each.status, each.points, each.message) for each in mark.checks.all()]


def written() -> tuple[int, int, int, int, int]:
    models = (Mark, Review, ReviewDecision, OutboxMail, AuditEntry)
    return tuple(model.objects.count() for model in models)  # type: ignore[return-value]


# --- asking ----------------------------------------------------------------------------------------------------------


def test_ask_review_keeps_the_reason_and_leaves_the_mark_as_it_is(mark, audit_trail):
    review = ask(mark, reason="  I rounded\nas the task says.  ")

    learner = mark.submission.learner
    assert (review.mark, review.asked_by, review.asked_at) == (mark, learner, NOON)
    assert review.reason == "I rounded\nas the task says."
    assert list(queries.current_marks()) == [mark]
    assert audit_trail() == [("review.asked", learner, {})]
    assert AuditEntry.objects.get().about == learner


def test_ask_review_tells_each_trainer_who_may_decide_and_says_no_name_and_no_reason(mark):
    rita, sam, terry = (trainer(mark, name) for name in ("Rita Reviewer", "Sam Second", "Terry Trainer"))
    trainer_of("another-course")
    by_terry = judged(mark, by=terry)
    OutboxMail.objects.all().delete()

    ask(by_terry, reason="SECRET-REASON")

    mails = list(OutboxMail.objects.order_by("pk"))
    assert [(mail.to, mail.created_at) for mail in mails] == [(rita, NOON), (sam, NOON)]
    assert {mail.subject for mail in mails} == {"A learner asks for a review: “Audit a model”"}
    assert {mail.body for mail in mails} == {
        "A learner doubts the mark of their answer to “Audit a model” in the course “Ethics in practice”, and asks a "
        "person to look at it.\n\nYou have not marked it, so you may decide. Sign in and open “Marking”: reviews that "
        "wait for you stand first in the list of answers.\n"
    }


def test_ask_review_where_nobody_may_decide_is_taken_and_waits(mark):
    review = ask(mark)

    assert (OutboxMail.objects.count(), list(queries.reviewers_of(mark))) == (0, [])
    assert queries.newest_review(mark.submission) == review


@pytest.mark.parametrize("reason", ["", "   \n ", "x" * 4001])
def test_ask_review_without_a_reason_that_can_be_read_writes_nothing(mark, reason):
    with pytest.raises(ReasonUnusable, match=r"^Give a reason of up to 4,000 characters\.$"):
        ask(mark, reason=reason)

    assert written() == (1, 0, 0, 0, 0)


def test_ask_review_takes_a_reason_of_exactly_the_most_characters(mark):
    assert len(ask(mark, reason="x" * 4000).reason) == 4000


def test_ask_review_of_a_replaced_mark_is_refused(mark):
    services.override_mark(mark, points={"test_one": Decimal(3)}, reason="Right.", by=PersonFactory(), now=NOON)
    before = written()

    with pytest.raises(MarkReplaced):
        ask(mark)

    assert written() == before


def test_ask_review_asks_the_rule_itself(mark):
    with pytest.raises(NotThere):
        ask(mark, by=trainer(mark))
    ask(mark)
    with pytest.raises(NotNow, match="asked for a review of this answer already"):
        ask(mark)

    assert Review.objects.count() == 1


def test_ask_review_is_all_or_nothing(mark):
    trainer(mark)
    before = written()

    with act_that_fails():
        ask(mark)

    assert written() == before


# --- upholding -------------------------------------------------------------------------------------------------------


def test_decide_review_that_upholds_leaves_the_mark_in_effect(mark, audit_trail):
    rita, review = trainer(mark), ask(mark)

    decision = decide(review, by=rita, reason=" The task names another rounding. ")

    assert (decision.review, decision.decided_by, decision.decided_at) == (review, rita, LATER)
    assert (decision.outcome, decision.new_mark) == ("upheld", None)
    assert decision.reason == "The task names another rounding."
    assert list(queries.current_marks()) == [mark]
    assert audit_trail()[1:] == [("review.decided", rita, {"outcome": "upheld"})]
    assert AuditEntry.objects.latest("pk").about == mark.submission.learner


def test_decide_review_that_upholds_tells_the_learner_who_looked_and_why(mark):
    review, rita = ask(mark), trainer(mark)

    decide(review, by=rita, reason="The task names another rounding.")

    mail = OutboxMail.objects.get()
    assert (mail.to, mail.created_at) == (mark.submission.learner, LATER)
    assert mail.subject == "Your review of “Audit a model” is decided"
    assert mail.body == (
        "You asked for a review of your mark on “Audit a model”. Rita Reviewer, a trainer who had not marked it, has "
        "looked at it.\n\nThe mark stays as it is: 2 of 4 points.\n\nThe task names another rounding.\n\n"
        "Sign in and open “My learning”, then this answer, to see each check and every mark before.\n"
    )


# --- changing --------------------------------------------------------------------------------------------------------


def test_decide_review_that_changes_makes_a_new_mark_and_keeps_the_old(mark, audit_trail):
    rita, review = trainer(mark), ask(mark)

    decision = decide(review, by=rita, change=UP, reason="You are right.")

    new = decision.new_mark
    assert new
    assert decision.outcome == "changed"
    assert (new.replaces, new.given_by, new.reason, new.marked_at) == (mark, rita, "You are right.", LATER)
    assert (new.points, new.max_points, new.waiting_points, new.passed) == (4, 4, 6, True)
    assert rows(new) == [
        ("test_one", "passed", 4, "A trainer changed this from 2 to 4 points."),
        ("reflection", "waiting", None, ""),
    ]
    assert rows(mark) == [("test_one", "failed", 2, "Not yet."), ("reflection", "waiting", None, "")]
    assert list(queries.history(mark.submission)) == [new, mark]
    assert audit_trail()[1:] == [
        ("mark.overridden", rita, {"old": "2", "new": "4"}),
        ("review.decided", rita, {"outcome": "changed"}),
    ]


def test_decide_review_that_changes_says_both_figures_in_one_mail(mark):
    review, rita = ask(mark), trainer(mark)

    decide(review, by=rita, change=UP, reason="You are right.")

    mail = OutboxMail.objects.get()
    assert "\n\nThe mark has changed: 4 of 4 points. It was 2 of 4 points.\n\nYou are right.\n\n" in mail.body


def test_decide_review_changes_levels_that_a_person_gave_and_keeps_their_comment_below(mark):
    terry, rita = trainer(mark, "Terry Trainer"), trainer(mark)
    by_terry = judged(mark, by=terry)
    better = {"finding": 4, "advice": 3, "limit": 2}

    new = changed(ask(by_terry), by=rita, change=Change(levels={"reflection": better}))

    check = new.checks.get(slug="reflection")
    assert (by_terry.points, new.points) == (Decimal("5.5"), Decimal("6.5"))
    assert (check.points, check.rubric_levels, check.answer) == (Decimal("4.5"), better, "I recommend a pause.")
    assert check.message == "A trainer changed the levels of this answer after a review.\nSay who decides."
    assert by_terry.checks.get(slug="reflection").rubric_levels == LEVELS


def test_decide_review_changes_levels_that_give_the_same_points(mark):
    by_terry = judged(mark, by=trainer(mark, "Terry Trainer"))
    turned = {"finding": 2, "advice": 3, "limit": 2}

    new = changed(ask(by_terry), by=trainer(mark), change=Change(levels={"reflection": turned}))

    assert new.points == by_terry.points
    assert new.checks.get(slug="reflection").rubric_levels == turned


def test_decide_review_refuses_a_level_of_a_criterion_that_the_rubric_does_not_have(mark):
    """An invented criterion of level 0 would take the pass away."""
    by_terry = judged(mark, by=trainer(mark, "Terry Trainer"))
    sent = {"finding": 4, "advice": 4, "limit": 4, "invented": 0}

    with pytest.raises(MarkOutOfRange, match="This rubric has changed"):
        decide(ask(by_terry), by=trainer(mark), change=Change(levels={"reflection": sent}), reason="All is there.")

    assert mark.submission.marks.count() == 2


def test_decide_review_tells_the_trainer_who_gave_the_doubted_mark(mark):
    terry, rita = trainer(mark, "Terry Trainer"), trainer(mark)
    review = ask(judged(mark, by=terry))
    OutboxMail.objects.all().delete()

    decide(review, by=rita, change=UP, reason="Both roundings are fine.")

    to_learner, to_terry = OutboxMail.objects.order_by("pk")
    assert (to_learner.to, to_terry.to, to_terry.created_at) == (mark.submission.learner, terry, LATER)
    assert to_terry.subject == "A mark that you gave was reviewed: “Audit a model”"
    assert to_terry.body == (
        "A learner asked for a review of a mark that you gave on “Audit a model”. Rita Reviewer has decided it.\n\n"
        "The mark has changed: 7.5 of 10 points. It was 5.5 of 10 points.\n\nBoth roundings are fine.\n\n"
        "Sign in and open “Marking” to see the answer with every mark.\n"
    )


def test_decide_review_tells_nobody_who_trains_the_course_no_more(mark):
    review = ask(judged(mark, by=PersonFactory(full_name="Terry Before")))
    OutboxMail.objects.all().delete()

    decide(review, by=trainer(mark))

    assert [mail.to for mail in OutboxMail.objects.all()] == [mark.submission.learner]


def test_decide_review_may_be_about_a_mark_given_while_it_was_open(mark):
    """Terry reads the free text meanwhile: what Rita changes is the mark in effect, and Terry is told as well."""
    review, terry, rita = ask(mark), trainer(mark, "Terry Trainer"), trainer(mark)
    by_terry = judged(mark, by=terry)
    OutboxMail.objects.all().delete()

    new = changed(review, by=rita, seen=by_terry, change=UP)

    assert [each.replaces for each in queries.history(mark.submission)] == [by_terry, mark, None]
    assert (new.decided_review.review.mark, new.points) == (mark, Decimal("7.5"))
    assert [mail.to for mail in OutboxMail.objects.order_by("pk")] == [mark.submission.learner, terry]


def test_whoever_marked_while_the_review_was_open_and_decides_it_gets_no_mail_about_themselves(mark):
    review, terry = ask(mark), trainer(mark, "Terry Trainer")
    by_terry = judged(mark, by=terry)
    OutboxMail.objects.all().delete()

    decide(review, by=terry, seen=by_terry)

    assert [mail.to for mail in OutboxMail.objects.all()] == [mark.submission.learner]


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [None, UP])
def test_decide_review_about_a_mark_that_was_replaced_meanwhile_is_refused(mark, change):
    review, rita = ask(mark), trainer(mark)
    judged(mark, by=trainer(mark, "Terry Trainer"))
    before = written()

    with pytest.raises(MarkReplaced):
        decide(review, by=rita, change=change)

    assert written() == before


def test_decide_review_twice_is_refused_even_with_a_review_read_before(mark):
    review, rita, sam = ask(mark), trainer(mark), trainer(mark, "Sam Second")
    seen_by_sam = queries.reviews().get(pk=review.pk)
    decide(review, by=rita, change=UP)
    before = written()

    with pytest.raises(NotNow, match=r"^This review has been decided already\.$"):
        decide(seen_by_sam, by=sam, change=Change(points={"test_one": Decimal(1)}))

    assert written() == before


def test_decide_review_asks_the_rule_itself(mark):
    terry = trainer(mark, "Terry Trainer")
    review = ask(judged(mark, by=terry))
    before = written()

    for person, refusal in ((terry, NotAllowed), (mark.submission.learner, NotThere), (PersonFactory(), NotThere)):
        with pytest.raises(refusal):
            decide(review, by=person, change=UP)

    assert written() == before


def test_decide_review_with_the_mark_of_another_answer_is_refused(mark):
    review, other = ask(mark), MarkFactory(points=2)
    before = written()

    with pytest.raises(NothingToMark, match="about another answer"):
        decide(review, by=trainer(mark), seen=other, change=UP)

    assert written() == before


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (Change(), NothingChanged),
        (Change(points={"test_one": Decimal("2.00")}), NothingChanged),
        (Change(points={"test_one": Decimal("4.01")}), MarkOutOfRange),
        (Change(points={"test_one": Decimal("-0.01")}), MarkOutOfRange),
        (Change(points={"test_one": Decimal("1.001")}), MarkOutOfRange),
        (Change(points={"reflection": Decimal(1)}), NothingToMark),
        (Change(points={"never_heard_of": Decimal(1)}), NothingToMark),
        (Change(levels={"reflection": LEVELS}), NothingToMark),  # it waits for its first levels
        (Change(levels={"test_one": {}}), NothingToMark),
    ],
)
def test_decide_review_with_a_change_that_cannot_be_writes_nothing(mark, change, refusal):
    review, rita = ask(mark), trainer(mark)
    before = written()

    with pytest.raises(refusal):
        decide(review, by=rita, change=change)

    assert written() == before


@pytest.mark.parametrize("levels", [{"finding": 4}, {**LEVELS, "limit": 5}, {**LEVELS, "limit": -1}])
def test_decide_review_with_levels_that_have_a_gap_writes_nothing(mark, levels):
    review, rita = ask(judged(mark, by=trainer(mark, "Terry Trainer"))), trainer(mark)
    before = written()

    with pytest.raises(MarkOutOfRange, match="Choose a level for “The"):
        decide(review, by=rita, change=Change(levels={"reflection": levels}))

    assert written() == before


@pytest.mark.parametrize("reason", ["", " ", "x" * 4001])
def test_decide_review_without_a_reason_that_can_be_read_writes_nothing(mark, reason):
    review, rita = ask(mark), trainer(mark)
    before = written()

    with pytest.raises(ReasonUnusable):
        decide(review, by=rita, change=UP, reason=reason)

    assert written() == before


def test_decide_review_is_all_or_nothing(mark):
    review, rita = ask(mark), trainer(mark)
    before = written()

    with act_that_fails():
        decide(review, by=rita, change=UP)

    assert written() == before


# --- what waits ------------------------------------------------------------------------------------------------------


def test_reviews_for_a_trainer_are_the_open_ones_they_may_decide_the_longest_waiting_first(exercise):
    course = exercise.item_version.item.course_id
    rita = trainer_of(course)

    def asked(minutes, **fields):
        mark = fields.pop("mark", None) or MarkFactory(submission__exercise=exercise, **fields)
        return ReviewFactory(mark=mark, asked_at=NOON + dt.timedelta(minutes=minutes)).mark.submission

    second, first = asked(2), asked(1)
    asked(0, submission__learner=rita)
    asked(0, mark=judged(MarkFactory(submission__exercise=exercise), by=rita))
    ReviewDecisionFactory(review__mark__submission__exercise=exercise)
    MarkFactory(submission__exercise=exercise)
    ReviewFactory()

    assert queries.reviews_for(rita, course=course) == [first.pk, second.pk]
    assert queries.review_counts(rita, courses=[course, "another"]) == {course: 2}


def test_submissions_with_an_open_review_stand_first_in_their_course(exercise):
    course = exercise.item_version.item.course_id
    waits = MarkFactory(submission__exercise=exercise).submission
    doubted = judged(MarkFactory(submission__exercise=exercise), by=PersonFactory())
    ReviewFactory(mark=doubted)

    ahead = queries.ahead_in(course)

    assert ahead == [
        (doubted.submission_id, doubted.submission.learner_id, True, False),
        (waits.pk, waits.learner_id, False, True),
    ]
    assert queries.ids_of_course(course, ahead=ahead) == ([doubted.submission_id, waits.pk], False)


@pytest.mark.parametrize("count", [1, 3])
def test_reviews_come_with_marks_jobs_learners_and_titles_in_four_queries(exercise, count, django_assert_num_queries):
    for _ in range(count):
        ReviewFactory(mark__submission__exercise=exercise)
    course = exercise.item_version.item.course_id
    rita = trainer_of(course)

    with django_assert_num_queries(4):
        found = [
            vars(sent) | {"names": (sent.learner.full_name, sent.exercise.item_version.title)}
            for sent in queries.listed(queries.reviews_for(rita, course=course))
        ]

    assert [(len(line["current_marks"]), len(line["newest_jobs"])) for line in found] == [(1, 1)] * count


def test_newest_review_comes_with_everything_that_its_page_shows_in_one_query(mark, django_assert_num_queries):
    review = ReviewDecisionFactory(review__mark=mark).review
    ReviewFactory()

    with django_assert_num_queries(1):
        found = queries.newest_review(mark.submission)
        assert found
        shown = (found.decision.decided_by.full_name, found.mark.submission.exercise.item_version.title)

    assert (found, shown[1]) == (review, "Audit a model")
