"""How much and how often: pages of lists, requests a minute, and bodies that are made to do harm."""

import datetime as dt
import io
import json
import uuid

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import ParseError

from tests.factories.marking import JobFactory
from tests.factories.people import PersonFactory
from upskill.api import urls
from upskill.api.parsers import BoundedJSON
from upskill.core.models import Allowance

from .problems import problem, told

pytestmark = pytest.mark.django_db
TOO_OFTEN = problem(429, "You asked too often. Wait for as many seconds as the header Retry-After says.")
TOKEN = {"name": "Laptop", "scopes": ["read"], "days": 1}


# --- Pages ---


@pytest.fixture
def alice():
    """Somebody who handed in thirty answers."""
    person = PersonFactory()
    for number in range(30):
        JobFactory(submission__learner=person, submission__attempt=number + 1)
    return person


def attempts(answer) -> list[int]:
    return [row["attempt"] for row in answer.json()["results"]]


def test_list_comes_in_pages_of_25_with_links_that_name_no_host(signed_in, alice):
    client = signed_in(alice)

    first, second = client.get("/api/v1/submissions/"), client.get("/api/v1/submissions/?page=2")

    assert (attempts(first), attempts(second)) == (list(range(30, 5, -1)), list(range(5, 0, -1)))
    links = [[answer.json()[name] for name in ("count", "previous", "next")] for answer in (first, second)]
    assert links == [[30, None, "/api/v1/submissions/?page=2"], [30, "/api/v1/submissions/?page=1", None]]


def test_size_of_pages_can_be_chosen_and_is_kept_in_the_links(signed_in, alice):
    answer = signed_in(alice).get("/api/v1/submissions/?page=2&page_size=10")

    assert attempts(answer) == list(range(20, 10, -1))
    assert answer.json()["next"] == "/api/v1/submissions/?page=3&page_size=10"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=101", "page_size"),
        ("page_size=0", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=many", "page_size"),
        ("page=0", "page"),
        ("page=", "page"),
        ("page_size=", "page_size"),
        ("page=-1", "page"),
        ("page=last", "page"),
        ("page=%00", "page"),
        ("page=1.5", "page"),
        ("page=99999999999999999999", "page"),
    ],
)
def test_page_that_makes_no_sense_is_refused_beside_its_field(signed_in, query, field):
    status, _type, said = told(signed_in(PersonFactory()).get(f"/api/v1/submissions/?{query}"))

    assert (status, list(said["errors"])) == (400, [field])


def test_page_behind_the_last_is_not_there(signed_in):
    client = signed_in(PersonFactory())

    assert [client.get(f"/api/v1/submissions/?page={page}").status_code for page in (1, 2)] == [200, 404]


# --- How often ---


