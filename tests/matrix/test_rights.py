"""Every address, with every method, asked by every role: the answer is the one in table.txt."""

from typing import Any

import pytest

from tests.running import ROOT

from . import table
from .ask import CASES, parameters, path, visitor, word
from .forms import FORMS
from .table import METHODS, PUBLIC, ROLES, ROWS, SAFE, Row
from .world import Side, World

pytestmark = [pytest.mark.matrix, pytest.mark.slow, pytest.mark.django_db]
CELLS = [pytest.param(row, role, id=f"{row} as {role}") for row in ROWS for role in ROLES]
ROLES_OF_A = [role for role in ROLES if role not in {"elsewhere", "other"}]
STRANGERS = [
    pytest.param(row, role, id=f"{row} of B as {role}")
    for row in ROWS for role in ROLES_OF_A if row.of not in {"-", "key"} and "guest" not in row.address
]  # fmt: skip


def answered(world: World, row: Row, role: str, *, side: Side) -> dict[str, str]:
    """Method -> the answer in a word, for the methods of the line."""
    values = parameters(row.address, world=world, side=side)
    return {method: word(visitor(world, role), method, path(row.name, values), **sent(row, method, side, values))
            for method in row.methods}  # fmt: skip


def sent(row: Row, method: str, side: Side, values: dict[str, Any]) -> dict[str, Any]:
    if method in SAFE or row.method == "any":
        return {}
    assert row.name in FORMS, f"Say in tests/matrix/forms.py what a person sends to {row.name}."
    form = FORMS[row.name]
    return {"data": form.data(side, values), "as_json": form.as_json}


# --- The table is whole ----------------------------------------------------------------------------------------------


def test_every_address_stands_in_the_table():
    told = {row.name for row in ROWS}
    unlisted = [f"{name:<24} GET      -           " + "ok ".ljust(11) * len(ROLES)
                for name in table.addresses() if name not in told]  # fmt: skip

    assert unlisted == [], "Add these lines to tests/matrix/table.txt, each cell with its right word."


def test_the_table_has_no_address_that_is_gone_and_no_line_twice():
    lines = [(row.address, row.method) for row in ROWS]

    assert sorted({row.name for row in ROWS} - set(table.addresses())) == []
    assert sorted(set(CASES) - {row.address for row in ROWS}) == []
    assert sorted(set(FORMS) - {row.name for row in ROWS if row.method not in SAFE}) == []
    assert [line for line in lines if lines.count(line) > 1] == []


def test_readme_says_how_large_the_table_is():
    assert f"{len(ROLES)} roles, {len(ROWS)} lines" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("learner:home GET - ok", r"\['learner:home', 'GET'\] has 1 cells; there are 2 roles."),
        ("learner:home GET - ok maybe", r"learner:home GET has \['maybe'\]; the words are ok, go,"),
        ("learner:home LOOK - ok ok", r"learner:home LOOK has \['LOOK'\]"),
    ],
)
def test_a_line_that_cannot_be_right_is_named(line, said):
    with pytest.raises(ValueError, match=said):
        table.read(f"# words\n\naddress method of anonymous learner\n{line}\n")


# --- The answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "role"), CELLS)
def test_answer_is_the_one_in_the_table(world: World, row: Row, role):
    assert answered(world, row, role, side=world.a) == dict.fromkeys(row.methods, row.cells[role])


@pytest.mark.parametrize("name", table.addresses())
def test_every_method_without_a_line_is_refused(world: World, name):
    listed = {method for row in ROWS if row.name == name for method in row.methods}
    to = path(name, parameters(name, world=world, side=world.a))

    wrong = {
        f"{method} as {role}": said
        for role in ROLES
        for method in METHODS
        if method not in listed and (said := word(visitor(world, role), method, to)) not in refused(role)
    }

    assert wrong == {}


def refused(role: str) -> set[str]:
    return {"405", "sign-in"} if role in {"anonymous", "suspended"} else {"405"}


@pytest.mark.parametrize(("row", "role"), STRANGERS)
def test_what_belongs_to_b_is_not_there_for_a(world: World, row: Row, role):
    """Course text is for everybody: A's people get what B's learner gets for A's. Anything else is refused."""
    if row.of == "course" and role not in {"anonymous", "suspended"}:
        right = {row.cells["elsewhere"]}
    else:
        right = {"no", "none", "sign-in"} | ({row.cells["operator"]} if role == "operator" else set())

    assert set(answered(world, row, role, side=world.b).values()) <= right


def test_what_is_public_is_said_so_in_the_table_and_nowhere_else():
    """A line that names something of one department is refused to somebody of the other."""
    open_to_strangers = [str(row) for row in ROWS if row.of not in PUBLIC
                         and not {row.cells["elsewhere"], row.cells["other"]} <= {"no", "none"}]  # fmt: skip

    assert open_to_strangers == []
