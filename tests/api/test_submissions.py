"""A submission as JSON: for its learner and the trainers of its course; for anybody else there is none."""

import uuid
from decimal import Decimal

import pytest

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import DoneJobFactory, JobFactory, MarkFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    operator,
    trainer_of,
    viewer_of,
)
from upskill.core.models import AuditEntry
from upskill.marking import services
from upskill.marking.models import Job

from .problems import NOBODY, NOT_FOUND, told

pytestmark = pytest.mark.django_db


def ask(signed_in, person, submission):
    return signed_in(person).get(f"/api/v1/submissions/{submission.public_id}/")


def trainer_for(submission):
    return trainer_of(submission.exercise.item_version.item.course_id)


def test_learner_reads_the_whole_of_their_own_mark(signed_in):
    mark = MarkFactory(points=Decimal("2.5"))
    submission = mark.submission
    item = submission.exercise.item_version.item

    answer = ask(signed_in, submission.learner, submission)

    assert answer.json() == {
        "public_id": str(submission.public_id),
        "course": item.course_id,
        "exercise": item.key,
        "attempt": 1,
        "submitted_at": "2026-11-23T12:00:00Z",
        "url": f"/api/v1/submissions/{submission.public_id}/",
        "marks_url": f"/api/v1/submissions/{submission.public_id}/marks/",
        "state": "done",
        "reason": "",
        "queue": None,
        "mark": {
            "points": 2.5,
            "max_points": 4.0,
            "waiting_points": 6.0,
            "passed": False,
            "marked_at": "2026-11-23T12:00:00Z",
            "decided_by": "machine",
            "checks": [
                {
                    "check": "test_one",
                    "title": "One",
                    "status": "failed",
                    "points": 2.5,
                    "max_points": 4.0,
                    "message": "Not yet.",
                },
                {
                    "check": "reflection",
                    "title": "Reflection",
                    "status": "waiting",
                    "points": None,
                    "max_points": 6.0,
                    "message": "",
                },
            ],
        },
    }


def test_submission_in_the_queue_has_a_state_and_no_mark(signed_in):
    submission = JobFactory().submission

    answer = ask(signed_in, submission.learner, submission).json()

    assert (answer["state"], answer["reason"], answer["mark"]) == ("queued", "", None)


def test_refused_submission_says_why(signed_in):
    submission = DoneJobFactory(state=Job.State.REFUSED, reason="Download it again.").submission

    answer = ask(signed_in, submission.learner, submission).json()

    assert (answer["state"], answer["reason"], answer["mark"]) == ("refused", "Download it again.", None)


def test_fault_of_ours_is_named_without_its_inner_reason(signed_in):
    submission = DoneJobFactory(state=Job.State.FAILED_OURS, reason="secret path /srv/x").submission

    answer = ask(signed_in, submission.learner, submission)

    assert (answer.json()["state"], answer.json()["reason"]) == ("failed_ours", "")
    assert "secret" not in answer.content.decode()


def test_mark_of_a_person_says_so_and_is_the_one_in_effect(signed_in):
    old = MarkFactory(points=2)
    services.override_mark(old, points={"test_one": Decimal(4)}, reason="Right.", by=PersonFactory(), now=NOON)

    mark = ask(signed_in, old.submission.learner, old.submission).json()["mark"]

    assert (mark["points"], mark["passed"], mark["decided_by"]) == (4.0, True, "person")
    assert mark["checks"][0]["message"] == "A trainer changed this from 2 to 4 points."


def test_trainer_of_the_course_reads_it_too_and_that_is_written_down(signed_in):
    mark = MarkFactory()
    trainer = trainer_for(mark.submission)

    answer = ask(signed_in, trainer, mark.submission)

    entry = AuditEntry.objects.get()
    assert (answer.status_code, answer.json()["mark"]["points"]) == (200, 4.0)
    assert (entry.event, entry.by, entry.about) == ("submission.viewed", trainer, mark.submission.learner)


def test_learners_own_look_is_not_written_down(signed_in):
    mark = MarkFactory()

    ask(signed_in, mark.submission.learner, mark.submission)

    assert AuditEntry.objects.count() == 0


def test_for_everybody_else_there_is_no_such_submission(signed_in):
    unit = OrganisationFactory()
    mark = MarkFactory(submission__exercise__item_version__title="Marker")
    manager = PersonFactory()
    MembershipFactory(person=mark.submission.learner, line_manager=manager, organisation=unit)
    others = [
        PersonFactory(),
        trainer_of("another-course"),
        trainer_of(mark.submission.exercise.item_version.item.course_id, ended_at=NOON),
        manager,
        viewer_of(unit),
        operator(),
    ]

    answers = [ask(signed_in, person, mark.submission) for person in others]

    assert [told(answer) for answer in answers] == [NOT_FOUND] * 6
    assert AuditEntry.objects.count() == 0


def test_submission_that_does_not_exist_looks_the_same(signed_in):
    answer = signed_in(PersonFactory()).get(f"/api/v1/submissions/{uuid.uuid4()}/")

    assert told(answer) == NOT_FOUND


def test_without_signing_in_it_is_refused_as_json(client):
    answer = client.get(f"/api/v1/submissions/{MarkFactory().submission.public_id}/")

    assert told(answer) == NOBODY


@pytest.mark.parametrize("checks", [1, 3])
def test_submission_costs_the_same_with_one_check_and_with_three(signed_in, checks, django_assert_num_queries):
    exercise = ExerciseFactory()
    mark = MarkFactory(submission__exercise=exercise)
    for number in range(checks):
        mark.checks.create(slug=f"more-{number}", position=9, title="More", max_points=1, status="waiting")
    client = signed_in(mark.submission.learner)

    with django_assert_num_queries(7):
        answer = client.get(f"/api/v1/submissions/{mark.submission.public_id}/")

    assert len(answer.json()["mark"]["checks"]) == 2 + checks
