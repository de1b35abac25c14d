"""Handing in by a program: once per key, refused in words, whatever the form of the body."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories import exercises
from tests.factories.people import NOON, PersonFactory
from upskill.core import allowances, blobs
from upskill.learning.models import Enrolment, Submission
from upskill.marking import jobs
from upskill.marking.models import Job
from upskill.people import tokens
from upskill.people.models import TokenScope

from .problems import NOT_FOUND, problem, told

pytestmark = pytest.mark.django_db
ANSWER = exercises.answer()
OTHER = exercises.answer(exercises.WRONG)
MISSING = "Send the header Idempotency-Key with a new key for each answer, such as a UUID."
INVALID = "Some of what you sent needs another value. See “errors”."


@pytest.fixture
def exercise():
    return exercises.real_exercise()


@pytest.fixture
def alice(exercise):
    person = PersonFactory()
    Enrolment.objects.create(learner=person, course=exercise.item_version.item.course, enrolled_at=NOON)
    return person


@pytest.fixture
def send(program, exercise, alice):
    """A function: what a program of Alice's is answered when it hands in."""
    client = program(alice)

    def hand_in(body: object = None, *, key: str | None = "key", to=exercise, by=client, file: bytes | None = None):
        headers = {} if key is None else {"Idempotency-Key": key}
        if file is not None:
            form = {"notebook": SimpleUploadedFile("answer.ipynb", file)}
            return by.post(url(to), form, headers=headers)
        content = body if isinstance(body, bytes) else json.dumps(body or {"notebook": json.loads(ANSWER)})
        return by.post(url(to), content, content_type="application/json", headers=headers)

    return hand_in


def url(exercise) -> str:
    item = exercise.item_version.item
    return f"/api/v1/exercises/{item.course_id}/{item.key}/submissions/"


def wrong(**errors: str):
    said = {name.replace("_", "-") if name != "notebook" else name: [text] for name, text in errors.items()}
    return problem(400, INVALID, kind="invalid", errors=said)


# --- Accepted ---


def test_new_answer_is_kept_and_queued_and_says_where_it_is(send, alice, exercise):
    answer = send()

    sent = Submission.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/submissions/{sent.public_id}/")
    assert answer.json() == {
        "public_id": str(sent.public_id),
        "course": exercise.item_version.item.course_id,
        "exercise": exercise.item_version.item.key,
        "attempt": 1,
        "submitted_at": sent.submitted_at.isoformat().replace("+00:00", "Z"),
        "url": answer["Location"],
        "marks_url": f"{answer['Location']}marks/",
        "state": "queued",
        "reason": "",
        "queue": {"ahead": 0, "wait_seconds": None},
        "mark": None,
    }
    assert (sent.learner, sent.exercise, sent.idempotency_key) == (alice, exercise, "key")
    assert json.loads(blobs.read(sent.blob_id)) == json.loads(ANSWER)
    assert [job.state for job in sent.jobs.all()] == [Job.State.QUEUED]


def test_file_of_a_form_is_kept_byte_by_byte(send):
    answer = send(file=ANSWER)

    assert answer.status_code == 201
    assert blobs.read(Submission.objects.get().blob_id) == ANSWER


@pytest.mark.parametrize("way", ["json", "form"])
def test_same_answer_with_the_same_key_is_the_same_submission(send, way):
    sent = {"file": ANSWER} if way == "form" else {}

    first, again = send(**sent), send(**sent)

    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json(), first["Location"]) == (again.json(), again["Location"])
    assert (Submission.objects.count(), Job.objects.count()) == (1, 1)


def test_another_key_is_the_next_attempt(send):
    send(key="one")

    assert send(key="two").json()["attempt"] == 2


def test_key_for_another_answer_is_refused(send):
    send()

    answer = send({"notebook": json.loads(OTHER)})

    sentence = "This key was used for another answer. Use a new key for each answer that you hand in."
    assert told(answer) == problem(422, sentence, kind="key-reused")
    assert Submission.objects.count() == 1


def test_half_a_character_in_a_notebook_is_no_fault(send):
    notebook = json.loads(exercises.answer("# \\ud83d"))
    notebook["metadata"]["odd"] = "\ud83d"

    answer = send({"notebook": notebook})

    assert answer.status_code == 201
    assert json.loads(blobs.read(Submission.objects.get().blob_id)) == notebook


def test_session_hands_in_too_with_its_csrf_token_alone(exercise, alice, post):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    path, body = url(exercise).removeprefix("/api/v1/"), {"notebook": json.loads(ANSWER)}
    key = {"Idempotency-Key": "key"}

    refused = post(browser, path, body, **key)
    browser.cookies["csrftoken"] = "a" * 32
    accepted = post(browser, path, body, **key, **{"X-CSRFToken": "a" * 32})

    assert told(refused) == problem(403, "CSRF Failed: CSRF cookie not set.")
    assert (accepted.status_code, Submission.objects.count()) == (201, 1)


# --- Refused ---


@pytest.mark.parametrize("key", [None, ""])
def test_answer_without_a_key_is_refused(send, key):
    assert told(send(key=key)) == wrong(Idempotency_Key=MISSING)
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("key", ["x" * 81, "two words", "ümlaut", "line\ttab"])
def test_key_that_is_none_is_refused(send, key):
    assert told(send(key=key)) == wrong(Idempotency_Key="A key has 1 to 80 letters, digits and signs, without spaces.")


