"""As each role, what the schema allows and much that it does not: no fault of ours, no breach of the schema."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.openapi.loaders import from_dict
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import ignored_auth
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.content.turns import number_of_this_run, one_in

from .world import ROLES, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# What chance makes up may be a notebook, but no answer to the exercise.
NO_ANSWER = {
    "include-operation-id": "hand_in",
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]}},
}
# What chance makes up may be more than is read.
TOO_MUCH = {
    "include-operation-id": "save_draft",
    "checks": {"negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "409", "413", "415"]}},
}
BY_CHANCE = hypothesis_settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,  # as where CI is set: what is found there is found here
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PROGRAM = "learner's program"
EVERYBODY = {
    "read_me", "read_my_skills", "list_my_certificates", "list_my_trail", "list_courses", "read_course", "enrol",
    "list_exercises",
    "read_exercise", "read_draft", "save_draft", "download_notebook", "download_file", "list_submissions",
    "list_tokens", "issue_token", "revoke_token", "list_my_assignments",
}  # fmt: skip
OPENED = {
    "anonymous": set(),
    "learner": EVERYBODY | {"read_submission", "list_marks"},
    "learner elsewhere": EVERYBODY,
    "trainer": EVERYBODY | {"read_submission", "list_marks"},
    "trainer of another course": EVERYBODY,
    "line manager": EVERYBODY | {"read_team", "list_team_assignments"},
    "department viewer": EVERYBODY
    | {
        "list_departments",
        "read_department",
        "list_department_parts",
        "list_department_slices",
        "list_department_trend",
        "read_government",
        "list_government_slices",
        "list_government_trend",
    },
    "operator": EVERYBODY,
    "suspended": set(),
    PROGRAM: EVERYBODY - {"list_tokens", "issue_token", "revoke_token"} | {"read_submission", "list_marks"},
}


@pytest.fixture
def world(settings) -> Iterator[World]:
    """A full service in one transaction, and nobody who has to wait."""
    for name in ("REQUESTS_PER_MINUTE", "WRITES_PER_MINUTE", "SAVES_PER_MINUTE", "REQUESTS_PER_PLACE"):
        setattr(settings, f"API_{name}", 10**9)
    for signal in (request_started, request_finished):  # as Django's own test client does
        signal.disconnect(close_old_connections)
    yield build()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def described(world: World) -> OpenApiSchema:
    """The schema, with ids in its paths and words in its queries that lead somewhere, and the site itself behind it."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path in schema["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" or parameter["name"] in ("people", "skill"):
                    ids = world.ids(parameter["name"], operation["operationId"])
                    parameter["schema"] = {"type": "string", "enum": ids}
    loaded = from_dict(schema, config=SchemathesisConfig.from_dict({"operations": [NO_ANSWER, TOO_MUCH]}))
    loaded.app = get_wsgi_application()
    return loaded


def sent_by(world: World, role: str) -> dict[str, Any]:
    """What a program, or the browser of this role, sends with each request."""
    if role == PROGRAM:
        return {"headers": {"Authorization": f"Bearer {world.secret}"}}
    client, person = Client(), world.people[role]
    if person:
        client.force_login(person)
    if person and role == "suspended":
        type(person).objects.filter(pk=person.pk).update(is_active=False)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    session = {"cookies": {**cookies, "csrftoken": "a" * 32}, "headers": {"X-CSRFToken": "a" * 32}}
    return {
        **session,
        "excluded_checks": [ignored_auth],
    }  # it would leave the cookies in; the program's token it takes out


def edges(schema: OpenApiSchema, operation: APIOperation) -> Iterator[Case]:
    """Each bound that the schema sets, kept and broken."""
    config = schema.config.generation_for(operation=operation)
    yield from schema.iter_coverage_cases(operation, generation_modes=list(GenerationMode), generation_config=config)


@dataclass
class Visit:
    """What a role found: breaches of the schema, and the operations that let it in."""

    breaches: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)


def ask(case: Case, *, visit: Visit, sent: dict[str, Any]) -> None:
    """Every check of schemathesis on the answer to this request."""
    try:
        answer = case.call_and_validate(**sent)
    except FailureGroup as failures:
        asked = f"{case.method} {case.path} {case.query} {case.body!r:.300}"
        visit.breaches.extend(f"{asked}: {failure}" for failure in failures.exceptions)
    else:
        if answer.status_code < 300 and case.method == case.operation.method.upper():
            visit.opened.add(case.operation.definition.raw["operationId"])


def visited(schema: OpenApiSchema, *, sent: dict[str, Any]) -> Visit:
    """What came of asking for every operation: at the schema's edges, and with what chance makes up."""
    visit = Visit()

    def check(case: Case) -> None:
        ask(case, visit=visit, sent=sent)

    for operation in [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]:
        for case in edges(schema, operation):
            check(case)
        for mode in GenerationMode:
            seed(1)(BY_CHANCE(given(case=operation.as_strategy(generation_mode=mode))(check)))()
    return visit


@pytest.mark.parametrize("role", one_in(number_of_this_run(), [*ROLES, PROGRAM], turns=2))
def test_role_finds_no_fault_and_no_breach(world, role):
    schemathesis.checks.load_all_checks()

    visit = visited(described(world), sent=sent_by(world, role))

    assert visit.breaches == []
    # Whether a token is left to revoke, or a draft is at a revision, depends on what was asked before.
    assert visit.opened | {"revoke_token", "save_draft"} >= OPENED[role] >= visit.opened
