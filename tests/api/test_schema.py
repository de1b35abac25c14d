"""The API's description: without a warning, served to everybody, and the same as the copy in docs/."""

import json
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "docs" / "api" / "openapi.yaml"
REFRESH = "python3 manage.py spectacular --validate --fail-on-warn --file docs/api/openapi.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> str:
    """The description as it is made now; a warning or an error of the generator stops it."""
    file = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    return file.read_text()


@pytest.fixture(scope="module")
def described(made) -> dict:
    return yaml.safe_load(made)


def test_copy_in_the_documents_is_what_is_served(made):
    """Every field of every answer is in it, so whatever is told newly is seen in a change of this file."""
    assert made == COPY.read_text(), f"If the change is wanted: {REFRESH}"


def test_command_that_refreshes_the_copy_is_in_the_guide():
    assert REFRESH in (ROOT / "docs" / "api.md").read_text()


def test_answers_name_no_secret(described):
    told = {
        f"{name}.{field}"
        for name, schema in described["components"]["schemas"].items()
        for field in schema.get("properties", {})
    }
    hidden = ("digest", "token_key", "email", "is_active", "is_probe", "idempotency", "blob", ".id", "model_answer",
              "source_sha256", "hidden")  # fmt: skip

    assert [field for field in told if any(word in field for word in hidden)] == []
    assert [field for field in told if "secret" in field] == ["NewToken.secret"]


def test_every_operation_says_who_may_and_which_problems_it_has(described):
    operations = [operation for path in described["paths"].values() for operation in path.values()]

    assert [each["operationId"] for each in operations if {"401", "403", "429"} - each["responses"].keys()] == []
    assert [each["operationId"] for each in operations if each["security"] != [{"token": []}, {"session": []}]] == []
    assert [each["operationId"] for each in operations if not (each["tags"] and each["summary"])] == []


def test_every_problem_is_problem_details(described):
    kinds = {
        (status, media_type, content["schema"]["$ref"])
        for status, response in described["components"]["responses"].items()
        for media_type, content in response["content"].items()
    }

    assert {kind[1:] for kind in kinds} == {("application/problem+json", "#/components/schemas/Problem")}


def test_every_address_but_the_description_itself_is_described(described):
    names = {name for name in get_resolver("upskill.api.urls").reverse_dict if isinstance(name, str)}

    assert len(described["paths"]) == len(names - {"schema", "nowhere"})


@pytest.mark.django_db
def test_description_is_served_to_everybody_as_json_and_as_yaml(client, made):
    as_json = client.get("/api/v1/schema/")
    as_yaml = client.get("/api/v1/schema/", headers={"accept": "application/yaml"})

    assert (as_json["Content-Type"], as_yaml["Content-Type"]) == ("application/json", "application/yaml; charset=utf-8")
    assert json.loads(as_json.content) == yaml.safe_load(made)
    assert as_yaml.content.decode() == made
