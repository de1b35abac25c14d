"""The table of docs/measurements.md has every course that ships, with the figures that the command gives."""

from tests.content.library import library
from tests.repository.tree import text_of
from upskill.authoring.gate import size


def test_measurements_have_a_line_for_every_course_under_the_heads_of_the_command():
    section = text_of("docs/measurements.md").split("\n## The courses\n")[1].split("\n#")[0]

    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]

    assert tuple(cell.strip() for cell in rows[0]) == size.HEAD
    courses = [row[0].strip() for row in rows[2:]]
    assert courses == [*(course.id for course in library().courses), "together"]
