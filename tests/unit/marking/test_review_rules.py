"""Who may ask for a review, decide one, and have a mark made again; and when."""

from decimal import Decimal

import pytest

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import (
    DoneJobFactory,
    MarkFactory,
    RerunJobFactory,
    ReviewDecisionFactory,
    ReviewFactory,
    SubmissionFactory,
)
from tests.factories.people import NOON, PersonFactory, operator, trainer_of
from upskill.core.rules import NotAllowed, NotNow, NotThere
from upskill.marking import queries, rules, services
from upskill.marking.models import Mark
from upskill.people.models import User

pytestmark = pytest.mark.django_db


def course_of(mark: Mark) -> str:
    return mark.submission.exercise.item_version.item.course_id


def trainer_for(mark: Mark, **fields) -> User:
    return trainer_of(course_of(mark), **fields)


def overridden(mark: Mark, *, by: User, points: int = 3) -> Mark:
    return services.override_mark(mark, points={"test_one": Decimal(points)}, reason="Right.", by=by, now=NOON)


def said(check, person: User, **about) -> tuple[type[NotAllowed], str] | None:
    """What a rule answers: None for yes, or the kind of refusal with its sentence."""
    try:
        check(person, **about)
    except NotAllowed as refusal:
        return type(refusal), str(refusal)
    return None


# --- asking ----------------------------------------------------------------------------------------------------------


def test_the_learner_may_ask_about_the_mark_in_effect_and_nobody_else():
    mark = MarkFactory()
    others: list[User] = [PersonFactory(), trainer_for(mark), operator(), PersonFactory(is_active=False)]

    assert said(rules.check_ask_review, mark.submission.learner, mark=mark) is None
    assert [said(rules.check_ask_review, person, mark=mark) for person in others] == [
        (NotThere, "This is not your work.")
    ] * 4


def test_a_suspended_learner_may_not_ask():
    mark = MarkFactory(submission__learner__is_active=False)

    assert not rules.can_ask_review(mark.submission.learner, mark=mark)


def test_a_mark_by_a_person_may_be_doubted_too():
    old = MarkFactory(points=2)
    new = overridden(old, by=trainer_for(old))

    assert rules.can_ask_review(old.submission.learner, mark=new)


def test_a_replaced_mark_is_no_longer_asked_about():
    old = MarkFactory(points=2)
    overridden(old, by=trainer_for(old))

    refusal = said(rules.check_ask_review, old.submission.learner, mark=old)

    assert refusal == (NotNow, "This mark has been replaced. Ask about the one that counts now.")


def test_there_is_nothing_to_doubt_before_anything_is_marked():
    mark = MarkFactory(points=0, max_points=0)

    refusal = said(rules.check_ask_review, mark.submission.learner, mark=mark)

    sentence = "Nothing of this answer has been marked yet. Wait until a trainer has looked at it."
    assert refusal == (NotNow, sentence)


def test_nobody_asks_twice_while_a_review_is_open():
    mark = ReviewFactory().mark

    refusal = said(rules.check_ask_review, mark.submission.learner, mark=mark)

    assert refusal == (NotNow, "You have asked for a review of this answer already. A trainer will look at it.")


def test_a_mark_given_while_a_review_is_open_waits_for_its_decision():
    old = ReviewFactory(mark__points=2).mark
    new = overridden(old, by=trainer_for(old))

    refusal = said(rules.check_ask_review, old.submission.learner, mark=new)

    assert refusal == (NotNow, "You have asked for a review of this answer already. A trainer will look at it.")


ONCE = "A trainer has reviewed this mark already. If you doubt it, ask those who run this service."


def test_a_mark_that_was_upheld_is_not_reviewed_again():
    mark = ReviewDecisionFactory().review.mark

    assert said(rules.check_ask_review, mark.submission.learner, mark=mark) == (NotNow, ONCE)


def test_a_mark_that_a_review_gave_is_not_reviewed_again():
    old = ReviewFactory(mark__points=2).mark
    new = overridden(old, by=trainer_for(old))
    ReviewDecisionFactory(review=old.review, outcome="changed", new_mark=new)

    assert said(rules.check_ask_review, old.submission.learner, mark=new) == (NotNow, ONCE)


def test_a_mark_given_after_a_review_may_be_doubted_again():
    decided = ReviewDecisionFactory(review__mark__points=2).review.mark
    new = overridden(decided, by=trainer_for(decided))

    assert rules.can_ask_review(decided.submission.learner, mark=new)


def test_a_review_of_another_answer_is_no_obstacle():
    mark = MarkFactory()
    ReviewFactory(mark=MarkFactory(submission__learner=mark.submission.learner))

    assert rules.can_ask_review(mark.submission.learner, mark=mark)


@pytest.mark.parametrize("earlier", [0, 3])
def test_asking_costs_two_queries_however_many_reviews_there_were(django_assert_num_queries, earlier):
    mark: Mark = MarkFactory(points=0)
    for points in range(1, earlier + 1):
        ReviewDecisionFactory(review__mark=mark)
        mark = overridden(mark, by=PersonFactory(), points=points)

    with django_assert_num_queries(2):
        assert rules.can_ask_review(mark.submission.learner, mark=mark)


# --- deciding --------------------------------------------------------------------------------------------------------


def opened(review) -> dict:
    return {"review": queries.reviews().get(pk=review.pk)}


OWN_MARK = "You have marked this answer yourself. Another trainer of the course reviews it."


