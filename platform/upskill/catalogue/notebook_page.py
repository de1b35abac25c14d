"""An exercise as a page to read: its text, its code, and where the learner writes."""

from html import escape

from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from upskill.catalogue import prose

_LABELS = {"answer": "You write this cell", "check": "This cell checks your work", "code": "Code to run"}
_FORMAT: "HtmlFormatter[str]" = HtmlFormatter(nowrap=True)


def to_page(release: NotebookNode) -> str:
    """Safe HTML of the notebook that learners download. Headings begin one level down, below the page's title."""
    cells = [cell for cell in release.cells if cell.source.strip()]
    return "\n".join(_text(cell) if cell.cell_type == "markdown" else _code(cell) for cell in cells)


def _text(cell: NotebookNode) -> str:
    kind = " app-cell--answer" if _kind(cell) == "answer" else ""
    label = _label("answer") if kind else ""
    return (
        f'<div class="app-cell{kind}">{label}<div class="app-prose">{prose.to_html(cell.source, deeper=1)}</div></div>'
    )


def _code(cell: NotebookNode) -> str:
    kind = _kind(cell)
    code = highlight(cell.source, PythonLexer(), _FORMAT)
    modifier = "" if kind == "code" else f" app-cell--{kind}"
    return (
        f'<div class="app-cell app-cell--code{modifier}">{_label(kind)}'
        f'<pre class="app-code" tabindex="0"><code>{code}</code></pre></div>'
    )


def _label(kind: str) -> str:
    return f'<p class="app-cell__label">{escape(_LABELS[kind])}</p>'


def _kind(cell: NotebookNode) -> str:
    """answer: learners write it. check: it gives points and is locked. code: anything else."""
    metadata = cell.metadata.get("nbgrader", {})
    if metadata.get("solution"):
        return "answer"
    return "check" if metadata.get("grade") else "code"
