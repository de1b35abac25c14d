"""Values to JSON trees and buffers, and back: exact types, nothing lost, never pickle.

In a tree, None, true, false, numbers and texts stand for themselves and a JSON list for a list. Everything else is an
object with one key, the tag that says which form its payload has; `is_own_tag` knows the codec's, `other` owns all
others. What is long lies in a buffer, and the tree says where: [offset, bytes].

What is kept: type, sign, the bits of NaN, dtype, byte order, index, names, order, frequency, zone, categories, attrs.
What is not: that one object stood in two places (it arrives as two), that an array was read-only, which NaN it was.
Only exact types travel. A value of any other type, a subclass included, goes to `other`.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from grading.channel import bulk, containers, forms, moments, plain_codec
from grading.channel.forms import Json, NoForm, Read, Write, parts, whole
from grading.channel.frames import ALIGNMENT, MAX_FRAME, ByteString
from grading.channel.refusals import BadValue, NotEncodable, TooLarge

__all__ = ["MAX_DEPTH", "MAX_ITEMS", "BadValue", "Decoder", "Encoder", "Json", "NotEncodable", "TooLarge", "is_own_tag"]

MAX_DEPTH = 40
MAX_ITEMS = 4_000_000  # values in one message, those in bulk included

_writers: dict[type, Write] = {**plain_codec.WRITERS, **moments.WRITERS, **containers.WRITERS}
_readers: dict[str, Read] = {**plain_codec.READERS, **moments.READERS, **containers.READERS}
_LIBRARIES = {"numpy": "grading.channel.numpy_codec", "pandas": "grading.channel.pandas_codec"}  # tags begin with these
# What Python, numpy and pandas raise for arguments that make no sense; a RecursionError is a RuntimeError
_MISUSE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)
_FAULTS = (*_MISUSE, Warning)  # which a filter may have turned into an error


class Encoder:
    """Writes the values of one message. Their buffers gather in `buffers`, in the order in which a frame carries them.

    `other` gets every value that has no form, and returns an object with one tag of its own or raises NotEncodable. It
    may call `encode` for parts of that value: depth, cycles and sizes are counted through such calls.
    """

    def __init__(self, other: Callable[[object], Json], *, max_depth: int = MAX_DEPTH, limit: int = MAX_FRAME) -> None:
        self.buffers: list[ByteString] = []
        self._other = other
        self._max_depth = max_depth
        self._limit = limit
        self._bytes = 0
        self._items = 0
        self._open: set[int] = set()  # the containers that are being written now, by id

    def encode(self, value: object) -> Json:
        """The tree for this value. Raises NotEncodable, TooLarge, and whatever `other` raises."""
        try:
            return self.value(value)
        except RecursionError as problem:
            raise NotEncodable("The value is nested too deeply to travel.") from problem
        except MemoryError as problem:
            raise TooLarge("There is no memory to send this value.") from problem

    def value(self, value: Any) -> Json:
        """The tree for one part of a value; what forms call."""
        self.spend(1)
        return value if plain_codec.is_inline(value) else self._nested(value)

    def part(self, value: Any) -> Json:
        """The tree for a part without which the whole has no form, so `other` is not asked. Raises NoForm."""
        self.spend(1)
        return value if plain_codec.is_inline(value) else self._nested(value, for_other=False)

    def items(self, values: Sequence[Any]) -> Json:
        """The tree for many parts at once: a list of trees, or one bulk form where all are of one simple type."""
        self.spend(len(values))
        if len(values) >= bulk.FEWEST and (packed := bulk.packed(self, values)) is not None:
            return packed
        is_inline, nested = plain_codec.is_inline, self._nested
        return [value if is_inline(value) else nested(value) for value in values]

    def buffer(self, data: ByteString) -> list[int]:
        """Where in the frame's buffers this data will lie. It must not change before the frame is sent."""
        size = data.nbytes if isinstance(data, memoryview) else len(data)
        start = self._bytes
        self._bytes += size + -size % ALIGNMENT
        if self._bytes > self._limit:
            raise TooLarge(f"The values are larger than the {self._limit} bytes that may be sent at once.")
        self.buffers.append(data)
        return [start, size]

    def spend(self, count: int) -> None:
        """Count values written. Raises TooLarge over the number that one message may have."""
        self._items += count
        if self._items > MAX_ITEMS:
            raise TooLarge(f"The values have more than the {MAX_ITEMS} parts that may be sent at once.")

    def _nested(self, value: object, *, for_other: bool = True) -> Json:
        self._check_nesting(value)
        write = _writers.get(type(value)) or _writer_for(value)
        count, size = len(self.buffers), self._bytes
        self._open.add(id(value))
        try:
            return write(self, value)
        except NoForm:
            if not for_other:
                raise
            del self.buffers[count:]
            self._bytes = size
            return self._other(value)
        finally:
            self._open.discard(id(value))

    def _check_nesting(self, value: object) -> None:
        if id(value) in self._open:
            raise NotEncodable("The value contains itself.")
        if len(self._open) >= self._max_depth:
            raise NotEncodable(f"The value is nested more than {self._max_depth} deep.")


