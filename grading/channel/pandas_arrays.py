"""How the columns of pandas travel: numpy's arrays as they are, pandas' own arrays part by part."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grading.channel import bulk, moments, pandas_dtypes
from grading.channel.forms import Json, NoForm, Read, Write, parts
from grading.channel.numpy_codec import object_array, raw_bytes, read_elements
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder

COST = 50  # in simple values: how much longer it takes to make a column, an index or a frame
_COUNTS = np.dtype("int64")
_MISSING_COUNT = np.iinfo(_COUNTS).min  # how pandas writes NaT
_MOST_WALKED = 50_000  # moments that follow a calendar: pandas checks their frequency one by one
_ZONED_YEARS = np.datetime64("0001-01-02", "D"), np.datetime64("9999-12-30", "D")  # zones know no others
_NULLABLE = {
    "i": pd.arrays.IntegerArray,
    "u": pd.arrays.IntegerArray,
    "f": pd.arrays.FloatingArray,
    "b": pd.arrays.BooleanArray,
}


def write_column(encoder: "Encoder", array: Any) -> Json:
    """The tree for the values of a column or an index. Raises NoForm for kinds that do not travel, as sparse ones."""
    encoder.spend(COST)
    return encoder.part(array.to_numpy() if type(array) is pd.arrays.NumpyExtensionArray else array)


def read_column(decoder: "Decoder", tree: object) -> Any:
    """The array that `write_column` wrote, of one dimension: numpy's or one of pandas' own. Raises BadValue."""
    decoder.spend(COST)
    array = decoder.value(tree)
    if type(array) is np.ndarray and array.ndim == 1 and array.dtype.kind in "biufcO":
        return array
    if type(array) not in WRITERS or type(array) is pd.arrays.NumpyExtensionArray:
        raise BadValue("The values of a column were due.")
    return array


def read_numbers(decoder: "Decoder", tree: object, *, kinds: str) -> np.ndarray:
    """The array of one dimension that a tree must stand for, with a dtype of these kinds. Raises BadValue."""
    array = decoder.value(tree)
    if type(array) is not np.ndarray or array.ndim != 1 or array.dtype.kind not in kinds or not array.dtype.isnative:
        raise BadValue("An array of numbers was due.")
    return array


def read_codes(decoder: "Decoder", tree: object, *, count: int) -> np.ndarray:
    """The array of positions among `count` values, -1 for none, that a tree must stand for. Raises BadValue.

    pandas itself narrows positions to a smaller type before it checks them, so that some pass that should not.
    """
    codes = read_numbers(decoder, tree, kinds="i")
    if codes.size and not -1 <= codes.min() <= codes.max() < count:
        raise BadValue("A code is no position among the values that it chooses from.")
    return codes


def _write_category(encoder: "Encoder", array: Any) -> Json:
    return {"pandas.categories": [encoder.part(array.codes), encoder.part(array.dtype)]}


def _read_category(decoder: "Decoder", payload: object) -> Any:
    codes, kind = parts(payload, 2)
    dtype = decoder.value(kind)
    if type(dtype) is not pd.CategoricalDtype or dtype.categories is None:
        raise BadValue("The dtype of categories was due.")
    return pd.Categorical.from_codes(read_codes(decoder, codes, count=len(dtype.categories)), dtype=dtype)


def _write_moments(encoder: "Encoder", array: Any) -> Json:
    counts, zone = array.asi8, moments.written_zone(array.tz)
    if zone is not None and not are_zoned(counts, array.unit):
        raise NoForm
    return {"pandas.moments": [_written_counts(encoder, counts), array.unit, zone, _written_rhythm(array)]}


def _read_moments(decoder: "Decoder", payload: object) -> Any:
    place, unit_name, zone_name, rhythm = parts(payload, 4)
    unit, zone = pandas_dtypes.read_unit(unit_name), moments.zone(zone_name)
    counts = read_elements(decoder, _COUNTS, place)
    array = pd.DatetimeIndex(counts.view(f"M8[{unit}]"), copy=False)
    if zone is not None:
        if not are_zoned(counts, unit):
            raise BadValue("A moment lies outside the years that time zones know.")
        array = array.tz_localize("UTC").tz_convert(zone)
    return _with_rhythm(array.array, rhythm)


def are_zoned(counts: np.ndarray, unit: str) -> bool:
    """Whether these moments lie in the years for which pandas can tell the time of a zone."""
    known = counts[counts != _MISSING_COUNT]
    if unit == "ns" or not known.size:  # nanoseconds reach from 1677 to 2262
        return True
    first, last = (int(day.astype(f"M8[{unit}]").astype(_COUNTS)) for day in _ZONED_YEARS)
    return bool(first <= known.min() and known.max() <= last)


def _write_lengths(encoder: "Encoder", array: Any) -> Json:
    return {"pandas.lengths": [_written_counts(encoder, array.asi8), array.unit, _written_rhythm(array)]}


def _read_lengths(decoder: "Decoder", payload: object) -> Any:
    place, unit_name, rhythm = parts(payload, 3)
    counts = read_elements(decoder, _COUNTS, place).view(f"m8[{pandas_dtypes.read_unit(unit_name)}]")
    return _with_rhythm(pd.TimedeltaIndex(counts, copy=False).array, rhythm)


def _written_counts(encoder: "Encoder", counts: np.ndarray) -> Json:
    return encoder.buffer(raw_bytes(counts))


def _written_rhythm(array: Any) -> Json:
    if array.freq is None:
        return None
    if len(array) > _MOST_WALKED and not pandas_dtypes.is_fixed(array.freq):
        raise NoForm
    return pandas_dtypes.written_frequency(array.freq)


def _with_rhythm(array: Any, rhythm: object) -> Any:
    """The array with its frequency, which pandas compares with the values. Raises BadValue, ValueError."""
    if rhythm is not None:
        frequency = pandas_dtypes.read_frequency(rhythm)
        if len(array) > _MOST_WALKED and not pandas_dtypes.is_fixed(frequency):
            raise BadValue("A frequency by calendar has too many moments.")
        array.freq = frequency
    return array


def _write_spans(encoder: "Encoder", array: Any) -> Json:
    return {"pandas.spans": [_written_counts(encoder, array.asi8), pandas_dtypes.written_span(array.freqstr)]}


def _read_spans(decoder: "Decoder", payload: object) -> Any:
    place, span = parts(payload, 2)
    return pd.arrays.PeriodArray(
        read_elements(decoder, _COUNTS, place), dtype=pd.PeriodDtype(pandas_dtypes.read_span(span))
    )


def _write_intervals(encoder: "Encoder", array: Any) -> Json:
    return {
        "pandas.intervals": [*(write_column(encoder, end.array) for end in (array.left, array.right)), array.closed]
    }


def _read_intervals(decoder: "Decoder", payload: object) -> Any:
    left, right, closed = parts(payload, 3)
    ends = read_column(decoder, left), read_column(decoder, right)
    return pd.arrays.IntervalArray.from_arrays(*ends, closed=pandas_dtypes.read_closed(closed))


def _write_nullable(encoder: "Encoder", array: Any) -> Json:
    # There is no public way to the values that keeps apart what is NaN and what is missing.
    return {"pandas.nullables": [encoder.part(array._data), encoder.part(array._mask)]}


def _read_nullable(decoder: "Decoder", payload: object) -> Any:
    values, mask = parts(payload, 2)
    known = read_numbers(decoder, values, kinds="iufb")
    return _NULLABLE[known.dtype.kind](known, read_numbers(decoder, mask, kinds="b"))


def _write_texts(encoder: "Encoder", array: Any) -> Json:
    kind = pandas_dtypes.written_string_dtype(array.dtype)
    texts, gaps = array.to_numpy(object, copy=True), array.isna()
    texts[gaps] = ""
    payload = bulk.packed_texts(encoder, texts.tolist(), gaps=np.flatnonzero(gaps).tolist()) if len(array) else None
    if payload is None:
        texts[gaps] = None
        return {"pandas.texts": [kind, encoder.items(texts.tolist())]}
    encoder.spend(len(texts))
    return {"pandas.texts": [kind, {"texts": payload}]}


def _read_texts(decoder: "Decoder", payload: object) -> Any:
    kind, items = parts(payload, 2)
    texts = decoder.items(items)
    if not set(map(type, texts)) <= {str, type(None)}:
        raise BadValue("A column of texts has values that are none.")
    return pd.array(object_array(texts), dtype=pandas_dtypes.read_string_dtype(kind), copy=False)


def _write_wrapped(encoder: "Encoder", array: Any) -> Json:
    return {"pandas.wrapped": write_column(encoder, array)}


def _read_wrapped(decoder: "Decoder", payload: object) -> Any:
    array = read_column(decoder, payload)
    if type(array) is not np.ndarray:
        raise BadValue("An array of numpy's was due.")
    return pd.arrays.NumpyExtensionArray(array)


WRITERS: dict[type, Write] = {
    pd.Categorical: _write_category,
    pd.arrays.DatetimeArray: _write_moments,
    pd.arrays.TimedeltaArray: _write_lengths,
    pd.arrays.PeriodArray: _write_spans,
    pd.arrays.IntervalArray: _write_intervals,
    **dict.fromkeys(_NULLABLE.values(), _write_nullable),
    pd.arrays.StringArray: _write_texts,
    pd.arrays.NumpyExtensionArray: _write_wrapped,
}
READERS: dict[str, Read] = {
    "pandas.categories": _read_category,
    "pandas.moments": _read_moments,
    "pandas.lengths": _read_lengths,
    "pandas.spans": _read_spans,
    "pandas.intervals": _read_intervals,
    "pandas.nullables": _read_nullable,
    "pandas.texts": _read_texts,
    "pandas.wrapped": _read_wrapped,
}
