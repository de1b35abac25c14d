"""The outputs of a notebook's cells as nbformat dicts, bounded in bytes, merged and updated as nbclient does it."""

import threading
import time
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

Json = Any
Output = dict[str, Json]
STREAMS = ("stdout", "stderr")
_FLUSH_SECONDS = 0.2  # a kernel sends what was printed this long after the first of it
_OVERHEAD_BYTES = 128  # what an output costs beside its content, so that empty ones are not free
_ERROR_ROOM_BYTES = 192 << 10  # beyond the limit, so that a cell that printed too much can still say why it failed
_MAX_NAME, _MAX_VALUE, _MAX_LINE, _MAX_LINES = 200, 4_000, 400, 100  # of an error: characters, characters, and lines


@dataclass(frozen=True, kw_only=True)
class DisplayUpdate:
    """New content for an output that an earlier cell has already reported: `outputs[index]` of the cell `cell_id`."""

    cell_id: str
    index: int
    data: dict[str, Json]
    metadata: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class CellReport:
    """What running one cell gave. `ename`, `evalue` and `traceback` are empty unless `status` is "error".

    `outputs` is what a notebook file stores for the cell; `updates` change outputs of cells reported before.
    `truncated`: the cell had more output than its limit, and the rest was thrown away.
    """

    status: str
    ename: str = ""
    evalue: str = ""
    traceback: list[str] = field(default_factory=list)
    execution_count: int | None = None
    outputs: list[Output] = field(default_factory=list)
    updates: list[DisplayUpdate] = field(default_factory=list)
    truncated: bool = False


