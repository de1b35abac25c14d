"""What an exercise gives away before anybody has solved it: its solution, or the values of its hidden tests."""

import ast
import re
from html import unescape
from pathlib import Path

import nbformat

from grading.checks import gives_points, hidden_lines, is_answer, nbgrader_metadata
from upskill.authoring.places import line_of_cell, lines_of
from upskill.catalogue.course_files.shape import ExerciseContent

from .remarks import Remarks

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHORTEST = 12  # characters of a solution that say enough to be one
_SHORTEST_TEXT = 3


def check_leaks(exercise: ExerciseContent, *, script: Path, remarks: Remarks) -> None:
    """Note solutions that stand elsewhere in the release, and lines for learners that tell what a hidden test asks."""
    source = nbformat.reads(exercise.source, as_version=4)
    for cell in source.cells:
        name = nbgrader_metadata(cell).get("grade_id", "")
        if cell.cell_type == "code" and is_answer(cell):
            _check_solution(name, cell.source, release=exercise.release, script=script, remarks=remarks)
        elif gives_points(cell) and name in exercise.hidden_messages:
            told = _told(cell.source, said=exercise.hidden_messages[name], release=exercise.release)
            if told:
                problem = (
                    f"The line for learners of '{name}' gives a value of its hidden tests away: {', '.join(told)}."
                )
                cure = "Name the mistake in words, without what the hidden tests compare with."
                remarks.mistakes.add(script, line=line_of_cell(script, name), problem=problem, cure=cure)


def _check_solution(name: str, solution: str, *, release: str, script: Path, remarks: Remarks) -> None:
    """A solution counts as told where all its lines stand together in one cell, outside the ladder of hints."""
    wanted = _squeezed(_between(solution, begin="BEGIN SOLUTION", end="END SOLUTION"))
    if len(wanted) < _SHORTEST:
        return
    for cell in nbformat.reads(release, as_version=4).cells:
        if wanted in _squeezed(_without_hints(unescape(cell.source))):
            line = _line_of(wanted, script=script)
            cure = "Take it out there: learners get that cell."
            problem = f"The solution of '{name}' stands in a cell that learners get."
            remarks.mistakes.add(script, line=line, problem=problem, cure=cure)


def _told(test: str, *, said: str, release: str) -> list[str]:
    """The numbers of hidden tests that a line for learners holds, and the texts that they read nowhere else."""
    lines = test.split("\n")
    hidden = "\n".join(lines[number - 1] for number in hidden_lines(test))
    numbers, texts = _values(hidden)
    unseen = {text for text in texts if len(text) >= _SHORTEST_TEXT and text not in release}
    return sorted(numbers & set(_NUMBER.findall(said))) + sorted(text for text in unseen if text in said)


def _values(hidden: str) -> tuple[set[str], set[str]]:
    """The numbers and the texts of hidden tests; the words that they fail with do not count."""
    try:
        tree = ast.parse(hidden)
    except SyntaxError:  # a magic, which only the kernel can read
        return set(_NUMBER.findall(hidden)), set()
    messages = [node.msg for node in ast.walk(tree) if isinstance(node, ast.Assert) and node.msg]
    left_out = {id(part) for message in messages for part in ast.walk(message)}
    held = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in left_out]
    numbers = {
        f"{value:g}" if isinstance(value, float) else str(value) for value in held if isinstance(value, int | float)
    }
    return numbers, {value for value in held if isinstance(value, str)}


def _between(source: str, *, begin: str, end: str) -> str:
    """The lines of the regions; the whole source where there is none."""
    found, is_inside = [], False
    for line in source.split("\n"):
        if begin in line or end in line:
            is_inside = begin in line
        elif is_inside:
            found.append(line)
    return "\n".join(found) or source


def _squeezed(text: str) -> str:
    """The text with every run of spaces and line ends as one space, so that indents do not matter."""
    return " ".join(text.split())


def _without_hints(text: str) -> str:
    """The text before its first hint and after its last."""
    before, opened, rest = text.partition("<details>")
    return before + rest.rpartition("</details>")[2] if opened else text


def _line_of(wanted: str, *, script: Path) -> int:
    """The line of the script on which the text, squeezed, begins outside the solution; 1 where it cannot be told."""
    is_inside = False
    for number, line in enumerate(lines_of(script), 1):
        if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            is_inside = "BEGIN SOLUTION" in line
        text = _squeezed(line.removeprefix("#"))
        if not is_inside and text and (text in wanted or wanted in text) and len(text) >= _SHORTEST:
            return number
    return 1
