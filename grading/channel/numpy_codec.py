"""How numpy's arrays, scalars and dtypes travel: as raw bytes with a dtype from a fixed list."""

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from grading.channel.forms import Json, NoForm, Read, Write, parts, text, whole
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder

RAW_KINDS = frozenset("biufcmMSU")  # the kinds of dtype whose bytes are their value
MOST_ELEMENTS = 1 << 26  # of an array or index; where a length is 0, the others are counted as if it were 1
_DTYPE = re.compile(r"[<>|=]?([qQO]|[biufc]\d{1,2}|[SU]\d{1,8}|[mM]8(\[([1-9]\d{0,8})?[A-Za-z]{1,2}\])?)", re.ASCII)
_MOST_DIMENSIONS = 32
_HIGHEST_CHARACTER = 0x10FFFF
_NUMBERS = "?bBhHiIlLqQefdgFDG"
DTYPE_TYPES: frozenset[type] = frozenset(type(np.dtype(code)) for code in _NUMBERS + "mMSUO")


def write_array(encoder: "Encoder", array: np.ndarray) -> Json:
    """The tree for an array. Raises NoForm for dtypes that do not travel: structured, with metadata, without size."""
    name = dtype_name(array.dtype)
    if not _is_shape(list(array.shape)) or array.dtype.itemsize == 0:
        raise NoForm
    if array.dtype.kind == "O":
        return {"numpy.objects": [list(array.shape), encoder.items(array.reshape(-1).tolist())]}
    by_columns = array.ndim > 1 and array.flags.f_contiguous and not array.flags.c_contiguous
    rows = array.T if by_columns else array
    return {"numpy.array": [name, list(array.shape), by_columns, encoder.buffer(raw_bytes(rows))]}


def raw_bytes(array: np.ndarray) -> memoryview:
    """The bytes of the elements, row by row; those of the array itself where they lie like that already."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def read_array(decoder: "Decoder", payload: object) -> np.ndarray:
    """The array of a payload, writable and with memory of its own. Raises BadValue."""
    name, shape, by_columns, place = parts(payload, 4)
    elements = _elements(decoder, read_dtype(name), place)
    if not _is_shape(shape) or math.prod(shape) != len(elements):
        raise BadValue("An array has more or fewer elements than its shape says.")
    array = np.empty(shape, elements.dtype, order="F" if by_columns is True else "C")
    rows = array.T if by_columns is True else array
    rows.reshape(-1)[:] = elements
    return array


def read_elements(decoder: "Decoder", dtype: np.dtype, place: object) -> np.ndarray:
    """The flat array of what lies at this place, copied out of the frame. Raises BadValue."""
    return _elements(decoder, dtype, place).copy()


def _elements(decoder: "Decoder", dtype: np.dtype, place: object) -> np.ndarray:
    raw = decoder.raw(place)
    if dtype.kind not in RAW_KINDS or dtype.itemsize == 0 or len(raw) % dtype.itemsize:
        raise BadValue("An array has bytes that are no elements of its dtype.")
    elements = np.frombuffer(raw, dtype) if raw else np.empty(0, dtype)
    if dtype.kind == "b" and (elements.view(np.uint8) > 1).any():
        raise BadValue("An array of truth values has elements that are neither true nor false.")
    if dtype.kind == "U" and (elements.view(dtype.byteorder + "u4") > _HIGHEST_CHARACTER).any():
        raise BadValue("An array of texts has characters that do not exist.")
    return elements


def dtype_name(dtype: np.dtype) -> str:
    """The name under which `read_dtype` finds this dtype. Raises NoForm for those that do not travel."""
    if (dtype.kind not in RAW_KINDS and dtype.kind != "O") or dtype.metadata is not None:
        raise NoForm
    if dtype.char in "qQ":  # as long as int64, yet a type of its own
        return f"{dtype.byteorder}{dtype.char}"
    return dtype.str


def read_dtype(name: object) -> np.dtype:
    """The dtype of this name. Raises BadValue for any that no value has by itself."""
    if not _DTYPE.fullmatch(text(name, longest=24)):
        raise BadValue("A dtype has a name that no dtype has.")
    return np.dtype(name)  # type: ignore[call-overload]  # the stubs want it literally


def object_array(values: list[Any]) -> np.ndarray:
    """The values as a flat array of objects, also where they are lists or arrays themselves."""
    return np.fromiter(values, dtype=object, count=len(values))


def _read_objects(decoder: "Decoder", payload: object) -> np.ndarray:
    shape, items = parts(payload, 2)
    if not _is_shape(shape):
        raise BadValue("An array has a shape that no array has.")
    return object_array(decoder.items(items)).reshape(shape)


def _is_shape(shape: object) -> bool:
    if type(shape) is not list or len(shape) > _MOST_DIMENSIONS:
        return False
    lengths = [whole(length, highest=MOST_ELEMENTS) for length in shape]
    return math.prod(max(length, 1) for length in lengths) <= MOST_ELEMENTS


def _write_scalar(encoder: "Encoder", value: np.generic) -> Json:
    return {"numpy.scalar": [dtype_name(value.dtype), value.tobytes().hex()]}


def _read_scalar(decoder: "Decoder", payload: object) -> Any:
    name, digits = parts(payload, 2)
    dtype, raw = read_dtype(name), bytes.fromhex(text(digits))
    if dtype.kind in "SUO" or len(raw) != dtype.itemsize or (dtype.kind == "b" and raw[0] > 1):
        raise BadValue("A number of numpy's has bytes that are no element of its dtype.")
    return np.frombuffer(raw, dtype)[0]


def _read_str(decoder: "Decoder", payload: object) -> np.str_:
    value = decoder.value(payload)
    if type(value) is not str:
        raise BadValue("A text was due.")
    return np.str_(value)


WRITERS: dict[type, Write] = {
    np.ndarray: write_array,
    np.str_: lambda encoder, value: {"numpy.str": encoder.value(str.__str__(value))},
    np.bytes_: lambda encoder, value: {"numpy.bytes": encoder.buffer(bytes(value))},
    **{np.dtype(code).type: _write_scalar for code in _NUMBERS + "mM"},
    **dict.fromkeys(DTYPE_TYPES, lambda encoder, value: {"numpy.dtype": dtype_name(value)}),
}
READERS: dict[str, Read] = {
    "numpy.array": read_array,
    "numpy.objects": _read_objects,
    "numpy.str": _read_str,
    "numpy.bytes": lambda decoder, payload: np.bytes_(bytes(decoder.raw(payload))),
    "numpy.scalar": _read_scalar,
    "numpy.dtype": lambda decoder, payload: read_dtype(payload),
}
