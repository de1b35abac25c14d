"""Exercises made on the fly, so that a piece of code or a file from anywhere can be handed in as an answer."""

import json
import secrets
from typing import Any

import nbformat

from grading.protocol import Job, Limits

_SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/run")  # noqa: S108 (only looked at) # nosec B108
LIBRARIES = ("os", "pandas", "sklearn")  # one for each kind of exercise, by what it has loaded
HARMLESS = "assert 1 + 1 == 2"


def unforgeable() -> str:
    """A check that no code can pass that was written before it."""
    return f"### BEGIN HIDDEN TESTS\nassert answer == {secrets.token_hex(16)!r}\n### END HIDDEN TESTS"


def job(*, check: str, limits: Limits, files: dict[str, bytes] | None = None) -> Job:
    """An exercise with one answer cell, `answer`, and one check, `check`. The answer is to be added."""
    cells = [
        _cell("answer", "### BEGIN SOLUTION\nanswer = 1\n### END SOLUTION", solution=True),
        _cell("check", check, grade=True, locked=True, points=1),
    ]
    source = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return Job(job_id="acceptance", source=json.dumps(source), answer="", limits=limits, files=files or {})


def answered(code: str) -> bytes:
    """The file of somebody who wrote `code` into the answer cell."""
    cells = [_cell("answer", code, solution=True), _cell("check", "", grade=True, locked=True, points=1)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode("utf-8", "replace")


def with_answer_cell(data: bytes) -> bytes:
    """The same file, with the answer cell that the exercise asks for where it can be added.

    So a strange notebook is judged for what is strange, not for belonging to no exercise. Bytes that are no notebook
    stay as they are.
    """
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        return data
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return data
    cells.append(_cell("answer", "answer = 2", solution=True))
    return json.dumps(notebook).encode("utf-8", "surrogatepass")


def plain_answer(*, poison: str, library: str = "os") -> tuple[bytes, str]:
    """An ordinary answer and its check, which passes if it runs clean: in an empty folder, without others' traces.

    `library` is imported on the way, where it is installed.
    """
    places = [f"{folder}/{poison}" for folder in _SHARED]
    code = (
        "import contextlib, os\n"
        f"with contextlib.suppress(ImportError): import {library}\n"
        "answer = sum(number * number for number in range(10))\n"
        "folder = sorted(os.listdir('.'))\n"
        f"traces = [place for place in {places!r} if os.path.exists(place)]"
    )
    check = "assert answer == 285\nassert list(folder) == [], folder\nassert list(traces) == [], traces"
    return answered(code), check


def code_cells(data: bytes, *, tests: bool = True) -> list[str]:
    """The source of each code cell of a notebook, as far as it can be read; without nbgrader's tests if so asked."""
    found = [cell for cell in _cells(data) if cell.get("cell_type") == "code" and (tests or not _is_test(cell))]
    return [source for cell in found if (source := _source(cell)).strip()]


def texts_as_outputs(data: bytes) -> str:
    """The Markdown cells of a notebook, as far as they can be read, in the form in which outputs are drawn."""
    texts = [_source(cell) for cell in _cells(data) if cell.get("cell_type") == "markdown"]
    return json.dumps([{"output_type": "display_data", "data": {"text/markdown": text}} for text in texts])


def _cells(data: bytes) -> list[dict[str, Any]]:
    try:
        cells = json.loads(data)["cells"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return []
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def _is_test(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(nbgrader, dict) and bool(nbgrader.get("grade")) and not nbgrader.get("solution")


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else ""


def _cell(name: str, text: str, **metadata: object) -> dict[str, Any]:
    known = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "grade_id": name}
    cell = nbformat.v4.new_code_cell(text, id=name, metadata={"nbgrader": {**known, **metadata}})
    return dict(cell)
