"""What is sent to wear the service out: refused early, and never answered with a fault of ours."""

import io
import time
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.marking import MarkFactory
from tests.factories.people import PersonFactory, trainer_of
from tests.grading.answering import RIGHT, answered, exercise
from tests.web.learner.pages import errors, learner_of, main, taught, title
from upskill.learning.models import QuizAttempt, Submission
from upskill.web.middleware import LARGEST_BODY_BYTES, LARGEST_HEARD_OUT_BYTES

pytestmark = pytest.mark.django_db
ANSWER = answered(exercise("doubling"), **RIGHT).encode()
NUMBERS = ["999999999999", "9" * 5000, "-1", "0", "1.5", "abc", "", "²", "٣", "1e9", "\x00", "1;drop", "None", "💥"]


def hand_in(client, course, content: bytes, **more):
    sent = {"idempotency_key": str(uuid.uuid4()), "notebook": SimpleUploadedFile("a.ipynb", content)}
    return client.post(f"{course.exercise_url}submit/", {**sent, **more})


# --- How much ---


TOO_LARGE = (413, "What you sent is too large – AI skills for government")


@pytest.mark.parametrize("announced", [LARGEST_HEARD_OUT_BYTES + 1, 10**30])
def test_a_body_beyond_all_measure_is_refused_before_any_of_it_is_read(client, announced):
    class Untouchable:
        def read(self, *_):
            raise AssertionError("the body was read")

        readline = read

    page = client.generic("POST", "/sign-in/", **{"CONTENT_LENGTH": str(announced), "wsgi.input": Untouchable()})

    assert (page.status_code, title(page)) == TOO_LARGE


def test_a_large_body_is_heard_out_before_it_is_refused(client):
    sent = io.BytesIO(b"x" * (LARGEST_BODY_BYTES + 1))

    page = client.generic("POST", "/sign-in/", **{"CONTENT_LENGTH": str(LARGEST_BODY_BYTES + 1), "wsgi.input": sent})

    assert (page.status_code, title(page), sent.read()) == (*TOO_LARGE, b"")


def test_whoever_hangs_up_while_a_large_body_is_heard_out_is_no_fault(client):
    class HungUp:
        def read(self, *_):
            raise ConnectionResetError

        readline = read

    page = client.generic(
        "POST", "/sign-in/", **{"CONTENT_LENGTH": str(LARGEST_BODY_BYTES + 1), "wsgi.input": HungUp()}
    )

    assert (page.status_code, title(page)) == TOO_LARGE


def test_a_body_of_unknown_length_is_refused_before_any_of_it_is_read(client):
    page = client.generic("POST", "/sign-in/", b"email=a", headers={"transfer-encoding": "chunked"})

    assert (page.status_code, title(page)) == (411, "Sorry, we could not read what was sent – AI skills for government")


def test_limits_leave_room_for_the_sentence_about_a_notebook_that_is_a_little_too_large(signed_in):
    course = taught()

    page = hand_in(signed_in(learner_of(course)), course, b'{"nbformat": 4, "x": "' + b"x" * 10_000_001 + b'"}')

    assert (page.status_code, errors(page)[0][0]) == (422, "id_notebook")
    assert LARGEST_BODY_BYTES > 10_000_000 + 1_000_000


# --- How many ---


def test_a_form_of_very_many_fields_is_refused(signed_in):
    course = taught()

    page = signed_in(learner_of(course)).post(
        course.item_url(course.quiz, "answers/"), {f"field-{number}": "x" for number in range(501)}
    )

    assert (page.status_code, QuizAttempt.objects.count()) == (400, 0)
    assert title(page) == "Sorry, we could not read what was sent – AI skills for government"


def test_a_form_with_more_than_one_file_is_refused(signed_in):
    course = taught()

    page = hand_in(signed_in(learner_of(course)), course, ANSWER, other=SimpleUploadedFile("b.ipynb", ANSWER))

    assert (page.status_code, Submission.objects.count()) == (400, 0)


