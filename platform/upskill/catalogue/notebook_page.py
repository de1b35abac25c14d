"""An exercise as a page to read: its text, its code, and where the learner writes."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

import nbformat
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from upskill.catalogue import prose
from upskill.core import blobs

_LABELS = {"answer": "You write this cell", "check": "This cell checks your work"}
_FORMAT: "HtmlFormatter[str]" = HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class PageCell:
    """One cell. `kind` is prose; code, answer or text (a learner writes it), check (gives points), or locked code.

    `html` is safe: of code, the inside of a <pre>. `name` is the author's for it, empty where there is none.
    """

    id: str
    kind: str
    name: str
    source: str
    html: str

    @property
    def is_open(self) -> bool:
        """Whether learners write in it."""
        return self.kind in {"code", "answer", "text"}


def to_page(release: NotebookNode) -> str:
    """Safe HTML of the notebook that learners download. Headings begin one level down, below the page's title."""
    return "\n".join(_as_html(cell) for cell in _page_cells(release))


@lru_cache(maxsize=64)
def page_cells(release_sha256: str) -> tuple[PageCell, ...]:
    """The cells of the stored notebook, but for those that are empty and nobody's to fill. At most one read."""
    return tuple(_page_cells(nbformat.reads(blobs.read(release_sha256).decode(), as_version=4)))


def _page_cells(release: NotebookNode) -> list[PageCell]:
    cells = [_page_cell(cell) for cell in release.cells]
    return [cell for cell in cells if cell.source.strip() or cell.is_open]


def _page_cell(cell: NotebookNode) -> PageCell:
    is_code = cell.cell_type == "code"
    html = highlight(cell.source, PythonLexer(), _FORMAT) if is_code else prose.to_html(cell.source, deeper=1)
    name = str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
    return PageCell(str(cell.get("id", "")), _kind(cell), name, cell.source, html)


def _kind(cell: NotebookNode) -> str:
    metadata = cell.metadata.get("nbgrader", {})
    if metadata.get("solution"):
        return "answer" if cell.cell_type == "code" else "text"
    if cell.cell_type != "code":
        return "prose"
    if metadata.get("grade"):
        return "check"
    return "locked" if metadata else "code"


def _as_html(cell: PageCell) -> str:
    kind = "answer" if cell.kind == "text" else cell.kind
    label = f'<p class="app-cell__label">{escape(_LABELS.get(kind, "Code to run"))}</p>'
    modifier = f" app-cell--{kind}" if kind in _LABELS else ""
    if cell.kind in {"prose", "text"}:
        label = label if modifier else ""
        return f'<div class="app-cell{modifier}">{label}<div class="app-prose">{cell.html}</div></div>'
    return (
        f'<div class="app-cell app-cell--code{modifier}">{label}'
        f'<pre class="app-code" tabindex="0"><code>{cell.html}</code></pre></div>'
    )