def test_a_trainer_who_did_not_mark_the_answer_decides():
    review = ReviewFactory()

    assert said(rules.check_decide_review, trainer_for(review.mark), **opened(review)) is None


def test_people_who_do_not_train_the_course_cannot_tell_that_there_is_a_review():
    review = ReviewFactory()
    mark = review.mark
    former, suspended = trainer_for(mark, ended_at=NOON), trainer_for(mark, person__is_active=False)

    people = [mark.submission.learner, trainer_of("another-course"), former, suspended, operator(), PersonFactory()]

    found = {said(rules.check_decide_review, person, **opened(review)) for person in people}
    assert found == {(NotThere, "You do not train this course.")}


def test_a_trainer_does_not_decide_about_their_own_answer():
    exercise = ExerciseFactory()
    learner = trainer_of(exercise.item_version.item.course_id)
    review = ReviewFactory(mark__submission=SubmissionFactory(exercise=exercise, learner=learner))

    refusal = said(rules.check_decide_review, learner, **opened(review))

    assert refusal == (NotAllowed, "This is your own work. Another trainer of the course marks it.")


def test_whoever_gave_the_doubted_mark_does_not_decide():
    old = MarkFactory(points=2)
    terry, tina = trainer_for(old), trainer_for(old)
    review = ReviewFactory(mark=overridden(old, by=terry))

    assert said(rules.check_decide_review, terry, **opened(review)) == (NotAllowed, OWN_MARK)
    assert rules.can_decide_review(tina, **opened(review))


def test_whoever_gave_a_mark_before_the_doubted_one_does_not_decide():
    old = MarkFactory(points=1)
    terry, tina = trainer_for(old), trainer_for(old)
    second = overridden(old, by=terry, points=2)
    review = ReviewFactory(mark=overridden(second, by=tina, points=3))

    assert [said(rules.check_decide_review, person, **opened(review)) for person in (terry, tina)] == [
        (NotAllowed, OWN_MARK)
    ] * 2


def test_whoever_marked_only_after_the_doubted_mark_may_decide():
    old = MarkFactory(points=2)
    terry, review = trainer_for(old), ReviewFactory(mark=old)
    overridden(old, by=terry)

    assert rules.can_decide_review(terry, **opened(review))


def test_a_decided_review_is_not_decided_again():
    review = ReviewDecisionFactory().review

    refusal = said(rules.check_decide_review, trainer_for(review.mark), **opened(review))

    assert refusal == (NotNow, "This review has been decided already.")


def test_deciding_costs_two_queries_and_fewer_where_roles_are_known(django_assert_num_queries):
    review = ReviewFactory()
    trainer, about = trainer_for(review.mark), opened(review)

    with django_assert_num_queries(2):
        assert rules.can_decide_review(trainer, **about)
    with django_assert_num_queries(1):
        assert rules.can_decide_review(trainer, **about)


def test_those_who_are_told_of_a_review_are_those_who_may_decide_it():
    old = MarkFactory(points=1)
    course = course_of(old)
    terry, tina, rita = (trainer_of(course, person__full_name=name) for name in ("Terry", "Tina", "Rita"))
    gone = [trainer_of(course, ended_at=NOON), trainer_of(course, person__is_active=False), trainer_of("elsewhere")]
    review = ReviewFactory(mark=overridden(old, by=terry))

    told = list(queries.reviewers_of(review.mark))

    everybody = [terry, tina, rita, *gone, old.submission.learner]
    assert told == [rita, tina]
    assert {person for person in everybody if rules.can_decide_review(person, **opened(review))} == set(told)


# --- the receipt, and making a mark again ----------------------------------------------------------------------------


def test_the_learner_and_the_trainers_of_the_course_see_a_receipt():
    mark = MarkFactory()
    people = [mark.submission.learner, trainer_for(mark), trainer_of("another-course"), operator(), PersonFactory()]

    assert [rules.can_see_receipt(person, submission=mark.submission) for person in people] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_whoever_sees_the_receipt_may_have_an_automatic_mark_made_again():
    mark = MarkFactory()

    assert rules.can_rerun(mark.submission.learner, mark=mark)
    assert rules.can_rerun(trainer_for(mark), mark=mark)
    assert said(rules.check_rerun, PersonFactory(), mark=mark) == (NotThere, "You do not train this course.")


def test_a_replaced_mark_may_still_be_made_again():
    old = MarkFactory(points=2)
    overridden(old, by=PersonFactory())

    assert rules.can_rerun(old.submission.learner, mark=old)


def test_a_mark_that_a_person_gave_cannot_be_made_again():
    old = MarkFactory(points=2)
    new = overridden(old, by=PersonFactory())

    refusal = said(rules.check_rerun, old.submission.learner, mark=new)

    sentence = "A person gave this mark. Only a mark that the tests gave can be made again."
    assert refusal == (NotNow, sentence)


def test_a_mark_is_made_again_once_at_a_time():
    mark = RerunJobFactory().rerun_of

    refusal = said(rules.check_rerun, mark.submission.learner, mark=mark)

    assert refusal == (NotNow, "This mark is being made again now. The result appears here in a few seconds.")


@pytest.mark.parametrize("state", ["done", "refused", "failed_ours"])
def test_a_mark_may_be_made_again_once_the_last_rerun_has_ended(state):
    mark = RerunJobFactory(state=state, ended_at=NOON).rerun_of
    DoneJobFactory(submission=mark.submission)

    assert rules.can_rerun(mark.submission.learner, mark=mark)
