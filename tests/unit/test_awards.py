"""What a course, a quiz attempt or a mark gives, by name."""

import pytest

from tests.factories.catalogue import QuizFactory
from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory
from upskill import pipeline
from upskill.skills import awards
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db


def test_named_gives_names_in_the_order_asked_and_leaves_out_unknown_skills():
    SkillFactory(slug="fairness", name="Fairness")
    SkillFactory(slug="oversight", name="Human oversight")
    listed = [
        {"skill": "oversight", "level": 1},
        {"skill": "unknown", "level": 1},
        {"skill": "fairness", "level": 2},
    ]

    assert awards.named(listed) == [("Human oversight", Level.AWARENESS), ("Fairness", Level.WORKING)]


def test_a_mark_earned_what_rests_on_it_and_is_still_in_effect():
    evidence = EvidenceFactory(level=2)
    EvidenceFactory(learner=evidence.learner)

    assert awards.earned_by_mark(evidence.mark) == [("Fairness", Level.WORKING)]


def test_a_mark_without_evidence_earned_nothing():
    assert awards.earned_by_mark(MarkFactory(points=1)) == []


@pytest.mark.parametrize(("answer", "earned"), [("this", [("Fairness", Level.AWARENESS)]), ("that", [])])
def test_an_attempt_earned_what_it_passed(answer, earned):
    SkillFactory(slug="fairness", name="Fairness")

    attempt = pipeline.answer_quiz(QuizFactory(), answers={"one-of-two": [answer]}, by=PersonFactory(), now=NOON)

    assert awards.earned_by_attempt(attempt) == earned
