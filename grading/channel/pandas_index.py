"""How the indexes of pandas travel."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from grading.channel.forms import Json, NoForm, Read, Write, parts, whole
from grading.channel.numpy_codec import MOST_ELEMENTS
from grading.channel.pandas_arrays import COST, read_codes, read_column, write_column
from grading.channel.pandas_dtypes import INDEX_TYPES
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder


def read_index(decoder: "Decoder", tree: object) -> Any:
    """The index, of any kind, that a tree must stand for. Raises BadValue."""
    index = decoder.value(tree)
    if type(index) not in INDEX_TYPES:
        raise BadValue("An index was due.")
    return index


def _write_index(encoder: "Encoder", index: Any) -> Json:
    return {"pandas.index": [write_column(encoder, index.array), encoder.value(index.name)]}


def _read_index(decoder: "Decoder", payload: object) -> Any:
    """The index whose kind follows from the dtype of its values."""
    values, name = parts(payload, 2)
    array = read_column(decoder, values)
    return pd.Index(array, dtype=array.dtype, name=decoder.value(name), copy=False, tupleize_cols=False)


def _write_range(encoder: "Encoder", index: Any) -> Json:
    if len(index) > MOST_ELEMENTS:
        raise NoForm
    return {"pandas.range": [index.start, index.stop, index.step, encoder.value(index.name)]}


def _read_range(decoder: "Decoder", payload: object) -> Any:
    *numbers, name = parts(payload, 4)
    steps = range(*(whole(number, lowest=-(1 << 62), highest=1 << 62) for number in numbers))
    if len(steps) > MOST_ELEMENTS:
        raise BadValue("An index is too long.")
    return pd.RangeIndex(steps, name=decoder.value(name))


def _write_levels(encoder: "Encoder", index: Any) -> Json:
    encoder.spend(COST)
    levels, codes = [encoder.part(level) for level in index.levels], [encoder.part(codes) for codes in index.codes]
    return {"pandas.levels": [levels, codes, [encoder.value(name) for name in index.names]]}


def _read_levels(decoder: "Decoder", payload: object) -> Any:
    decoder.spend(COST)
    levels, codes, names = parts(payload, 3)
    if type(levels) is not list or type(codes) is not list:
        raise BadValue("An index of several levels has lists of levels and codes.")
    known = [read_index(decoder, level) for level in levels]
    places = [read_codes(decoder, tree, count=len(level)) for tree, level in zip(codes, known, strict=True)]
    return pd.MultiIndex(levels=known, codes=places, names=decoder.items(names))


WRITERS: dict[type, Write] = {
    **dict.fromkeys(INDEX_TYPES, _write_index),
    pd.RangeIndex: _write_range,
    pd.MultiIndex: _write_levels,
}
READERS: dict[str, Read] = {
    "pandas.index": _read_index,
    "pandas.range": _read_range,
    "pandas.levels": _read_levels,
}
