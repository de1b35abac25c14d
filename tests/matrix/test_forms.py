"""A form changes what it is for and nothing else, whatever is sent with it."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from .ask import parameters, path, send, visitor
from .changes import effect, every_row, tables_changed
from .forms import FORMS
from .table import ROWS, SAFE, Row
from .world import World

pytestmark = [pytest.mark.matrix, pytest.mark.slow, pytest.mark.django_db]
DONE = [(row, role) for row in ROWS for role, word in row.cells.items() if row.method not in SAFE and word == "done"]
FORMS_SENT = list({row.address: (row, role) for row, role in reversed(DONE)}.values())
IDS = [f"{row} as {role}" for row, role in FORMS_SENT]


def sneaked(world: World) -> dict[str, str]:
    """Every field of every table of ours, under each of its names, with a value that would matter."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("upskill.")]
    fields = [field for model in ours for field in model._meta.concrete_fields]
    named = {name: _worth_having(field, world) for field in fields for name in (field.name, field.attname)}
    return named | {"is_staff": "on", "is_superuser": "on", "next_url": "//elsewhere.example", "as_user": "1"}


def _worth_having(field: Any, world: World) -> str:
    """A value that fits the field: somebody of B for a person, the highest figure, yes for a question."""
    if field.related_model:
        return str(world.b.people["operator"].pk)
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField | models.DateField):
        return "2020-01-01"
    if isinstance(field, models.IntegerField | models.DecimalField):
        return "4"
    return str(field.choices[-1][0]) if field.choices else "sneaked-in"


def done(world: World, row: Row, role: str, *, more: dict[str, str]) -> tuple[set[str], list[str], int]:
    """Tables changed, the effect in words, and the status, of sending the form with more in it; all of it undone."""
    values = parameters(row.address, world=world, side=world.a)
    form, before = FORMS[row.name], every_row()
    wanted = form.data(world.a, values)
    with transaction.atomic():
        answer = send(visitor(world, role), row.method, path(row.name, values), more | wanted, as_json=form.as_json)
        after = every_row()
        transaction.set_rollback(True)
    return tables_changed(before, after=after), effect(before, after=after), answer.status_code


@pytest.mark.parametrize(("row", "role"), FORMS_SENT, ids=IDS)
def test_form_changes_the_tables_that_it_is_for(world: World, row: Row, role):
    changed, _effect, _status = done(world, row, role, more={})

    assert changed == FORMS[row.name].changes


@pytest.mark.parametrize(("row", "role"), FORMS_SENT, ids=IDS)
def test_fields_that_a_form_does_not_have_change_nothing(world: World, row: Row, role):
    assert done(world, row, role, more=sneaked(world)) == done(world, row, role, more={})


def test_what_is_sneaked_in_names_what_would_matter(world: World):
    wanted = "is_active is_probe is_superuser role learner learner_id given_by points passed replaces organisation"
    wanted += " line_manager level state scopes expiry public_id"

    assert set(wanted.split()) <= set(sneaked(world))


def test_effect_says_what_was_sneaked_in(world: World):
    """The comparison would notice a form that let a field through."""
    before = every_row()
    learner = world.a.learner
    learner.is_probe = True
    learner.save()

    after = every_row()

    [line] = effect(before, after=after)
    assert tables_changed(before, after=after) == {"~people.User"}
    assert (f"people.User {learner.pk}: " in line, "'is_probe': True" in line) == (True, True)
