"""ipykernel's shell with its sockets replaced: what it would send to a notebook becomes outputs of the cell."""

import sys
from contextlib import nullcontext
from contextvars import ContextVar
from io import TextIOBase
from typing import Any

from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.zmqshell import ZMQDisplayPublisher
from ipykernel.zmqshell import ZMQInteractiveShell as KernelShell
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.magics.script import default_script_magics
from IPython.utils.text import LSString, SList
from jupyter_client.session import json_packer, json_unpacker
from traitlets import Any as AnyTrait
from traitlets import Type

from grading.runner.outputs import CellOutputs, bounded_error, size_of_error
from grading.runner.tracebacks import PlainTraceback

Message = dict[str, Any]
_NO_STDIN = "{} was called, but this frontend does not support input requests."
_NO_COMMANDS = "Commands of the operating system cannot be run here: {}"
_CANNOT_EXECUTE = 126  # what a POSIX shell answers for a command that it may not run


class Recorder:
    """Stands where ipykernel has its session: takes messages and files them under the cell that is running.

    A task that outlives its cell goes on writing to that cell, which is closed, as in a kernel. A thread writes to
    whatever cell is running.
    """

    session = "marking"

    def __init__(self) -> None:
        self._own_cell: ContextVar[CellOutputs | None] = ContextVar("own_cell", default=None)
        self._running: CellOutputs | None = None

    @property
    def cell(self) -> CellOutputs | None:
        """The cell that output belongs to now; None between cells."""
        return self._own_cell.get() or self._running

    def start(self, cell: CellOutputs) -> None:
        """From now on this cell is running."""
        self._running = cell
        self._own_cell.set(cell)

    def stop(self) -> None:
        """No cell is running."""
        self._running = None
        self._own_cell.set(None)

    def msg(
        self,
        msg_type: str,
        content: Message | None = None,
        parent: Any = None,
        header: Any = None,
        metadata: Any = None,
    ) -> Message:
        """A message as ipykernel makes it, for its own classes and for hooks that learners add to them."""
        head = {"msg_type": msg_type, "msg_id": ""}
        return {
            "header": head,
            "msg_id": "",
            "msg_type": msg_type,
            "parent_header": {},
            "metadata": metadata or {},
            "content": content or {},
        }

    def send(
        self, stream: Any, msg_or_type: Message | str, content: Message | None = None, *_: Any, **__: Any
    ) -> Message:
        """File a message. Raises as a kernel does if its content cannot be written as JSON."""
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content)
        if self.cell is not None:
            _file(message["msg_type"], message["content"], cell=self.cell)
        return message


def _file(kind: str, content: Message, *, cell: CellOutputs) -> None:
    if kind == "error":
        cell.flush()
        output = bounded_error(content)
        cell.add(output, size=size_of_error(output))
        return
    packed = json_packer(content)
    content = json_unpacker(packed)
    if kind == "clear_output":
        cell.clear(wait=bool(content.get("wait")))
    elif kind in ("display_data", "execute_result", "update_display_data") and _storable(content):
        display_id = (content.get("transient") or {}).get("display_id")
        rest = {"data": content["data"], "metadata": content["metadata"]}
        if kind == "update_display_data":
            cell.update(str(display_id), **rest, size=len(packed))
        else:
            count = {"execution_count": content["execution_count"]} if kind == "execute_result" else {}
            cell.add({"output_type": kind, **count, **rest}, size=len(packed), display_id=display_id)


def _storable(content: Message) -> bool:
    """Whether nbformat would let this into a notebook: text for every type of data but JSON."""
    data, metadata = content["data"], content["metadata"]
    return isinstance(metadata, dict) and all(
        kind.split(";")[0].endswith("json")
        or isinstance(value, str)
        or (isinstance(value, list) and all(isinstance(line, str) for line in value))
        for kind, value in data.items()
    )


class OutStream(TextIOBase):
    """sys.stdout or sys.stderr of a learner's cells, by the name and the error messages of ipykernel's class."""

    encoding = "UTF-8"

    def __init__(self, recorder: Recorder, name: str, *, descriptor: int) -> None:
        self.name = name
        self._recorder, self._descriptor = recorder, descriptor

    def write(self, string: str) -> int:
        """Print to the cell that is running; between cells, to nowhere."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if (cell := self._recorder.cell) is not None:
            cell.write(self.name, string)
        return len(string)

    def flush(self) -> None:
        """Make an output of what was printed."""
        if (cell := self._recorder.cell) is not None:
            cell.flush_stream(self.name)

    def writable(self) -> bool:
        """Always."""
        return True

    def isatty(self) -> bool:
        """Never: nobody watches."""
        return False

    def fileno(self) -> int:
        """The process's own stdout or stderr, which is not part of the notebook."""
        return self._descriptor

    def close(self) -> None:
        """Learners cannot close it: the cells after this one print too."""


def _transformers_of_ipython() -> tuple[int, int, int]:
    """How many transformers of each kind IPython comes with."""
    manager = TransformerManager()
    return len(manager.cleanup_transforms), len(manager.line_transforms), len(manager.token_transformers)


_TRANSFORMERS = _transformers_of_ipython()


