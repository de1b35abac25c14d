"""What is written beside an imported script: what the notebook says, and gaps that the gate asks to have filled."""

import json
from pathlib import Path

from nbformat import NotebookNode

from grading.checks import CheckSpec, checks, nbgrader_metadata

from .kept import PROJECT
from .script_text import Piece

_LONGEST_TITLE = 120
_GAP = '""'


def settings(file: Path, *, source: NotebookNode, sums: dict[str, str]) -> str:
    """exercise.yml: the title, and 0 minutes for the author to replace."""
    lines = [
        f"title: {_quoted(_title(source) or file.stem)}",
        "minutes: 0  # replace: how long learners need for it",
        "skills: []  # replace: what it shows, such as [fairness@working]; left empty it shows none",
        "pass: 0.8  # of the points that the tests give",
    ]
    if sums:
        lines += ["data:  # sha256 of each file in data/ that learners get"]
        lines += [f"  {name}: {sha256}" for name, sha256 in sums.items()]
    return "\n".join(lines) + "\n"


def rubric(source: NotebookNode) -> str:
    """rubric.yml: the model answers of the notebook, and the criteria left to write; empty where no person marks."""
    answers = {nbgrader_metadata(cell).get("grade_id"): cell.source for cell in source.cells}
    return "".join(
        _entry(spec, model_answer=_model_answer(answers[spec.check])) for spec in checks(source) if spec.by_person
    )


def data_sheet(files: dict[str, tuple[str, int]]) -> str:
    """DATASHEET.md: what can be counted. Who made the data, and under which terms, only its author can say."""
    if not files:
        return ""
    rows = [f"| {name} | {size:,} bytes | {sha256} |" for name, (sha256, size) in files.items()]
    return "\n".join(["# Data sheet", "", "| file | size | SHA-256 |", "|---|---|---|", *rows, ""])


def remarks(notebook: NotebookNode, *, pieces: list[Piece]) -> list[str]:
    """What is otherwise in the exercise than in the notebook; the export has it as it was."""
    found = []
    if ran := [number for number, cell in enumerate(notebook.cells, 1) if cell.get("outputs")]:
        found.append(f"Outputs are not kept, of {len(ran)} cells: they come back when the notebook is run.")
    for piece in pieces:
        if piece.form == PROJECT:
            said = "is nbgrader's task, answered in cells that learners make. Here it has a cell below it to answer in."
            found.append(f"Cell {piece.origin} ({piece.tags['manual']}) {said}")
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code" and not cell.metadata.get("editable", True):
            found.append(f"Cell {number}: learners may change it here. What gives points is never theirs to change.")
    return found


def to_do(source: NotebookNode, *, data: bool) -> tuple[str, ...]:
    """What the gate will ask for, in the order in which to do it."""
    specs = checks(source)
    hidden = [spec.check for spec in specs if spec.has_hidden and not spec.hidden_message]
    steps = ["exercise.yml: replace the 0 minutes, and name the skills."]
    if hidden:
        steps.append(f'exercise.py: add hidden_message="..." to {", ".join(hidden)}: one line that names the mistakes.')
    if any(spec.by_person for spec in specs):
        steps.append("rubric.yml: write the criteria, and what an answer at each level looks like.")
    if data:
        steps.append("data/DATASHEET.md: say what each file holds, its origin and its licence.")
    if any(not spec.by_person for spec in specs):
        steps.append("wrong/: write three typical wrong answers or more, at least one for each check.")
    else:
        steps.append("No test gives points here. A reflection (name.reflection.md) may suit it better than a notebook.")
    return tuple(steps)


def _entry(spec: CheckSpec, *, model_answer: str) -> str:
    answer = _quoted(model_answer) if model_answer else f"{_GAP}  # replace: an answer with full marks, for trainers"
    lines = [
        f"{spec.check}:",
        f"  model_answer: {answer}",
        "  criteria:  # one or more; their points add up to those of the cell",
        "    - id: answer",
        f"      title: {_quoted(spec.title[:_LONGEST_TITLE])}",
        f"      points: {spec.max_points:g}",
        "      levels:  # replace each of these: what an answer of 0, 1, 2, 3 and 4 looks like",
        *[f"        - {_GAP}"] * 5,
    ]
    return "\n".join(lines) + "\n"


def _model_answer(source: str) -> str:
    """The author's words between the marks of a region; the whole cell where it has none."""
    lines, inside, found = source.split("\n"), False, []
    for line in lines:
        if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            inside = "BEGIN SOLUTION" in line
        elif inside and "MARK SCHEME ===" not in line:
            found.append(line)
    return "\n".join(found).strip() if "BEGIN SOLUTION" in source else source.strip()


def _title(source: NotebookNode) -> str:
    """The first heading that stands above all others."""
    for cell in source.cells:
        for line in cell.source.split("\n") if cell.cell_type == "markdown" else ():
            if line.startswith("# ") and line.strip("# \t"):
                return str(line.strip("# \t"))[:_LONGEST_TITLE]
    return ""


def _quoted(text: str) -> str:
    """The text as YAML reads it back, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)
