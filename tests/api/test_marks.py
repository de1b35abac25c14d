"""The list of what I handed in, and every mark of one answer with what decided it."""

from decimal import Decimal

import pytest

from tests.factories.marking import DoneJobFactory, JobFactory, MarkFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory, operator, trainer_of
from upskill.core.models import AuditEntry
from upskill.marking import services
from upskill.marking.models import Job, Mark

from .problems import NOT_FOUND, told

pytestmark = pytest.mark.django_db
PROVENANCE = {
    "tests_sha256": "a" * 64,
    "engine_version": "1.0",
    "python": "3.11.7",
    "libraries": {"pandas": "3.0.2"},
    "isolation": "namespace",
    "seed": 7,
    "timings_ms": {"run": 12},
    "outcome": "marked",
}


def ask(client, submission):
    return client.get(f"/api/v1/submissions/{submission.public_id}/marks/")


def test_submissions_are_my_own_newest_first(signed_in):
    mark = MarkFactory()
    alice = mark.submission.learner
    queued = JobFactory(submission__learner=alice, submission__attempt=2, submission__exercise=mark.submission.exercise)
    MarkFactory()  # somebody else's

    answer = signed_in(alice).get("/api/v1/submissions/")

    item = mark.submission.exercise.item_version.item
    common = {"course": item.course_id, "exercise": item.key, "submitted_at": "2026-11-23T12:00:00Z"}
    assert answer.json() == {
        "count": 2,
        "next": None,
        "previous": None,
        "results": [
            {
                "public_id": str(queued.submission.public_id),
                **common,
                "attempt": 2,
                "url": f"/api/v1/submissions/{queued.submission.public_id}/",
                "state": "queued",
                "mark": None,
            },
            {
                "public_id": str(mark.submission.public_id),
                **common,
                "attempt": 1,
                "url": f"/api/v1/submissions/{mark.submission.public_id}/",
                "state": "done",
                "mark": {
                    "points": 4.0,
                    "max_points": 4.0,
                    "waiting_points": 6.0,
                    "passed": True,
                    "marked_at": "2026-11-23T12:00:00Z",
                    "decided_by": "machine",
                },
            },
        ],
    }


def test_submissions_name_no_inner_reason(signed_in):
    alice = PersonFactory()
    DoneJobFactory(submission__learner=alice, state=Job.State.FAILED_OURS, reason="secret path /srv/x")

    answer = signed_in(alice).get("/api/v1/submissions/")

    assert (answer.json()["results"][0]["state"], "secret" in answer.content.decode()) == ("failed_ours", False)


def test_submissions_cost_the_same_for_one_and_for_three(signed_in, django_assert_num_queries):
    alice = PersonFactory()
    client = signed_in(alice)
    for sent in (1, 2):
        for _ in range(sent):
            MarkFactory(submission__learner=alice)
        with django_assert_num_queries(7):
            answer = client.get("/api/v1/submissions/")

    assert answer.json()["count"] == 3


def test_marks_are_all_that_were_given_with_who_why_and_what_decided(signed_in):
    old = MarkFactory(points=Decimal("2.5"), provenance=PROVENANCE)
    terry = PersonFactory(full_name="Terry Trainer")
    services.override_mark(old, points={"test_one": Decimal(4)}, reason="It is right.", by=terry, now=NOON)

    answer = ask(signed_in(old.submission.learner), old.submission)

    provenance = {
        **{name: value for name, value in PROVENANCE.items() if name not in {"timings_ms", "outcome"}},
        "answer_sha256": old.submission.blob_id,
    }
    reflection = {
        "check": "reflection", "title": "Reflection", "status": "waiting", "points": None, "max_points": 6.0,
        "message": "",
    }  # fmt: skip
    one = {"check": "test_one", "title": "One", "max_points": 4.0}
    common = {"max_points": 4.0, "waiting_points": 6.0, "marked_at": "2026-11-23T12:00:00Z", "provenance": provenance}
    assert answer.json() == [
        {
            **common,
            "points": 4.0,
            "passed": True,
            "decided_by": "person",
            "checks": [
                {
                    **one,
                    "status": "passed",
                    "points": 4.0,
                    "message": "A trainer changed this from 2.5 to 4 points.",
                },
                reflection,
            ],
            "is_in_effect": True,
            "given_by": "Terry Trainer",
            "reason": "It is right.",
        },
        {
            **common,
            "points": 2.5,
            "passed": False,
            "decided_by": "machine",
            "checks": [{**one, "status": "failed", "points": 2.5, "message": "Not yet."}, reflection],
            "is_in_effect": False,
            "given_by": None,
            "reason": "",
        },
    ]


def test_mark_of_before_provenance_was_kept_says_nothing_of_it(signed_in):
    mark = MarkFactory()

    said = ask(signed_in(mark.submission.learner), mark.submission).json()[0]["provenance"]

    assert said == {
        "answer_sha256": mark.submission.blob_id,
        "tests_sha256": "",
        "engine_version": "",
        "python": "",
        "libraries": {},
        "isolation": "",
        "seed": 0,
    }


def test_answer_without_a_mark_has_none(signed_in):
    submission = JobFactory().submission

    assert ask(signed_in(submission.learner), submission).json() == []


def test_trainers_look_at_the_marks_is_written_down_once(signed_in):
    mark = MarkFactory()
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)

    answer = ask(signed_in(trainer), mark.submission)

    entries = AuditEntry.objects.values_list("event", "by", "about")
    assert (answer.status_code, list(entries)) == (
        200, [("submission.viewed", trainer.pk, mark.submission.learner_id)],
    )  # fmt: skip


@pytest.mark.parametrize("other", [PersonFactory, operator, lambda: trainer_of("another-course")])
def test_for_everybody_else_there_are_no_marks(signed_in, other):
    assert told(ask(signed_in(other()), MarkFactory().submission)) == NOT_FOUND


def test_marks_cost_the_same_for_one_and_for_three(signed_in, django_assert_num_queries):
    for more in (0, 2):
        mark = MarkFactory(submission=SubmissionFactory())
        client = signed_in(mark.submission.learner)
        for number in range(more):
            latest = Mark.objects.get(submission=mark.submission, replaced_by=None)
            services.override_mark(
                latest, points={"test_one": Decimal(number)}, reason="Again.", by=PersonFactory(), now=NOON
            )
        with django_assert_num_queries(6):
            answer = ask(client, mark.submission)

    assert len(answer.json()) == 3