def test_person_asks_so_often_and_then_waits(signed_in, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    alice, bob = PersonFactory(), PersonFactory()

    answers = [signed_in(alice).get("/api/v1/me/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert told(answers[2]) == TOO_OFTEN
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert signed_in(bob).get("/api/v1/me/").status_code == 200


def test_session_and_tokens_of_a_person_spend_the_same_allowance(signed_in, program, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    alice = PersonFactory()

    answers = [client.get("/api/v1/me/").status_code for client in (signed_in(alice), program(alice), program(alice))]

    assert answers == [200, 200, 429]


def test_person_who_waited_may_ask_again(signed_in, settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    client = signed_in(PersonFactory())
    client.get("/api/v1/me/")

    Allowance.objects.update(ends_at=timezone.now() - dt.timedelta(hours=1))

    assert client.get("/api/v1/me/").status_code == 200


def test_writing_is_counted_more_strictly_whether_it_works_or_not(signed_in, post, settings):
    settings.API_WRITES_PER_MINUTE = 2
    client = signed_in(PersonFactory())

    answers = [post(client, "tokens/", body).status_code for body in (TOKEN, {}, TOKEN)]

    assert answers == [201, 400, 429]
    assert client.get("/api/v1/tokens/").status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer upskill_" + "0" * 64])
def test_nobody_in_particular_is_counted_by_place(client, settings, header):
    settings.API_REQUESTS_PER_PLACE = 2
    asked = [client.get("/api/v1/me/", headers={"Authorization": header}) for _ in range(3)]
    elsewhere = client.get("/api/v1/me/", headers={"Authorization": header}, REMOTE_ADDR="198.51.100.7")

    assert [answer.status_code for answer in asked] == [401, 401, 429]
    assert (told(asked[2]), elsewhere.status_code) == (TOO_OFTEN, 401)


@pytest.mark.parametrize("path", ["schema/", "nowhere/"])
def test_what_anybody_may_ask_is_counted_too(client, settings, path):
    settings.API_REQUESTS_PER_PLACE = 1

    answers = [client.get(f"/api/v1/{path}") for _ in range(2)]

    assert told(answers[1]) == TOO_OFTEN


def asked_for() -> list[tuple[str, str]]:
    """Every method of every address of the API. What an address names is there for nobody."""
    found = []
    for pattern in urls.urlpatterns:
        view, names = pattern.callback.view_class, pattern.pattern.converters  # type: ignore[attr-defined]
        path = reverse(f"api:{pattern.name}", kwargs=dict.fromkeys(names, str(uuid.uuid4())))
        found += [(method.upper(), path) for method in view.http_method_names if hasattr(view, method)]
    return found


def test_no_address_of_the_api_is_open_to_somebody_who_asked_too_often(client: Client, settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    client.force_login(PersonFactory())
    client.get("/api/v1/me/")

    answers = [(method, path, client.generic(method, path).status_code) for method, path in asked_for()]

    assert [answer for answer in answers if answer[2] != 429] == []
    assert {path for _method, path, _status in answers} > {"/api/v1/me/", "/api/v1/tokens/", "/api/v1/schema/"}


# --- Bodies ---


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "The body is not JSON in UTF-8."),
        (b"", "The body is not JSON in UTF-8."),
        (b"\xff\xfe", "The body is not JSON in UTF-8."),
        (b'{"days": NaN}', "The body is not JSON in UTF-8."),
        (b'{"days": -Infinity}', "The body is not JSON in UTF-8."),
        (b'{"days": ' + b"9" * 5000 + b"}", "The body is not JSON in UTF-8."),
        (b"[" * 60_000, "This JSON is nested too deeply."),
        (b'{"a":' * 10_000, "This JSON is nested too deeply."),
    ],
)
def test_body_that_is_no_json_is_refused_in_words(signed_in, body, sentence):
    answer = signed_in(PersonFactory()).post("/api/v1/tokens/", body + b" ", content_type="application/json")

    assert told(answer) == problem(400, sentence)


@pytest.mark.parametrize(("depth", "words"), [(200_000, "nested too deeply"), (600_000, "too many lists and objects")])
def test_notebook_nested_so_deep_is_refused(depth, words):
    body = io.BytesIO(b'{"notebook": ' + b"[" * depth + b"]" * depth + b"}")

    with pytest.raises(ParseError, match=words):
        BoundedJSON().parse(body)


def test_more_than_64_kb_is_refused_where_no_notebook_is_expected(signed_in):
    body = json.dumps({**TOKEN, "name": "x" * 70_000})

    answer = signed_in(PersonFactory()).post("/api/v1/tokens/", body, content_type="application/json")

    assert told(answer) == problem(413, "This is more than the API reads here. Send less.")


def test_body_beyond_all_measure_is_refused_as_problem_details(signed_in):
    client = signed_in(PersonFactory())

    answer = client.post("/api/v1/tokens/", {}, CONTENT_LENGTH=str(65 * 1024 * 1024))

    assert told(answer) == problem(413, "This is more than the API reads. Send less.")


@pytest.mark.parametrize("length", ["-1", "many", "1e9", "٣"])
def test_length_that_is_none_is_no_fault_of_ours(signed_in, length):
    answer = signed_in(PersonFactory()).post(
        "/api/v1/tokens/", json.dumps(TOKEN), content_type="application/json", CONTENT_LENGTH=length
    )

    assert answer.status_code == 400
