"""Every refusal is problem details, wherever it arises, and a fault of ours tells nothing of itself."""

import pytest
import structlog
from django.db import connection
from django.test import Client

from tests.factories.people import PersonFactory
from upskill.api import problems

from .problems import NOBODY, problem, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
def test_format_that_the_api_has_not_is_refused(signed_in, accept):
    answer = signed_in(PersonFactory()).get("/api/v1/me/", headers={"accept": accept})

    assert told(answer) == problem(406, "Could not satisfy the request Accept header.")


@pytest.mark.parametrize("accept", ["application/x-ipynb+json", "*/*", "application/*"])
def test_problem_of_a_file_is_json_all_the_same(signed_in, accept):
    answer = signed_in(PersonFactory()).get("/api/v1/exercises/a/b/c/notebook/", headers={"accept": accept})

    assert told(answer)[:2] == (404, "application/problem+json")


def test_type_that_the_api_does_not_read_is_refused(signed_in):
    answer = signed_in(PersonFactory()).post("/api/v1/tokens/", "name=x", content_type="text/csv")

    assert told(answer) == problem(415, 'Unsupported media type "text/csv" in request.')


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_method_that_the_view_has_not_is_refused_with_those_that_it_has(program, method):
    answer = getattr(program(PersonFactory()), method)("/api/v1/me/skills/")

    assert told(answer) == problem(405, f'Method "{method.upper()}" not allowed.')
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_options_tells_the_methods_and_nothing_else(signed_in):
    answer = signed_in(PersonFactory()).options("/api/v1/tokens/")

    assert (answer.status_code, answer.content, answer["Allow"]) == (204, b"", "GET, POST, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["notebook/", "files/table.csv"])
def test_options_of_a_file_are_no_fault(signed_in, path):
    answer = signed_in(PersonFactory()).options(f"/api/v1/exercises/a/b/c/{path}")

    assert (answer.status_code, answer.content) == (204, b"")


def test_options_are_for_people_who_are_signed_in(client):
    assert told(client.options("/api/v1/tokens/")) == NOBODY


def test_head_is_get_without_its_body(signed_in):
    client = signed_in(PersonFactory())

    got, head = client.get("/api/v1/me/"), client.head("/api/v1/me/")

    assert (head.status_code, head.content, head["Content-Type"]) == (200, b"", got["Content-Type"])


def test_no_cache_keeps_or_mixes_up_what_people_see(signed_in, client):
    for answer in (client.get("/api/v1/me/"), signed_in(PersonFactory()).get("/api/v1/me/")):
        assert "no-store" in answer["Cache-Control"]
        assert {"Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}


# --- Before and outside of a view ---


def test_host_that_is_not_ours_is_a_problem(client):
    answer = client.get("/api/v1/me/", headers={"host": "evil.example"})

    assert told(answer) == problem(400, "This request cannot be read. Check its headers and its body.")


def test_form_that_cannot_be_read_is_a_problem(post):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(PersonFactory())
    browser.cookies["csrftoken"] = "a" * 32

    answers = [
        browser.post("/api/v1/exercises/a/b/c/submissions/", body, content_type=type_)
        for body, type_ in (
            ("x", "multipart/form-data"),
            ("--b\r\nbroken", "multipart/form-data; boundary=\xff"),
        )
    ]

    assert [told(answer)[:2] for answer in answers] == [(400, "application/problem+json")] * 2


def test_pages_keep_their_own_words(client):
    assert client.get("/nowhere/")["Content-Type"] == "text/html; charset=utf-8"


@pytest.fixture
def broken():
    """A database in which a table has been lost."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_rolegrant RENAME TO lost")


@pytest.mark.parametrize("debug", [False, True])
def test_fault_of_ours_tells_nothing_but_the_id_of_the_request(broken, settings, debug):
    settings.DEBUG = debug
    client = Client(raise_request_exception=False)
    client.force_login(PersonFactory())

    with structlog.contextvars.bound_contextvars(request_id="req-1"):
        answer = client.get("/api/v1/me/")

    sentence = "Something went wrong on our side. Nothing is lost that was answered with success. Try again later."
    assert told(answer) == problem(500, sentence)


def test_field_names_of_inner_errors_are_written_with_dots():
    detail = {"name": ["Too long."], "scopes": {0: ["No."], 2: ["No."]}, "non_field_errors": ["Odd."]}

    assert problems.by_field(detail) == {
        "name": ["Too long."], "scopes.0": ["No."], "scopes.2": ["No."], "body": ["Odd."],
    }  # fmt: skip


def test_errors_in_a_list_are_numbered():
    assert problems.by_field([{}, {"name": ["Too long."]}]) == {"1.name": ["Too long."]}
