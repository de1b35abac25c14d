"""The demo page: one account per role on one's own machine, and no page at all anywhere else."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.people import NOON, PersonFactory
from upskill.core.models import AuditEntry
from upskill.people import demo
from upskill.people.models import User
from upskill.web.account.demo import STARTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_demo(settings):
    settings.DEMO_SIGNIN = True


@pytest.fixture
def loaded(open_demo):
    demo.load(now=NOON)


def test_page_lists_one_account_per_role(client, loaded):
    page = client.get("/demo/").content.decode()

    assert re.findall(r'name="role" value="(\w+)"', page) == [
        "learner",
        "trainer",
        "reviewer",
        "manager",
        "viewer",
        "administrator",
        "operator",
    ]
    assert re.findall(r"Sign in as (\w+ \w+)</button>", page) == [
        "Leila Learner", "Terry Trainer", "Rita Reviewer", "Maya Manager", "Vikram Viewer",
        "Leilani Sandwhistle", "Olivia Operator",
    ]  # fmt: skip


def test_page_before_loading_says_how_to_load(client, open_demo):
    page = client.get("/demo/").content.decode()

    assert "There are no demo accounts yet. Run <code>python manage.py load_demo</code>" in page
    assert 'name="role"' not in page


@pytest.mark.parametrize("role", list(STARTS))
def test_button_signs_in_and_opens_the_first_page_of_the_role(client, loaded, role):
    answer = client.post("/demo/sign-in/", {"role": role})

    person = User.objects.get(email=f"{role}@example.gov.uk")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse(STARTS[role]))
    assert client.session["_auth_user_id"] == str(person.pk)
    assert AuditEntry.objects.latest("pk").details == {"way": "demo"}


@pytest.mark.parametrize("role", list(STARTS))
def test_first_page_of_the_role_is_one_that_the_role_may_see(client, loaded, role):
    answer = client.post("/demo/sign-in/", {"role": role}, follow=True)

    assert answer.status_code == 200


@pytest.mark.parametrize("role", ["", "emperor", "1", "learner@example.gov.uk"])
def test_button_opens_no_account_but_those_on_the_page(client, loaded, role):
    PersonFactory(email="emperor@example.gov.uk")

    answer = client.post("/demo/sign-in/", {"role": role})

    assert (answer.status_code, client.session.get("_auth_user_id")) == (404, None)


def test_link_to_the_page_stands_below_the_form_where_it_exists(client, loaded, settings):
    with_it = client.get("/sign-in/").content.decode()
    settings.DEMO_SIGNIN = False
    without_it = client.get("/sign-in/").content.decode()

    assert [page.count('href="/demo/"') for page in (with_it, without_it)] == [1, 0]


def both_answers(client: Client, **sender) -> list[int]:
    return [
        client.get("/demo/", **sender).status_code,
        client.post("/demo/sign-in/", {"role": "learner"}, **sender).status_code,
    ]


def test_pages_do_not_exist_where_the_demo_is_off(client, loaded, settings):
    settings.DEMO_SIGNIN = False

    assert both_answers(client) == [404, 404]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "172.17.0.1", "2001:db8::1", ""])
def test_pages_do_not_exist_for_another_machine(client, loaded, address):
    assert both_answers(client, REMOTE_ADDR=address) == [404, 404]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Host"])
def test_pages_do_not_exist_behind_a_proxy_on_this_machine(client, loaded, header):
    assert both_answers(client, headers={header: "127.0.0.1"}) == [404, 404]


def test_button_needs_the_token_of_its_form(loaded):
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/demo/sign-in/", {"role": "learner"})

    assert (answer.status_code, client.session.get("_auth_user_id")) == (403, None)


def test_button_needs_a_click_and_not_a_link(client, loaded):
    assert client.get("/demo/sign-in/?role=learner").status_code == 405
