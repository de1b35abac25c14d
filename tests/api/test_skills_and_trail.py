"""My own record: the skills with what they rest on, and who looked."""

import datetime as dt

import pytest

from tests.factories.catalogue import QuizFactory
from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory, operator
from upskill.core import audit
from upskill.learning.models import QuizAttempt

pytestmark = pytest.mark.django_db
NOT_YET: dict[str, object] = {"earned_on": None, "expires_on": None, "target": 0, "evidence": []}


def test_my_skills_name_each_level_with_its_evidence(signed_in):
    alice = PersonFactory()
    SkillFactory(slug="charts", name="Charts", position=1)
    mark = MarkFactory(submission__learner=alice, submission__exercise__item_version__title="Audit a model")
    EvidenceFactory(learner=alice, mark=mark)
    quiz = QuizFactory(title="Check yourself")
    attempt = QuizAttempt.objects.create(
        learner=alice, quiz=quiz, answers={}, right=1, questions=1, passed=True, answered_at=NOON
    )
    EvidenceFactory(learner=alice, mark=None, quiz_attempt=attempt, level=1)
    EvidenceFactory(skill__slug="charts")  # somebody else's

    answer = signed_in(alice).get("/api/v1/me/skills/")

    exercise = mark.submission.exercise.item_version
    assert answer.json() == [
        {
            "skill": "fairness",
            "name": "Fairness",
            "level": 2,
            "earned_on": "2026-11-23",
            "expires_on": None,
            "target": 0,
            "evidence": [
                {
                    "level": 2,
                    "earned_at": "2026-11-23T12:00:00Z",
                    "kind": "exercise",
                    "course": exercise.item.course_id,
                    "item": exercise.item.key,
                    "title": "Audit a model",
                    "submission": str(mark.submission.public_id),
                },
                {
                    "level": 1,
                    "earned_at": "2026-11-23T12:00:00Z",
                    "kind": "quiz",
                    "course": quiz.item.course_id,
                    "item": quiz.item.key,
                    "title": "Check yourself",
                    "submission": None,
                },
            ],
        },
        {"skill": "charts", "name": "Charts", "level": 0, **NOT_YET},
    ]


def test_my_skills_cost_the_same_with_one_piece_of_evidence_and_with_three(signed_in, django_assert_num_queries):
    alice = PersonFactory()
    client = signed_in(alice)
    for pieces in (1, 2):
        for _ in range(pieces):
            EvidenceFactory(learner=alice)
        with django_assert_num_queries(7):
            answer = client.get("/api/v1/me/skills/")

    assert len(answer.json()[0]["evidence"]) == 3


def test_my_trail_says_who_did_what_and_never_an_id_or_a_detail(signed_in):
    alice = PersonFactory(full_name="Alice Adams")
    terry, mary, olive = (PersonFactory(full_name=f"{name} Marker") for name in ("Terry", "Mary", "Olive"))
    mark = MarkFactory(submission__learner=alice)
    acts = [
        ("submission.received", mark.submission, alice),
        ("mark.given", mark, None),
        ("submission.viewed", mark.submission, terry),
        ("mark.overridden", mark, terry),
        ("levels.viewed", alice, mary),
        ("person.placed", alice, olive),
    ]
    for minutes, (event, subject, by) in enumerate(acts):
        at = NOON + dt.timedelta(minutes=minutes)
        audit.record(event, subject=subject, by=by, at=at, about=alice, manager=99887766)
    audit.record("levels.viewed", subject=terry, by=mary, at=NOON, about=terry)

    answer = signed_in(alice).get("/api/v1/me/trail/")

    assert answer.json() == {
        "count": 6,
        "next": None,
        "previous": None,
        "results": [
            {"at": f"2026-11-23T12:0{minutes}:00Z", "event": event, "what": what, "who": who, "role": role}
            for minutes, event, what, who, role in (
                (5, "person.placed", "user", "Olive Marker", "operator"),
                (4, "levels.viewed", "user", "Mary Marker", "line manager"),
                (3, "mark.overridden", "mark", "Terry Marker", "trainer"),
                (2, "submission.viewed", "submission", "Terry Marker", "trainer"),
                (1, "mark.given", "mark", "the service", ""),
                (0, "submission.received", "submission", "Alice Adams", "you"),
            )
        ],
    }
    text = answer.content.decode()
    assert [leak for leak in (str(terry.public_id), str(mary.public_id), "99887766", "@") if leak in text] == []


@pytest.mark.parametrize("person", [PersonFactory, operator])
def test_my_trail_is_nobody_elses(signed_in, person):
    alice = PersonFactory(full_name="Alice Marker")
    audit.record("person.added", subject=alice, by=None, at=NOON, about=alice)

    assert signed_in(person()).get("/api/v1/me/trail/").json()["results"] == []


def test_my_trail_costs_the_same_with_one_entry_and_with_three(signed_in, django_assert_num_queries):
    alice = PersonFactory()
    client = signed_in(alice)
    for entries in (1, 2):
        for _ in range(entries):
            audit.record("levels.viewed", subject=alice, by=PersonFactory(), at=NOON, about=alice)
        with django_assert_num_queries(5):
            answer = client.get("/api/v1/me/trail/")

    assert answer.json()["count"] == 3
