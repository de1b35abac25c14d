"""A learner's notebook in one process: IPython as ipykernel drives it, without sockets or threads.

    shell = make_shell()                        # once, in the warm process, before it forks
    shell.begin(output_limit=1 << 20)           # in the child, after confine: it is the learner's from here on
    report = shell.run(source, cell_id="a1")    # for each cell, in order

Nothing here decides marks, and nothing here withstands learners' code, which shares the process and can change all of
it: whoever reads a CellReport from a child must believe none of it.
"""

import asyncio
import builtins
import getpass
import os
import pdb
import signal
import sys
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipykernel.compiler import XCachingCompiler
from IPython.core import debugger
from IPython.core.profiledir import ProfileDir
from traitlets.config import Config

from grading.runner.first_use import INLINE_BACKEND, use_again, use_once
from grading.runner.kernel_shell import KernelStub, OutStream, Recorder, ZMQInteractiveShell
from grading.runner.outputs import CellOutputs, CellReport, NotebookOutputs, Output, bounded_error, size_of_error
from grading.runner.reseed import reseed
from grading.runner.tracebacks import PlainTraceback, name_of, text_of

OUTPUT_LIMIT_BYTES = 1 << 20
_ABANDON_SECONDS = 1.0
_ENVIRONMENT = {  # as ipykernel sets them for its own process
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MPLBACKEND": INLINE_BACKEND,
}


class Shell:
    """One notebook. Made by `make_shell`, used in a forked child by its main thread."""

    def __init__(self, ipython: ZMQInteractiveShell, recorder: Recorder) -> None:
        self._ipython, self._recorder = ipython, recorder
        self._tracebacks = PlainTraceback(ipython.compile.format_code_name)
        self._notebook = NotebookOutputs()
        self._limit = OUTPUT_LIMIT_BYTES
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Output | None] | None = None

    @property
    def user_ns(self) -> dict[str, Any]:
        """The names that cells have defined, and IPython's own."""
        return self._ipython.user_ns

    def stay_warm(self) -> None:
        """In a child that waits: use again what the first cell will use, so that its pages are copied already."""
        use_again(self._ipython)
        self._drive(_nothing())

    def begin(self, *, seed: int | None = None, output_limit: int = OUTPUT_LIMIT_BYTES, is_seen: bool = True) -> None:
        """Make this process the learner's, in its present working folder. Call once, in the child, before `run`.

        Replaces sys.stdout and sys.stderr, `input`, `pdb` and `__main__`, and seeds chance (see `reseed`).
        Descriptors 0, 1 and 2 stay the caller's: what learners' code writes to them by number is no output of the
        notebook. `output_limit` is in bytes for each cell. Where outputs are not seen, tables are not drawn.
        """
        reseed(seed)
        self._limit = output_limit
        self._ipython.displayhook.is_seen = is_seen
        os.environ.update(_ENVIRONMENT)
        sys.argv = ["ipykernel_launcher.py"]
        sys.path[:] = ["", *(folder for folder in sys.path if folder)]
        sys.modules["__main__"] = self._ipython.user_module
        self._ipython.history_manager.dir_hist[:] = [Path.cwd()]
        sys.stdout = OutStream(self._recorder, "stdout", descriptor=1)
        sys.stderr = OutStream(self._recorder, "stderr", descriptor=2)
        builtins.input = self._ipython.kernel.raw_input
        getpass.getpass = self._ipython.kernel.getpass
        debugger.Pdb = pdb.Pdb = debugger.InterruptiblePdb  # type: ignore[misc]
        pdb.set_trace = debugger.set_trace
        sys.breakpointhook = _go_on
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def run(self, source: str, *, cell_id: str) -> CellReport:
        """Run one cell and say what it gave. Returns whatever the cell does, unless it ends the process or never ends.

        SIGINT stops the cell with a KeyboardInterrupt, which the report then names; between cells it is ignored.
        """
        if not source.strip():
            return CellReport(status="ok")  # a kernel gives such a cell neither a number nor outputs
        try:
            return self._run(source, self._notebook.start(cell_id, limit=self._limit))
        except BaseException as problem:  # noqa: BLE001 (learners' code ends here, and may have broken this process)
            return CellReport(status="error", ename=name_of(type(problem)), evalue=text_of(problem))

    def _run(self, source: str, cell: CellOutputs) -> CellReport:
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            try:
                error = self._drive(self._execute(source, cell))
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        except BaseException as problem:  # noqa: BLE001 (learners' code ends here too; IPython has shown most of it)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            error = self._escaped(problem, cell)
        return self._close(cell, error)

    def _drive(self, work: Coroutine[Any, Any, Output | None]) -> Output | None:
        """Run the work in the notebook's event loop, which cells share and learners may have closed."""
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(work)
        return self._loop.run_until_complete(self._task)

    def _abandon(self) -> None:
        """Cancel a cell that was waiting when it was stopped, so that its rest does not run within the next cell."""
        if self._task is not None and self._loop is not None and not self._task.done():
            self._task.cancel()
            with suppress(BaseException):
                self._loop.run_until_complete(asyncio.wait({self._task}, timeout=_ABANDON_SECONDS))

    async def _execute(self, source: str, cell: CellOutputs) -> Output | None:
        """Run the cell as ipykernel does, inside a running event loop; the error, if it failed."""
        self._recorder.start(cell)
        try:
            result = await self._ipython.run_as_a_kernel_does(source, cell_id=cell.cell_id)
            await asyncio.sleep(0)  # a turn for tasks that the cell has started
            return self._error_of(result, cell)
        finally:
            self._recorder.stop()

    def _error_of(self, result: Any, cell: CellOutputs) -> Output | None:
        shell = self._ipython
        problem = result.error_before_exec if result.error_before_exec is not None else result.error_in_exec
        if problem is not None:
            said = {
                "ename": name_of(type(problem)),
                "evalue": text_of(problem),
                "traceback": shell._last_traceback or [],
            }
            return bounded_error(said)
        if shell._last_traceback_during_displayhook or not result.success:
            return cell.last_error
        if shell.exit_now:
            shell.exit_now = False
            return self._escaped(SystemExit(), cell)
        return None

    def _escaped(self, problem: BaseException, cell: CellOutputs) -> Output:
        """An error output for what IPython has not shown itself."""
        kind = type(problem)
        lines = self._tracebacks.structured_traceback(kind, problem, problem.__traceback__)
        output = bounded_error({"ename": name_of(kind), "evalue": text_of(problem), "traceback": lines})
        cell.add(output, size=size_of_error(output))
        return output

    def _close(self, cell: CellOutputs, error: Output | None) -> CellReport:
        outputs, updates = cell.close()
        self._abandon()
        return CellReport(
            status="ok" if error is None else "error",
            ename=error["ename"] if error else "",
            evalue=error["evalue"] if error else "",
            traceback=error["traceback"] if error else [],
            execution_count=self._ipython.execution_count - 1,
            outputs=outputs,
            updates=updates,
            truncated=cell.truncated,
        )


