"""How the dtypes and frequencies of pandas travel: by name, from fixed lists."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.tseries.frequencies import to_offset

from grading.channel import moments, numpy_codec
from grading.channel.forms import Json, NoForm, Read, Write, flag, parts, text
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder

_UNITS = frozenset({"s", "ms", "us", "ns"})
_CLOSED = frozenset({"left", "right", "both", "neither"})
_TICKS = frozenset({"h", "min", "s", "ms", "us", "ns"})
_CALENDAR_STEPS = frozenset({
    *("D", "B", "W", "ME", "MS", "BME", "BMS", "SME", "SMS"),
    *("QE", "QS", "BQE", "BQS", "YE", "YS", "BYE", "BYS"),
})  # fmt: skip
_SPANS = frozenset({"Y", "Q", "M", "W", "D", *_TICKS})  # what a period may last
_FREQUENCY = re.compile(r"(-?\d{1,15})?([A-Za-z]{1,3})(-[A-Z0-9]{1,3})?", re.ASCII)
_MOST_CALENDAR_STEPS = 1000  # pandas walks through such steps one by one
INDEX_TYPES: frozenset[type] = frozenset({
    *(pd.Index, pd.RangeIndex, pd.MultiIndex, pd.CategoricalIndex, pd.IntervalIndex),
    *(pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex),
})  # fmt: skip
_MISSING = {"NA": pd.NA, "nan": np.nan}
_INTEGERS = [f"{sign}{bits}" for sign in ("Int", "UInt") for bits in (8, 16, 32, 64)]
_NULLABLE: dict[str, Any] = {
    **{name: getattr(pd, f"{name}Dtype") for name in _INTEGERS},
    "Float32": pd.Float32Dtype,
    "Float64": pd.Float64Dtype,
    "boolean": pd.BooleanDtype,
}


def written_frequency(frequency: Any) -> Json:
    """The name of a frequency. Raises NoForm for one that its name does not say fully."""
    name = frequency.freqstr
    try:
        known = read_frequency(name)
    except (BadValue, ValueError) as problem:
        raise NoForm from problem
    if type(known) is not type(frequency) or known != frequency:
        raise NoForm
    return str(name)


def read_frequency(name: object) -> Any:
    """The frequency of this name. Raises BadValue for one that is not on our list, or is slow to count with."""
    steps = _checked_steps(name, _TICKS | _CALENDAR_STEPS)
    frequency = to_offset(name)
    if abs(steps) > _MOST_CALENDAR_STEPS and not is_fixed(frequency):
        raise BadValue("A frequency skips too many days.")
    return frequency


def is_fixed(frequency: Any) -> bool:
    """Whether all steps of the frequency are equally long, so that pandas multiplies instead of walking."""
    return isinstance(frequency, pd.offsets.Tick)


def written_span(name: str) -> Json:
    """The name of the frequency of periods. Raises NoForm for one that is not on our list."""
    try:
        return read_span(name)
    except BadValue as problem:
        raise NoForm from problem


def read_span(name: object) -> str:
    """The name of a frequency that periods may have. Raises BadValue."""
    _checked_steps(name, _SPANS)
    return str(name)


def read_unit(name: object) -> Any:
    """The unit in which pandas counts time. Raises BadValue."""
    if text(name) not in _UNITS:
        raise BadValue("A moment is counted in a unit that pandas does not use.")
    return name


def read_closed(name: object) -> str:
    """The closed sides of an interval. Raises BadValue."""
    if text(name) not in _CLOSED:
        raise BadValue("An interval is closed on a side that it does not have.")
    return str(name)


def written_string_dtype(dtype: Any) -> Json:
    """The payload for the dtype of texts. Raises NoForm where the texts lie in memory of Arrow's."""
    if dtype.storage != "python":
        raise NoForm
    return "NA" if dtype.na_value is pd.NA else "nan"


def read_string_dtype(payload: object) -> Any:
    """The dtype of texts of this payload. Raises BadValue."""
    if text(payload) not in _MISSING:
        raise BadValue("Texts have a missing value that is not known.")
    return pd.StringDtype("python", na_value=_MISSING[str(payload)])


def read_zoned_dtype(unit: object, zone: object) -> Any:
    """The dtype of moments in a zone. Raises BadValue."""
    place = moments.zone(zone)
    if place is None:
        raise BadValue("A time zone was due.")
    return pd.DatetimeTZDtype(read_unit(unit), place)


def _checked_steps(name: object, allowed: frozenset[str]) -> int:
    """How many steps at a time the frequency of this name takes. Raises BadValue."""
    found = _FREQUENCY.fullmatch(text(name, longest=24))
    if not found or found[2] not in allowed or (steps := int(found[1] or 1)) == 0:
        raise BadValue("A frequency has a name that is not on our list.")
    return steps


def _write_offset(encoder: "Encoder", value: Any) -> Json:
    return {"pandas.offset": written_frequency(value)}


def _write_category(encoder: "Encoder", value: Any) -> Json:
    return {"pandas.category": [encoder.part(value.categories), value.ordered]}


def _read_category(decoder: "Decoder", payload: object) -> Any:
    categories, ordered = parts(payload, 2)
    known = decoder.value(categories)
    if known is not None and type(known) not in INDEX_TYPES:
        raise BadValue("The categories of a dtype are an index.")
    return pd.CategoricalDtype(known, None if ordered is None else flag(ordered))


def _write_interval(encoder: "Encoder", value: Any) -> Json:
    return {"pandas.interval_dtype": [encoder.part(value.subtype), value.closed]}


def _read_interval(decoder: "Decoder", payload: object) -> Any:
    subtype, closed = parts(payload, 2)
    kind = decoder.value(subtype)
    if kind is not None and type(kind) not in {pd.DatetimeTZDtype, *numpy_codec.DTYPE_TYPES}:
        raise BadValue("The ends of intervals have a dtype that is none.")
    return pd.IntervalDtype(kind, None if closed is None else read_closed(closed))


_OFFSETS = {type(to_offset(name)) for name in _TICKS | _CALENDAR_STEPS}
WRITERS: dict[type, Write] = {
    **dict.fromkeys(_NULLABLE.values(), lambda encoder, value: {"pandas.nullable": value.name}),
    **dict.fromkeys(_OFFSETS, _write_offset),
    pd.StringDtype: lambda encoder, value: {"pandas.string": written_string_dtype(value)},
    pd.CategoricalDtype: _write_category,
    pd.DatetimeTZDtype: lambda encoder, value: {"pandas.zoned": [value.unit, moments.written_zone(value.tz)]},
    pd.PeriodDtype: lambda encoder, value: {
        "pandas.span": written_span(value.name.removeprefix("period[").removesuffix("]"))
    },
    pd.IntervalDtype: _write_interval,
}
READERS: dict[str, Read] = {
    "pandas.nullable": lambda decoder, payload: _NULLABLE[text(payload)](),
    "pandas.offset": lambda decoder, payload: read_frequency(payload),
    "pandas.string": lambda decoder, payload: read_string_dtype(payload),
    "pandas.category": _read_category,
    "pandas.zoned": lambda decoder, payload: read_zoned_dtype(*parts(payload, 2)),
    "pandas.span": lambda decoder, payload: pd.PeriodDtype(read_span(payload)),
    "pandas.interval_dtype": _read_interval,
}
