"""What the gate says of workshop kits."""

import pytest

from tests.unit.authoring.gate.planted import FILES, write
from tests.unit.catalogue.test_workshops import KIT, MODULE_YML, TEXT, WITH_KIT
from upskill.authoring.gate import running

WITH_A_KIT = {**FILES, KIT: TEXT, MODULE_YML: WITH_KIT[MODULE_YML]}


def said_of(root, text: str) -> tuple[list[str], ...]:
    """Mistakes and advice about a kit with this text, as line and problem."""
    found = running.read([write(root, {**WITH_A_KIT, KIT: text})])
    assert {str(each.file.relative_to(root)) for each in (*found.mistakes, *found.advice)} <= {KIT}
    return tuple([f"{each.line}: {each.problem}" for each in kind] for kind in (found.mistakes, found.advice))


def test_good_kit_is_let_through(tmp_path):
    assert said_of(tmp_path, TEXT) == ([], [])


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        (TEXT.replace("::: objectives", "::: keypoints"), ["1: The kit names no objective."]),
        (TEXT.replace("trainer", "keypoints"), ["1: The kit has no part for its trainer."]),
        (
            TEXT.replace("Taste,", "[Taste](http://tea.org),"),
            ["13: The link to http://tea.org is not encrypted."],
        ),
        (TEXT.replace("Say:", "[Say](http://tea.org)"), ["16: The link to http://tea.org is not encrypted."]),
    ],
)
def test_mistake_in_a_kit_is_found(tmp_path, text, mistakes):
    assert said_of(tmp_path, text) == (mistakes, [])


def test_kit_that_is_hard_to_read_gets_advice(tmp_path):
    hard = (
        "Notwithstanding organisational responsibilities, participants' characterisations necessitate consideration. "
        * 9
    )

    mistakes, advice = said_of(tmp_path, TEXT.replace("Taste, and", f"{hard}\n\nTaste, and"))

    assert (mistakes, len(advice), advice[0].startswith("1: The workshop reads at an age of about")) == ([], 1, True)


def test_workshop_neither_teaches_nor_checks_a_module(tmp_path):
    files = {name: text for name, text in WITH_A_KIT.items() if "sharing" not in name}
    files[MODULE_YML] = files[MODULE_YML].replace("[sharing, tasting,", "[tasting,")

    found = running.read([write(tmp_path, files)])

    assert "The module has objectives, but no lesson that teaches them." in [each.problem for each in found.mistakes]
