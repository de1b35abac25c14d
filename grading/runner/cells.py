"""Running a notebook with nbgrader's own Execute and a real kernel, watched cell by cell and bounded."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import default

from grading.protocol import Limits
from grading.runner import messages
from grading.runner.judge import CellRun
from grading.sandbox.confine import limit_learner_process

_MAX_MESSAGE_BYTES = 8 << 20
_IDLE_SECONDS = 8  # for a cell's last outputs to arrive; after that the kernel counts as stuck
# ipykernel as its own launcher starts it, but without the debugger, which takes half of the time to start.
_KERNEL = (
    "import sys, runpy; sys.modules['debugpy'] = None; runpy.run_module('ipykernel_launcher', run_name='__main__')"
)
_TIMED_OUT = "CellTimeoutError"


_FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class NotebookStopped(Exception):
    """The kernel can run no further cell: it ended, is stuck, or the time for all cells is used up. Says which."""


class LocalKernel(AsyncKernelManager):  # type: ignore[misc]
    """A kernel reached by socket files in the scratch folder, which accepts no message beyond a bounded size."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """This Python, whatever kernels the machine or the notebook names."""
        argv = [sys.executable, "-c", _KERNEL, "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    @default("transport")  # type: ignore[untyped-decorator]
    def _by_socket_files(self) -> str:
        return "ipc"

    @default("connection_file")  # type: ignore[untyped-decorator]
    def _short_path(self) -> str:
        return str(Path("../kernel/k.json").resolve())  # a socket path has room for 107 characters

    @default("context")  # type: ignore[untyped-decorator]
    def _bounded_context(self) -> zmq.asyncio.Context:
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.SocketOption.MAXMSGSIZE, _MAX_MESSAGE_BYTES)
        self._created_context = True
        return context


class WatchedExecute(Execute):  # type: ignore[misc]
    """Execute, with a limit for all cells and for each cell's output. Calls `on_cell` after each code cell."""

    def __init__(
        self, *, limits: Limits, on_start: Callable[[], None], on_cell: Callable[[int, CellRun], None]
    ) -> None:
        super().__init__(kernel_manager_class=LocalKernel)
        self.limits, self._on_start, self._on_cell = limits, on_start, on_cell
        self.shutdown_kernel = "immediate"
        self.store_widget_state = False
        self.iopub_timeout = _IDLE_SECONDS
        self.timeout_func = self._seconds_for
        self.on_notebook_start = self._started
        self._deadline = 0.0
        self._room = 0
        self._cut_short = False
        self._slow_cell: float | None = None  # seconds allowed to the first cell stopped for its time
        self._run = CellRun()

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Run one cell and report it. Raises NotebookStopped when no later cell can run."""
        if cell.cell_type != "code":
            return cell, resources
        if time.monotonic() >= self._deadline:
            raise NotebookStopped(messages.too_slow(self._slow_cell or self.limits.total_seconds))
        self._run, self._room = CellRun(), self.limits.output_kb << 10
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
        except DeadKernelError as problem:
            self._run.python_ended = True
            raise NotebookStopped(messages.python_ended(self.limits)) from problem
        except (CellTimeoutError, TimeoutError) as problem:
            if self._run.too_much_output:
                raise NotebookStopped(messages.too_much_output(self.limits)) from problem
            self._run.too_slow_after = self._run.too_slow_after or self._allowed()
            raise NotebookStopped(messages.too_slow(self._run.too_slow_after)) from problem
        finally:
            self._slow_cell = self._slow_cell or self._run.too_slow_after
            self._on_cell(index, self._run)
        return cell, resources

    def on_cell_executed(self, **kwargs: Any) -> None:
        """nbclient's hook: the kernel has answered."""
        reply = kwargs["execute_reply"]["content"]
        if reply["status"] == "error" and reply["ename"] == _TIMED_OUT and self._run.too_slow_after is None:
            self._run.too_slow_after = self._allowed()
        self._run.finished = reply["status"] in ("ok", "error")
        super().on_cell_executed(**kwargs)

    def output(self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """nbclient's hook: keep an output while there is room for it."""
        self._room -= len(str(msg["content"]))
        if self._room < 0:
            self._run.too_much_output = True
            return None
        return super().output(outs, msg, display_id, cell_index)

    def handle_comm_msg(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        """nbclient's hook: widgets are not drawn and must not fill the memory."""

    def _started(self, **_: Any) -> None:
        assert self.km is not None  # noqa: S101 (nbclient has just started it)
        limit_learner_process(self.km.provisioner.pid, limits=self.limits)
        self._deadline = time.monotonic() + self.limits.total_seconds
        self._on_start()

    def _seconds_for(self, _cell: NotebookNode) -> float:
        self._cut_short = self._deadline - time.monotonic() < self.limits.cell_seconds
        return max(min(self.limits.cell_seconds, self._deadline - time.monotonic()), 0.1)

    def _allowed(self) -> float:
        """The limit that a cell stopped for its time has hit, in seconds."""
        return self.limits.total_seconds if self._cut_short else self.limits.cell_seconds


def failing_line(cell: NotebookNode) -> int | None:
    """The line of the cell at which its exception happened, if the kernel's traceback says so."""
    errors = (output for output in cell.get("outputs", []) if output.output_type == "error")
    text = _COLOUR.sub("", "\n".join(next(errors, {"traceback": []})["traceback"]))
    lines = (int(line) for count, line in _FRAME.findall(text) if int(count) == cell.get("execution_count"))
    return next(lines, None)
