"""How the frames, series and single values of pandas travel."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grading.channel import moments, pandas_arrays, pandas_dtypes, pandas_index
from grading.channel.forms import Json, NoForm, Read, Write, flag, parts, text, whole
from grading.channel.pandas_arrays import COST, are_zoned, read_column, write_column
from grading.channel.pandas_index import read_index
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder

_BLOCK_KINDS = "biufc"  # kinds of dtype whose columns travel as one array, if all are of one dtype
_MANY_COLUMNS = 50  # beyond which pandas warns of frames that lie in pieces
_ENDS: frozenset[type] = frozenset({int, float, np.int64, np.float64, pd.Timestamp, pd.Timedelta})
_CONSTANTS = {"NA": pd.NA, "NaT": pd.NaT}
_NEVER = -(1 << 63)  # the count with which numpy writes NaT


def _write_series(encoder: "Encoder", series: Any) -> Json:
    traits = [encoder.part(series.index), encoder.value(series.name), *_written_notes(encoder, series)]
    return {"pandas.series": [write_column(encoder, series.array), *traits]}


def _read_series(decoder: "Decoder", payload: object) -> Any:
    values, index, name, *notes = parts(payload, 5)
    series = _column(read_column(decoder, values), read_index(decoder, index))
    series.name = decoder.value(name)
    return _with_notes(decoder, series, notes)


def _column(array: Any, index: Any) -> Any:
    if len(array) != len(index):
        raise BadValue("A column is longer or shorter than its index.")
    return pd.Series(array, index=index, dtype=array.dtype, copy=False)


def _write_frame(encoder: "Encoder", frame: Any) -> Json:
    encoder.spend(COST)
    traits = [encoder.part(frame.index), encoder.part(frame.columns), *_written_notes(encoder, frame)]
    if _is_block(frame):
        return {"pandas.frame": [encoder.part(frame.to_numpy()), *traits]}
    return {"pandas.frame": [[write_column(encoder, column.array) for _, column in frame.items()], *traits]}


def _is_block(frame: Any) -> bool:
    """Whether all columns are of one dtype of numpy's that one array holds for them."""
    kinds = set(frame.dtypes.tolist())
    return len(kinds) == 1 and all(
        isinstance(kind, np.dtype) and kind.kind in _BLOCK_KINDS and kind.isnative for kind in kinds
    )


def _read_frame(decoder: "Decoder", payload: object) -> Any:
    decoder.spend(COST)
    body, rows, names, *notes = parts(payload, 5)
    index, columns = read_index(decoder, rows), read_index(decoder, names)
    if type(body) is list:
        frame = _frame_of_columns([_column(read_column(decoder, tree), index) for tree in body], index)
    else:
        frame = _frame_of_block(decoder.value(body), index)
    frame.columns = columns
    return _with_notes(decoder, frame, notes)


def _frame_of_columns(columns: list[Any], index: Any) -> Any:
    return pd.DataFrame(dict(enumerate(columns)), index=index, copy=len(columns) > _MANY_COLUMNS)


def _frame_of_block(block: Any, index: Any) -> Any:
    if type(block) is not np.ndarray or block.ndim != 2 or block.dtype.kind not in _BLOCK_KINDS:
        raise BadValue("The values of a frame were due.")
    return pd.DataFrame(block, index=index, copy=False)


def _written_notes(encoder: "Encoder", value: Any) -> list[Json]:
    """What a frame or series carries beside its data: `attrs`, and whether labels may be there twice."""
    return [encoder.value(dict(value.attrs)) if value.attrs else None, value.flags.allows_duplicate_labels]


def _with_notes(decoder: "Decoder", value: Any, notes: list[object]) -> Any:
    attrs, duplicates = notes
    if attrs is not None:
        known = decoder.value(attrs)
        if type(known) is not dict:
            raise BadValue("The attrs of a frame or series are a dict.")
        value.attrs = known
    return value if flag(duplicates) else value.set_flags(allows_duplicate_labels=False)


def _write_timestamp(encoder: "Encoder", value: Any) -> Json:
    count = int(value.asm8.astype("int64"))
    if value.tz is not None and not are_zoned(np.array([count]), value.unit):
        raise NoForm
    return {"pandas.timestamp": [count, value.unit, moments.written_zone(value.tz), value.fold]}


def _read_timestamp(decoder: "Decoder", payload: object) -> Any:
    count, unit, zone_name, fold = parts(payload, 4)
    value = pd.Timestamp(np.datetime64(_count(count), pandas_dtypes.read_unit(unit)))
    zone = moments.zone(zone_name)
    if zone is not None:
        if not are_zoned(np.array([count]), unit):
            raise BadValue("A moment lies outside the years that time zones know.")
        return value.tz_localize("UTC").tz_convert(zone)
    return value.replace(fold=whole(fold, highest=1)) if fold else value


def _write_timedelta(encoder: "Encoder", value: Any) -> Json:
    return {"pandas.timedelta": [int(value.asm8.astype("int64")), value.unit]}


def _read_timedelta(decoder: "Decoder", payload: object) -> Any:
    count, unit = parts(payload, 2)
    return pd.Timedelta(np.timedelta64(_count(count), pandas_dtypes.read_unit(unit)))


def _count(value: object) -> int:
    return whole(value, lowest=_NEVER + 1)


def _write_period(encoder: "Encoder", value: Any) -> Json:
    return {"pandas.period": [value.ordinal, pandas_dtypes.written_span(value.freqstr)]}


def _read_period(decoder: "Decoder", payload: object) -> Any:
    ordinal, span = parts(payload, 2)
    return pd.Period(ordinal=_count(ordinal), freq=pandas_dtypes.read_span(span))


def _write_interval(encoder: "Encoder", value: Any) -> Json:
    if not {type(value.left), type(value.right)} <= _ENDS:
        raise NoForm
    return {"pandas.interval": [encoder.value(value.left), encoder.value(value.right), value.closed]}


def _read_interval(decoder: "Decoder", payload: object) -> Any:
    left, right, closed = parts(payload, 3)
    ends = decoder.value(left), decoder.value(right)
    if not set(map(type, ends)) <= _ENDS:
        raise BadValue("An interval has ends that no interval has.")
    return pd.Interval(*ends, closed=pandas_dtypes.read_closed(closed))


WRITERS: dict[type, Write] = {
    **pandas_dtypes.WRITERS,
    **pandas_arrays.WRITERS,
    **pandas_index.WRITERS,
    pd.Series: _write_series,
    pd.DataFrame: _write_frame,
    pd.Timestamp: _write_timestamp,
    pd.Timedelta: _write_timedelta,
    pd.Period: _write_period,
    pd.Interval: _write_interval,
    type(pd.NA): lambda encoder, value: {"pandas.constant": "NA"},
    type(pd.NaT): lambda encoder, value: {"pandas.constant": "NaT"},
}
READERS: dict[str, Read] = {
    **pandas_dtypes.READERS,
    **pandas_arrays.READERS,
    **pandas_index.READERS,
    "pandas.series": _read_series,
    "pandas.frame": _read_frame,
    "pandas.timestamp": _read_timestamp,
    "pandas.timedelta": _read_timedelta,
    "pandas.period": _read_period,
    "pandas.interval": _read_interval,
    "pandas.constant": lambda decoder, payload: _CONSTANTS[text(payload)],
}
