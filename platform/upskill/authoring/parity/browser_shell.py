"""Runs in the browser's Python: one IPython shell for one notebook. run.mjs brings it; the site never imports it."""

import asyncio
import importlib.util
import io
import json
import math
import numbers
import os
import random
import traceback
from collections.abc import Callable
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

MOST_CHARACTERS = 2000
SEED = 0  # of chance where the answer sets none, as the engine is given it


class Shell(InteractiveShell):  # type: ignore[misc]
    """IPython's, which draws and keeps nothing that nobody reads."""

    def ask_exit(self) -> None:
        """A cell has called exit()."""
        self.exit_now = True

    def _format_exception_for_storage(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {}

    def _tee(self, channel: str) -> Any:
        return nullcontext()

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Nothing: the result of the cell has the exception."""

    showsyntaxerror = showindentationerror = showtraceback

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing: figures are drawn inline."""


class Nowhere(io.TextIOBase):
    """Takes what cells print."""

    def write(self, text: str) -> int:
        return len(text)


class Notebook:
    """One notebook, from its first cell to its last."""

    def __init__(self, over: Callable[[], bool]) -> None:
        """`over` ends the time of the cell that ran, and says whether it was interrupted."""
        self._over = over
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
        config = Config()
        config.HistoryManager.enabled = False
        self._shell = Shell.instance(config=config, colors="nocolor")
        random.seed(SEED)
        if importlib.util.find_spec("numpy"):
            import numpy as np

            np.random.seed(SEED)

    async def run(self, source: str) -> str:
        """What became of this cell, as JSON (see `grading.elsewhere.Ran`)."""
        with redirect_stdout(Nowhere()), redirect_stderr(Nowhere()):
            result = await self._result(source)
            is_late = bool(self._over())
            problem = result.error_before_exec or result.error_in_exec
            if problem is None and self._shell.exit_now:
                problem = SystemExit()
            self._shell.exit_now = False
            failed = {} if problem is None else self._failed(problem)
            shown = _shown(result.result) if problem is None else {}
        nothing = {"error": "", "message": "", "line": None, "value": "", "score": None}
        return json.dumps({**nothing, **failed, **shown, "is_late": is_late, "has_ended": False})

    async def _result(self, source: str) -> Any:
        """IPython's result. A cell that awaits something runs in the event loop, as in a kernel."""
        shell = self._shell
        try:
            transformed = shell.transform_cell(source)
        except SyntaxError:  # run_cell finds it again, and keeps it
            return shell.run_cell(source, store_history=True)
        if not shell.should_run_async(source, transformed_cell=transformed):
            return shell.run_cell(source, store_history=True)
        result = await shell.run_cell_async(source, store_history=True, transformed_cell=transformed)
        await asyncio.sleep(0)
        return result

    def _failed(self, problem: BaseException) -> dict[str, Any]:
        name = type(problem).__name__
        return {"error": name[:100], "message": _text(str, problem), "line": self._line(problem)}

    def _line(self, problem: BaseException) -> int | None:
        """The last line of the cell itself on the way to the exception."""
        steps = list(traceback.walk_tb(problem.__traceback__))
        own = (frame.f_code.co_filename for frame, _ in steps if frame.f_globals is self._shell.user_ns)
        cell = next(own, None)
        lines = [line for frame, line in steps if frame.f_code.co_filename == cell]
        return lines[-1] if lines else None


def _shown(value: object) -> dict[str, Any]:
    """The last expression: its text, and its number where it is one that JSON can hold."""
    if value is None:
        return {}
    score = _number(value)
    if score is None or math.isfinite(score):
        return {"value": _text(repr, value), "score": score}
    return {"value": repr(score), "score": None}


def _number(value: Any) -> float | None:
    if not (isinstance(value, numbers.Real) or type(value).__module__ == "numpy"):
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _text(as_text: Callable[[object], str], value: object) -> str:
    try:
        text = as_text(value)
    except Exception:  # noqa: BLE001 (a learner's __str__ may raise anything)
        return ""
    return text.encode("utf-8", "replace").decode()[:MOST_CHARACTERS]
