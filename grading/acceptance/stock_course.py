"""A course of one exercise and one learner, marked by nbgrader's own preprocessors with a real kernel."""

import base64
import copy
import json
import logging
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from grading.acceptance import outputs

_EXERCISE, _NOTEBOOK, _LEARNER = "exercise", "nb", "learner"
_LARGE_BYTES = 9_000_000


def mark(order: dict[str, Any], *, folder: Path) -> dict[str, Any]:
    """Build the course in `folder` as nbgrader lays one out, and mark. Raises whatever nbgrader raises."""
    _environment(folder, secret=order["secret"])
    from nbgrader.api import Gradebook  # here, for it asks at import where the home folder is
    from nbgrader.converters import Autograde, GenerateAssignment

    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    database = f"sqlite:///{folder}/gradebook.db"
    _lay_out(folder, source=order["source"])
    with Gradebook(database) as book:
        book.update_or_create_assignment(_EXERCISE)
        book.update_or_create_student(_LEARNER)
    source = nbformat.reads(order["source"], as_version=4)
    _through(GenerateAssignment().preprocessors, source, _resources(database, learner="."))
    with Gradebook(database) as book:
        book.update_or_create_submission(_EXERCISE, _LEARNER)
    begun = time.monotonic()
    answer = nbformat.reads(base64.b64decode(order["answer"]).decode(), as_version=4)
    clean, resources = _through(Autograde().sanitize_preprocessors, answer, _resources(database, learner=_LEARNER))
    marked, _ = _through(Autograde().autograde_preprocessors, clean, resources, timeout=order["cell_seconds"])
    seconds = time.monotonic() - begun
    harm = _shown(marked, database=database, secret=order["secret"])
    return {"outcome": "marked", "reason": "", "seconds": seconds, **_points(database), "harm": harm}


def _environment(folder: Path, *, secret: str) -> None:
    """What the process of somebody who runs nbgrader has: a home, and the secrets of a site."""
    for name in ("HOME", "TMPDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        place = folder / "home" / name.lower()
        place.mkdir(parents=True)
        os.environ[name] = str(place)
    os.environ.update(DATABASE_URL=f"postgres://upskill:{secret}@db/upskill", NBGRADER_EXECUTION="autograde")


def _lay_out(folder: Path, *, source: str) -> None:
    sources = folder / "source" / _EXERCISE
    sources.mkdir(parents=True)
    (sources / f"{_NOTEBOOK}.ipynb").write_text(source)
    work = folder / "autograded" / _LEARNER / _EXERCISE
    work.mkdir(parents=True)
    os.chdir(work)


def _resources(database: str, *, learner: str) -> dict[str, Any]:
    names = {"student": learner, "assignment": _EXERCISE, "notebook": _NOTEBOOK, "db_url": database}
    return {"nbgrader": names, "metadata": {"path": str(Path.cwd())}, "unique_key": _NOTEBOOK, "output_files_dir": "f"}


def _through(
    steps: Iterable[type[Any]], notebook: NotebookNode, resources: dict[str, Any], *, timeout: int | None = None
) -> tuple[NotebookNode, dict[str, Any]]:
    notebook = copy.deepcopy(notebook)
    for make in steps:
        step = make()
        if not step.enabled:
            continue
        if timeout is not None and step.has_trait("timeout"):
            step.timeout = timeout
        notebook, resources = step.preprocess(notebook, resources)
    return notebook, resources


def _points(database: str) -> dict[str, Any]:
    """Points by check; None where nbgrader waits for a person."""
    from nbgrader.api import Gradebook

    with Gradebook(database) as book:
        grades = book.find_submission_notebook(_NOTEBOOK, _EXERCISE, _LEARNER).grades
        return {
            "points": {grade.name: None if grade.needs_manual_grade else float(grade.score) for grade in grades},
            "max_points": {grade.name: float(grade.max_score) for grade in grades},
        }


def _shown(marked: NotebookNode, *, database: str, secret: str) -> list[str]:
    """What is wrong with what a learner or trainer then sees."""
    found = []
    if (size := len(nbformat.writes(marked))) > _LARGE_BYTES:
        found.append(f"the stored notebook has {size} bytes")
    shown = [dict(output) for cell in marked.cells for output in cell.get("outputs", [])]
    texts = [cell.source for cell in marked.cells if cell.cell_type == "markdown"]
    found += outputs.betrayed(outputs.everything(json.dumps(shown))[: 4 * _LARGE_BYTES], secret=secret)
    hostile = set(outputs.active_content("\n".join([outputs.raw_markup(shown), *texts])))
    if hostile:
        alive = hostile & set(outputs.active_content(_feedback(marked, database=database)))
        found += [f"active content: {item}" for item in sorted(alive)[:4]]
    return found


def _feedback(marked: NotebookNode, *, database: str) -> str:
    """The page that nbgrader's generate_feedback writes."""
    from nbconvert import HTMLExporter
    from nbgrader.converters import GenerateFeedback

    converter = GenerateFeedback(coursedir=None)
    exporter = HTMLExporter(config=converter.config, default_preprocessors=[])
    for step in converter.preprocessors:
        exporter.register_preprocessor(step, enabled=True)
    page: str = exporter.from_notebook_node(copy.deepcopy(marked), resources=_resources(database, learner=_LEARNER))[0]
    return page
