"""`manage.py check_course --figures`: how much there is of each course, as docs/measurements.md shows it."""

import io
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from tests.unit.authoring.gate.planted import FILES, LESSON, write
from tests.unit.authoring.gate.test_check_course import certified
from upskill.authoring.gate import certificate, size


def printed(root) -> list[list[str]]:
    """The cells of each line that the command prints."""
    out = io.StringIO()
    call_command("check_course", str(root), "--figures", stdout=out)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in out.getvalue().splitlines()]


def test_figures_are_a_line_for_each_course_and_one_for_all_together(tmp_path):
    root = write(tmp_path)
    found = replace(
        certified(root),
        answers={name: {"points": 1} for name in ("solution", "untouched", "adds", "eight")},
        tricks={"constants": 7, "readers": 5},
    )
    certificate.write(found, folder=root / "tea-for-teams/modules/basics/double")

    head, line, course, together = printed(root)

    assert head == list(size.HEAD)
    assert set(line) == {"---"}
    assert course == ["tea-for-teams", "1", "1", "586", "23", "4", "1", "2", "1", "2", "12"]
    assert together == ["together", *course[1:]]


def test_figures_of_an_exercise_without_a_certificate_are_refused_with_what_to_do(tmp_path):
    with pytest.raises(CommandError, match="double has no certificate that matches") as refused:
        printed(write(tmp_path))

    assert refused.value.returncode == 2


def test_figures_of_a_course_with_a_mistake_are_refused_with_its_place(tmp_path, capsys):
    root = write(tmp_path, {**FILES, LESSON: "No front matter."})

    with pytest.raises(CommandError, match="1 mistake found"):
        call_command("check_course", str(root), "--figures")

    assert "sharing.md:1:" in capsys.readouterr().err


def test_figures_of_a_place_without_a_course_are_refused_with_what_to_do(tmp_path, capsys):
    with pytest.raises(CommandError, match="1 mistake found"):
        call_command("check_course", str(tmp_path / "nowhere"), "--figures")

    assert "nowhere:1: There is no course here." in capsys.readouterr().err