class RecordingDisplayHook(ZMQShellDisplayHook):  # type: ignore[misc]
    """A cell's last value, sent to the recorder."""

    session = AnyTrait(allow_none=True)
    topic = b"execute_result"
    is_seen = True  # whether anybody will look at what the cells show

    def compute_format_data(self, result: object) -> Any:
        """As a kernel's; a table that nobody will look at is not written out, which takes longer than most cells."""
        if not self.is_seen and type(result) in _tables():
            return {"text/plain": ""}, {}
        return super().compute_format_data(result)


def _tables() -> tuple[type, ...]:
    pandas: Any = sys.modules.get("pandas")
    return (pandas.DataFrame, pandas.Series) if pandas else ()


class RecordingDisplayPublisher(ZMQDisplayPublisher):  # type: ignore[misc]
    """What `display` shows, sent to the recorder."""

    session = AnyTrait(allow_none=True)


class KernelStub:
    """What libraries and IPython ask of `get_ipython().kernel`."""

    eventloop = None
    _allow_stdin = False

    def raw_input(self, prompt: object = "") -> str:
        """Refuse, in ipykernel's words: nobody is there to answer."""
        raise StdinNotImplementedError(_NO_STDIN.format("raw_input"))

    def getpass(self, prompt: object = "", stream: object = None) -> str:
        """Refuse likewise."""
        raise StdinNotImplementedError(_NO_STDIN.format("getpass"))


class ZMQInteractiveShell(KernelShell):  # type: ignore[misc]
    """ipykernel's shell without its process. Keeps the name, by which libraries recognise a notebook."""

    displayhook_class = Type(RecordingDisplayHook)
    display_pub_class = Type(RecordingDisplayPublisher)

    _transformed: tuple[str, str] | None = None  # a cell's source, and what IPython made of it a moment ago

    def transform_cell(self, raw_cell: str) -> str:
        """As IPython's, which is asked twice for most cells: the second time it is given what came of the first."""
        known, self._transformed = self._transformed, None
        if known is not None and known[0] == raw_cell:
            return known[1]
        transformed: str = super().transform_cell(raw_cell)
        return transformed

    def _is_as_made(self) -> bool:
        """Whether nobody has added a transformer of cells, which might do more than transform."""
        manager = self.input_transformer_manager
        return (
            not self.input_transformers_post
            and tuple(map(len, (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)))
            == _TRANSFORMERS
        )

    async def run_as_a_kernel_does(self, source: str, *, cell_id: str) -> Any:
        """Run a cell inside a running event loop, which only cells that await something share with it."""
        problem = None
        try:
            transformed = self.transform_cell(source)
        except Exception:  # noqa: BLE001 (a learner's own transformer; run_cell_async shows what it raised)
            transformed, problem = source, sys.exc_info()
        else:
            self._transformed = (source, transformed) if self._is_as_made() else None
        if not self.should_run_async(source, transformed_cell=transformed, preprocessing_exc_tuple=problem):
            result = self.run_cell(source, store_history=True, cell_id=cell_id)
        else:
            result = await self._run_and_await(source, transformed, cell_id)
        self.payload_manager.clear_payload()
        return result

    async def _run_and_await(self, source: str, transformed: str, cell_id: str) -> Any:
        self._last_traceback, self._last_traceback_during_displayhook, result = None, False, None
        try:
            result = await self.run_cell_async(
                source, store_history=True, transformed_cell=transformed, cell_id=cell_id
            )
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return result

    def init_environment(self) -> None:
        """Nothing yet: the warm process's environment is not the learner's (see Shell.begin)."""

    def init_traceback_handlers(self, custom_exceptions: Any) -> None:
        """Plain tracebacks in place of coloured ones."""
        super().init_traceback_handlers(custom_exceptions)
        self.InteractiveTB = PlainTraceback(self.compile.format_code_name)

    def enable_gui(self, gui: str | None = None) -> None:
        """Inline figures need no event loop, and there is none for windows."""
        if gui not in (None, "inline"):
            raise UsageError(f"There is no screen here for windows of {gui!r}. Use %matplotlib inline.")

    def system(self, cmd: str) -> None:
        """Refuse a command on stderr, and go on: a learner's `!pip install` must not stop the rest of the cell."""
        print(_NO_COMMANDS.format(str(cmd)[:200]), file=sys.stderr)
        self.user_ns["_exit_code"] = _CANNOT_EXECUTE

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Refuse likewise; the output is empty."""
        self.system(cmd)
        return SList() if split else LSString()

    def init_magics(self) -> None:
        """All of ipykernel's, but those that start a program refuse as commands do."""
        super().init_magics()
        for name in ("script", *default_script_magics()):
            self.register_magic_function(
                lambda line, cell, name=name: self.system(f"%%{name} {line}".strip()), "cell", name
            )

    def _tee(self, channel: str) -> Any:
        """IPython keeps a second copy of all that is printed, without bound; here it keeps none."""
        return nullcontext()

    def _format_exception_for_storage(
        self, exception: BaseException, filename: Any = None, running_compiled_code: bool = False
    ) -> dict[str, Any]:
        """What `%tb`-like tools find later: the traceback that was shown, not rendered a second time."""
        return {
            "ename": type(exception).__name__,
            "evalue": str(exception),
            "traceback": self._last_traceback or [],
        }
