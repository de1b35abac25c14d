"""The head of a department sees of it what a department viewer sees, and nothing of another one."""

import pytest
from django.test import Client

from upskill.people.models import User

from .ask import path, word
from .table import ROWS, Row
from .world import Side, World

pytestmark = [pytest.mark.matrix, pytest.mark.slow, pytest.mark.django_db]
FIGURES = [
    row
    for row in ROWS
    if row.name.startswith(("manager:", "api:department")) and row.method == "GET" and row.cells["viewer"] == "ok"
    and row.of == "department" and not row.name.endswith(("_view",))
]  # fmt: skip


def head_of(side: Side) -> User:
    """A colleague who has no role, made head of the department."""
    head = side.people["colleague-3"]
    side.department.head = head
    side.department.save()
    return head


@pytest.mark.parametrize("row", FIGURES, ids=str)
def test_head_sees_their_department_and_what_is_below_and_nothing_of_another(world: World, row: Row):
    client = Client(raise_request_exception=False)
    client.force_login(head_of(world.a))

    own, below, other = (
        word(client, "GET", path(row.name, {"code": code}))
        for code in (world.a.department.code, world.a.team.code, world.b.department.code)
    )

    assert (own, below, other) == ("ok", "ok", "none")


def test_line_manager_of_one_who_works_there_sees_no_figures(world: World):
    client = Client(raise_request_exception=False)
    client.force_login(world.a.people["manager"])

    assert {word(client, "GET", path(row.name, {"code": world.a.department.code})) for row in FIGURES} == {"none"}
