"""An exercise folder becomes an nbgrader notebook."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grading.notebooks import AuthorError, ScriptError, read_script, release
from upskill.authoring.whole_folders import InTheWay, refuse_if_there, write_new
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.schemas import EXERCISE
from upskill.catalogue.course_files.texts import Folder
from upskill.catalogue.course_files.yaml_files import read_yaml

from .assembling import assembled
from .kept import FILE, Kept, NotOurs, from_json
from .refusals import CannotExport

_SETTINGS = "exercise.yml"
_NAMES = {"type": "object", "properties": {"data": EXERCISE["properties"]["data"]}}  # the rest may still be unwritten


@dataclass(frozen=True)
class Exported:
    """The files written, and a sentence for each thing of an imported notebook that has lost its cell since."""

    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def export_notebook(folder: Path, *, file: Path, released: bool = False) -> Exported:
    """Write the exercise as nbgrader's source notebook, or `released` as learners get it; its data files beside it.

    Nothing that is there is overwritten, but a data file with the same content is left as it is. Raises CannotExport
    and InTheWay.
    """
    notebook, remarks = notebook_of(folder)
    if released:
        try:
            notebook = release(notebook)
        except AuthorError as problem:
            raise CannotExport(f"{folder}: {problem}") from problem
    refuse_if_there(file)
    data = _new_data(folder, beside=file)
    for path, content in data.items():
        write_new(path, content)
    write_new(file, (nbformat.writes(notebook) + "\n").encode())
    return Exported((*data, file), tuple(remarks))


def notebook_of(folder: Path) -> tuple[NotebookNode, list[str]]:
    """The exercise as nbgrader's source notebook, and what of an imported one lost its cell. Raises CannotExport."""
    notes = Notes()
    course = Folder(folder, notes)
    text = course.text(folder / "exercise.py", why="It holds the exercise itself.")
    kept = course.text(folder / FILE, why="") if (folder / FILE).exists() else None
    if text is None or notes.mistakes:
        raise CannotExport("\n".join(map(str, notes.mistakes)))
    try:
        source = read_script(text, name=str(folder / "exercise.py"), exercise=folder.resolve().name)
        notebook, remarks = assembled(source, kept=_kept(kept))
        nbformat.validate(notebook)
    except ScriptError as error:
        raise CannotExport(str(error)) from error
    except NotOurs as error:
        cure = "Take the file back from git, or delete it: the notebook is then written as the script says alone."
        raise CannotExport(f"{folder / FILE} is not as import_notebook writes it. {error} {cure}") from error
    except nbformat.ValidationError as error:
        cure = f"Delete {FILE}: the notebook is then written as the script says alone."
        raise CannotExport(f"{folder}: this makes no valid notebook: {str(error)[:200]} {cure}") from error
    return notebook, remarks


def _kept(text: str | None) -> Kept | None:
    return from_json(text) if text is not None else None


def _new_data(folder: Path, *, beside: Path) -> dict[Path, bytes]:
    """The data files that are not beside the notebook yet. Raises InTheWay where another file has the name."""
    found: dict[Path, bytes] = {}
    for name, content in _data(folder).items():
        place = beside.parent / name
        if place.is_file() and place.read_bytes() == content:
            continue
        refuse_if_there(place)
        found[place] = content
    if not beside.parent.is_dir():
        raise InTheWay(f"There is no folder {beside.parent}. Make it first.")
    return found


def _data(folder: Path) -> dict[str, bytes]:
    """What learners get beside the notebook: the files that exercise.yml names, and no other. Raises CannotExport."""
    notes = Notes()
    course, file = Folder(folder, notes), folder / _SETTINGS
    text = course.text(file, why="It names the data files.")
    settings = read_yaml(text, file=file, schema=_NAMES, notes=notes) if text is not None else None
    names = sorted(settings.data.get("data", {})) if settings else []
    read = {name: course.content(folder / "data" / name, why=f"{_SETTINGS} names it.") for name in names}
    if notes.mistakes:
        raise CannotExport("\n".join(map(str, notes.mistakes)))
    return {name: content for name, content in read.items() if content is not None}
