"""Access tokens over the API: made and revoked by somebody who is signed in, and what works with one."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.marking import MarkFactory
from tests.factories.people import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    operator,
    trainer_of,
    viewer_of,
)
from upskill.core.models import AuditEntry
from upskill.people import services, tokens
from upskill.people.models import AccessToken, TokenScope

from .problems import NO_TOKEN, NOBODY, NOT_FOUND, problem, told

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WANTED = {"name": "Laptop", "scopes": ["learn", "read"], "days": 30}
NOT_BY_TOKEN = problem(
    403, "Access tokens are managed by people, not by tokens. Sign in to the service for this.", kind="lacks-scope"
)


def lacks(scope: str):
    sentence = f"This access token lacks the scope “{scope}”. Make one that has it."
    return problem(403, sentence, kind="lacks-scope")


def issue(person, *, scopes=(TokenScope.READ,), days=1, now=None, name="Laptop"):
    return tokens.issue_token(person, name=name, scopes=scopes, days=days, now=now or timezone.now())


def bearer(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


# --- Making and revoking ---


def test_new_token_tells_its_secret_once(signed_in, post):
    alice = PersonFactory()
    client = signed_in(alice)

    made = post(client, "tokens/", WANTED)
    listed = client.get("/api/v1/tokens/")

    token = AccessToken.objects.get()
    assert token.expiry
    line = {
        "public_id": str(token.public_id),
        "name": "Laptop",
        "scopes": ["read", "learn"],
        "created_at": token.created.isoformat().replace("+00:00", "Z"),
        "expires_at": token.expiry.isoformat().replace("+00:00", "Z"),
        "last_used_on": None,
    }
    assert made.status_code == 201
    assert {name: value for name, value in made.json().items() if name != "secret"} == line
    assert listed.json() == [line]
    assert bearer(made.json()["secret"]).get("/api/v1/me/").json()["full_name"] == alice.full_name
    assert token.user == alice


def test_list_is_ones_own_and_names_neither_digest_nor_key(signed_in):
    alice = PersonFactory()
    mine, other = issue(alice).token, issue(PersonFactory(), name="Marker").token

    said = signed_in(alice).get("/api/v1/tokens/").content.decode()

    assert [word for word in (mine.digest, mine.token_key, other.digest, "Marker") if word in said] == []
    assert str(mine.public_id) in said


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud83d"}, "name"),
        ({"name": None}, "name"),
        ({"name": {"a": 1}}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": "read"}, "scopes"),
        ({"scopes": ["admin"]}, "scopes.0"),
        ({"scopes": ["read", "\ud83d"]}, "scopes.1"),
        ({"scopes": None}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 91}, "days"),
        ({"days": 1.5}, "days"),
        ({"days": "many"}, "days"),
        ({"days": 10**400}, "days"),
        ({"days": None}, "days"),
    ],
)
def test_token_that_makes_no_sense_is_refused_beside_its_field(signed_in, post, changed, field):
    status, _type, said = told(post(signed_in(PersonFactory()), "tokens/", {**WANTED, **changed}))

    assert (status, said["type"], list(said["errors"])) == (400, "urn:upskill:problem:invalid", [field])
    assert AccessToken.objects.count() == 0


def test_eleventh_token_is_refused(signed_in, post):
    alice = PersonFactory()
    for _ in range(10):
        issue(alice)

    answer = post(signed_in(alice), "tokens/", WANTED)

    sentence = "You have 10 access tokens already. Revoke one that you no longer use."
    assert told(answer) == problem(409, sentence, kind="too-many-tokens")


def test_revoked_token_works_no_more(signed_in):
    alice = PersonFactory()
    new = issue(alice)

    answer = signed_in(alice).delete(f"/api/v1/tokens/{new.token.public_id}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert told(bearer(new.secret).get("/api/v1/me/")) == NO_TOKEN
    assert AuditEntry.objects.filter(event="token.revoked", by=alice, about=alice).count() == 1


@pytest.mark.parametrize("other", [PersonFactory, operator])
def test_token_of_another_is_not_there(signed_in, other):
    token = issue(PersonFactory()).token

    answer = signed_in(other()).delete(f"/api/v1/tokens/{token.public_id}/")

    assert told(answer) == NOT_FOUND
    assert AccessToken.objects.filter(pk=token.pk).exists()


def test_tokens_cost_the_same_for_one_and_for_three(signed_in, django_assert_num_queries):
    alice = PersonFactory()
    client = signed_in(alice)
    for made in (1, 2):
        for _ in range(made):
            issue(alice)
        with django_assert_num_queries(4):
            answer = client.get("/api/v1/tokens/")

    assert len(answer.json()) == 3


def test_writing_needs_the_csrf_token_of_the_session(post):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(PersonFactory())

    assert told(post(browser, "tokens/", WANTED)) == problem(403, "CSRF Failed: CSRF cookie not set.")
    assert AccessToken.objects.count() == 0


# --- What a token may do ---

ADDRESSES = {
    "me/": "read",
    "me/skills/": "read",
    "me/certificates/": "read",
    "me/trail/": "read",
    "courses/": "read",
    "courses/none/": "read",
    "exercises/": "read",
    "exercises/a/b/c/": "read",
    "exercises/a/b/c/notebook/": "read",
    "exercises/a/b/c/files/d": "read",
    "submissions/": "read",
    "submissions/00000000-0000-4000-8000-000000000000/": "read",
    "submissions/00000000-0000-4000-8000-000000000000/marks/": "read",
    "team/": "team",
    "departments/": "department",
    "departments/none/": "department",
    "POST courses/none/enrolment/": "learn",
    "POST exercises/a/b/c/submissions/": "learn",
}


@pytest.mark.parametrize(("address", "scope"), ADDRESSES.items())
def test_token_opens_what_its_scope_names_and_nothing_else(program, address, scope):
    manager = viewer_of(OrganisationFactory())
    MembershipFactory(line_manager=manager)
    path = f"/api/v1/{address.rpartition(' ')[2]}"

    answers = {}
    for given in TokenScope:
        client = program(manager, given)
        answer = client.post(path) if address.startswith("POST") else client.get(path)
        answers[given.value] = answer.status_code if answer.status_code != 403 else told(answer)

    assert answers.pop(scope) in {200, 400, 404}
    assert answers == dict.fromkeys(answers, lacks(scope))


@pytest.mark.parametrize(
    ("method", "path"), [("get", "tokens/"), ("post", "tokens/"), ("delete", "tokens/{token}/"), ("options", "tokens/")]
)
def test_token_never_manages_tokens(method, path):
    new = issue(PersonFactory(), scopes=TokenScope)

    answer = bearer(new.secret).generic(
        method.upper(),
        f"/api/v1/{path.format(token=new.token.public_id)}",
        json.dumps(WANTED),
        content_type="application/json",
    )

    assert told(answer) == NOT_BY_TOKEN
    assert AccessToken.objects.count() == 1


def test_token_never_gives_more_than_its_person_may(program):
    client = program(PersonFactory())

    assert [client.get(f"/api/v1/{path}").status_code for path in ("team/", "departments/")] == [403, 403]


def test_trainers_token_opens_no_work_of_learners(program, signed_in):
    mark = MarkFactory()
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)
    client = program(trainer)
    path = f"/api/v1/submissions/{mark.submission.public_id}/"

    answers = [client.get(path), client.get(f"{path}marks/")]

    sentence = "An access token opens your own work only. Sign in to see the work of learners."
    assert [told(answer) for answer in answers] == [problem(403, sentence, kind="lacks-scope")] * 2
    assert AuditEntry.objects.filter(event="submission.viewed").count() == 0


def test_token_beside_a_session_counts_alone(signed_in):
    alice = PersonFactory()
    client, secret = signed_in(alice), issue(alice).secret

    answer = client.get("/api/v1/team/", headers={"Authorization": f"Bearer {secret}"})

    assert told(answer) == lacks("team")


# --- What is no token ---


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer a b", "Bearer x", "Bearer upskill_" + "0" * 64, "Bearer upskill_" + "g" * 64, "bearer \xff\xfe",
     "Bearer upskill_" + "0" * 65, "Bearer \u0661"],
)  # fmt: skip
def test_what_is_no_token_is_refused(client, header):
    answer = client.get("/api/v1/me/", headers={"Authorization": header.encode().decode("latin-1")})

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "about:blank"


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Token abc", "Digest"])
def test_another_way_to_sign_in_is_none(client, header):
    assert told(client.get("/api/v1/me/", headers={"Authorization": header})) == NOBODY


def test_token_that_has_ended_is_refused_and_deleted():
    alice = PersonFactory()
    old = issue(alice, now=timezone.now() - 2 * DAY)

    answer = bearer(old.secret).get("/api/v1/me/")

    assert (told(answer), AccessToken.objects.count()) == (NO_TOKEN, 0)


def test_token_of_a_suspended_account_is_refused():
    alice = PersonFactory()
    new = issue(alice)

    services.suspend(alice, by=operator(), now=timezone.now())

    assert told(bearer(new.secret).get("/api/v1/me/")) == NO_TOKEN


def test_token_that_outlived_a_suspension_is_refused_all_the_same():
    alice = PersonFactory()
    new = issue(alice)
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)

    assert told(bearer(new.secret).get("/api/v1/me/")) == NO_TOKEN


def test_day_of_the_last_use_is_kept():
    new = issue(PersonFactory())

    bearer(new.secret).get("/api/v1/me/")

    new.token.refresh_from_db()
    assert new.token.last_used_on == timezone.localdate()


def test_refused_use_is_no_use():
    new = issue(PersonFactory())

    bearer(new.secret[:-1] + "g").get("/api/v1/me/")

    new.token.refresh_from_db()
    assert new.token.last_used_on is None