class Decoder:
    """Reads the values of one message from a peer that may be hostile. All that it makes is its own: nothing is shared
    with the frame, and nothing is imported, called or built because the peer names it.

    `other` gets the tag and the payload of every tag that is not the codec's, and returns the value or raises BadValue.
    It may call `decode` for parts of the payload.
    """

    def __init__(
        self, buffers: memoryview, other: Callable[[str, Json], object], *, max_depth: int = MAX_DEPTH
    ) -> None:
        self._buffers = buffers
        self._other = other
        self._max_depth = max_depth
        self._depth = 0
        self._items = 0
        self._unread_bytes = len(buffers)
        self._met: set[object] = set()

    def decode(self, tree: Json) -> Any:
        """The value for this tree. Raises BadValue, and what `other` raises that is no ordinary error."""
        try:
            return self.value(tree)
        except _FAULTS as problem:
            raise BadValue(f"No value is written like this: {type(problem).__name__}: {problem}") from problem

    def value(self, tree: object) -> Any:
        """The value for one part of a tree; what forms call."""
        self.spend(1)
        return tree if type(tree) in plain_codec.INLINE_TYPES else self._nested(tree)

    def items(self, tree: object) -> list[Any]:
        """The values of a list of trees, or of the bulk form that stands for one."""
        if type(tree) is not list:
            return bulk.unpacked(self, tree)
        self.spend(len(tree))
        inline, nested = plain_codec.INLINE_TYPES, self._nested
        return [item if type(item) in inline else nested(item) for item in tree]

    def raw(self, place: object) -> memoryview:
        """The bytes at this place. No byte is given twice, so that a small frame cannot ask for much memory."""
        offset, size = parts(place, 2)
        end = whole(offset) + whole(size)
        self._unread_bytes -= size
        if end > len(self._buffers) or self._unread_bytes < 0:
            raise BadValue("A value lies outside the buffers of its frame.")
        return self._buffers[offset:end]

    def spend(self, count: int) -> None:
        """Count values made. Raises BadValue over the number that one message may have."""
        self._items += count
        if self._items > MAX_ITEMS:
            raise BadValue("A message has too many values.")

    def spend_once(self, count: int, what: object) -> None:
        """Count this many values the first time that a message has `what`. Raises BadValue as `spend` does."""
        if what not in self._met:
            self.spend(count)
            self._met.add(what)

    def _nested(self, tree: object) -> Any:
        if self._depth >= self._max_depth:
            raise BadValue(f"A value is nested more than {self._max_depth} deep.")
        self._depth += 1
        try:
            return self.items(tree) if type(tree) is list else self._tagged(tree)
        finally:
            self._depth -= 1

    def _tagged(self, tree: object) -> Any:
        if type(tree) is not dict or len(tree) != 1:
            raise BadValue("A tree is neither plain, nor a list, nor an object with one tag.")
        ((tag, payload),) = tree.items()
        read = _readers.get(tag) or _reader_for(tag)
        return self._other(tag, payload) if read is None else read(self, payload)


def is_own_tag(tag: str) -> bool:
    """Whether this tag is the codec's own, so that `other` must choose another."""
    return tag in _readers or tag.partition(".")[0] in _LIBRARIES


def _writer_for(value: object) -> Write:
    """How values of this exact type are written. Values of a library that nobody has imported cannot exist."""
    kind = type(value)
    if kind not in _writers:
        for library in _LIBRARIES:
            if library in sys.modules:
                _learn(library)
    if kind not in _writers and isinstance(value, tuple):
        return containers.named_tuple_writer(kind)
    return _writers.get(kind, forms.write_nothing)


def _reader_for(tag: str) -> Read | None:
    """How this tag is read. Raises BadValue for a tag of the codec's own that no form has."""
    if tag not in _readers and (library := tag.partition(".")[0]) in _LIBRARIES:
        _learn(library)
        if tag not in _readers:
            raise BadValue("A value has a tag that no form has, or is of a library that is not installed here.")
    return _readers.get(tag)


@cache
def _learn(library: str) -> None:
    """Take in the forms for values of numpy or pandas, if it is installed. Costs nothing when repeated."""
    try:
        module = importlib.import_module(_LIBRARIES[library])
    except ImportError:
        return
    _writers.update(module.WRITERS)
    _readers.update(module.READERS)
