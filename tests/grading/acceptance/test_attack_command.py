"""The command on our own engine: held and BROKEN, for both kinds of folders."""

import json

import pytest

from tests.grading.acceptance.folders import (
    RIGHT,
    WRONG,
    command,
    doubling,
    notebooks_folder,
    sandbox_folder,
)

pytestmark = pytest.mark.slow  # starts engines

LONG = "import json; print(json.dumps({'nbformat': 4, 'cells': [{'cell_type': 'code', 'source': 'x = 1'}]}))"


def words(lines):
    """The name and the verdict of each case's line."""
    return [line.split()[:2] for line in lines[:-2]]


def test_both_kinds_below_one_folder_and_one_that_must_come_out_broken(tmp_path):
    full, none = {"test_double": 2.0}, {"test_double": 0.0}
    notebooks_folder(
        tmp_path / "notebooks",
        (doubling(RIGHT), {"id": "right", "class": "control", "points": full}),
        (doubling(WRONG), {"id": "wrong", "class": "control", "points": none}),
        (doubling(RIGHT), {"id": "lied_about", "points": none}),
        ("{", {"id": "refused", "class": "break", "accept": "refused"}),
        ("{", {"id": "not_marked", "class": "break", "accept": "marked"}),
    )
    sandbox_folder(
        tmp_path / "sandbox",
        ("print(1)", {"id": "harmless"}),
        ("print('ESCAPED')", {"id": "escaped"}),
        ("print('{')", {"id": "no_json", "kind": "gen", "allowed_nb_states": ["rejected"]}),
        (LONG, {"id": "plain", "kind": "gen"}),
        (LONG, {"id": "taken", "kind": "gen", "allowed_nb_states": ["rejected"]}),
    )

    lines, _, code = command("attack", tmp_path)

    assert words(lines) == [
        ["right", "held"],
        ["wrong", "held"],
        ["lied_about", "BROKEN"],
        ["refused", "held"],
        ["not_marked", "BROKEN"],
        ["harmless", "held"],
        ["escaped", "BROKEN"],
        ["no_json", "held"],
        ["plain", "held"],
        ["taken", "BROKEN"],
    ]
    assert (code, lines[-1]) == (1, "6 of 10 held")


def test_unknown_fields_are_reported_and_change_the_exit_code(tmp_path):
    folder = sandbox_folder(tmp_path / "sandbox", ("print(1)", {"id": "one", "gravity": 9}), ("", {"id": "two"}))

    lines, _, _ = command("attack", folder, "--only", "one", "--json")

    report = json.loads("\n".join(lines))
    assert report["not_judged"] == ["sandbox/one: the field gravity is not known."]
    assert [(case["id"], case["held"], case["state"]) for case in report["cases"]] == [("one", True, "done")]


def test_folders_that_cannot_be_judged_exit_with_two_and_one_sentence(tmp_path):
    folder = sandbox_folder(tmp_path / "sandbox", ("print(1)", {"id": "one"}))

    nowhere, none_of_these = command("attack", tmp_path / "nowhere"), command("attack", folder, "--only", "zz")

    assert nowhere[1:] == (f"{tmp_path}/nowhere is not a folder.\n", 2)
    assert none_of_these[1:] == (f"No case in {folder} has an id that begins with zz.\n", 2)
