"""The least that any marking could cost: a warm Python forks and the child executes the same cells, nothing else.

No confinement, no IPython, no outputs, no judge, no verdict. The parent has imported what the cells import; what they
do is new to it, as every answer is new to an engine.
"""

import ast
import gc
import os
import time
import traceback
from pathlib import Path
from types import CodeType
from typing import Any

from grading.bench.asking import Child, answer_lines
from grading.bench.assignments import Assignment

_VARIABLES = {
    "MPLBACKEND": "agg",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


class CellsFailed(Exception):
    """The cells raised something, so their time means nothing."""


class ForkFloor(Child):
    """A warm process to fork, from outside."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds what the cells read, and the log."""
        super().__init__(__name__, variables=_VARIABLES, log=folder / "fork.log")
        self._folder = folder

    def prepare(self, assignment: Assignment) -> None:
        """Lay out the files, compile the cells and import what they import. Raises ChildFailed."""
        for name, content in assignment.files.items():
            (self._folder / name).write_bytes(content)
        self.ask(op="prepare", name=assignment.name, cells=assignment.cells())

    def seconds(self, name: str) -> float:
        """How long one fork took from before it began until its end was known. Raises ChildFailed."""
        return float(self.ask(op="run", name=name)["seconds"])


class _Warm:
    """The same, from inside."""

    def __init__(self) -> None:
        self._cells: dict[str, list[CodeType]] = {}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["op"] == "prepare":
            return self._prepare(request["name"], cells=request["cells"])
        return {"seconds": _forked(self._cells[request["name"]])}

    def _prepare(self, name: str, *, cells: list[str]) -> dict[str, Any]:
        self._cells[name] = [compile(cell, f"<{name}>", "exec") for cell in cells]
        _execute([_imports(cell) for cell in cells])
        gc.collect()
        gc.freeze()
        return {}


def _imports(cell: str) -> CodeType:
    statements: list[ast.stmt] = [
        each for each in ast.parse(cell).body if isinstance(each, ast.Import | ast.ImportFrom)
    ]
    return compile(ast.Module(body=statements, type_ignores=[]), "<imports>", "exec")


def _execute(cells: list[CodeType]) -> None:
    names = {"__name__": "__main__"}
    for cell in cells:
        exec(cell, names)  # noqa: S102 - the bench's own exercises # nosec B102


def _forked(cells: list[CodeType]) -> float:
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        ended = 1
        try:
            _execute(cells)
            ended = 0
        except Exception:  # noqa: BLE001 (the process begins here: the parent reports that it failed)
            traceback.print_exc()
        finally:
            os._exit(ended)
    _, status = os.waitpid(pid, 0)
    seconds = time.perf_counter() - began
    if status:
        raise CellsFailed(f"The forked cells ended with status {status}.")
    return seconds


def main() -> None:
    """Answer the bench."""
    answer_lines(_Warm().answer)
