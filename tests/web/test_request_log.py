"""Each request has an id, which its answer, its events, its tasks and its job carry; its line tells nothing else."""

import json
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import exercises
from tests.factories.marking import SubmissionFactory
from tests.factories.people import NOON, PersonFactory
from tests.unit.core.test_logs import MARKER, lines
from upskill.core import logs
from upskill.learning.models import Enrolment
from upskill.marking import jobs
from upskill.marking.models import Job
from upskill.web import errors

pytestmark = pytest.mark.django_db


def answered(act) -> list[dict]:
    """The lines about answers that are logged meanwhile, as JSON has them."""
    events = [json.loads(line) for line in lines(act)]
    return [event for event in events if event["event"] == "answered"]


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere/", "/api/v1/me/", "/skills/", "/metrics"])
def test_every_answer_carries_an_id_of_its_own(client, path):
    ids = [client.get(path)["X-Request-ID"] for _ in range(2)]

    assert [bool(re.fullmatch("[0-9a-f]{32}", each)) for each in ids] == [True, True]
    assert ids[0] != ids[1]


def test_id_of_a_proxy_is_kept_if_it_is_safe(client):
    answers = [
        client.get("/privacy/", headers={"x-request-id": proposed})["X-Request-ID"]
        for proposed in ("proxy-12345678", "x" * 65, "<script>alert(1)</script>")
    ]

    assert (answers[0], [len(answer) for answer in answers[1:]]) == ("proxy-12345678", [32, 32])


def test_line_of_an_answer_has_method_path_status_time_id_and_the_public_id_of_the_person(signed_in):
    alice = PersonFactory(full_name="Marker Name", email="marker@example.gov.uk")
    client = signed_in(alice)

    (event,) = answered(lambda: client.get("/skills/?q=marker", headers={"x-request-id": "proxy-12345678"}))

    assert event.pop("ms") >= 0
    del event["time"]
    assert event == {
        "level": "info",
        "logger": "upskill.web.middleware",
        "event": "answered",
        "method": "GET",
        "path": "/skills/",
        "status": 200,
        "request_id": "proxy-12345678",
        "user": str(alice.public_id),
    }


def test_line_of_a_visitor_has_no_person_and_no_address(client):
    (event,) = answered(lambda: client.get("/privacy/", REMOTE_ADDR="203.0.113.9", headers={"user-agent": "marker"}))

    assert ("user" in event, "203.0.113.9" in str(event), "marker" in str(event)) == (False, False, False)


def test_styles_and_programs_that_ask_every_few_seconds_write_no_line(client):
    assert answered(lambda: [client.get(path) for path in ("/healthz", "/metrics", "/static/css/app.css")]) == []


def test_nothing_of_a_request_is_left_for_the_next(signed_in, client):
    signed_in(PersonFactory()).get("/skills/")
    client.logout()

    (event,) = answered(lambda: client.get("/privacy/"))

    assert "user" not in event


# --- faults ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(settings, monkeypatch):
    """A page that fails with words of somebody."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError(MARKER)

    monkeypatch.setattr("upskill.web.learner.skills.queries.record_of", fail)


def test_page_about_a_fault_names_its_id_which_the_log_has_too(signed_in, broken):
    client = signed_in(PersonFactory())
    client.raise_request_exception = False
    pages = []

    written = lines(lambda: pages.append(client.get("/skills/")))

    page, events = pages[0], [json.loads(line) for line in written]
    said = page.content.decode()
    assert (page.status_code, "Quote this when you report it" in said, page["X-Request-ID"] in said) == (
        500,
        True,
        True,
    )
    assert MARKER not in "".join(written)
    assert {event["request_id"] for event in events} == {page["X-Request-ID"]}
    faults = [event for event in events if event["logger"] == "django.request"]
    assert [fault["exception"].splitlines()[-1] for fault in faults] == ["ValueError"]


def test_page_about_a_fault_without_a_request_has_no_empty_sentence(rf):
    logs.clear_contextvars()

    assert "Quote this" not in errors.server_error(rf.get("/")).content.decode()


# --- from the click to the worker ------------------------------------------------------------------------------------


def test_job_keeps_the_id_of_the_request_that_queued_it(signed_in):
    alice, exercise = PersonFactory(), exercises.real_exercise()
    item = exercise.item_version
    Enrolment.objects.create(
        learner=alice, course=item.item.course, enrolled_at=item.module.course_version.published_at
    )
    module, slug = item.item.key.split("/")
    address = reverse("learner:submit", kwargs={"course": item.item.course_id, "module": module, "item": slug})
    client = signed_in(alice)

    answer = client.post(
        address,
        {"idempotency_key": str(uuid.uuid4()), "notebook": notebook(exercises.answer())},
        headers={"x-request-id": "proxy-12345678"},
    )

    job = Job.objects.get()
    assert (answer.status_code, job.request_id) == (302, "proxy-12345678")
    claim = jobs.claim()
    assert claim is not None
    assert claim.request_id == "proxy-12345678"


def test_job_that_no_request_queued_has_no_id():
    logs.clear_contextvars()

    assert jobs.enqueue(SubmissionFactory(), now=NOON).request_id == ""


def test_events_about_a_job_carry_the_id_of_the_request_that_queued_it_and_not_of_the_one_that_woke_the_worker():
    with logs.about(request_id="first-request"):
        job = jobs.enqueue(SubmissionFactory(), now=NOON)
    claim = jobs.claim()
    assert claim is not None

    with logs.about(request_id="other-request"):
        written = lines(lambda: jobs.give_back(claim, reason="The disk was full."))

    (event,) = [json.loads(line) for line in written]
    assert (event["request_id"], event["job"], event["event"]) == (
        "first-request",
        job.pk,
        f"Job {job.pk} is queued after try 1: The disk was full.",
    )


def notebook(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("answer.ipynb", content, content_type="application/x-ipynb+json")
