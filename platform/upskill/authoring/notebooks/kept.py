"""notebook.json: what an imported notebook says beyond exercise.py, so that it can be written out again, equal."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from jsonschema import Draft202012Validator
from nbformat import NotebookNode

FILE = "notebook.json"
ABOUT = "What the imported notebook says beyond exercise.py. Read by manage.py export_notebook alone; not by learners."
WHOLE, PROJECT = "whole", "project"
_TEXT, _GROUP = {"type": "string"}, {"type": "object"}
_SCHEMA = {
    "type": "object",
    "required": ["nbformat", "nbformat_minor", "metadata", "cells"],
    "properties": {
        "nbformat": {"const": 4},
        "nbformat_minor": {"type": "integer", "minimum": 0, "maximum": 99},
        "metadata": _GROUP,
        "cells": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["sha256"],
                "additionalProperties": False,
                "properties": {
                    "name": _TEXT, "sha256": _TEXT, "form": {"enum": ["", WHOLE, PROJECT]}, "id": _TEXT,
                    "metadata": _GROUP, "attachments": {"type": "object", "maxProperties": 0},
                    "before": {"type": "string", "pattern": r"^\s*$"}, "after": {"type": "string", "pattern": r"^\s*$"},
                    "between": {"type": "string", "pattern": r"^\s*$"},
                },
            },
        },
    },
}  # fmt: skip


class NotOurs(Exception):
    """A notebook.json that `import_notebook` has not written, or that somebody has changed."""


@dataclass
class KeptCell:
    """One cell of the script, and what the notebook's cell says beyond it.

    `form`: "whole" is a written answer whose cell is the model answer from end to end; "project" is nbgrader's task: a
    cell of text and the answer below it, which was one cell. `before`, `after` and `between` are lines left empty.
    """

    sha256: str
    name: str = ""
    form: str = ""
    id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, Any] | None = None
    before: str = ""
    after: str = ""
    between: str = ""

    def says_more(self) -> bool:
        """Whether anything would be lost with it."""
        return bool(self.metadata or self.before or self.after or self.attachments is not None)


@dataclass
class Kept:
    """All that is kept of a notebook."""

    nbformat_minor: int
    metadata: dict[str, Any]
    cells: list[KeptCell]

    def to_json(self) -> str:
        """As the file has it: of each cell only what there is to say."""
        cells = [{key: value for key, value in asdict(cell).items() if value not in ("", None)} for cell in self.cells]
        for cell in cells:
            if not cell["metadata"]:
                del cell["metadata"]
        all_of_it = {"about": ABOUT, "nbformat": 4, **asdict(self), "cells": cells}
        return json.dumps(all_of_it, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> Kept:
    """What a notebook.json holds. Raises NotOurs."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise NotOurs("It is not JSON.") from problem
    first = next(iter(Draft202012Validator(_SCHEMA).iter_errors(data)), None)
    if first:
        raise NotOurs(f"{first.json_path} does not fit.")
    return Kept(data["nbformat_minor"], data["metadata"], [KeptCell(**cell) for cell in data["cells"]])


def digest_of(cell: NotebookNode) -> str:
    """What a cell of the script is known by where it has no name."""
    return hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
