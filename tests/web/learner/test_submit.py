"""Handing in a notebook: accepted once, or refused with a sentence of its own that says what to do."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import DoneJobFactory, MarkFactory, SubmissionFactory
from tests.grading.answering import RIGHT, answered, exercise, released
from tests.web.learner.pages import errors, learner_of, links, listed, main, taught, title, words
from upskill.core import blobs
from upskill.learning.models import Submission
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db

SOURCE = exercise("doubling")
ANSWER = answered(SOURCE, **RIGHT).encode()
OTHER = answered(exercise("telling"), **RIGHT).encode()
AGAIN = "Download the exercise again, copy your work into it and upload that file."


@pytest.fixture
def course():
    """A course whose exercise is a real one: doubling."""
    course = taught()
    real = ExerciseFactory(
        item_version__module=course.lesson.module,
        item_version__slug="doubling",
        item_version__title="Double it",
        source_sha256=blobs.store(json.dumps(SOURCE).encode()),
        release_sha256=blobs.store(json.dumps(released(SOURCE)).encode()),
    )
    return type(course)(version=course.version, lesson=course.lesson, quiz=course.quiz, exercise=real)


def hand_in(client, course, content: bytes | None, *, key: uuid.UUID | str | None = None, name="answer.ipynb"):
    """What the service answers to this file; None sends none."""
    sent: dict[str, object] = {"idempotency_key": str(key or uuid.uuid4())}
    if content is not None:
        sent["notebook"] = SimpleUploadedFile(name, content)
    return client.post(f"{course.exercise_url}submit/", sent)


def test_page_shows_the_task_and_a_form_that_can_be_sent_once(signed_in, course):
    client = signed_in(learner_of(course))

    pages = [client.get(course.exercise_url) for _ in range(2)]

    keys = [main(page).split('name="idempotency_key" value="')[1].split('"')[0] for page in pages]
    assert title(pages[0]) == "Double it – AI skills for government"
    assert "Double it (2 points) Cell 2. You write this cell def double" in words(main(pages[0]))
    assert f'<form method="post" action="{course.exercise_url}submit/" enctype="multipart/form-data"' in main(pages[0])
    assert [str(uuid.UUID(key)) for key in keys] == keys
    assert len(set(keys)) == 2


def test_an_answer_is_kept_and_queued_and_leads_to_its_page(signed_in, course):
    person = learner_of(course)

    page = hand_in(signed_in(person), course, ANSWER)

    sent = Submission.objects.get(learner=person)
    assert (page.status_code, page["Location"]) == (302, f"/submissions/{sent.public_id}/")
    assert (sent.exercise, sent.attempt, blobs.read(sent.blob_id)) == (course.exercise, 1, ANSWER)
    assert [job.state for job in sent.jobs.all()] == [Job.State.QUEUED]


def test_accepting_does_not_wait_for_a_broker_that_is_down(signed_in, course, django_capture_on_commit_callbacks):
    person = learner_of(course)

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        page = hand_in(signed_in(person), course, ANSWER)

    assert (page.status_code, len(callbacks)) == (302, 1)
    assert Job.objects.get(submission__learner=person).state == Job.State.QUEUED


def test_the_same_form_sent_twice_is_one_submission(signed_in, course):
    person, key = learner_of(course), uuid.uuid4()
    client = signed_in(person)

    pages = [hand_in(client, course, ANSWER, key=key) for _ in range(2)]

    assert pages[0]["Location"] == pages[1]["Location"]
    assert (Submission.objects.filter(learner=person).count(), Job.objects.count()) == (1, 1)


def test_the_same_form_with_another_file_is_another_submission(signed_in, course):
    person, key = learner_of(course), uuid.uuid4()
    client = signed_in(person)
    better = answered(SOURCE, double="def double(x):\n    return x + x").encode()

    hand_in(client, course, ANSWER, key=key)
    hand_in(client, course, better, key=key)

    sent = Submission.objects.filter(learner=person).order_by("attempt")
    assert [(s.attempt, blobs.read(s.blob_id)) for s in sent] == [(1, ANSWER), (2, better)]


def test_exercise_that_is_not_checked_can_be_worked_on_and_not_be_handed_in(signed_in, course):
    course.exercise.clearance.delete()
    client = signed_in(learner_of(course))

    page = client.get(course.exercise_url)
    answer = hand_in(client, course, ANSWER)

    assert listed(page, css="govuk-inset-text") == [
        "This exercise has not been checked yet. You can work on it, and what you write is kept. "
        "You can hand it in, and earn points, once it has been checked."
    ]
    assert "Download the notebook" in words(main(page))
    assert (f'action="{course.exercise_url}submit/"' in main(page), "Catches" in words(main(page))) == (False, False)
    assert (answer.status_code, Submission.objects.count()) == (409, 0)
    assert "This exercise has not been checked yet." in words(main(answer))


def test_checked_exercise_says_what_it_catches_and_where_that_is_explained(signed_in, course):
    page = signed_in(learner_of(course)).get(course.exercise_url)

    assert ("/how-marking-works/#checked", "Catches 1 known mistake, 4 tricks held") in links(page)


def test_two_learners_may_hand_in_the_same_file(signed_in, course):
    people = [learner_of(course), learner_of(course)]

    for person in people:
        hand_in(signed_in(person), course, ANSWER)

    assert {s.learner: s.attempt for s in Submission.objects.all()} == dict.fromkeys(people, 1)


REFUSED = {
    "no file": (None, "Choose the notebook that you want to hand in"),
    "an empty file": (b"", "This file is empty. Save your notebook in Jupyter, then upload it again."),
    "no JSON": (
        b"%PDF-1.7",
        "This file is not a notebook. Upload the file that Jupyter saved, ending in .ipynb.",
    ),
    "no text": (
        b"\xff\xfe\x00\x01",
        "This file is not a notebook, or not saved as UTF-8 text. Upload the .ipynb file that Jupyter saved.",
    ),
    "JSON of something else": (
        b'{"name": "package"}',
        "This file is not a notebook. Upload the file that Jupyter saved, ending in .ipynb.",
    ),
    "a notebook of long ago": (
        b'{"nbformat": 3, "worksheets": []}',
        "This notebook is not in format 4. Open it in a newer Jupyter, save it and upload it again.",
    ),
    "nesting without end": (
        b'{"nbformat": ' + b"[" * 100_000,
        f"This file is nested too deeply to be a notebook. {AGAIN}",
    ),
    "15 MB": (
        b'{"nbformat": 4, "x": "' + b"x" * 15_000_000 + b'"}',
        "This file is larger than 10 MB. Clear all outputs, save it and upload it again.",
    ),
    "the file as it was downloaded": (
        json.dumps(released(SOURCE)).encode(),
        "There are no answers in this notebook yet. Write in the cells for your answers, then hand it"
        " in again. In Jupyter, save it first.",
    ),
    "a notebook of another exercise": (
        OTHER,
        "This notebook belongs to another exercise (tests/telling). Hand in the one for this exercise.",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_answer_is_refused_with_its_own_sentence(signed_in, course, content, sentence):
    person = learner_of(course)

    page = hand_in(signed_in(person), course, content)

    assert (page.status_code, title(page)) == (422, "Error: Double it – AI skills for government")
    assert errors(page) == [("id_notebook", sentence)]
    assert listed(page, css="govuk-error-message") == [f"Error: {sentence}"]
    assert not Submission.objects.filter(learner=person).exists()


def test_every_refusal_has_another_sentence():
    sentences = [sentence for _content, sentence in REFUSED.values()]

    assert len(set(sentences)) == len(sentences) - 1  # two kinds of "not a notebook" need the same cure


def test_a_refused_form_can_be_sent_again_with_a_better_file(signed_in, course):
    person, key = learner_of(course), uuid.uuid4()
    client = signed_in(person)
    refused = hand_in(client, course, b"{}", key=key)

    accepted = hand_in(client, course, ANSWER, key=key)

    assert f'name="idempotency_key" value="{key}"' in main(refused)
    assert accepted.status_code == 302


def test_a_learner_who_hands_in_again_and_again_is_told_to_wait_for_a_mark(signed_in, course):
    person, other, key = learner_of(course), learner_of(course), uuid.uuid4()
    client = signed_in(person)
    sent = [hand_in(client, course, ANSWER, key=key)] + [hand_in(client, course, ANSWER) for _ in range(4)]

    one_too_many, repeated = hand_in(client, course, ANSWER), hand_in(client, course, ANSWER, key=key)
    of_another = hand_in(signed_in(other), course, ANSWER)
    Job.objects.filter(submission__learner=person, submission__attempt=1).update(state="done", ended_at=timezone.now())
    afterwards = hand_in(signed_in(person), course, ANSWER)

    assert [page.status_code for page in sent] == [302] * 5
    assert one_too_many.status_code == 429
    assert errors(one_too_many) == [
        (
            "id_notebook",
            "5 of your answers still wait for their marks. Hand this one in when one of them is marked.",
        )
    ]
    assert repeated["Location"] == sent[0]["Location"]
    assert (of_another.status_code, afterwards.status_code) == (302, 302)
    assert Submission.objects.filter(learner=person).count() == 6


def test_a_body_beyond_all_measure_is_refused_before_it_is_read(signed_in, course):
    client = signed_in(learner_of(course))

    page = client.post(f"{course.exercise_url}submit/", {}, CONTENT_LENGTH=str(65 * 1024 * 1024))

    assert page.status_code == 413
    assert title(page) == "What you sent is too large – AI skills for government"
    assert "Nothing was saved. A notebook may be 10 MB at most." in words(page)


@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_a_form_without_its_key_is_refused(signed_in, course, key):
    person = learner_of(course)
    sent = {"idempotency_key": key, "notebook": SimpleUploadedFile("a.ipynb", ANSWER)}

    page = signed_in(person).post(f"{course.exercise_url}submit/", sent)

    assert page.status_code == 422
    assert errors(page) == [("", "This form is incomplete. Reload the page, then choose your file again.")]
    assert not Submission.objects.filter(learner=person).exists()


def test_attempts_are_listed_newest_first_with_what_became_of_them(signed_in, course):
    person = learner_of(course)
    first, second = (SubmissionFactory(learner=person, exercise=course.exercise, attempt=number) for number in (1, 2))
    MarkFactory(submission=first, points=4)
    DoneJobFactory(submission=second, state="refused", reason="Damaged.")
    SubmissionFactory(learner=learner_of(course), exercise=course.exercise)

    page = signed_in(person).get(course.exercise_url)

    attempts = [link for link in links(page) if link[1].startswith("Attempt")]
    assert attempts == [
        (f"/submissions/{second.public_id}/", "Attempt 2"),
        (f"/submissions/{first.public_id}/", "Attempt 1"),
    ]
    assert listed(page, css="app-attempt__state") == ["Could not be marked", "Passed 4 of 4 points"]
    assert "You have handed in 2 answers." in words(page)


def test_attempts_cost_the_same_for_one_and_for_three(signed_in, course):
    person = learner_of(course)
    client = signed_in(person)
    MarkFactory(submission=SubmissionFactory(learner=person, exercise=course.exercise))
    client.get(course.exercise_url)
    with CaptureQueriesContext(connection) as one:
        client.get(course.exercise_url)
    for number in (2, 3):
        MarkFactory(submission=SubmissionFactory(learner=person, exercise=course.exercise, attempt=number))

    with CaptureQueriesContext(connection) as three:
        client.get(course.exercise_url)

    assert len(three) == len(one)
