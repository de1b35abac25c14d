"""Exercises as authors write them: a py:percent script with three short tags, turned into an nbgrader notebook.

    # %% task="gap"                                    the learner writes this cell
    # %% test="test_gap" points=4 hidden_message="..."   this cell gives points
    # %% [markdown] manual="advice" points=6           the learner writes, a person gives points

Regions are nbgrader's own: BEGIN SOLUTION in tasks, BEGIN HIDDEN TESTS in tests, BEGIN MARK SCHEME in manual cells.
"""

import ast
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

import jupytext
import nbformat
from nbformat import NotebookNode

ANSWER_PLACEHOLDER = "Write your answer here."
_KINDS = ("task", "test", "manual")
_TAGS = {*_KINDS, "points", "hidden_message", "title"}
_MARKER = re.compile(r"^# %%(?P<rest>.*)$")
_TAG = re.compile(r"""(?P<key>\w+)=(?P<value>"(?:[^"\\]|\\.)*"|[^\s"]+)(?=\s|$)""")
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")
_REGIONS = {"SOLUTION": "task", "HIDDEN TESTS": "test", "MARK SCHEME": "manual"}


class ScriptError(Exception):
    """An author's mistake in an exercise, with its file and line, what is wrong and how to put it right."""

    def __init__(self, file: str, *, line: int, problem: str, cure: str) -> None:
        super().__init__(f"{file}:{line}: {problem} {cure}")
        self.file, self.line, self.problem, self.cure = file, line, problem, cure


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """One cell of the script: where it stands, how it is tagged and what it holds."""

    file: str
    line: int  # of its "# %%" marker
    cell_type: str
    tags: dict[str, str]
    source: str

    @property
    def kind(self) -> str:
        return next((kind for kind in _KINDS if kind in self.tags), "")

    @property
    def name(self) -> str:
        return self.tags.get(self.kind, "")

    def error(self, problem: str, *, cure: str, offset: int = 0) -> ScriptError:
        return ScriptError(self.file, line=self.line + offset, problem=problem, cure=cure)


def read_script(text: str, *, name: str, exercise: str = "") -> NotebookNode:
    """The nbgrader source notebook of a script, with solutions and hidden tests. The same text gives the same notebook.

    `name` is the file as messages should call it. `exercise` is the key that ties downloads to the exercise; by
    default the name of its folder. Raises ScriptError for the first mistake found.
    """
    cells = _cells(text, file=name)
    for cell in cells:
        _check_tags(cell)
        _check_regions(cell)
        _check_python(cell)
    _check_whole(cells, file=name)
    notebook = nbformat.v4.new_notebook(cells=[_notebook_cell(cell) for cell in cells])
    _give_ids(notebook)
    notebook.metadata.update(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
        upskill={"exercise": exercise or _folder_name(name)},
    )
    return notebook


def _cells(text: str, *, file: str) -> list[_Cell]:
    markers = _markers(text)
    if not markers:
        raise ScriptError(file, line=1, problem="The script has no cell.", cure='Start each cell with a line "# %%".')
    notebook = jupytext.reads(text, fmt="py:percent")
    sources = [cell.source for cell in notebook.cells]
    if len(sources) == len(markers) + 1:  # text between the header and the first marker
        raise ScriptError(
            file, line=markers[0][0], problem="There is text before the first cell.", cure='Put "# %%" above it.'
        )
    if len(sources) != len(markers):
        raise ScriptError(
            file,
            line=1,
            problem="The cells cannot be told apart.",
            cure='Let no line inside a string or comment start with "# %%".',
        )
    return [
        _cell(rest, file=file, line=line, source=source) for (line, rest), source in zip(markers, sources, strict=True)
    ]


def _markers(text: str) -> list[tuple[int, str]]:
    lines = enumerate(text.splitlines(), start=1)
    return [(line, match["rest"].strip()) for line, raw in lines if (match := _MARKER.match(raw.rstrip()))]


def _cell(rest: str, *, file: str, line: int, source: str) -> _Cell:
    """The cell of one marker. `rest` is what follows "# %%": an optional [markdown] and tags."""
    cell_type = "code"
    if match := re.match(r"^\[(\w+)\]\s*", rest):
        cell_type, rest = ("markdown" if match[1] == "md" else match[1]), rest[match.end() :]
    if cell_type not in ("code", "markdown"):
        raise ScriptError(
            file, line=line, problem=f"There is no cell type [{cell_type}].", cure="Use [markdown] or nothing."
        )
    tags: dict[str, str] = {}
    while rest:
        match = _TAG.match(rest)
        if not match or match["key"] in tags:
            raise ScriptError(
                file,
                line=line,
                problem=f"{rest[:40]!r} cannot be read as a tag.",
                cure='Write each tag once, like task="name" or points=4.',
            )
        tags[match["key"]] = _unquoted(match["value"])
        rest = rest[match.end() :].lstrip()
    return _Cell(file=file, line=line, cell_type=cell_type, tags=tags, source=source)


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _check_tags(cell: _Cell) -> None:
    if unknown := sorted(cell.tags.keys() - _TAGS):
        raise cell.error(f"There is no tag {unknown[0]}.", cure="Use task=, test= or manual=, with points= and title=.")
    kinds = [kind for kind in _KINDS if kind in cell.tags]
    if len(kinds) > 1:
        raise cell.error(f"A cell cannot be {' and '.join(kinds)}.", cure="Split it into one cell for each.")
    if not kinds:
        if cell.tags:
            raise cell.error(f"{next(iter(cell.tags))}= needs a test or manual cell.", cure="Add test= or manual=.")
        return
    if not _NAME.match(cell.name):
        raise cell.error(
            f"{cell.name!r} is no name for a cell.", cure="Use up to 64 letters, digits, - and _, a letter first."
        )
    if cell.kind != "manual" and cell.cell_type != "code":
        raise cell.error(f"A {cell.kind} cell holds code.", cure="Take away [markdown], or use manual=.")
    _check_points(cell)