def test_a_text_beyond_all_measure_is_refused(signed_in):
    course = taught()

    page = signed_in(learner_of(course)).post(
        course.item_url(course.quiz, "answers/"), {"one-of-two": "x" * (3 * 1024 * 1024)}
    )

    assert (page.status_code, QuizAttempt.objects.count()) == (400, 0)


# --- How deep ---


@pytest.mark.parametrize("opened", [b"[", b'{"a":', b'[{"a":'])
def test_an_answer_nested_without_end_is_refused_in_a_moment(signed_in, opened):
    course = taught()
    client = signed_in(learner_of(course))
    client.get(course.exercise_url)

    started = time.perf_counter()
    page = hand_in(client, course, b'{"nbformat": ' + opened * 200_000)
    seconds = time.perf_counter() - started

    assert errors(page)[0][1].startswith("This file is nested too deeply to be a notebook.")
    assert seconds < 1  # the whole page; the reader alone is timed in tests/grading


# --- Odd numbers and texts ---


@pytest.mark.parametrize("number", NUMBERS)
def test_no_page_number_is_a_fault(signed_in, number):
    mark = MarkFactory()
    course = mark.submission.exercise.item_version.item.course_id

    page = signed_in(trainer_of(course)).get(f"/trainer/{course}/", {"page": number, "show": number})

    assert (page.status_code, f"/trainer/submissions/{mark.submission.public_id}/" in main(page)) == (200, True)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_of_a_mark_is_a_fault(signed_in, number):
    mark = MarkFactory()
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)

    page = signed_in(trainer).post(
        f"/trainer/submissions/{mark.submission.public_id}/points/",
        {"mark": number, "points-test_one": number, "reason": number},
    )

    assert page.status_code in {404, 422}


ODD = ["\x00", "a\x00b", "\u202e", "a" * 100_000, "%00", "%ff", "'\"`;--"]


@pytest.mark.parametrize("text", ODD)
def test_no_text_in_a_form_is_a_fault(signed_in, client, text):
    course = taught()
    person = learner_of(course)
    asked = client.post("/sign-in/", {"email": text, "next": text})

    answered_quiz = signed_in(person).post(course.item_url(course.quiz, "answers/"), {"one-of-two": text})
    handed_in = hand_in(client, course, ANSWER, idempotency_key=text)

    assert (asked.status_code, answered_quiz.status_code, handed_in.status_code) == (422, 422, 422)


@pytest.mark.parametrize(
    "path", ["/%00", "/courses/%00/", "/sign-in/%00/", "/submissions/%00/", "/%ff%fe", "/courses/a%0ab/"]
)
def test_no_path_is_a_fault(signed_in, path):
    page = signed_in(PersonFactory()).get(path)

    assert page.status_code in {404, 410}


@pytest.mark.parametrize("query", ["next=%00", "next=%ff", "again=%00", "show=%00&page=%00", "&".join(["a=b"] * 600)])
def test_no_query_is_a_fault(signed_in, client, query):
    course = taught()

    asked = client.get(f"/sign-in/?{query}")
    quiz = signed_in(learner_of(course)).get(f"{course.item_url(course.quiz)}?{query}")

    assert {asked.status_code, quiz.status_code} <= {200, 400}


COOKIES = ["\x00", "a" * 5000, '"abcdefgh\\000"', "../../etc/passwd", "abcdefgh\ud800"]


@pytest.mark.parametrize("value", COOKIES)
@pytest.mark.parametrize("cookie", ["session", "csrf", "messages", "django_language"])
def test_no_cookie_is_a_fault(client, settings, cookie, value):
    name = {"session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}.get(cookie, cookie)

    raw = f"{name}={value}".encode("utf-8", "surrogatepass").decode("latin-1")
    pages = [client.get("/skills/", HTTP_COOKIE=raw), client.post("/sign-in/", {"email": "a"}, HTTP_COOKIE=raw)]

    assert [page.status_code for page in pages] == [302, 422]
