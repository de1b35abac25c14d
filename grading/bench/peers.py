"""nbgrader itself beside the engine: its Python interface in a warm process, and its command, a process for each mark.

Both mark the same answers in throw-away course folders of their own, with a real kernel for each notebook.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat

from grading.bench.asking import Child, ChildFailed, answer_lines
from grading.bench.assignments import Assignment, Marks, filled

_LEARNER = "learner"
_NOTEBOOK = "notebook"
_BIN = Path(sys.executable).parent
_CONFIGURATION = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"


class Peers(Child):
    """Marking with nbgrader's own tools, from outside."""

    def __init__(self, folder: Path) -> None:
        """`folder` is empty and takes both courses, the tools' settings and the log."""
        self._by_api, self._by_command = folder / "api", folder / "command"
        self._by_api.mkdir()
        self._variables = {
            "HOME": str(folder),  # no settings of whoever runs the bench
            "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",  # nbgrader calls alembic by its name
            "PYTHONWARNINGS": "ignore",
        }
        super().__init__(__name__, variables=self._variables, log=folder / "nbgrader.log")

    def prepare(self, assignments: list[Assignment]) -> None:
        """Publish the exercises in both courses and hand in the answers. Raises ChildFailed."""
        (self._by_api / "nbgrader_config.py").write_text(_CONFIGURATION)
        for each in assignments:
            _write(each.source, folder=self._by_api / "source" / each.name)
        self.ask(op="open", course=str(self._by_api))
        for each in assignments:
            self.ask(op="publish", name=each.name)
            released = nbformat.read(self._by_api / "release" / each.name / f"{_NOTEBOOK}.ipynb", as_version=4)
            handed_in = self._by_api / "submitted" / _LEARNER / each.name
            _write(filled(released, answers=each.answers), folder=handed_in)
            for name, content in each.files.items():
                (handed_in / name).write_bytes(content)
        shutil.copytree(self._by_api, self._by_command)

    def seconds_by_api(self, name: str) -> float:
        """How long NbGraderAPI.autograde took, inside its warm process. Raises ChildFailed."""
        return float(self.ask(op="mark", name=name)["seconds"])

    def seconds_by_command(self, name: str) -> float:
        """How long `nbgrader autograde` took, from its start to its end. Raises ChildFailed."""
        command = [str(_BIN / "nbgrader"), "autograde", name, "--student", _LEARNER, "--force"]
        environment = {**os.environ, **self._variables}
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=self._by_command, env=environment, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - began
        if done.returncode:
            raise ChildFailed(f"nbgrader autograde {name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return seconds

    def marks(self, name: str) -> tuple[Marks, Marks]:
        """What the last mark through the interface, and through the command, gave. Raises ChildFailed."""
        by_api, by_command = (
            self.ask(op="marks", name=name, course=str(course))["marks"] for course in (self._by_api, self._by_command)
        )
        return by_api, by_command


def _write(notebook: nbformat.NotebookNode, *, folder: Path) -> None:
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{_NOTEBOOK}.ipynb")


class NbgraderRefused(Exception):
    """nbgrader says that it did not succeed; the message is the end of its log."""


class _Warm:
    """The same, from inside the process that has imported nbgrader."""

    def __init__(self) -> None:
        self._api: Any = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        match request["op"]:
            case "open":
                self._open(request["course"])
                return {}
            case "publish":
                _insist(self._api.generate_assignment(request["name"]))
                return {}
            case "mark":
                return self._mark(request["name"])
            case _:
                return {"marks": _recorded(request["name"], course=request["course"])}

    def _open(self, course: str) -> None:
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import Config

        os.chdir(course)
        settings = Config()
        settings.CourseDirectory.root = course
        settings.CourseDirectory.course_id = "bench"
        self._api = NbGraderAPI(CourseDirectory(config=settings), config=settings)

    def _mark(self, name: str) -> dict[str, Any]:
        began = time.perf_counter()
        result = self._api.autograde(name, _LEARNER, force=True)
        seconds = time.perf_counter() - began
        _insist(result)
        return {"seconds": seconds}


def _insist(result: dict[str, Any]) -> None:
    if not result["success"]:
        raise NbgraderRefused(result.get("error") or result.get("log", "")[-2000:])


def _recorded(name: str, *, course: str) -> Marks:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        grades = book.find_submission_notebook(_NOTEBOOK, name, _LEARNER).grades
        return {grade.name: None if grade.needs_manual_grade else grade.auto_score for grade in grades}


def main() -> None:
    """Answer the bench."""
    answer_lines(_Warm().answer)
