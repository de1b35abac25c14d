"""Tracebacks for learners: plain text, few lines, and cheap even when an error comes from deep inside pandas."""

import asyncio
import linecache
import os
import sysconfig
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType

import ipykernel
import IPython
from IPython.core.ultratb import AutoFormattedTB

CellName = Callable[[str], tuple[str, str] | None]
_MAX_FRAMES = 16  # of one exception; more are left out of the middle
_MAX_CHAIN = 4  # exceptions that led to one another
_MAX_SOURCE, _MAX_NOTES, _MAX_NOTE = 160, 5, 500
_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"
_LIBRARIES = sorted(
    {os.path.join(sysconfig.get_path(name), "") for name in ("purelib", "platlib", "stdlib", "platstdlib")},
    key=len,
    reverse=True,  # packages may lie within the standard library's folder
)
_MACHINERY = tuple(  # frames of what runs a cell, which say nothing to whoever wrote it
    os.path.join(os.path.dirname(file), "")
    for file in (__file__, IPython.__file__, ipykernel.__file__, asyncio.__file__)
)


class PlainTraceback(AutoFormattedTB):  # type: ignore[misc]
    """In place of IPython's own renderer, which reads and colours every source file that a traceback passes.

    A line of source is shown for frames in cells and in files of the working folder, never for those in libraries.
    """

    def __init__(self, cell_name: CellName) -> None:
        super().__init__(mode="Plain", theme_name="nocolor", tb_offset=1)
        self._cell_name = cell_name

    def structured_traceback(
        self,
        etype: type[BaseException],
        evalue: BaseException | None,
        etb: TracebackType | None = None,
        tb_offset: int | None = None,
        context: int = 5,
    ) -> list[str]:
        """The lines of a traceback, without line ends. Whatever the exception's own methods do, this gives lines."""
        self.tb = etb
        if evalue is None:
            return [name_of(etype)]
        if self.mode == "Minimal":
            return list(_last_lines(evalue))
        lines: list[str] = []
        for joint, problem, traceback in reversed(list(_chain(evalue, etb))):
            if frames := list(self._frames(traceback)):
                lines += ["Traceback (most recent call last):", *frames]
            lines += _last_lines(problem)
            lines += ["", joint, ""] if joint else []
        return lines

    def stb2text(self, stb: list[str]) -> str:
        """The lines as one text."""
        return "\n".join(stb)

    def _frames(self, traceback: TracebackType | None) -> Iterator[str]:
        frames = [(frame, line) for frame, line in _walk(traceback) if not _is_machinery(frame)]
        half = _MAX_FRAMES // 2
        for position, (frame, line) in enumerate(frames):
            if position < half or position >= len(frames) - half:
                yield from self._frame(frame, line)
            elif position == half:
                yield f"  ... {len(frames) - 2 * half} frames left out ..."

    def _frame(self, frame: FrameType, line: int) -> Iterator[str]:
        code = frame.f_code
        where = "" if code.co_name == "<module>" else f", in {code.co_qualname}"
        if cell := self._cell_name(code.co_filename):
            yield f"  {cell[0]} {cell[1]}, line {line}{where}"
        else:
            yield f"  File {_short(code.co_filename)}:{line}{where}"
        has_source = cell is not None or not code.co_filename.startswith((*_LIBRARIES, "<"))
        if has_source and (source := linecache.getline(code.co_filename, line).strip()):
            yield f"    {source[:_MAX_SOURCE]}"


def _chain(
    problem: BaseException | None, traceback: TracebackType | None
) -> Iterator[tuple[str, BaseException, TracebackType | None]]:
    """The exception and those that led to it, newest first, each with the words that join it to the one after it."""
    joint, seen = "", set[int]()
    while problem is not None and id(problem) not in seen and len(seen) < _MAX_CHAIN:
        seen.add(id(problem))
        yield joint, problem, traceback
        if problem.__cause__ is not None:
            joint, problem = _CAUSE, problem.__cause__
        else:
            joint, problem = _CONTEXT, None if problem.__suppress_context__ else problem.__context__
        traceback = problem.__traceback__ if problem is not None else None


def _walk(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _last_lines(problem: BaseException) -> Iterator[str]:
    name, value = name_of(type(problem)), text_of(problem)
    yield f"{name}: {value}" if value else name
    notes = getattr(problem, "__notes__", None)
    if isinstance(notes, list):
        for note in notes[:_MAX_NOTES]:
            yield text_of(note)[:_MAX_NOTE]


def _is_machinery(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(_MACHINERY)


def _short(path: str) -> str:
    """The path from its library on, which says enough and nothing of the machine."""
    return next((path.removeprefix(folder) for folder in _LIBRARIES if path.startswith(folder)), os.path.basename(path))


def name_of(kind: type) -> str:
    """The name of an exception's class, past any metaclass that would say another."""
    return str(type.__dict__["__name__"].__get__(kind))


def text_of(value: object) -> str:
    """What the value says of itself, or that it cannot."""
    try:
        return str(value)
    except BaseException:  # noqa: BLE001 (the learner's own __str__, which may raise anything)
        return "<its text cannot be made>"