def _check_points(cell: _Cell) -> None:
    if cell.kind == "task":
        if extra := sorted(cell.tags.keys() - {"task"}):
            raise cell.error(f"A task cell takes no {extra[0]}=.", cure=f"Move {extra[0]}= to its test cell.")
        return
    if "hidden_message" in cell.tags and "BEGIN HIDDEN TESTS" not in cell.source:
        raise cell.error(
            "hidden_message= needs hidden tests.", cure="Add a BEGIN HIDDEN TESTS region, or take the message away."
        )
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", cell.tags.get("points", "")) or float(cell.tags["points"]) == 0:
        raise cell.error(
            f"The {cell.kind} cell {cell.name!r} has no points.", cure="Add a number above zero, like points=4."
        )


def _check_regions(cell: _Cell) -> None:
    for region, kind in _REGIONS.items():
        open_since = 0
        for offset, line in enumerate(cell.source.split("\n"), start=1):
            begins, ends = f"BEGIN {region}" in line, f"END {region}" in line
            if (begins or ends) and cell.kind != kind and not (region == "SOLUTION" and cell.kind == "manual"):
                raise cell.error(
                    f"{region} belongs in a {kind} cell.", cure=f"Give this cell the tag {kind}=.", offset=offset
                )
            if begins and open_since:
                raise cell.error(f"BEGIN {region} is inside another.", cure=f"Write END {region} first.", offset=offset)
            if ends and not open_since:
                raise cell.error(f"END {region} has no BEGIN.", cure=f"Write BEGIN {region} above it.", offset=offset)
            open_since = offset if begins else 0 if ends else open_since
        if open_since:
            raise cell.error(f"BEGIN {region} has no end.", cure=f"Write END {region} below it.", offset=open_since)


def _check_python(cell: _Cell) -> None:
    if cell.kind not in ("task", "test") or re.search(r"^[ \t]*[%!]", cell.source, re.MULTILINE):
        return  # only the kernel can read magics
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError) as problem:
        line = getattr(problem, "lineno", None) or 1
        raise cell.error(f"This is not Python: {problem.args[0]}.", cure="Correct the line.", offset=line) from problem
    if not tree.body:
        raise cell.error(f"The {cell.kind} cell {cell.name!r} is empty.", cure="Write its code, or delete the cell.")


def _check_whole(cells: list[_Cell], *, file: str) -> None:
    names = Counter(cell.name for cell in cells if cell.name)
    for cell in cells:
        if names[cell.name] > 1 and cell.name:
            raise cell.error(f"The name {cell.name!r} is used twice.", cure="Give each tagged cell its own name.")
    kinds = {cell.kind for cell in cells}
    if not kinds & {"test", "manual"}:
        raise ScriptError(
            file, line=1, problem="Nothing gives points.", cure="Add a test= or manual= cell with points=."
        )
    if not kinds & {"task", "manual"}:
        raise ScriptError(file, line=1, problem="Learners can write nowhere.", cure="Add a task= or manual= cell.")


def _notebook_cell(cell: _Cell) -> NotebookNode:
    new = nbformat.v4.new_markdown_cell if cell.cell_type == "markdown" else nbformat.v4.new_code_cell
    source = _manual_source(cell.source) if (cell.kind, cell.cell_type) == ("manual", "markdown") else cell.source
    node: NotebookNode = new(source)
    if not cell.kind:
        return node
    node.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": cell.name,
        "grade": cell.kind != "task",
        "solution": cell.kind != "test",
        "locked": cell.kind == "test",
        "task": False,
    }
    if cell.kind != "task":
        node.metadata["nbgrader"]["points"] = float(cell.tags["points"])
    if own := {key: cell.tags[key] for key in ("title", "hidden_message") if key in cell.tags}:
        node.metadata["upskill"] = own
    return node


def _manual_source(source: str) -> str:
    """The cell's own words stay as what the learner starts from; the mark scheme becomes a region that nbgrader clears.

    Without a region nbgrader would clear the whole cell, the author's words too.
    """
    if "BEGIN SOLUTION" in source:
        return source
    begin = re.search(r"^.*BEGIN MARK SCHEME", source, re.MULTILINE)
    words, scheme = (source[: begin.start()], source[begin.start() :]) if begin else (source, "")
    return f"{words.rstrip() or ANSWER_PLACEHOLDER}\n### BEGIN SOLUTION\n{scheme}\n### END SOLUTION"


def _give_ids(notebook: NotebookNode) -> None:
    """Ids that stay equal while a cell's name or text does: an answer is matched by them."""
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[digest] += 1
        cell["id"] = name or f"text-{digest}-{seen[digest]}"


def _folder_name(name: str) -> str:
    path = PurePosixPath(name)
    return path.parent.name if path.stem == "exercise" and path.parent.name else path.stem