async def _nothing() -> None:
    """A turn of the event loop, which it makes where there is none."""


def _go_on(*_: object, **__: object) -> None:
    """In place of a debugger for `breakpoint()`: as in a kernel that nobody has attached one to."""


def make_shell() -> Shell:
    """A warm shell for children to use. Call once in a process that has one thread, and that has one thread after it.

    Imports matplotlib if it is installed, and draws one figure. Leaves sys.stdout, `__main__` and the environment as
    they were; `builtins.display` stays set for whoever else forks from this process.
    """
    recorder = Recorder()
    main = sys.modules["__main__"]
    try:
        shell = Shell(_make_ipython(recorder), recorder)
    finally:
        sys.modules["__main__"] = main
    return shell


def _make_ipython(recorder: Recorder) -> ZMQInteractiveShell:
    config = Config()
    config.HistoryManager.enabled = False  # no database, and no thread that writes to it
    config.HistoryManager.hist_file = ":memory:"  # what nbclient gives its kernels
    config.InteractiveShell.colors = "nocolor"
    with tempfile.TemporaryDirectory() as profile:  # IPython insists on one while it starts
        ipython = ZMQInteractiveShell.instance(
            config=config,
            kernel=KernelStub(),
            profile_dir=ProfileDir.create_profile_dir(profile),
            compiler_class=XCachingCompiler,
        )
    for sender in (ipython.displayhook, ipython.display_pub):
        sender.session = recorder
        sender.pub_socket = None
    use_once(ipython)
    ipython.user_ns_hidden.update(ipython.user_ns)
    return ipython
