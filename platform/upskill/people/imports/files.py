"""Rows of a CSV or XLSX file, read as a stream and within bounds, whatever the file is."""

import csv
import resource
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .columns import COLUMNS, FileRefused

LONGEST_LINE = 64 * 1024
WIDEST = len(COLUMNS) + 20  # cells of a workbook's row that are looked at
LARGEST_PARTS = 300 * 2**20  # of a workbook, unpacked, but for its sheets
LARGEST_ROW, SMALLEST_ROOM = 2 * 2**10, 2**20  # bytes of a workbook's row, unpacked, on average; of a small workbook
MOST_PARTS, HIGHEST_RATIO = 2_000, 200
# What openpyxl raises on what is no workbook; its XML parser a SyntaxError. A row is in memory as a whole.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, SyntaxError, DefusedXmlException, InvalidFileException, KeyError, ValueError,
    TypeError, AttributeError, IndexError, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError,
    MemoryError,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How large a file may be: bytes, rows, and rows of a workbook, which is read in one go. `memory`: bytes that a
    workbook may take while it is read.
    """

    size: int
    rows: int
    sheet_rows: int
    memory: int = 400 * 2**20

    @property
    def unpacked(self) -> int:
        """Bytes of a workbook's sheets."""
        return max(SMALLEST_ROOM, self.sheet_rows * LARGEST_ROW)


BY_COMMAND = Limits(size=600 * 1024 * 1024, rows=2_000_000, sheet_rows=1_048_576, memory=4_000 * 2**20)
BY_PAGE = Limits(size=15 * 1024 * 1024, rows=200_000, sheet_rows=20_000)  # the rest of the service goes on meanwhile


@dataclass(frozen=True)
class Read:
    """One row of the file: its number, its cells, and the byte at which the next one begins (0 in a workbook)."""

    number: int
    cells: list[object]
    end: int = 0


def is_workbook(stream: BinaryIO) -> bool:
    """Whether the file begins as an XLSX file does."""
    stream.seek(0)
    beginning = stream.read(4)
    stream.seek(0)
    return beginning.startswith(b"PK")


def rows(stream: BinaryIO, *, limits: Limits, number: int = 0, position: int = 0) -> Iterator[Read]:
    """The rows from `position` on, the heading included; `number` is that of the row before. Raises FileRefused."""
    stream.seek(0, 2)
    size = stream.tell()
    if size > limits.size:
        raise FileRefused(
            _("The file has more than %(most)d MB. Divide it, or use the command import_people.")
            % {"most": limits.size // 2**20}
        )
    if size == 0:
        raise FileRefused(_("The file is empty. Choose another one."))
    if is_workbook(stream):
        yield from _bounded(_sheet_rows(stream, limits=limits), most=limits.sheet_rows, is_sheet=True)
    else:
        yield from _bounded(_csv_rows(stream, number=number, position=position), most=limits.rows, is_sheet=False)


def _bounded(found: Iterator[Read], *, most: int, is_sheet: bool) -> Iterator[Read]:
    for row in found:
        if row.number > most + 1:  # the heading is one
            words = _("The workbook has more than %(most)d rows. Save it as “CSV UTF-8”, or divide it.")
            plain = _("The file has more than %(most)d rows. Divide it, or use the command import_people.")
            raise FileRefused((words if is_sheet else plain) % {"most": most})
        yield row


class _Lines:
    """Lines of the file as text, and the byte at which the next one begins."""

    def __init__(self, stream: BinaryIO, *, position: int) -> None:
        stream.seek(position)
        self._stream, self.position = stream, position

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > LONGEST_LINE:
            raise FileRefused(
                _("A line of the file has more than 64 KB. Save it from your spreadsheet as “CSV UTF-8”.")
            )
        is_first = self.position == 0
        self.position += len(line)
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as wrong:
            raise FileRefused(_("The file is not UTF-8. Save it from your spreadsheet as “CSV UTF-8”.")) from wrong
        return text.removeprefix("\ufeff") if is_first else text


def _csv_rows(stream: BinaryIO, *, number: int, position: int) -> Iterator[Read]:
    lines = _Lines(stream, position=position)
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            raise FileRefused(
                _("Row %(n)d is no CSV: a quotation mark is open or out of place. Save the file as “CSV UTF-8” again.")
                % {"n": number + 1}
            ) from wrong
        number += 1
        yield Read(number, list(cells), lines.position)


def _sheet_rows(stream: BinaryIO, *, limits: Limits) -> Iterator[Read]:
    try:
        _refuse_bombs(stream, limits=limits)
        with _at_most(limits.memory):
            book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size
            for number, cells in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), 1):
                yield Read(number, list(cells))
            book.close()
    except UNREADABLE as wrong:
        raise FileRefused(_("The workbook cannot be read. Save it as XLSX or “CSV UTF-8” again.")) from wrong


@contextmanager
def _at_most(memory: int) -> Iterator[None]:
    """So many bytes beyond what the process has: then a MemoryError, instead of a process that the system ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    lower = [held + memory, *(each for each in (soft, hard) if each != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(lower), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _refuse_bombs(stream: BinaryIO, *, limits: Limits) -> None:
    """A workbook that unpacks to far more than it is. Nothing longer than it says it is, is unpacked afterwards."""
    with zipfile.ZipFile(stream) as parts:
        listed = parts.infolist()
        sizes = sum(part.file_size for part in listed)
        others = sum(part.file_size for part in listed if not part.filename.startswith("xl/worksheets/"))
        packed = max(1, sum(part.compress_size for part in listed))
    is_bomb = sizes > 2**20 and sizes / packed > HIGHEST_RATIO
    is_large = sizes - others > limits.unpacked or others > min(LARGEST_PARTS, limits.unpacked)
    if len(listed) > MOST_PARTS or is_large or is_bomb:
        raise FileRefused(_("The workbook unpacks to far more than it should. Save it as “CSV UTF-8”."))
    stream.seek(0)