@pytest.mark.parametrize("body", [{}, {"notebook": None}, {"other": 1}])
def test_body_without_a_notebook_is_refused(send, body):
    sent = json.dumps(body).encode()

    assert told(send(sent)) == wrong(notebook="Send the notebook that you want to hand in.")


@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null", "true"])
def test_body_that_is_no_object_is_refused(send, body):
    status, _type, said = told(send(body.encode()))

    assert (status, said["type"]) == (400, "urn:upskill:problem:invalid")


@pytest.mark.parametrize("notebook", ["text", 1, [], True])
def test_notebook_that_is_no_object_is_refused_beside_its_field(send, notebook):
    status, _type, said = told(send({"notebook": notebook}))

    assert (status, list(said["errors"])) == (400, ["notebook"])


@pytest.mark.parametrize(
    ("file", "sentence"),
    [(None, "Send the notebook that you want to hand in."),
     (b"", "This file is empty. Save your notebook in Jupyter, then send it again.")],
)  # fmt: skip
def test_form_without_a_file_is_refused(program, exercise, alice, file, sentence):
    form = {} if file is None else {"notebook": SimpleUploadedFile("answer.ipynb", file)}

    answer = program(alice).post(url(exercise), form, headers={"Idempotency-Key": "key"})

    assert told(answer) == wrong(notebook=sentence)


def test_file_that_is_no_answer_is_refused_in_the_words_of_the_page(send):
    answer = send({"notebook": {"nbformat": 3}})

    sentence = "This notebook is not in format 4. Open it in a newer Jupyter, save it and upload it again."
    assert told(answer) == problem(422, sentence, kind="answer-refused")
    assert Submission.objects.count() == 0


def test_notebook_of_more_than_10_mb_is_too_large(send):
    answer = send(file=b'{"nbformat": 4, "x": "' + b"x" * 10_000_000 + b'"}')

    sentence = "This file is larger than 10 MB. Clear all outputs, save it and upload it again."
    assert told(answer) == problem(413, sentence, kind="answer-refused")


def test_body_beyond_measure_is_refused_before_it_is_read(exercise, alice, program):
    class Unread:
        def read(self, *_size):
            raise AssertionError("it was read")

        readline = read

    answer = program(alice).generic(
        "POST", url(exercise), content_type="application/json",
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(70 * 1000 * 1000)},
    )  # fmt: skip

    assert told(answer) == problem(413, "This is more than the API reads. Send less.")


def test_course_must_be_taken_first(send, program, exercise):
    answer = send(by=program(PersonFactory()))

    assert told(answer) == problem(409, "Start this course to open what is in it.", kind="not-enrolled")
    assert Submission.objects.count() == 0


def test_exercise_that_is_not_checked_is_refused_with_the_reason(send, exercise):
    exercise.clearance.delete()

    answer = send()

    words = "This exercise has not been checked yet. You can work on it, and hand it in once it is."
    assert told(answer) == problem(409, words, kind="not-checked")
    assert Submission.objects.count() == 0


def test_exercise_that_is_not_there(program, alice):
    answer = program(alice).post("/api/v1/exercises/a/b/c/submissions/", headers={"Idempotency-Key": "key"})

    assert told(answer) == NOT_FOUND


def test_answers_on_pages_and_in_the_api_are_counted_together(send, alice):
    for _ in range(jobs.MOST_AN_HOUR):
        allowances.spend("hand in", who=f"person {alice.pk}", most=1000, seconds=3600)

    answer = send()

    sentence = "You asked too often. Wait for as many seconds as the header Retry-After says."
    assert (told(answer), answer["Retry-After"]) == (problem(429, sentence), "3600")
    assert Submission.objects.count() == 0


def test_too_many_open_answers_are_refused_with_the_seconds_to_wait(send):
    sent = [send(key=str(number)) for number in range(6)]
    again = send(key="0")

    sentence = "5 of your answers still wait for their marks. Hand this one in when one of them is marked."
    assert [answer.status_code for answer in sent] == [201] * 5 + [429]
    assert (told(sent[5]), sent[5]["Retry-After"]) == (problem(429, sentence, kind="too-many-open"), "10")
    assert again.status_code == 200


@pytest.mark.parametrize("type_", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_body_of_another_type_is_refused(program, exercise, alice, type_):
    answer = program(alice).post(url(exercise), "x=1", content_type=type_, headers={"Idempotency-Key": "key"})

    assert told(answer) == problem(415, f'Unsupported media type "{type_}" in request.')


# --- At the same moment ---


@pytest.mark.django_db(transaction=True)
def test_same_answer_sent_twice_at_once_is_one_submission(exercise, alice):
    secret = tokens.issue_token(alice, name="Test", scopes=[TokenScope.LEARN], days=1, now=timezone.now()).secret
    start = threading.Barrier(4)

    def hand_in(_number) -> tuple[int, str]:
        client = Client(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "key"})
        start.wait(timeout=10)
        try:
            answer = client.post(url(exercise), {"notebook": SimpleUploadedFile("answer.ipynb", ANSWER)})
            return answer.status_code, answer["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(hand_in, range(4)))

    sent = Submission.objects.get()
    assert sorted(answers) == [(status, f"/api/v1/submissions/{sent.public_id}/") for status in (200, 200, 200, 201)]
    assert Job.objects.count() == 1
