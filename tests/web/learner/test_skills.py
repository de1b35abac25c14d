"""The skills record: levels with what they rest on, and what each level means."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import QuizFactory
from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import links, listed, title, words
from upskill.learning.models import QuizAttempt
from upskill.skills.models import Evidence

pytestmark = pytest.mark.django_db


def quiz_evidence(person, *, name: str, skill) -> Evidence:
    attempt = QuizAttempt.objects.create(
        learner=person,
        quiz=QuizFactory(title=name),
        answers={},
        right=1,
        questions=1,
        passed=True,
        answered_at=NOON,
    )
    return Evidence.objects.create(
        learner=person, skill=skill, level=1, quiz_attempt=attempt, earned_at=NOON - dt.timedelta(days=3)
    )


def test_record_shows_the_level_its_meaning_and_every_piece_of_evidence(signed_in):
    skill = SkillFactory(slug="fairness", name="Fairness")
    person = PersonFactory()
    mark = MarkFactory(submission__learner=person, submission__exercise__item_version__title="Audit a model")
    EvidenceFactory(learner=person, mark=mark, level=2)
    quiz_evidence(person, name="Check", skill=skill)

    page = signed_in(person).get("/skills/")

    assert title(page) == "My skills – AI skills for government"
    assert listed(page, css="app-skill__name") == ["Fairness"]
    assert "Fairness Working Awareness You can say it. Working You can do it. Practitioner You can lead it." in words(
        page
    )
    assert listed(page, css="app-evidence") == [
        "Audit a model, attempt 1 , exercise marked automatically (open exercise). Level Working, 23 November 2026. "
        "Check, 1 of 1 right, quiz marked automatically. Level Awareness, 20 November 2026 at midday."
    ]
    assert links(page) == [(f"/submissions/{mark.submission.public_id}/", "Audit a model, attempt 1")]


def test_two_passes_of_a_quiz_on_one_day_can_be_told_apart(signed_in):
    person, skill = PersonFactory(), SkillFactory(slug="fairness")
    first = quiz_evidence(person, name="Check", skill=skill)
    quiz = QuizAttempt.objects.get().quiz
    attempt = QuizAttempt.objects.create(
        learner=person, quiz=quiz, answers={}, right=1, questions=1, passed=True, answered_at=NOON
    )
    Evidence.objects.create(
        learner=person,
        skill=skill,
        level=1,
        quiz_attempt=attempt,
        earned_at=first.earned_at + dt.timedelta(minutes=5),
    )

    assert listed(signed_in(person).get("/skills/"), css="app-evidence") == [
        "Check, 1 of 1 right, quiz marked automatically. Level Awareness, 20 November 2026 at 12:05pm. "
        "Check, 1 of 1 right, quiz marked automatically. Level Awareness, 20 November 2026 at midday."
    ]


def test_record_of_somebody_new_shows_what_can_be_learnt(signed_in):
    SkillFactory(slug="fairness", name="Fairness", position=1)
    SkillFactory(slug="oversight", name="Oversight", position=0)

    page = signed_in(PersonFactory()).get("/skills/")

    assert "There is no evidence yet." in words(page)
    assert [text.split(" Awareness")[0] for text in listed(page, css="govuk-details")] == ["Oversight", "Fairness"]


def test_record_leaves_out_what_was_replaced(signed_in):
    SkillFactory(slug="fairness")
    evidence = EvidenceFactory(level=2)
    mark = evidence.mark
    newer = MarkFactory(submission=mark.submission, replaces=mark, given_by=PersonFactory(), reason="Not so.")
    Evidence.objects.create(
        learner=evidence.learner, skill=evidence.skill, level=0, mark=newer, earned_at=NOON, replaces=evidence
    )

    page = signed_in(evidence.learner).get("/skills/")

    assert listed(page, css="app-skill__name") == []


def test_record_shows_nothing_of_anybody_else(signed_in):
    other = EvidenceFactory(level=2)

    page = signed_in(PersonFactory()).get("/skills/")

    assert (listed(page, css="app-skill__name"), str(other.mark.submission.public_id) in words(page)) == ([], False)


def test_record_costs_the_same_for_one_and_for_three_pieces(signed_in):
    person = PersonFactory()
    client = signed_in(person)
    EvidenceFactory(learner=person)
    client.get("/skills/")
    with CaptureQueriesContext(connection) as one:
        client.get("/skills/")
    EvidenceFactory(learner=person, skill__slug="oversight")
    quiz_evidence(person, name="Check", skill=SkillFactory(slug="privacy"))

    with CaptureQueriesContext(connection) as three:
        client.get("/skills/")

    assert len(three) == len(one)
