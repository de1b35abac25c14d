"""Files to download: for whom, under which name, and that nothing in them can run in a browser."""

import re
from email.message import Message

import pytest
from django.http import HttpResponse

from tests.factories.marking import MarkFactory, SubmissionFactory
from tests.factories.people import PersonFactory, operator, trainer_of
from tests.web.learner.pages import learner_of, links, taught
from upskill.core import blobs
from upskill.web import downloads

pytestmark = pytest.mark.django_db
HOSTILE = b'<html><script>alert(document.domain)</script><svg onload="alert(1)">'


def file_name(answer: HttpResponse) -> str | None:
    """The name under which a browser keeps the file."""
    header = Message()
    header["Content-Disposition"] = answer["Content-Disposition"]
    return header.get_filename()


@pytest.fixture
def course():
    """A course whose exercise brings files that hold markup."""
    sha256 = blobs.store(HOSTILE)
    return taught(exercise={"release_sha256": sha256, "files": {"page.html": sha256, "picture.svg": sha256}})


@pytest.fixture
def sent(course):
    learner = learner_of(course, full_name="Alice Adams")
    return SubmissionFactory(
        learner=learner, exercise=course.exercise, blob_id=course.exercise.release_sha256, attempt=2
    )


@pytest.mark.parametrize("kind", ["notebook", "page", "picture", "own answer", "learner's answer"])
def test_every_download_is_an_attachment_in_which_nothing_runs(signed_in, course, sent, kind):
    trainer = trainer_of(course.version.course_id)
    person, address = {
        "notebook": (sent.learner, f"{course.exercise_url}notebook.ipynb"),
        "page": (sent.learner, f"{course.exercise_url}files/page.html"),
        "picture": (sent.learner, f"{course.exercise_url}files/picture.svg"),
        "own answer": (sent.learner, f"/submissions/{sent.public_id}/notebook.ipynb"),
        "learner's answer": (trainer, f"/submissions/{sent.public_id}/notebook.ipynb"),
    }[kind]

    answer = signed_in(person).get(address)

    assert (answer.status_code, answer.content) == (200, HOSTILE)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Content-Type"] in {"application/x-ipynb+json", "application/octet-stream"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


# --- What was handed in ---


def test_learner_gets_back_exactly_what_they_handed_in_and_nothing_is_written_down(signed_in, sent, audit_trail):
    answer = signed_in(sent.learner).get(f"/submissions/{sent.public_id}/notebook.ipynb")

    assert (answer.content, file_name(answer)) == (HOSTILE, "exercise-attempt-2.ipynb")
    assert audit_trail() == []


def test_trainer_gets_it_under_the_learners_name_and_that_is_written_down(signed_in, course, sent, audit_trail):
    trainer = trainer_of(course.version.course_id)

    answer = signed_in(trainer).get(f"/submissions/{sent.public_id}/notebook.ipynb")

    assert (answer.content, file_name(answer)) == (HOSTILE, "exercise-alice-adams-attempt-2.ipynb")
    assert audit_trail() == [("submission.viewed", trainer, {})]


@pytest.mark.parametrize("who", ["another learner", "a trainer of another course", "an operator", "a manager"])
def test_nobody_else_gets_it(signed_in, sent, audit_trail, who):
    person = {
        "another learner": lambda: PersonFactory(),
        "a trainer of another course": lambda: trainer_of("elsewhere"),
        "an operator": operator,
        "a manager": lambda: PersonFactory(),
    }[who]()
    if who == "a manager":
        sent.learner.memberships.update(line_manager=person)

    answer = signed_in(person).get(f"/submissions/{sent.public_id}/notebook.ipynb")

    assert (answer.status_code, b"alert(" in answer.content, audit_trail()) == (404, False, [])


def test_file_can_only_be_read(signed_in, sent):
    assert signed_in(sent.learner).post(f"/submissions/{sent.public_id}/notebook.ipynb").status_code == 405


def test_mark_page_links_to_the_file(signed_in, sent):
    MarkFactory(submission=sent)

    page = signed_in(sent.learner).get(f"/submissions/{sent.public_id}/")

    label = "Download the notebook that you handed in"
    assert (f"/submissions/{sent.public_id}/notebook.ipynb", label) in links(page)


# --- Names ---

NAMES = [
    '"; filename="evil.exe',
    "a\r\nSet-Cookie: session=stolen",
    "../../etc/passwd",
    "<img src=x onerror=alert(1)>.csv",
    "\u202egpj.exe",
    "naïve café.csv",
    "名前.csv",
    "a;b,c.csv",
    "back\\slash.csv",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_can_add_a_header_or_another_name(signed_in, name):
    course = taught(exercise={"filename": name})
    person = learner_of(course)
    sent = SubmissionFactory(learner=person, exercise=course.exercise)
    client = signed_in(person)

    answer = client.get(f"/submissions/{sent.public_id}/notebook.ipynb")

    assert re.fullmatch(r'attachment; filename="[\w-]+-attempt-1\.ipynb"', answer["Content-Disposition"], re.ASCII)
    assert answer.cookies.get("session") is None


@pytest.mark.parametrize("name", [name for name in NAMES if "\n" not in name])
def test_a_data_file_keeps_its_whole_name_as_one_name(name):
    answer = downloads.attachment(b"", name=name, type_=downloads.DATA)

    header = answer["Content-Disposition"]
    assert header.isascii()
    assert re.fullmatch(r"attachment; (filename=\"(?:[^\"\\]|\\.)*\"|filename\*=utf-8''[\w%.~!$&+^`|-]*)", header)


@pytest.mark.parametrize("full_name", ["Alice <b>Adams</b>", "名前", '=HYPERLINK("http://evil")', "a" * 200, "../../x"])
def test_the_name_of_a_learner_becomes_plain_letters(full_name):
    sent = SubmissionFactory(learner__full_name=full_name)

    name = downloads.name_of_answer(sent, with_person=True)

    assert re.fullmatch(r"exercise-[a-z0-9-]{1,60}-attempt-1\.ipynb", name)
