"""Who is asking, and that every answer of the API is JSON."""

import pytest

from tests.factories.catalogue import LearningPathFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
    trainer_of,
)
from upskill.learning import paths
from upskill.people.roles import Role

from .problems import NOBODY, NOT_FOUND, problem, told

pytestmark = pytest.mark.django_db


def test_me_of_a_learner(signed_in):
    alice = PersonFactory(full_name="Alice Adams")

    answer = signed_in(alice).get("/api/v1/me/")

    alice.refresh_from_db()
    assert answer.json() == {
        "public_id": str(alice.public_id),
        "full_name": "Alice Adams",
        "roles": [{"role": "learner"}],
        "path": None,
    }
    assert answer["Content-Type"] == "application/json"


def test_me_names_every_role_with_its_scope(signed_in):
    person = trainer_of("ethics")
    RoleGrantFactory(person=person, role=Role.TRAINER, course="basics")
    RoleGrantFactory(person=person, role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory(code="health"))
    RoleGrantFactory(person=person, role=Role.OPERATOR)
    MembershipFactory(line_manager=person)

    assert signed_in(person).get("/api/v1/me/").json()["roles"] == [
        {"role": "learner"},
        {"role": "trainer", "course": "basics"},
        {"role": "trainer", "course": "ethics"},
        {"role": "line_manager"},
        {"role": "department_viewer", "organisation": "health"},
        {"role": "operator"},
    ]


def test_me_names_the_path_that_i_follow_and_nobody_elses(signed_in):
    alice, path = PersonFactory(), LearningPathFactory(id="analyst")
    paths.follow(alice, path=path, now=NOON)
    paths.follow(PersonFactory(), path=LearningPathFactory(), now=NOON)

    assert signed_in(alice).get("/api/v1/me/").json()["path"] == "analyst"


def test_me_does_not_name_roles_that_have_ended(signed_in):
    former = trainer_of("ethics", ended_at=NOON)

    assert signed_in(former).get("/api/v1/me/").json()["roles"] == [{"role": "learner"}]


def test_me_never_tells_an_address(signed_in):
    alice = PersonFactory(email="alice.secret@example.gov.uk")

    assert "alice.secret" not in signed_in(alice).get("/api/v1/me/").content.decode()


def test_me_without_signing_in_is_refused_as_json(client):
    answer = client.get("/api/v1/me/")

    assert (told(answer), answer["WWW-Authenticate"]) == (NOBODY, "Bearer")


def test_me_of_a_suspended_account_is_refused(signed_in):
    alice = PersonFactory()
    client = signed_in(alice)
    alice.is_active = False
    alice.save()

    assert told(client.get("/api/v1/me/")) == NOBODY


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_me_is_only_read(signed_in, method):
    answer = getattr(signed_in(operator()), method)("/api/v1/me/")

    assert told(answer) == problem(405, f'Method "{method.upper()}" not allowed.')
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "address", ["", "nowhere/", "me", "submissions/not-an-id/", "me/more/", "%00/", "courses/a%2Fb/"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_leads_nowhere_says_so_as_json_to_everybody(client, signed_in, address, method):
    for asking in (client, signed_in(PersonFactory())):
        answer = getattr(asking, method)(f"/api/v1/{address}")

        assert told(answer) == NOT_FOUND
