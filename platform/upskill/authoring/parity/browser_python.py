"""The browser's Python in a process of Node's on this machine: a fresh one for each answer, bounded, with few rights.

It reads the files of the runtime and those of its own folder and nothing else, writes none, starts no program, gets no
variable of ours, and ends with us. The answers are the author's own: this keeps accidents small, it is no wall.
"""

import json
import math
import resource
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from grading.elsewhere import Ran
from grading.protocol import Limits, ProtocolError, from_json

_START_SECONDS = 120  # to load Pyodide, IPython and what the notebook imports, on a busy machine
_GRACE_SECONDS = 5  # to stop after an interrupt
_SPARE_MB = 1024  # that Node and the compiled core use besides
_PROCESSORS = 4  # threads of Node's that may work at once, at most
_MOST_CHARACTERS = 1 << 20  # of one report
_MOST_STDERR = 1 << 20
_HERE = Path(__file__).resolve().parent
_NODE_SCRIPT, _SHELL = _HERE / "run.mjs", _HERE / "browser_shell.py"
_ALONE = _HERE.parents[1] / "browser_runtime" / "ipython_alone.py"


class BrowserPythonBroken(Exception):
    """The browser's Python did not start. The message says why, and the cure."""


@dataclass(frozen=True)
class Runtime:
    """What is needed to run it: the program of Node, and the folder of a whole build of the runtime."""

    node: Path
    folder: Path


class BrowserPython:
    """One Python of the browser's for one notebook, with `files` beside it. Use it in a `with` block.

    `cells` are the texts of all code cells, from whose imports it knows which packages to load. Starting raises
    BrowserPythonBroken.
    """

    def __init__(self, runtime: Runtime, *, cells: Sequence[str], files: Mapping[str, bytes], limits: Limits) -> None:
        self._runtime, self._limits = runtime, limits
        self._order = {
            "cells": list(cells),
            "files": sorted(files),
            "alone": _ALONE.read_text(),
            "shell": _SHELL.read_text(),
        }
        self._files = files

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="upskill-parity-")
        self._stderr: IO[bytes] = tempfile.TemporaryFile()
        try:
            self._lay_out(Path(self._folder.name))
            self._start(Path(self._folder.name))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if process := getattr(self, "_process", None):
            process.kill()
            process.communicate()
        self._stderr.close()
        self._folder.cleanup()

    def run(self, source: str, seconds: float) -> Ran:
        """What became of a cell; interrupted after so many seconds, and ended where it does not heed that."""
        line, is_late = self._ask({"source": source, "seconds": seconds}, seconds=seconds + _GRACE_SECONDS)
        try:
            return from_json(Ran, line)
        except ProtocolError:  # it has ended, or talks nonsense
            self._process.kill()
            return Ran(has_ended=True, is_late=is_late)

    def _lay_out(self, folder: Path) -> None:
        (folder / "order.json").write_text(json.dumps(self._order))
        (folder / "files").mkdir()
        for name, content in self._files.items():
            (folder / "files" / name).write_bytes(content)

    def _start(self, folder: Path) -> None:
        own = self._runtime
        program = [own.node, *_rights(own.folder, folder), _NODE_SCRIPT, own.folder, folder]
        try:
            self._process = subprocess.Popen(
                list(map(str, program)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                cwd="/",
                env={},
                encoding="utf-8",
            )
        except OSError as problem:
            raise BrowserPythonBroken(f"Node does not start: {problem}. Install it anew.") from problem
        with suppress(ProcessLookupError):  # it has ended already: what it says next is nothing
            for kind, most in _bounds(self._limits).items():
                resource.prlimit(self._process.pid, kind, (most, most))
        line, is_late = self._ask({}, seconds=_START_SECONDS)
        if line.strip() != '"ready"':
            raise BrowserPythonBroken(self._why_not(is_late=is_late))

    def _ask(self, order: dict[str, Any], *, seconds: float) -> tuple[str, bool]:
        """The next line it says, "" where it has ended, and whether it was ended for its time."""
        ended = threading.Event()

        def end() -> None:
            ended.set()
            self._process.kill()

        watch = threading.Timer(seconds, end)
        watch.start()
        try:
            assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018 (pipes)
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return self._process.stdout.readline(_MOST_CHARACTERS), ended.is_set()
        except BrokenPipeError:
            return "", ended.is_set()
        finally:
            watch.cancel()

    def _why_not(self, *, is_late: bool) -> str:
        if is_late:
            return (
                f"The browser's Python was not ready after {_START_SECONDS} seconds. Try again when less goes on here."
            )
        self._process.wait()
        self._stderr.seek(0)
        said = self._stderr.read(_MOST_STDERR).decode("utf-8", "replace").strip()[-1500:]
        return (
            f"The browser's Python did not start:\n{said or 'Node said nothing.'}\n"
            "Mend its files with: manage.py fetch_browser_runtime"
        )


def _rights(*readable: Path) -> list[str]:
    """What Node may do: read these folders and its script. No text becomes code, as in the page."""
    reads = [f"--allow-fs-read={place}" for place in (*readable, _NODE_SCRIPT)]
    return ["--permission", *reads, "--disallow-code-generation-from-strings", "--disable-warning=ExperimentalWarning"]


def _bounds(limits: Limits) -> dict[int, int]:
    """Limits of the process: should we die, the processor's time ends it."""
    seconds = math.ceil(_START_SECONDS + limits.total_seconds) * _PROCESSORS
    return {
        resource.RLIMIT_DATA: (limits.memory_mb + _SPARE_MB) << 20,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: _MOST_STDERR,
        resource.RLIMIT_CORE: 0,
    }