def printable(text: str) -> str:
    """The text without half surrogates, which neither JSON nor UTF-8 can carry."""
    text = str.__str__(text)  # of a subclass, the plain text
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def bounded_error(content: Json) -> Output:
    """An error output with its name, value and traceback cut to a size that every limit has room for."""
    lines = content["traceback"]
    if len(lines) > _MAX_LINES:
        lines = [*lines[: _MAX_LINES // 2], "... lines left out ...", *lines[-_MAX_LINES // 2 :]]
    return {
        "output_type": "error",
        "ename": _cut(content["ename"], _MAX_NAME),
        "evalue": _cut(content["evalue"], _MAX_VALUE),
        "traceback": [_cut(line, _MAX_LINE) for line in lines],
    }


def size_of_error(output: Output) -> int:
    """The bytes of a bounded error."""
    return sum(len(text.encode()) for text in (output["ename"], output["evalue"], *output["traceback"]))


class NotebookOutputs:
    """Where each display that has a name (`display_id`) is, over all cells of a notebook."""

    def __init__(self) -> None:
        self.places: dict[str, list[_Place]] = {}

    def start(self, cell_id: str, *, limit: int) -> "CellOutputs":
        """A place for the outputs of the next cell, holding at most `limit` bytes and one error more."""
        return CellOutputs(self, cell_id, limit=limit)

    def forget(self, cell: "CellOutputs") -> None:
        """The cell has cleared its outputs: nothing in it can be updated any more."""
        for display_id, places in self.places.items():
            self.places[display_id] = [place for place in places if place.cell is not cell]


class CellOutputs:
    """The outputs of one cell while it runs. Any thread may write; after `close` nothing is taken any more."""

    def __init__(self, notebook: NotebookOutputs, cell_id: str, *, limit: int) -> None:
        self.cell_id, self.truncated = cell_id, False
        self.last_error: Output | None = None
        self._notebook, self._limit = notebook, limit
        self._outputs: list[Output] = []
        self._sizes: list[int] = []
        self._updates: dict[tuple[str, int], tuple[DisplayUpdate, int]] = {}
        self._pending = {name: _Pending() for name in STREAMS}
        self._used = 0
        self._clear_first = False
        self._closed = False
        self._lock = threading.RLock()  # a signal handler may print while the same thread is printing

    def write(self, name: str, text: str) -> None:
        """Take printed text. It becomes an output on the next flush, as in a kernel: stdout and stderr apart."""
        with self._lock:
            if self._closed or self.truncated or not text:
                return
            now = time.monotonic()
            for each in STREAMS:
                if now - self._pending[each].since > _FLUSH_SECONDS:
                    self._flush(each)
            pending, text = self._pending[name], self._fitting(printable(text))
            pending.since = pending.since if pending.size else now
            pending.text.write(text)
            pending.size += len(text)

    def flush(self) -> None:
        """Turn what was printed since the last flush into stream outputs."""
        for name in STREAMS:
            self.flush_stream(name)

    def flush_stream(self, name: str) -> None:
        """The same for one of the two streams."""
        with self._lock:
            if not self._closed:
                self._flush(name)

    def add(self, output: Output, *, size: int, display_id: str | None = None) -> None:
        """Add a result, display or error of so many bytes, if there is room."""
        with self._lock:
            if self._closed:
                return
            if output["output_type"] == "error":
                self.last_error = output
            if display_id:
                self.update(display_id, data=output["data"], metadata=output["metadata"], size=size)
            self._clear_if_asked()
            size += _OVERHEAD_BYTES
            if not self._has_room(size, is_error=output["output_type"] == "error"):
                return
            if display_id:
                place = _Place(cell=self, index=len(self._outputs))
                self._notebook.places.setdefault(display_id, []).append(place)
            self._append(output, size=size)

    def update(self, display_id: str, *, data: dict[str, Json], metadata: dict[str, Json], size: int) -> None:
        """Give all displays of this name, in this cell and earlier ones, new content."""
        with self._lock:
            if self._closed:
                return
            for place in self._notebook.places.get(display_id, ()):
                if place.cell is self:
                    self._replace(place.index, data=data, metadata=metadata, size=size + _OVERHEAD_BYTES)
                else:
                    change = DisplayUpdate(cell_id=place.cell.cell_id, index=place.index, data=data, metadata=metadata)
                    self._update_earlier(change, size=size + _OVERHEAD_BYTES)

    def clear(self, *, wait: bool) -> None:
        """Throw away this cell's outputs: now, or (`wait`) when the next one comes. Frees their room."""
        with self._lock:
            if self._closed:
                return
            self._clear_first = True
            if not wait:
                self._clear_if_asked()

    def close(self) -> tuple[list[Output], list[DisplayUpdate]]:
        """The cell is over: its outputs and its changes to earlier cells' outputs."""
        with self._lock:
            self.flush()
            self._closed = True
            outputs = [
                {**output, "text": output["text"].getvalue()} if _is_stream(output) else output
                for output in self._outputs
            ]
            updates = [change for change, _ in self._updates.values()]
            self._outputs, self._updates = [], {}
            return outputs, updates

    def _fitting(self, text: str) -> str:
        """As much of the text as there is room for, which it takes up."""
        size = len(text) if text.isascii() else len(text.encode())
        room = self._limit - self._used
        if size > room:
            self.truncated = True
            text = text[:room].encode()[: max(room, 0)].decode(errors="ignore")
            size = room
        self._used += size
        return text

    def _flush(self, name: str) -> None:
        pending = self._pending[name]
        if not pending.size:
            return
        text, self._pending[name] = pending.text.getvalue(), _Pending()
        size = len(text.encode())
        self._clear_if_asked(keeping=size)
        if self._outputs and _is_stream(self._outputs[-1]) and self._outputs[-1]["name"] == name:
            self._outputs[-1]["text"].write(text)
            self._sizes[-1] += size
        else:
            into = StringIO()
            into.write(text)
            self._append({"output_type": "stream", "name": name, "text": into}, size=_OVERHEAD_BYTES)
            self._sizes[-1] += size

    def _append(self, output: Output, *, size: int) -> None:
        self._outputs.append(output)
        self._sizes.append(size)
        self._used += size

    def _replace(self, index: int, *, data: dict[str, Json], metadata: dict[str, Json], size: int) -> None:
        if self._has_room(size - self._sizes[index]):
            self._outputs[index].update(data=data, metadata=metadata)
            self._used += size - self._sizes[index]
            self._sizes[index] = size

    def _update_earlier(self, change: DisplayUpdate, *, size: int) -> None:
        key = (change.cell_id, change.index)
        before = self._updates[key][1] if key in self._updates else 0
        if self._has_room(size - before):
            self._updates[key] = (change, size)
            self._used += size - before

    def _has_room(self, size: int, *, is_error: bool = False) -> bool:
        if is_error:
            return self._used + size <= self._limit + _ERROR_ROOM_BYTES
        if self.truncated or self._used + size > self._limit:
            self.truncated = True
        return not self.truncated

    def _clear_if_asked(self, *, keeping: int = 0) -> None:
        if self._clear_first:
            self._clear_first, self.truncated = False, False
            self._outputs, self._sizes = [], []
            waiting = sum(len(pending.text.getvalue().encode()) for pending in self._pending.values())
            updating = sum(size for _, size in self._updates.values())
            self._used = keeping + waiting + updating
            self._notebook.forget(self)


@dataclass
class _Pending:
    """Text printed to one stream since its last flush."""

    text: StringIO = field(default_factory=StringIO)
    size: int = 0
    since: float = 0.0


@dataclass(frozen=True)
class _Place:
    """One output of one cell."""

    cell: CellOutputs
    index: int


def _is_stream(output: Output) -> bool:
    return bool(output["output_type"] == "stream")


def _cut(text: object, limit: int) -> str:
    text = printable(str.__str__(str(text))[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"
