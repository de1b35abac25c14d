"""Learners in a trainer's lists: a code for each course, and the name once that trainer has opened an answer."""

import re

import pytest

from tests.factories.marking import SubmissionFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from upskill.learning.pseudonyms import names_for, pseudonym
from upskill.marking.services import record_view
from upskill.people.models import User

pytestmark = pytest.mark.django_db


def course_of(submission) -> str:
    return submission.exercise.item_version.item.course_id


@pytest.fixture
def submission():
    return SubmissionFactory(learner__full_name="Alice Adams")


@pytest.fixture
def trainer(submission):
    return trainer_of(course_of(submission), person__full_name="Terry Trainer")


def test_pseudonym_is_a_code_that_says_nothing_of_the_name(submission):
    assert re.fullmatch(r"Learner\u00a0[BCDFGHJKLMNPQRSTVWXZ2-9]{5}", pseudonym(submission.learner, course="ethics"))


def test_pseudonym_stays_the_same_and_is_another_one_in_another_course():
    alice, bob = PersonFactory(), PersonFactory()

    said = [pseudonym(person, course=course) for person in (alice, bob, alice) for course in ("ethics", "privacy")]

    assert said[:2] == said[4:]
    assert len(set(said)) == 4


def test_pseudonym_cannot_be_worked_out_without_the_services_key(settings):
    alice = PersonFactory()
    before = pseudonym(alice, course="ethics")

    settings.SECRET_KEY = "another key, of another service, that is long enough"

    assert pseudonym(alice, course="ethics") != before


def test_pseudonym_of_an_id_beyond_all_expectation_is_longer():
    for pk, letters in ((2**24 - 1, 5), (2**24, 10), (2**48, 20)):
        assert len(pseudonym(User(pk=pk), course="ethics")) == len("Learner ") + letters


def test_trainer_reads_codes_of_others_and_their_own_name(submission, trainer):
    course, learners = course_of(submission), [submission.learner, trainer]

    assert names_for(trainer, course=course, learners=learners) == {
        submission.learner_id: pseudonym(submission.learner, course=course),
        trainer.pk: "Terry Trainer",
    }


def test_trainer_who_opened_an_answer_reads_the_name_from_then_on(submission, trainer):
    record_view(submission, by=trainer, now=NOON)

    names = names_for(trainer, course=course_of(submission), learners=[submission.learner])

    assert names == {submission.learner_id: "Alice Adams"}


def test_name_is_known_to_the_trainer_who_looked_and_to_no_other(submission, trainer):
    course = course_of(submission)
    record_view(submission, by=trainer, now=NOON)

    names = names_for(trainer_of(course), course=course, learners=[submission.learner])

    assert names == {submission.learner_id: pseudonym(submission.learner, course=course)}


def test_name_known_from_one_course_stays_hidden_in_another(submission, trainer):
    elsewhere = SubmissionFactory(learner=submission.learner)
    record_view(submission, by=trainer, now=NOON)

    names = names_for(trainer, course=course_of(elsewhere), learners=[submission.learner])

    assert names == {submission.learner_id: pseudonym(submission.learner, course=course_of(elsewhere))}


def test_names_cost_as_many_queries_for_one_learner_as_for_three(trainer, submission, django_assert_num_queries):
    course = course_of(submission)
    more = [SubmissionFactory(exercise=submission.exercise).learner for _ in range(2)]
    record_view(submission, by=trainer, now=NOON)
    for learners in ([submission.learner], [submission.learner, *more]):
        with django_assert_num_queries(2):
            names_for(trainer, course=course, learners=learners)
