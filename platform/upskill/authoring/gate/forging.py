"""Notebooks in which somebody has changed what is not theirs: tests, points, and who may write where."""

from collections.abc import Callable

import nbformat
from nbformat import NotebookNode

from grading.checks import gives_points, is_answer


def forged(notebook: str) -> list[tuple[str, str]]:
    """A name and a notebook for each way to forge; `notebook` is one whose answers are worth nothing."""
    return [(name, _changed(notebook, change)) for name, change in _WAYS.items()]


def _changed(notebook: str, change: Callable[[NotebookNode], None]) -> str:
    node = nbformat.reads(notebook, as_version=4)
    change(node)
    text: str = nbformat.writes(node)
    return text


def _tests(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and gives_points(cell)]


def _empty_tests(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.source = "assert True"


def _more_points(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.metadata["nbgrader"]["points"] = 1000.0


def _tests_as_answers(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.metadata["nbgrader"].update(solution=True, locked=False)
        cell.source = "assert True"


def _without_answers(notebook: NotebookNode) -> None:
    notebook.cells = [cell for cell in notebook.cells if not is_answer(cell) or gives_points(cell)]


def _tests_twice(notebook: NotebookNode) -> None:
    copies = [
        NotebookNode({**cell, "id": f"{cell.get('id', 'test')}-2", "source": "assert True"})
        for cell in _tests(notebook)
    ]
    notebook.cells += copies


_WAYS = {
    "tests that hold": _empty_tests,
    "more points": _more_points,
    "tests marked as answers": _tests_as_answers,
    "each test a second time": _tests_twice,
    "no answer cells": _without_answers,
}
