"""Whoever sends more than is asked changes nothing more: every name that a row or an answer has, at every address that
writes.
"""

import importlib
import json
import pkgutil
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.serializers import Serializer

from tests.factories import exercises
from tests.factories.people import NOON, PersonFactory, operator
from upskill.api import serializers
from upskill.core.models import Allowance
from upskill.learning.models import Draft, Enrolment
from upskill.people import tokens
from upskill.people.models import AccessToken, TokenScope, User

pytestmark = pytest.mark.django_db
EVIL: dict[str, Any] = {
    "true": True,
    "a number": 999_999,
    "a role": "operator",
    "a moment": "2099-01-01T00:00:00Z",
    "a list": ["team", "department"],
}
MODELS = [model for model in apps.get_models() if model._meta.app_label in {
    "core", "people", "catalogue", "learning", "marking", "skills",
} and model is not Allowance]  # fmt: skip

Rows = dict[tuple[str, Any], dict[str, Any]]


def names() -> set[str]:
    """Every name of a field, of any model and any serializer of ours."""
    for module in pkgutil.iter_modules(serializers.__path__):
        importlib.import_module(f"{serializers.__name__}.{module.name}")
    known = [each for each in Serializer.__subclasses__() if each.__module__.startswith("upskill.")]
    known += [child for each in known for child in each.__subclasses__()]
    said = {str(name) for each in known for name in each().fields}
    kept = {name for model in MODELS for field in model._meta.fields for name in (field.name, field.attname)}
    return said | kept | {"is_staff", "is_superuser", "user_permissions", "groups", "password"}


def rows() -> Rows:
    """Everything that is stored."""
    return {
        (model._meta.label, row["pk"]): row
        for model in MODELS
        for row in model._default_manager.values("pk", *(field.attname for field in model._meta.concrete_fields))
    }


def changed(before: Rows) -> tuple[list[str], list[str], list[tuple[str, Any]]]:
    """The kinds of rows that are new, those that are gone, and what became another."""
    after = rows()
    new = sorted(label for label, pk in after.keys() - before.keys())
    gone = sorted(label for label, pk in before.keys() - after.keys())
    return new, gone, [key for key in after.keys() & before.keys() if after[key] != before[key]]


@pytest.fixture
def exercise():
    return exercises.real_exercise()


@pytest.fixture
def alice(exercise) -> User:
    return PersonFactory()


@pytest.fixture
def victims(exercise):
    """Others whose rows are there to be changed."""
    for person in (PersonFactory(), operator()):
        Enrolment.objects.create(learner=person, course=exercise.item_version.item.course, enrolled_at=NOON)
        tokens.issue_token(person, name="Theirs", scopes=[TokenScope.READ], days=5, now=timezone.now())


@pytest.fixture(params=EVIL)
def more(request, victims) -> dict[str, Any]:
    """Every name with a value that nobody was asked for."""
    return dict.fromkeys(names(), EVIL[request.param])


def test_names_are_those_that_somebody_would_try():
    wanted = {
        *("role", "is_active", "is_probe", "learner", "learner_id", "points", "passed", "given_by", "user", "expiry"),
        *("digest", "token_key", "public_id", "attempt", "state", "secret", "submitted_at", "enrolled_at", "lane"),
        *("organisation", "line_manager", "email", "level"),
    }

    assert wanted - names() == set()
    assert len(names()) > 120


def test_enrolment_is_ones_own_and_now(signed_in, post, exercise, alice, more):
    course = exercise.item_version.item.course
    client, before, began = signed_in(alice), rows(), timezone.now()

    answer = post(client, f"courses/{course.pk}/enrolment/", more)

    enrolment = Enrolment.objects.get(learner=alice)
    assert (answer.status_code, changed(before)) == (201, (["core.AuditEntry", "learning.Enrolment"], [], []))
    assert (enrolment.course, began <= enrolment.enrolled_at <= timezone.now()) == (course, True)


@pytest.mark.parametrize("way", ["json", "form"])
def test_answer_is_ones_own_and_unmarked(signed_in, exercise, alice, more, way, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2 * len(more) + 1  # or a form with all names twice is refused for its size
    Enrolment.objects.create(learner=alice, course=exercise.item_version.item.course, enrolled_at=NOON)
    client, before, began = signed_in(alice), rows(), timezone.now()
    item = exercise.item_version.item
    path, key = f"/api/v1/exercises/{item.course_id}/{item.key}/submissions/", {"Idempotency-Key": "key"}
    content = exercises.answer()

    if way == "json":
        body = json.dumps({**more, "notebook": json.loads(content)})
        answer = client.post(path, body, content_type="application/json", headers=key)
    else:
        answer = client.post(path, {**more, "notebook": SimpleUploadedFile("a.ipynb", content)}, headers=key)

    sent = alice.submissions.get()
    new = ["core.AuditEntry", "core.AuditEntry", "core.Blob", "learning.Submission", "marking.Job"]
    assert (answer.status_code, changed(before)) == (201, (new, [], []))
    assert (sent.exercise, sent.attempt, sent.idempotency_key) == (exercise, 1, "key")
    assert began <= sent.submitted_at <= timezone.now()
    assert [(job.state, job.lane, job.tries, job.rerun_of) for job in sent.jobs.all()] == [
        ("queued", "interactive", 0, None)
    ]


def test_draft_is_ones_own_and_now(signed_in, exercise, alice, more):
    Enrolment.objects.create(learner=alice, course=exercise.item_version.item.course, enrolled_at=NOON)
    client, before, began = signed_in(alice), rows(), timezone.now()
    item = exercise.item_version.item
    body = json.dumps({**more, "revision": 0, "cells": {}})

    answer = client.put(f"/api/v1/exercises/{item.course_id}/{item.key}/draft/", body, content_type="application/json")

    draft = Draft.objects.get(learner=alice)
    assert (answer.status_code, changed(before)) == (200, (["learning.Draft"], [], []))
    assert (draft.item, draft.revision, draft.cells) == (item, 1, {})
    assert began <= draft.saved_at <= timezone.now()


def test_token_is_ones_own_with_what_was_asked_for(signed_in, post, alice, more):
    client, before, began = signed_in(alice), rows(), timezone.now()

    answer = post(client, "tokens/", {**more, "name": "Mine", "scopes": ["read"], "days": 3})

    token = AccessToken.objects.get(user=alice)
    assert (answer.status_code, changed(before)) == (201, (["core.AuditEntry", "people.AccessToken"], [], []))
    assert (token.name, token.scopes, token.last_used_on) == ("Mine", ["read"], None)
    assert token.expiry
    assert (token.expiry - began).days == 3
    assert [value for value in more.values() if str(value) in (token.digest, token.token_key)] == []


def test_revoking_takes_that_token_away_and_nothing_else(signed_in, alice, more):
    new = tokens.issue_token(alice, name="Mine", scopes=[TokenScope.READ], days=5, now=timezone.now())
    client, before = signed_in(alice), rows()

    answer = client.delete(f"/api/v1/tokens/{new.token.public_id}/", json.dumps(more), content_type="application/json")

    assert (answer.status_code, changed(before)) == (204, (["core.AuditEntry"], ["people.AccessToken"], []))


def test_no_address_writes_that_is_not_tried_here():

    described = SchemaGenerator().get_schema(request=None, public=True)

    writing = {
        operation["operationId"]
        for path in described["paths"].values()
        for method, operation in path.items()
        if method not in {"get", "head", "options"}
    }
    assert writing == {"enrol", "hand_in", "issue_token", "revoke_token", "save_draft"}
