"""How the simple values of Python's own library travel: numbers, texts, bytes, paths and the like."""

import struct
import uuid
from decimal import Decimal
from fractions import Fraction
from pathlib import PosixPath, PurePosixPath, PureWindowsPath
from types import EllipsisType, NoneType, NotImplementedType
from typing import TYPE_CHECKING, Any

from grading.channel import bulk
from grading.channel.forms import Json, NoForm, Read, Write, parts, text
from grading.channel.refusals import BadValue, TooLarge

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder

INLINE_TYPES: frozenset[type] = frozenset({NoneType, bool, int, float, str})
_INLINE_BITS = 1024
_INLINE_CHARACTERS = 4096
_MOST_BITS = 1 << 20  # of a whole number
_MOST_FRACTION_BITS = 1 << 15  # a fraction is reduced when it is made, which takes the square of its length
_MOST_DIGITS = 10_000  # of a Decimal
_MOST_EXPONENT = 999_999  # what Python's default context allows
_CONSTANTS = {"Ellipsis": Ellipsis, "NotImplemented": NotImplemented}
_SAFETIES = {safety.name: safety for safety in uuid.SafeUUID}


def is_inline(value: Any) -> bool:
    """Whether the value stands for itself in a tree, and JSON gives it back exactly."""
    kind = type(value)
    if kind is str:
        return len(value) <= _INLINE_CHARACTERS and (value.isascii() or _is_unicode(value))
    if kind is int:
        return value.bit_length() <= _INLINE_BITS
    if kind is float:
        return value == value or bulk.is_canonical_nan(value)
    return kind is bool or value is None


def _is_unicode(value: str) -> bool:
    """Whether the text has no half of a surrogate pair."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _write_int(encoder: "Encoder", value: int) -> Json:
    if value.bit_length() > _MOST_BITS:
        raise TooLarge(f"A whole number has more than {_MOST_BITS} binary digits.")
    return {"int": encoder.buffer(value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))}


def _read_int(decoder: "Decoder", payload: object) -> int:
    raw = decoder.raw(payload)
    if len(raw) > _MOST_BITS // 8 + 1:
        raise BadValue("A whole number is too long.")
    return int.from_bytes(raw, "little", signed=True)


def _write_float(encoder: "Encoder", value: float) -> Json:
    return {"float": encoder.buffer(struct.pack("<d", value))}


def _read_float(decoder: "Decoder", payload: object) -> float:
    return float(struct.unpack("<d", _raw(decoder, payload, 8))[0])


def _write_complex(encoder: "Encoder", value: complex) -> Json:
    return {"complex": encoder.buffer(struct.pack("<dd", value.real, value.imag))}


def _read_complex(decoder: "Decoder", payload: object) -> complex:
    return complex(*struct.unpack("<dd", _raw(decoder, payload, 16)))


def _raw(decoder: "Decoder", payload: object, size: int) -> memoryview:
    raw = decoder.raw(payload)
    if len(raw) != size:
        raise BadValue(f"A number of {size} bytes was due.")
    return raw


def _write_decimal(encoder: "Encoder", value: Decimal) -> Json:
    written = str(value)
    if not _is_tame(value, written):
        raise NoForm
    return {"decimal": written}


def _read_decimal(decoder: "Decoder", payload: object) -> Decimal:
    written = text(payload, longest=_MOST_DIGITS)
    value = Decimal(written)
    if not _is_tame(value, written):
        raise BadValue("A decimal number has an exponent that is too large.")
    return value


def _is_tame(value: Decimal, written: str) -> bool:
    """Whether arithmetic with this number takes no more than a moment."""
    return len(written) <= _MOST_DIGITS and abs(value.adjusted()) <= _MOST_EXPONENT


def _write_fraction(encoder: "Encoder", value: Fraction) -> Json:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_FRACTION_BITS:
        raise NoForm
    return {"fraction": [encoder.value(value.numerator), encoder.value(value.denominator)]}


def _read_fraction(decoder: "Decoder", payload: object) -> Fraction:
    above, below = (read_whole(decoder, part) for part in parts(payload, 2))
    if max(above.bit_length(), below.bit_length()) > _MOST_FRACTION_BITS:
        raise BadValue("A fraction is too long.")
    return Fraction(above, below)


def read_whole(decoder: "Decoder", tree: object) -> int:
    """The value of a tree that must be a whole number, of any length that travels. Raises BadValue."""
    value = decoder.value(tree)
    if type(value) is not int:
        raise BadValue("A whole number was due.")
    return value


def _write_str(encoder: "Encoder", value: str) -> Json:
    return {"str": encoder.buffer(value.encode("utf-8", "surrogatepass"))}


def _read_str(decoder: "Decoder", payload: object) -> str:
    return bytes(decoder.raw(payload)).decode("utf-8", "surrogatepass")


def _path_reader(kind: type[PurePosixPath] | type[PureWindowsPath]) -> Read:
    def read(decoder: "Decoder", payload: object) -> PurePosixPath | PureWindowsPath:
        value = decoder.value(payload)
        if type(value) is not str:
            raise BadValue("A path is a text.")
        return kind(value)

    return read


def _read_range(decoder: "Decoder", payload: object) -> range:
    start, stop, step = (read_whole(decoder, part) for part in parts(payload, 3))
    return range(start, stop, step)


def _read_slice(decoder: "Decoder", payload: object) -> slice:
    start, stop, step = (decoder.value(part) for part in parts(payload, 3))
    return slice(start, stop, step)


def _read_uuid(decoder: "Decoder", payload: object) -> uuid.UUID:
    digits, safety = parts(payload, 2)
    return uuid.UUID(hex=text(digits, longest=32), is_safe=_SAFETIES[text(safety)])


WRITERS: dict[type, Write] = {
    int: _write_int,
    float: _write_float,
    complex: _write_complex,
    Decimal: _write_decimal,
    Fraction: _write_fraction,
    str: _write_str,
    bytes: lambda encoder, value: {"bytes": encoder.buffer(value)},
    bytearray: lambda encoder, value: {"bytearray": encoder.buffer(bytes(value))},
    range: lambda encoder, value: {"range": [encoder.value(part) for part in (value.start, value.stop, value.step)]},
    slice: lambda encoder, value: {"slice": [encoder.value(part) for part in (value.start, value.stop, value.step)]},
    EllipsisType: lambda encoder, value: {"constant": "Ellipsis"},
    NotImplementedType: lambda encoder, value: {"constant": "NotImplemented"},
    uuid.UUID: lambda encoder, value: {"uuid": [value.hex, value.is_safe.name]},
    PurePosixPath: lambda encoder, value: {"pure_path": encoder.value(str(value))},
    PosixPath: lambda encoder, value: {"path": encoder.value(str(value))},
    PureWindowsPath: lambda encoder, value: {"windows_path": encoder.value(str(value))},
}
READERS: dict[str, Read] = {
    "int": _read_int,
    "float": _read_float,
    "complex": _read_complex,
    "decimal": _read_decimal,
    "fraction": _read_fraction,
    "str": _read_str,
    "bytes": lambda decoder, payload: bytes(decoder.raw(payload)),
    "bytearray": lambda decoder, payload: bytearray(decoder.raw(payload)),
    "range": _read_range,
    "slice": _read_slice,
    "constant": lambda decoder, payload: _CONSTANTS[text(payload)],
    "uuid": _read_uuid,
    "pure_path": _path_reader(PurePosixPath),
    "path": _path_reader(PosixPath),
    "windows_path": _path_reader(PureWindowsPath),
}
