"""The world holds something that could leak in every column that a person's text can stand in."""

import pytest
from django.apps import apps

from .markers import KINDS, PUBLIC, is_text, marker
from .world import World

pytestmark = [pytest.mark.matrix, pytest.mark.slow, pytest.mark.django_db]
B = tuple(marker("b", kind) for kind in KINDS)


def text_columns() -> list[tuple]:
    """(model, field) for every column of ours that can hold what somebody wrote."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("upskill.")]
    return [(model, field) for model in ours for field in model._meta.concrete_fields if is_text(field)]


def name(model, field) -> str:
    return f"{model._meta.label}.{field.name}"


def holds_a_marker(model, field) -> bool:
    texts = (bytes(value).decode(errors="ignore") if isinstance(value, memoryview | bytes) else str(value)
             for value in model.objects.values_list(field.name, flat=True))  # fmt: skip
    return any(word in text.lower() for text in texts for word in B)


def test_every_column_holds_a_secret_of_b_or_says_why_it_is_public(world: World):
    bare = [name(*each) for each in text_columns() if name(*each) not in PUBLIC and not holds_a_marker(*each)]

    assert bare == [], "Put marked text there in tests/matrix/world.py, or say in markers.PUBLIC why it is public."


def test_no_column_is_called_public_that_holds_a_secret_or_is_gone(world: World):
    columns = {name(*each): each for each in text_columns()}

    assert sorted(set(PUBLIC) - set(columns)) == []
    assert [column for column in PUBLIC if holds_a_marker(*columns[column])] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_secret_is_there_on_both_sides(world: World, kind):
    said = {side: [name(*each) for each in text_columns() if marker(side, kind) in texts_of(*each)] for side in "ab"}

    assert said["a"] != []
    assert said["b"] != []


def texts_of(model, field) -> str:
    return str(list(model.objects.values_list(field.name, flat=True))).lower()


def test_departments_are_alike_in_everything(world: World):
    a, b = world.a, world.b

    assert (sorted(a.people), sorted(a.sent)) == (sorted(b.people), sorted(b.sent))
    assert [person for person in a.people.values() if person in b.people.values()] == []
