"""`manage.py check_course`: what an author reads, the certificate that it writes, and the exit codes."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.unit.authoring.gate.planted import ADDS, DOUBLE, FILES, LESSON, SCRIPT, write
from upskill.authoring.gate import certificate
from upskill.authoring.parity.exercises import chosen

NAME = "tea-for-teams/basics/double"


def said(*arguments: object) -> tuple[list[str], list[str], str, int]:
    """The lines it prints, those on the error stream, how it ends, and the exit code."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_course", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as end:
        return out.getvalue().splitlines(), err.getvalue().splitlines(), str(end), end.returncode
    return out.getvalue().splitlines(), err.getvalue().splitlines(), "", 0


def written(root) -> dict:
    return json.loads((root / DOUBLE / "certificate.json").read_text())


def test_quick_reads_and_marks_nothing(tmp_path):
    lines, errors, end, code = said(write(tmp_path), "--quick")

    assert lines == [
        "tea-for-teams 1.0.0: 1 lesson, 1 quiz, 1 exercise, 586 words at a reading age of 5, 23 minutes",
        "No mistake found.",
    ]
    assert (errors, end, code) == ([], "", 0)
    assert not (tmp_path / DOUBLE / "certificate.json").exists()


def test_every_mistake_is_listed_and_the_exit_code_says_so(tmp_path):
    files = {**FILES, LESSON: FILES[LESSON].replace("https://", "http://"), ADDS: FILES[ADDS].replace("| 0", "| 3.9")}

    _, errors, end, code = said(write(tmp_path, files), "--quick")

    places = [line.removeprefix(f"{tmp_path}/").split(": ")[0] for line in errors]
    assert places == [f"{ADDS}:1", f"{LESSON}:12"]
    assert (end, code) == ("2 mistakes found.", 1)


def test_item_alone_is_checked_and_one_that_there_is_not_is_told(tmp_path):
    files = {**FILES, LESSON: FILES[LESSON].replace("https://", "http://")}
    root = write(tmp_path, files)

    assert said(root, "--quick", "--item", "basics/check")[2:] == ("", 0)
    assert said(root, "--quick", "--item", "basics/sharing")[2:] == ("1 mistake found.", 1)
    assert said(root, "--quick", "--item", "basics/tea")[2:] == (
        "There is no item basics/tea. Write MODULE/ITEM: basics/sharing, basics/check, basics/double.", 2
    )  # fmt: skip


def test_folder_without_a_course_is_told(tmp_path):
    assert said(tmp_path)[2:] == ("1 mistake found.", 1)


@pytest.mark.timeout(600)
def test_whole_gate_writes_a_certificate_and_then_marks_nothing_again(tmp_path):
    root = write(tmp_path)

    first, errors, end, code = said(root)
    again = said(root)[0]

    assert (errors, end, code) == ([], "", 0)
    found = written(root)
    assert (found["exercise"], found["guarded"]) == (NAME, ["test_double"])
    assert found["answers"] == {
        "solution": {"points": 4.0},
        "untouched": {"points": 0.0},
        **{name: {"points": 0.0, "loses": "test_double"} for name in ("adds", "eight", "prints")},
    }
    held = sum(found["tricks"].values())
    assert [line for line in first if "caught by" in line] == [
        f"  {name:42} {'0 of 4':>12}  caught by test_double" for name in ("adds", "eight", "prints")
    ]
    assert again[1] == f"{NAME}: unchanged since its certificate. Catches 3 known mistakes, {held} tricks held."


@pytest.mark.timeout(600)
def test_exercise_with_a_mistake_gets_no_certificate(tmp_path):
    root = write(tmp_path, {**FILES, SCRIPT: FILES[SCRIPT].replace("return 2 * cups", "return 3 * cups")})

    assert said(root, "--item", "basics/double")[2:] == ("1 mistake found.", 1)
    assert not (root / DOUBLE / "certificate.json").exists()


CHANGES = {
    SCRIPT: ("double(7) == 14", "double(9) == 18"),
    ADDS: ("2 + cups", "cups + 2"),
    f"{DOUBLE}/exercise.yml": ("cell_seconds: 5", "cell_seconds: 6"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_certificate_of_other_content_does_not_match(tmp_path, name):
    def digest(files, folder):
        (exercise,) = chosen(str(write(tmp_path / folder, files) / DOUBLE), places=[])
        return certificate.content_sha256(exercise)

    old, new = CHANGES[name]
    assert FILES[name].count(old) == 1

    assert digest({**FILES, name: FILES[name].replace(old, new)}, "after") != digest(FILES, "before")


def test_certificate_that_is_none_is_as_if_it_were_not_there(tmp_path):
    (exercise,) = chosen(str(write(tmp_path) / DOUBLE), places=[])
    for text in ("", "[]", "{}", '{"exercise": 1}', "\0"):
        (exercise.folder / "certificate.json").write_text(text)

        assert certificate.matching(exercise) is None
