"""The pages of access tokens: a list, a form, the secret once, and a question before one is revoked."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.people import MembershipFactory, OrganisationFactory, PersonFactory, operator, viewer_of
from tests.web.learner.pages import errors, links, listed, main, title, words
from upskill.people import tokens
from upskill.people.models import AccessToken, TokenScope

pytestmark = pytest.mark.django_db
NEW = "/account/tokens/new/"
WANTED = {"name": "My script", "scopes": ["read", "learn"], "days": "30"}


def issue(person, *, name="Laptop", days=30, scopes=(TokenScope.READ,)) -> tokens.NewToken:
    return tokens.issue_token(person, name=name, scopes=scopes, days=days, now=timezone.now())


def offered(page) -> list[str]:
    return re.findall(r'name="scopes" value="([a-z]+)"', main(page))


# --- The account's page ---


def test_account_page_leads_to_tokens_and_to_what_is_kept(signed_in):
    alice = PersonFactory(full_name="Alice Adams", email="alice@example.gov.uk")

    page = signed_in(alice).get("/account/")

    assert title(page) == "Your account – AI skills for government"
    assert ("/account/tokens/", "Access tokens for programs") in links(page)
    assert ("/privacy/", "Privacy: what we keep, who sees it, and your rights") in links(page)
    assert "Alice Adams" in words(main(page))
    assert "alice@example.gov.uk" in words(main(page))


def test_name_in_the_header_leads_to_the_account(signed_in):
    page = signed_in(PersonFactory(full_name="Alice Adams")).get("/courses/").content.decode()

    assert re.search(r'<a class="app-account__link" href="/account/">.*Alice Adams</a>', page)


@pytest.mark.parametrize("path", ["/account/", "/account/tokens/", NEW])
def test_pages_are_for_people_who_are_signed_in(client, path):
    assert client.get(path)["Location"] == f"/sign-in/?next={path}"


# --- The list ---


def test_list_without_tokens_says_who_needs_one(signed_in):
    page = signed_in(PersonFactory()).get("/account/tokens/")

    assert "You have no tokens. You need one only if you write a program" in words(main(page))
    assert (NEW, "Make a token") in links(page)


def test_list_names_what_each_token_may_and_when_it_was_used(signed_in):
    alice = PersonFactory()
    used = issue(alice, name="Used", scopes=[TokenScope.READ, TokenScope.TEAM]).token
    AccessToken.objects.filter(pk=used.pk).update(last_used_on=dt.date(2026, 11, 20))
    issue(alice, name="New")
    issue(PersonFactory(), name="Marker")

    page = signed_in(alice).get("/account/tokens/")

    assert listed(page, css="govuk-summary-card__title") == ["New", "Used"]
    assert "Last used 20 November 2026" in words(main(page))
    assert "Last used Never" in words(main(page))
    may = "Read my record and the courses Read the levels of my team, and what they were asked to learn"
    assert f"What it may do {may} Made" in words(main(page))
    assert (f"/account/tokens/{used.public_id}/revoke/", "Revoke Used") in links(page)
    assert [word for word in ("Marker", used.digest, used.token_key) if word in page.content.decode()] == []


def test_list_of_ten_offers_no_more(signed_in):
    alice = PersonFactory()
    for _ in range(10):
        issue(alice)

    page = signed_in(alice).get("/account/tokens/")

    assert "You have 10 tokens, which is the most that anybody may have. Revoke one" in words(main(page))
    assert NEW not in dict(links(page))


def test_list_costs_the_same_with_one_token_and_with_three(signed_in, django_assert_num_queries):
    alice = PersonFactory()
    client = signed_in(alice)
    for made in (1, 2):
        for _ in range(made):
            issue(alice)
        with django_assert_num_queries(4):
            page = client.get("/account/tokens/")

    assert len(listed(page, css="govuk-summary-card__title")) == 3


# --- Making one ---


def test_new_token_is_shown_once_and_works(signed_in):
    alice = PersonFactory()

    page = signed_in(alice).post(NEW, WANTED)

    token = AccessToken.objects.get()
    secret = re.search(r"upskill_[0-9a-f]{64}", main(page))
    assert secret
    assert token.expiry
    assert (page.status_code, title(page)) == (200, "Your new token – AI skills for government")
    assert "no-store" in page["Cache-Control"]
    assert (token.user, token.name, token.scopes) == (alice, "My script", ["read", "learn"])
    assert 29 <= (token.expiry - timezone.now()).days <= 30
    program = Client(headers={"Authorization": f"Bearer {secret[0]}"})
    assert program.get("/api/v1/me/").json()["full_name"] == alice.full_name
    assert "upskill_" not in signed_in(alice).get("/account/tokens/").content.decode()


def test_form_offers_what_the_roles_of_its_person_give(signed_in):
    unit = OrganisationFactory()
    manager = MembershipFactory(line_manager=PersonFactory()).line_manager

    scopes = [offered(signed_in(person).get(NEW)) for person in (PersonFactory(), operator(), manager, viewer_of(unit))]

    assert scopes == [["read", "learn"]] * 2 + [["read", "learn", "team"], ["read", "learn", "department"]]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"name": ""}, ("id_name", "Enter what the token is for")),
        ({"name": "x" * 81}, ("id_name", "What it is for must be 80 characters or fewer")),
        ({"scopes": []}, ("id_scopes_0", "Choose at least one thing that the token may do")),
        ({"days": ""}, ("id_days", "Enter for how many days it works")),
        ({"days": "0"}, ("id_days", "The number of days must be a whole number from 1 to 90")),
        ({"days": "91"}, ("id_days", "The number of days must be a whole number from 1 to 90")),
        ({"days": "a week"}, ("id_days", "The number of days must be a whole number from 1 to 90")),
    ],
)
def test_form_that_is_not_complete_says_so_beside_its_field_and_above(signed_in, changed, error):
    page = signed_in(PersonFactory()).post(NEW, {**WANTED, **changed})

    assert (page.status_code, title(page)) == (422, "Error: Make a token – AI skills for government")
    assert errors(page) == [error]
    assert listed(page, css="govuk-error-message") == [f"Error: {error[1]}"]
    assert AccessToken.objects.count() == 0


@pytest.mark.parametrize("scope", ["team", "department", "admin", ""])
def test_scope_that_is_not_offered_is_refused(signed_in, scope):
    page = signed_in(PersonFactory()).post(NEW, {**WANTED, "scopes": [scope]})

    assert (page.status_code, errors(page)[0][0]) == (422, "id_scopes_0")
    assert AccessToken.objects.count() == 0


def test_eleventh_token_is_refused_in_words(signed_in):
    alice = PersonFactory()
    for _ in range(10):
        issue(alice)

    page = signed_in(alice).post(NEW, WANTED)

    assert (page.status_code, errors(page)) == (
        422, [("", "You have 10 access tokens already. Revoke one that you no longer use.")],
    )  # fmt: skip
    assert AccessToken.objects.count() == 10


# --- Revoking one ---


def test_revoking_asks_first(signed_in):
    token = issue(alice := PersonFactory()).token

    page = signed_in(alice).get(f"/account/tokens/{token.public_id}/revoke/")

    assert "Do you want to revoke “Laptop”?" in words(main(page))
    assert "It has never been used." in words(main(page))
    assert ("/account/tokens/", "Cancel") in links(page)
    assert AccessToken.objects.count() == 1


def test_revoked_token_is_gone_and_said_so(signed_in):
    token = issue(alice := PersonFactory()).token
    client = signed_in(alice)

    answer = client.post(f"/account/tokens/{token.public_id}/revoke/", follow=True)

    assert answer.redirect_chain == [("/account/tokens/", 302)]
    assert "“Laptop” is revoked and no longer works." in words(answer)
    assert AccessToken.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("other", [PersonFactory, operator])
def test_token_of_another_is_not_there(signed_in, method, other):
    token = issue(PersonFactory(), name="Marker").token

    page = getattr(signed_in(other()), method)(f"/account/tokens/{token.public_id}/revoke/")

    assert (page.status_code, "Marker" in page.content.decode()) == (404, False)
    assert AccessToken.objects.count() == 1


def test_token_that_has_ended_is_not_there(signed_in):
    alice = PersonFactory()
    token = issue(alice).token
    AccessToken.objects.filter(pk=token.pk).update(expiry=timezone.now() - dt.timedelta(seconds=1))

    assert signed_in(alice).get(f"/account/tokens/{token.public_id}/revoke/").status_code == 404


@pytest.mark.parametrize("path", [NEW, "/account/tokens/00000000-0000-4000-8000-000000000000/revoke/"])
def test_forms_need_the_csrf_token(path):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(PersonFactory())

    assert browser.post(path, WANTED).status_code == 403
    assert AccessToken.objects.count() == 0


def test_name_of_a_token_is_text_and_no_markup(signed_in):
    alice = PersonFactory()
    issue(alice, name="<script>alert(1)</script>")

    page = signed_in(alice).get("/account/tokens/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
