"""The nbgrader notebook of an exercise: what the script makes, with what was kept of the notebook it came from."""

from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from grading.scripts import ANSWER_PLACEHOLDER

from .kept import PROJECT, WHOLE, Kept, KeptCell, digest_of
from .reading import name_of
from .script_text import own_metadata

_IDS_SINCE = 5  # of nbformat 4
_ANSWER = (f"{ANSWER_PLACEHOLDER}\n### BEGIN SOLUTION\n", "\n### END SOLUTION")
_SCHEME = ("=== BEGIN MARK SCHEME ===\n", "\n=== END MARK SCHEME ===")
_ROLE = ("grade", "solution", "task")


def assembled(source: NotebookNode, *, kept: Kept | None) -> tuple[NotebookNode, list[str]]:
    """The notebook in nbgrader's form, and a sentence for each thing kept that no longer has its cell.

    `source` is what `read_script` makes of exercise.py. Without `kept` it is the notebook as it is.
    """
    if kept is None:
        return _plain(source), []
    cells: list[NotebookNode] = []
    used: list[int] = []
    lost: list[str] = []
    for cell, at in _aligned(source, kept):
        entry = kept.cells[at] if at is not None else KeptCell("")
        used += [at] if at is not None else []
        if entry.form and not (_joined(cell, entry=entry, above=cells)):
            lost.append(f"{name_of(cell)} is no longer as it was imported: it becomes a written answer of its own.")
            entry = KeptCell("", id=entry.id)
        cells.append(_cell(cell, entry=entry, minor=kept.nbformat_minor))
    for at, entry in enumerate(kept.cells):
        if at not in used and entry.says_more():
            lost.append(
                f"Cell {at + 1} of the imported script is gone or has other words: what was kept of it is left out."
            )
    notebook = NotebookNode(
        source, cells=cells, nbformat_minor=kept.nbformat_minor, metadata=NotebookNode(kept.metadata)
    )
    return notebook, lost


def _plain(source: NotebookNode) -> NotebookNode:
    for cell in source.cells:
        _with_whole_points(cell.metadata.get("nbgrader", {}))
    return source


def _aligned(source: NotebookNode, kept: Kept) -> Iterator[tuple[NotebookNode, int | None]]:
    """Each cell of the script with the number of what was kept of it: by its name, or by its words in their order."""
    named = {entry.name: at for at, entry in enumerate(kept.cells) if entry.name}
    by_words: dict[str, list[int]] = {}
    for at, entry in enumerate(kept.cells):
        if not entry.name:
            by_words.setdefault(entry.sha256, []).append(at)
    for cell in source.cells:
        if name := name_of(cell):
            yield cell, named.get(name)
        else:
            left = by_words.get(digest_of(cell))
            yield cell, left.pop(0) if left else None


def _joined(cell: NotebookNode, *, entry: KeptCell, above: list[NotebookNode]) -> bool:
    """Give the cell the words of the one that it was; False where it has become another."""
    scheme = _inside(cell.source, marks=_ANSWER)
    if scheme is None or cell.cell_type != "markdown":
        return False
    if entry.form == WHOLE:
        words = _inside(scheme, marks=_SCHEME)
        cell.source = cell.source if words is None else words
        return words is not None
    if entry.form == PROJECT and above and above[-1].cell_type == "markdown" and not name_of(above[-1]):
        asked = above.pop().source
        cell.source = f"{asked}{entry.between}{scheme}"
        return True
    return False


def _inside(text: str, *, marks: tuple[str, str]) -> str | None:
    """What stands between the two marks, where the text is nothing else; None otherwise."""
    begin, end = marks
    is_all = text.startswith(begin) and text.endswith(end) and len(text) >= len(begin) + len(end)
    return text[len(begin) : -len(end)] if is_all else None


def _cell(cell: NotebookNode, *, entry: KeptCell, minor: int) -> NotebookNode:
    built: dict[str, Any] = dict(cell.metadata.get("nbgrader", {}))
    _with_whole_points(built)
    cell.source = f"{entry.before}{cell.source}{entry.after}"
    metadata = NotebookNode(entry.metadata)
    if nbgrader := _nbgrader(built, was=metadata.get("nbgrader"), is_project=entry.form == PROJECT):
        metadata["nbgrader"] = NotebookNode(nbgrader)
    if own := own_metadata(cell):
        metadata["upskill"] = NotebookNode(own)
    cell["metadata"] = metadata
    if entry.attachments is not None:
        cell["attachments"] = NotebookNode(entry.attachments)
    if minor < _IDS_SINCE:
        cell.pop("id", None)
    elif entry.id:
        cell["id"] = entry.id
    return cell


def _nbgrader(built: dict[str, Any], *, was: Any, is_project: bool) -> dict[str, Any]:
    """nbgrader's metadata: as it was, with the points of today, unless the cell's role is another by now."""
    if is_project:
        built = built | {"grade": False, "solution": False, "locked": True, "task": True}
    if not isinstance(was, dict):
        return built
    if any(bool(was.get(key)) != bool(built.get(key)) for key in _ROLE):
        return built
    today = {"points": built["points"]} if "points" in built else {}
    return {**was, **today}


def _with_whole_points(metadata: dict[str, Any]) -> None:
    """nbgrader writes 4 and not 4.0."""
    if "points" in metadata and float(metadata["points"]).is_integer():
        metadata["points"] = int(metadata["points"])
