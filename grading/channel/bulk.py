"""Long lists of one simple type as buffers, many times faster and smaller than item by item.

A bulk form stands where a list of trees may stand: {"floats": place}, {"ints": place}, or
{"texts": [count, separator, place, gap, places of gaps]}, whose gaps are all None ("none") or all NaN ("nan").
"""

import math
import struct
from array import array
from collections.abc import Sequence
from types import NoneType
from typing import TYPE_CHECKING, Any

from grading.channel.forms import Json, parts, text, whole
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder

FEWEST = 32  # below this, the list of trees is as fast
_SEPARATORS = ("\0", "\x1f", "\x1e", "\x1d")
_GAPS = {"none": None, "nan": math.nan}
_double = struct.Struct("d").pack
_CANONICAL_NAN = _double(math.nan)


def packed(encoder: "Encoder", values: Sequence[Any]) -> Json:
    """The bulk form of these values, or None where they have none."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return {"floats": encoder.buffer(array("d", values).tobytes())}
    if kinds == {int}:
        try:
            return {"ints": encoder.buffer(array("q", values).tobytes())}
        except OverflowError:
            return None
    if str in kinds and kinds <= {str, NoneType, float}:
        return _packed_texts_with_gaps(encoder, values)
    return None


def unpacked(decoder: "Decoder", tree: object) -> list[Any]:
    """The values of a bulk form. Raises BadValue."""
    if type(tree) is not dict or len(tree) != 1:
        raise BadValue("A list or a bulk form was due.")
    ((kind, payload),) = tree.items()
    if kind == "texts":
        return unpacked_texts(decoder, payload)
    code = {"floats": "d", "ints": "q"}.get(kind)
    if code is None:
        raise BadValue("A list or a bulk form was due.")
    raw = decoder.raw(payload)
    decoder.spend(len(raw) // 8)
    return array(code, bytes(raw)).tolist()


def is_canonical_nan(value: float) -> bool:
    """Whether this is the NaN that `math.nan` is, bit by bit, and not one with another sign or payload."""
    return value != value and _double(value) == _CANONICAL_NAN


def packed_texts(encoder: "Encoder", values: list[str], *, gap: str = "none", gaps: Sequence[int] = ()) -> Json:
    """The payload for these texts, of which those at `gaps` are empty and stand for a missing value.

    None where each separator occurs in a text.
    """
    for separator in _SEPARATORS:
        joined = separator.join(values)
        if joined.count(separator) == len(values) - 1:
            place = encoder.buffer(joined.encode("utf-8", "surrogatepass"))
            return [len(values), separator, place, gap, encoder.buffer(array("q", gaps).tobytes())]
    return None


def unpacked_texts(decoder: "Decoder", payload: object) -> list[Any]:
    """The texts of a payload, with None or NaN at its gaps. Raises BadValue."""
    count, separator, place, gap, gaps = parts(payload, 5)
    if gap not in _GAPS or text(separator) not in _SEPARATORS:
        raise BadValue("A list of texts names a gap or separator that no list has.")
    decoder.spend(whole(count, lowest=1))
    joined = bytes(decoder.raw(place)).decode("utf-8", "surrogatepass")
    if joined.count(separator) != count - 1:
        raise BadValue("A list of texts has more or fewer texts than it says.")
    texts: list[Any] = joined.split(separator)
    for position in array("q", bytes(decoder.raw(gaps))):
        texts[whole(position, highest=count - 1)] = _GAPS[gap]
    return texts


def _packed_texts_with_gaps(encoder: "Encoder", values: Sequence[Any]) -> Json:
    gaps = [position for position, value in enumerate(values) if type(value) is not str]
    if all(values[position] is None for position in gaps):
        gap = "none"
    elif all(type(values[position]) is float and is_canonical_nan(values[position]) for position in gaps):
        gap = "nan"
    else:
        return None
    texts = list(values)
    for position in gaps:
        texts[position] = ""
    payload = packed_texts(encoder, texts, gap=gap, gaps=gaps)
    return None if payload is None else {"texts": payload}
