"""No log line holds what a learner wrote, their name or their address, however marking ends."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import exercises
from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import JobFactory, SkillFactory, SubmissionFactory
from tests.factories.people import PersonFactory
from tests.unit.core.test_logs import lines
from upskill import tasks
from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs
from upskill.learning.models import Enrolment, Submission
from upskill.marking import slot
from upskill.marking.models import CheckMark, Job

pytestmark = pytest.mark.django_db
CODE, TEXT, NAME, ADDRESS, FILE = "markercode", "markertext", "Markername", "markeraddress", "markerfile"
MARKERS = (CODE, TEXT, NAME, ADDRESS, FILE)
RIGHT = f"def double(x):\n    {CODE} = 2 * x\n    return {CODE}"


@pytest.fixture(scope="module", autouse=True)
def _engine_ends():
    yield
    slot.close()


@pytest.fixture
def exercise():
    SkillFactory()
    return exercises.real_exercise()


@pytest.fixture
def hand_in(signed_in, exercise, django_capture_on_commit_callbacks):
    """A function: this answer of a person full of markers, sent through the form of the exercise."""
    learner = PersonFactory(full_name=NAME, email=f"{ADDRESS}@example.gov.uk")
    item = exercise.item_version
    Enrolment.objects.create(learner=learner, course=item.item.course, enrolled_at=learner.joined_at)
    module, slug = item.item.key.split("/")
    address = reverse("learner:submit", kwargs={"course": item.item.course_id, "module": module, "item": slug})

    def send(content: bytes) -> int:
        sent = {"idempotency_key": str(uuid.uuid4()), "notebook": SimpleUploadedFile(f"{FILE}.ipynb", content)}
        client = signed_in(learner)
        client.raise_request_exception = False
        return client.post(f"{address}?q={TEXT}", sent).status_code

    return send


def silent(written: list[str]) -> bool:
    """True if something was logged, and nothing of it holds a marker. Looked for in whatever case and spelling."""
    text = "\n".join(written).lower()
    return bool(written) and [marker for marker in MARKERS if marker.lower() in text] == []


@pytest.mark.parametrize("readable", [True, False])
def test_marked_answer_leaves_its_outcome_and_nothing_of_itself(hand_in, readable):
    content = exercises.answer(RIGHT, reflection=TEXT, added=f"print('{CODE}')\nraise ValueError('{CODE}')")

    written = lines(lambda: (hand_in(content), tasks.mark_next()), readable=readable)

    assert silent(written)
    assert CheckMark.objects.filter(answer=TEXT).exists()
    assert [line for line in written if f"The engine is done with job {Job.objects.get().pk}: marked" in line] != []


def test_refused_file_leaves_no_word_of_itself(hand_in):
    content = exercises.answer(RIGHT, reflection=TEXT)
    broken = [content[: len(content) // 2], content.replace(b"cell_type", TEXT.encode()), TEXT.encode()]

    written = lines(lambda: [hand_in(file) for file in broken])

    assert silent(written)
    assert Submission.objects.count() == 0


def test_answer_that_the_engine_refuses_leaves_no_word_of_itself():
    SkillFactory()
    learner = PersonFactory(full_name=NAME, email=f"{ADDRESS}@example.gov.uk")
    file = {"cells": [], "metadata": {TEXT: CODE}, "nbformat": 4, "nbformat_minor": 5, FILE: TEXT}
    job = JobFactory(
        submission=SubmissionFactory(
            learner=learner, exercise=exercises.real_exercise(), blob_id=blobs.store(json.dumps(file).encode())
        )
    )

    written = lines(tasks.mark_next)

    job.refresh_from_db()
    assert (silent(written), job.state) == (True, Job.State.REFUSED)


def waiting(exercise: ExerciseVersion) -> Job:
    """The job of an answer with markers to this exercise."""
    learner = PersonFactory(full_name=NAME, email=f"{ADDRESS}@example.gov.uk")
    content = exercises.answer(RIGHT, reflection=TEXT)
    return JobFactory(submission=SubmissionFactory(learner=learner, exercise=exercise, blob_id=blobs.store(content)))


def test_fault_of_ours_leaves_the_kind_of_failure_and_nothing_of_the_answer(settings):
    """The author's notebook is none: the engine fails, and the job is buried."""
    settings.JOB_MAX_TRIES = 1
    job = waiting(ExerciseFactory(source_sha256=blobs.store(b'{"cells": 5}')))

    written = lines(tasks.mark_next)

    job.refresh_from_db()
    assert (silent(written), job.state) == (True, Job.State.FAILED_OURS)
    assert [line for line in written if f"Job {job.pk} is failed_ours after try 1" in line] != []


def test_task_that_fails_with_an_answer_in_its_variables_leaves_kind_and_place():
    """The engine judges other checks than the exercise has: the verdict, with the answer in it, cannot be stored."""
    source, released = exercises.notebooks()
    exercise = ExerciseFactory(
        source_sha256=blobs.store(source.encode()), release_sha256=blobs.store(released.encode())
    )
    job = waiting(exercise)

    written = lines(tasks.mark_next.apply)

    job.refresh_from_db()
    assert (silent(written), job.state) == (True, Job.State.QUEUED)
    assert [line for line in written if "VerdictDoesNotFit: The engine judged" in line] != []
