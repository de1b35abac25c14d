"""An nbgrader source notebook becomes an exercise folder."""

import copy
import hashlib
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from grading.scripts import ScriptError, read_script
from upskill.authoring.whole_folders import whole_folder

from . import beside, settings_text
from .assembling import assembled
from .kept import FILE, Kept, KeptCell, digest_of
from .reading import name_of, read_notebook
from .refusals import CannotImport, in_cell
from .script_text import Piece, own_metadata, pieces_of, script_of, stands_alone

_APART = "The cells cannot be told apart in a script. Let no line begin with %% or # %%."
_BLANK = "\n\r\t "


@dataclass(frozen=True)
class Imported:
    """What was written, what the notebook said that is now said otherwise, and what its author still has to write."""

    files: tuple[str, ...]
    remarks: tuple[str, ...]
    to_do: tuple[str, ...]


def import_notebook(file: Path, *, folder: Path) -> Imported:
    """Write the exercise that the notebook holds into a new `folder`. Nothing of the notebook is run.

    The exercise, exported, equals the notebook cell for cell: this is tried before anything is written, and refused
    where it does not hold. Raises CannotImport with every reason, and InTheWay.
    """
    notebook = read_notebook(file)
    original = cleared(notebook)
    pieces = _pieces(original)
    script = script_of(pieces)
    source = _read_back(script, pieces=pieces, exercise=folder.name)
    kept = _kept(original, pieces=pieces, source=source)
    _compare(original, source=source, kept=kept, pieces=pieces)
    data, remarks = beside.data_of(file, text=script)
    texts = {"exercise.py": script, **_beside(source, file=file, data=data), FILE: kept.to_json()}
    contents = {name: text.encode() for name, text in texts.items() if text}
    contents |= {f"data/{name}": content for name, content in data.items()}
    with whole_folder(folder) as room:
        for name, content in contents.items():
            place = room / name
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(content)
    remarks += settings_text.remarks(notebook, pieces=pieces)
    return Imported(tuple(contents), tuple(remarks), settings_text.to_do(source, data=bool(data)))


def _beside(source: NotebookNode, *, file: Path, data: dict[str, bytes]) -> dict[str, str]:
    """The files beside the script, by their name; an empty one is not needed."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in data.items()}
    return {
        "exercise.yml": settings_text.settings(file, source=source, sums=sums),
        "rubric.yml": settings_text.rubric(source),
        "data/DATASHEET.md": settings_text.data_sheet({name: (sums[name], len(data[name])) for name in data}),
    }


def cleared(notebook: NotebookNode) -> NotebookNode:
    """A copy without outputs, which come back when the notebook is run. The export is compared with this."""
    clean: NotebookNode = copy.deepcopy(notebook)
    for cell in clean.cells:
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return clean


def _pieces(notebook: NotebookNode) -> list[Piece]:
    pieces: list[Piece] = []
    problems: list[str] = []
    for number, cell in enumerate(notebook.cells, 1):
        try:
            pieces += pieces_of(number, cell)
        except CannotImport as refusal:
            problems += refusal.problems
    if problems:
        raise CannotImport(problems)
    return pieces


def _read_back(script: str, *, pieces: list[Piece], exercise: str) -> NotebookNode:
    """The script as courses are read. What it cannot hold is told of the cell of the notebook."""
    try:
        source = read_script(script, name="exercise.py", exercise=exercise)
    except ScriptError as error:
        markers = [number for number, line in enumerate(script.split("\n"), 1) if line.startswith("# %%")]
        at = sum(line <= error.line for line in markers) - 1
        if len(markers) != len(pieces) or at < 0:
            raise CannotImport(_not_told_apart(pieces) or [f"{error.problem} {error.cure}"]) from error
        piece = pieces[at]
        raise CannotImport([in_cell(piece.origin, _name(piece), error.problem, error.cure)]) from error
    if [cell.cell_type for cell in source.cells] != [piece.cell_type for piece in pieces]:
        raise CannotImport(_not_told_apart(pieces) or [_APART])
    return source


def _not_told_apart(pieces: list[Piece]) -> list[str]:
    """The cells that a script would not end where the notebook ends them."""
    problem, cure = "A script would make other cells of it.", "Let no line begin with %% or # %%."
    return [in_cell(piece.origin, _name(piece), problem, cure) for piece in pieces if not stands_alone(piece)]


def _kept(notebook: NotebookNode, *, pieces: list[Piece], source: NotebookNode) -> Kept:
    cells = []
    for at, (piece, cell) in enumerate(zip(pieces, source.cells, strict=True)):
        original = notebook.cells[piece.origin - 1]
        is_first_of_two = at + 1 < len(pieces) and pieces[at + 1].origin == piece.origin
        entry = KeptCell(digest_of(cell), name=name_of(cell), form=piece.form, between=piece.between)
        cells.append(entry)
        if is_first_of_two:
            continue
        metadata = {
            key: value for key, value in original.metadata.items() if not (key == "upskill" and own_metadata(cell))
        }
        entry.metadata = copy.deepcopy(dict(metadata))
        entry.id = original.get("id", "")
        entry.attachments = original.get("attachments")
    kept = Kept(notebook.nbformat_minor, copy.deepcopy(dict(notebook.metadata)), cells)
    _keep_blanks(notebook, pieces=pieces, source=source, kept=kept)
    return kept


def _keep_blanks(notebook: NotebookNode, *, pieces: list[Piece], source: NotebookNode, kept: Kept) -> None:
    """Lines left empty at the ends of cells, which a script does not hold."""
    by_origin = {piece.origin: entry for piece, entry in zip(pieces, kept.cells, strict=True)}  # the last of two
    made, _ = assembled(copy.deepcopy(source), kept=kept)
    for number, (original, cell) in enumerate(zip(notebook.cells, made.cells, strict=False), 1):
        before, found, after = original.source.partition(cell.source) if cell.source else (original.source, "", "")
        if (found or not cell.source) and not before.strip(_BLANK) and not after.strip(_BLANK):
            by_origin[number].before, by_origin[number].after = before, after


def _compare(notebook: NotebookNode, *, source: NotebookNode, kept: Kept, pieces: list[Piece]) -> None:
    """Raises CannotImport where the export would not equal the notebook, with the cells in which it differs."""
    made, lost = assembled(copy.deepcopy(source), kept=kept)
    if not lost and made == notebook:
        return
    if len(made.cells) != len(notebook.cells):
        raise CannotImport([_APART])
    problems = []
    for number, (one, other) in enumerate(zip(notebook.cells, made.cells, strict=True), 1):
        if one.source != other.source:
            line = _first_difference(one.source, other.source)
            problem = f"A script would change its line {line}: {one.source.split(chr(10))[line - 1][:60]!r}."
            cure = "Write the line without unusual signs or spaces at its ends, and let none begin with %%."
            problems.append(in_cell(number, name_of(one), problem, cure))
        elif one != other:
            parts = ", ".join(sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key)))
            cure = "Open the notebook in Jupyter, save it, and import it again."
            problems.append(in_cell(number, name_of(one), f"An exercise cannot keep its {parts}.", cure))
    raise CannotImport(problems or ["An exercise cannot keep what the notebook says about itself. Save it in Jupyter."])


def _first_difference(one: str, other: str) -> int:
    lines = zip(one.split("\n"), [*other.split("\n"), *[""] * one.count("\n")], strict=False)
    return next((number for number, (mine, theirs) in enumerate(lines, 1) if mine != theirs), 1)


def _name(piece: Piece) -> str:
    return next((piece.tags[kind] for kind in ("task", "test", "manual") if kind in piece.tags), "")
