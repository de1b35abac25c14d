"""Checks and claims: one rule, asked in two ways."""

import ast

import pytest

from tests.repository.tree import python_files, text_of
from upskill.core.rules import NotAllowed, NotNow, NotThere, claim

RULES = [path for path in python_files("platform/upskill/") if path.endswith("/rules.py") and "/core/" not in path]


def check_even(number: int, *, refusal: type[Exception] = NotAllowed) -> None:
    """Even numbers may."""
    if number % 2:
        raise refusal("Odd.")


@pytest.mark.parametrize("refusal", [NotAllowed, NotThere, NotNow])
def test_claim_is_false_for_whatever_the_check_refuses(refusal):
    can_be_even = claim(check_even)

    assert [can_be_even(number, refusal=refusal) for number in (2, 3)] == [True, False]


def test_claim_does_not_hide_a_fault():
    with pytest.raises(ZeroDivisionError):
        claim(check_even)(3, refusal=ZeroDivisionError)


@pytest.mark.parametrize("path", RULES)
def test_every_check_has_its_claim_and_every_claim_is_made_of_a_check(path):
    """`is_` and `can_` claims are made by `claim(check_...)`, so that a button can never know another rule."""
    tree = ast.parse(text_of(path))
    checks = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}
    claims = {
        node.targets[0].id: node.value.args[0].id
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "claim"
        and isinstance(node.value.args[0], ast.Name)
    }

    assert [name for name in checks if not name.startswith("check_")] == []
    assert [name for name in claims if not name.startswith(("can_", "is_"))] == []
    assert sorted(claims.values()) == sorted(checks)
