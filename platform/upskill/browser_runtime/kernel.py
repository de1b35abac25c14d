"""Runs the cells of an exercise in the learner's browser: IPython, whose outputs the page draws.

web.browser_python hands this file to Pyodide as it is. Nothing in it is a promise of ours: learners' code runs beside
it and may change it, so that what it says is practice and never a mark. It knows nothing of the browser, so that tests
run it as well.
"""

import base64
import builtins
import importlib
import json
import os
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell

MOST_TEXT = 200_000  # characters that one cell may print
MOST_OUTPUT = 8_000_000  # characters of all that one cell shows, pictures among it
BATCH_SECONDS, BATCH_CHARACTERS = 0.1, 8_000  # what is printed is handed over in batches
CELL_FILE = "<cell "

Publish = Callable[[str], object]


class Outputs:
    """Hands outputs to the page as JSON, in nbformat's shape, until a cell has shown enough."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self.begin()

    def begin(self) -> None:
        """Another cell begins."""
        self._printed: list[str] = []
        self._stream, self._last = "stdout", time.monotonic()
        self._text_left, self._left, self._is_cut = MOST_TEXT, MOST_OUTPUT, False

    def write(self, stream: str, text: str) -> None:
        """What a cell prints."""
        if stream != self._stream:
            self.flush()
            self._stream = stream
        kept = text[: self._text_left]
        self._text_left -= len(kept)
        if kept:
            self._printed.append(kept)
        if len(kept) < len(text):
            self._say_cut()
        elif time.monotonic() - self._last > BATCH_SECONDS or len(kept) > BATCH_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Everything that was printed is with the page."""
        self._last = time.monotonic()
        text, self._printed = "".join(self._printed), []
        if text:
            self._publish(json.dumps({"output_type": "stream", "name": self._stream, "text": text}))

    def show(self, kind: str, **more: Any) -> None:
        """A table, a picture, a value or an error."""
        self.flush()
        said = json.dumps({"output_type": kind, **more}, default=str)
        self._left -= len(said)
        if self._left < 0:
            self._say_cut()
        else:
            self._publish(said)

    def _say_cut(self) -> None:
        self.flush()
        if not self._is_cut:
            self._is_cut = True
            self._publish(json.dumps({"output_type": "cut"}))


class Stream:
    """sys.stdout or sys.stderr of a cell."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        """As a file's."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.write(self.name, text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """As a file's."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """As a file's."""
        self._outputs.flush()

    def isatty(self) -> bool:
        """No: nothing is coloured."""
        return False

    def readable(self) -> bool:
        """No."""
        return False

    def writable(self) -> bool:
        """Yes."""
        return True


class _Displays(DisplayPublisher):  # type: ignore[misc]
    outputs: Outputs

    def publish(self, data: dict[str, Any], metadata: dict[str, Any] | None = None, **more: Any) -> None:
        kind = "update_display_data" if more.get("update") else "display_data"
        self.outputs.show(kind, data=_as_text(data), metadata=metadata or {}, transient=more.get("transient") or {})

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.show("clear")


class _Results(DisplayHook):  # type: ignore[misc]
    outputs: Outputs

    def write_output_prompt(self) -> None:
        """The page has its own."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.outputs.show("execute_result", data=_as_text(format_dict), metadata=md_dict or {})

    def finish_displayhook(self) -> None:
        """Nothing is printed after a value."""


class _Compiler(CachingCompiler):  # type: ignore[misc]
    """Calls cells by the names that the page has for them."""

    current = ""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return f"{CELL_FILE}{number} {_Compiler.current}>"

    def format_code_name(self, name: str) -> tuple[str, str] | None:
        return ("In", _cell_of(name)) if name.startswith(CELL_FILE) else super().format_code_name(name)


class _Shell(InteractiveShell):  # type: ignore[misc]
    outputs: Outputs
    compiler_class = _Compiler

    def enable_gui(self, gui: str | None = None) -> None:
        """There is none."""

    def init_completer(self) -> None:
        """Nothing is completed. What would do it is a tenth of all that is compiled at a start."""

    def init_history(self) -> None:
        HistoryManager.enabled = False
        super().init_history()

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.outputs.show("error", ename=etype.__name__, evalue=str(evalue), traceback=stb, **_place(evalue))


class Beginning:
    """What learners' code finds when a session of Python begins."""

    def __init__(self) -> None:
        self._folder = Path.cwd()
        self._files = set(self._folder.rglob("*"))
        self._path, self._environment, self._builtins = [*sys.path], {**os.environ}, {**vars(builtins)}
        self._filters = [*warnings.filters]
        self._streams = sys.stdout, sys.stderr

    def restore(self) -> None:
        """Put everything back as it was. Packages stay as they are: numpy and others can be imported only once."""
        self._folder.mkdir(exist_ok=True)
        os.chdir(self._folder)
        sys.stdout, sys.stderr = self._streams
        for made in sorted(set(self._folder.rglob("*")) - self._files, reverse=True):  # what is in a folder before it
            with suppress(OSError):
                made.rmdir() if made.is_dir() and not made.is_symlink() else made.unlink()
        for name, module in [*sys.modules.items()]:
            places = [getattr(module, "__file__", ""), *getattr(module, "__path__", [])]
            if any(str(place).startswith(f"{self._folder}/") for place in places):
                del sys.modules[name]
        importlib.invalidate_caches()
        sys.path[:], warnings.filters[:] = self._path, self._filters  # type: ignore[index]
        os.environ.clear()
        os.environ.update(self._environment)
        known = vars(builtins)
        known.update(self._builtins)
        for name in known.keys() - self._builtins.keys():
            del known[name]
        random.seed()


