"""nbgrader's own documentation example: it comes in, the gate says what it still lacks, and it goes out equal."""

from pathlib import Path

import nbformat
import pytest
from django.core.management import call_command

from tests.unit.authoring.gate.test_check_course import said
from tests.unit.catalogue.small_course import BASICS, FILES, write_library
from upskill.authoring.notebooks.importing import cleared

PS1 = Path(__file__).parent / "ps1"
MINUTES = "The value of 'minutes' does not fit. Give the minutes that a learner needs, from 1 to 480."
PICTURE = "An image has no alternative text. Say in the square brackets what it shows: ![text](file)."


def to_write(*lines: int) -> list[str]:
    """What is said of the five levels of criteria that begin on these lines of rubric.yml."""
    words = "The value of 'levels' number {} does not fit. Write a sentence."
    return [f"rubric.yml:{line + at}: {words.format(at + 1)}" for line in lines for at in range(5)]


# What the gate says of each, as docs/authors.md has it in short.
WHY_NOT = {
    "problem1": [
        f"exercise.py:11: {PICTURE}",
        f"exercise.yml:2: {MINUTES}",
        *to_write(8, 20),
        "rubric.yml:26: The value of 'cell-938593c4a215c6cc' 'model_answer' does not fit. Write a sentence.",
        *to_write(32),
    ],
    "problem2": [f"exercise.yml:2: {MINUTES}", *to_write(8, 20)],
}
# What its author would write for problem1. The tests of ps1 say no words of their own, so learners read the assert.
WRONG = {
    "a_tuple": """\
# expect: correct_squares | assert squares(1) == [1] | 2

# %% task="squares"
def squares(n):
    if n < 1:
        raise ValueError("n must be greater than or equal to 1")
    return tuple(i ** 2 for i in range(1, n + 1))
""",
    "takes_anything": """\
# expect: squares_invalid_input | did not raise | 2

# %% task="squares"
def squares(n):
    return [i ** 2 for i in range(1, n + 1)]
""",
    "square_of_the_sum": """\
# expect: correct_sum_of_squares | assert sum_of_squares(2) == 5 | 2.5

# %% task="sum_of_squares"
def sum_of_squares(n):
    return sum(range(len(squares(n)) + 1)) ** 2
""",
    "a_formula": """\
# expect: sum_of_squares_uses_squares | sum_of_squares does not use squares | 2.5

# %% task="sum_of_squares"
def sum_of_squares(n):
    return n * (n + 1) * (2 * n + 1) // 6
""",
}


def course_with(root: Path, name: str) -> Path:
    """The small course with the imported problem in it."""
    files = {**FILES, f"{BASICS}/module.yml": FILES[f"{BASICS}/module.yml"].replace("double]", f"double, {name}]")}
    place = write_library(root, files=files) / BASICS / name
    call_command("import_notebook", str(PS1 / f"{name}.ipynb"), str(place))
    return place


@pytest.mark.parametrize("name", WHY_NOT)
def test_ps1_goes_out_as_it_came_in(tmp_path, name):
    folder = course_with(tmp_path / "courses", name)

    call_command("export_notebook", str(folder), str(tmp_path / "out.ipynb"))

    was = cleared(nbformat.read(PS1 / f"{name}.ipynb", as_version=nbformat.NO_CONVERT))
    assert nbformat.read(tmp_path / "out.ipynb", as_version=nbformat.NO_CONVERT) == was


@pytest.mark.parametrize("name", WHY_NOT)
def test_ps1_is_told_what_it_lacks(tmp_path, name):
    folder = course_with(tmp_path / "courses", name)

    _, errors, _, code = said(tmp_path / "courses", "--quick")

    assert [line.removeprefix(f"{folder}/") for line in errors] == WHY_NOT[name]
    assert code == 1


def fill_gaps(folder: Path) -> None:
    """Write what the gate asks for, in the fewest words."""
    gaps = {
        "exercise.py": ("![](jupyter.png)", "Its mark is a planet with three moons."),
        "exercise.yml": ("minutes: 0", "minutes: 30"),
        "rubric.yml": ('""', "Some words."),
    }
    for name, (gap, words) in gaps.items():
        (folder / name).write_text((folder / name).read_text().replace(gap, words))
    settings = (folder / "exercise.yml").read_text()
    (folder / "exercise.yml").write_text(settings.replace("pass: 0.8", "pass: 0.9"))
    if (folder / "data").exists():
        with (folder / "data" / "DATASHEET.md").open("a") as sheet:
            sheet.write("\nOrigin: nbgrader. Licence: BSD-3-Clause.\n")
        (folder / "wrong").mkdir()
        for name, text in WRONG.items():
            (folder / "wrong" / f"{name}.py").write_text(text)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [pytest.param("problem1", marks=pytest.mark.slow), "problem2"])
def test_ps1_passes_the_gate_once_its_gaps_are_filled(tmp_path, name, running_engines):
    folder = course_with(tmp_path, name)
    fill_gaps(folder)

    _, errors, end, code = said(tmp_path, "--item", f"basics/{name}", start=running_engines)

    assert (errors, end, code) == ([], "", 0)
    assert (folder / "certificate.json").exists()
