"""An exercise as somebody works on it in the page: its cells, its data, and what was saved of it."""

import ast
import json
from dataclasses import dataclass
from html import escape
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _

from upskill.browser_runtime import manifest, places
from upskill.catalogue.models import ItemVersion
from upskill.catalogue.notebook_page import PageCell, page_cells
from upskill.core import blobs
from upskill.learning import drafts
from upskill.learning.models import Draft
from upskill.learning.rules import can_hand_in
from upskill.web import browser_python
from upskill.web.person import signed_in
from upskill.web.runtime_files import base_address

from . import lines
from .notebook_words import notebook_words

ANSWER_ID = "00000000-0000-0000-0000-000000000000"  # in addresses that are completed once an answer has its own


@dataclass(frozen=True)
class CellLine:
    """A cell of the page. `number` counts those that a learner runs or writes; `title` and `points` are a check's."""

    cell: PageCell
    html: str
    number: int = 0
    title: str = ""
    points: Any = None

    @property
    def name(self) -> str:
        """What the page calls it."""
        if self.cell.kind == "prose":
            return ""
        return self.title if self.cell.kind == "check" else _("Cell %(n)d") % {"n": self.number}


def cell_lines(item: ItemVersion) -> list[CellLine]:
    """The cells of an exercise, without the title that its notebook begins with: the page has it. One query."""
    checks = {check.slug: check for check in item.exercise.checks.all()}
    found: list[CellLine] = []
    number = 0
    for cell in page_cells(item.exercise.release_sha256):
        html = cell.html if found else cell.html.replace(f"<h2>{escape(item.title, quote=False)}</h2>", "", 1)
        check = checks.get(cell.name) if cell.kind == "check" else None
        number += cell.kind not in {"prose", "check"}
        title = (check.title if check else cell.name) if cell.kind == "check" else ""
        found.append(CellLine(cell, html, number, title, check.max_points if check else None))
    return found


def is_offered() -> bool:
    """Whether exercises run in the page here."""
    return places.state() == places.State.THERE


def why_not() -> str:
    """Why exercises do not run in the page now; empty where this service does without, or where they do."""
    match places.state():
        case places.State.COMING:
            size = manifest.megabytes(manifest.read().bytes)
            return _("This service is loading Python for your browser (%(size)s). Come back in a few minutes.") % {
                "size": size
            }
        case places.State.MISSING:
            return _("Python for your browser is not installed on this service yet.")
    return ""


def page_data(request: HttpRequest, *, item: ItemVersion, cells: list[CellLine]) -> str:
    """What static/js/notebook/main.js needs to know, as JSON. One query, and one read of a blob."""
    learner, exercise = signed_in(request), item.exercise
    draft = drafts.draft_of(learner, item=item.item)
    sources = [line.cell.source for line in cells if line.cell.kind not in {"prose", "text"}]
    files = [{"name": name, "url": lines.item_url(item, name="file", file=name)} for name in sorted(exercise.files)]
    about = {
        "nonce": str(request.csp_nonce),  # type: ignore[attr-defined]
        "csrf": get_token(request),
        "person": str(learner.public_id),
        "filename": exercise.filename,
        "words": notebook_words(),
        "python": {
            "worker": browser_python.worker_address(request),
            "base": base_address(),
            "imports": _imports(sources),
            "packages": list(manifest.read().packages()),
            "compiled": manifest.read().compiled(),
            "files": files,
        },
        "cells": [_cell(line) for line in cells if line.cell.kind != "prose"],
        "notebook": json.loads(blobs.read(exercise.release_sha256)),
        "draft": {"url": _api("draft", item=item), **_saved(draft)},
        "hand_in": _hand_in(item) if can_hand_in(exercise) else None,
    }
    return json.dumps(about)


def _cell(line: CellLine) -> dict[str, Any]:
    return {"id": line.cell.id, "kind": line.cell.kind, "name": line.name, "original": line.cell.source}


def _saved(draft: Draft | None) -> dict[str, Any]:
    if draft is None:
        return {"revision": drafts.NO_REVISION, "saved_at": None, "cells": {}}
    return {"revision": draft.revision, "saved_at": draft.saved_at.isoformat(), "cells": draft.cells}


def _hand_in(item: ItemVersion) -> dict[str, str]:
    return {
        "url": _api("submit", item=item),
        "answer_id": ANSWER_ID,
        "state_url": reverse("learner:submission_state", args=[ANSWER_ID]),
        "page_url": reverse("learner:submission", args=[ANSWER_ID]),
    }


def _api(name: str, *, item: ItemVersion) -> str:
    module, slug = item.item.key.split("/", 1)
    return reverse(f"api:{name}", args=[item.item.course_id, module, slug])


def _imports(sources: list[str]) -> list[str]:
    """The modules that these cells import and that Python for the browser has, in their order."""
    ours = {name.split(".")[0] for file in manifest.read().files for name in file.imports}
    return [name for name in dict.fromkeys(name for source in sources for name in _imported(source)) if name in ours]


def _imported(source: str) -> list[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # lines that IPython alone understands, or a gap to fill
        return []
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [name.split(".")[0] for name in names]