class Kernel:
    """One session of Python. `publish` is called with each output as JSON."""

    def __init__(self, publish: Publish) -> None:
        self.outputs = Outputs(publish)
        for owner in (_Displays, _Results, _Shell):
            owner.outputs = self.outputs
        sys.stdout, sys.stderr = Stream("stdout", self.outputs), Stream("stderr", self.outputs)
        self._shell = _Shell.instance(display_pub_class=_Displays, displayhook_class=_Results, colors="nocolor")
        builtins.input = _no_input
        self._draws = False
        self._beginning = Beginning()

    async def run(self, code: str, name: str) -> bool:
        """Whether the cell with this name ran to its end. Whatever it shows has been published."""
        self.outputs.begin()
        _Compiler.current = name
        self._draw_if_needed(code)
        try:
            result = await self._shell.run_cell_async(code, transformed_cell=self._shell.transform_cell(code))
            if "matplotlib" in sys.modules:
                self._draw_if_needed("matplotlib")
            return bool(result.success)
        finally:
            self.outputs.flush()

    def reset(self) -> None:
        """As after a start, but packages stay imported, so that it is fast. Variables, files and modules of the
        learner's are gone.
        """
        self.outputs.begin()
        self._beginning.restore()
        self._shell.reset(new_session=True)
        if plots := sys.modules.get("matplotlib.pyplot"):
            plots.close("all")
        if numpy := sys.modules.get("numpy"):
            numpy.random.seed()

    def warm(self, names: Iterable[str]) -> None:
        """These modules are imported, so that the first cell that wants them is fast. What is not there stays away."""
        for name in names:
            with suppress(ImportError):
                importlib.import_module(name)

    def _draw_if_needed(self, code: str) -> None:
        """Pictures of matplotlib are shown at the end of a cell, with words for those who do not see them."""
        if self._draws or not any(word in code for word in ("matplotlib", "plot", "hist(", "seaborn")):
            return
        try:
            from matplotlib.figure import Figure
            from matplotlib_inline import backend_inline
        except ImportError:
            return
        self._draws = True
        backend_inline.configure_inline_support(self._shell, "inline")  # type: ignore[no-untyped-call]
        formatter = self._shell.display_formatter.formatters["image/png"]
        draw = formatter.lookup_by_type(Figure)
        formatter.for_type(Figure, lambda figure: (draw(figure), {"alt": words_for(figure)}))
        if backend_inline.flush_figures not in self._shell.events.callbacks["post_execute"]:
            self._shell.events.register("post_execute", backend_inline.flush_figures)


def words_for(figure: Any) -> str:
    """What a chart is about, from its own title and labels; empty where it has none."""
    parts = []
    for axes in figure.axes:
        labels = {"": axes.get_title(), "x: ": axes.get_xlabel(), "y: ": axes.get_ylabel()}
        parts += [f"{before}{text}" for before, text in labels.items() if text]
    return ". ".join(parts)[:500]


def _no_input(prompt: object = "", /) -> str:
    raise RuntimeError("input() cannot ask questions here. Write the value into the cell instead, such as: age = 30")


def _as_text(data: dict[str, Any]) -> dict[str, Any]:
    """Pictures as base64, as nbformat keeps them."""
    return {
        kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value for kind, value in data.items()
    }


def _place(fault: BaseException) -> dict[str, Any]:
    """The cell and the line at which it failed; empty where that was in no cell."""
    if isinstance(fault, SyntaxError) and (fault.filename or "").startswith(CELL_FILE):
        return {"cell": _cell_of(str(fault.filename)), "line": fault.lineno}
    found: dict[str, Any] = {}
    place = fault.__traceback__
    while place is not None:
        file = place.tb_frame.f_code.co_filename
        if file.startswith(CELL_FILE):
            found = {"cell": _cell_of(file), "line": place.tb_lineno}
        place = place.tb_next
    return found


def _cell_of(file: str) -> str:
    return file.removeprefix(CELL_FILE).partition(" ")[2].removesuffix(">")
