"""Values that travel, what tells two of them apart, and the journey itself."""

import collections
import datetime as dt
import json
import math
import pathlib
import struct
import uuid
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from grading.channel.codec import BadValue, Decoder, Encoder, NotEncodable

BERLIN = ZoneInfo("Europe/Berlin")
Point = collections.namedtuple("Point", "x y")


class City(NamedTuple):
    """A named tuple as learners write it with types."""

    name: str
    people: int = 0


def refuse(value):
    """What an encoder does with values that have no form, in tests of those that have one."""
    raise NotEncodable(f"{type(value).__name__} does not travel.")


def refuse_tag(tag, payload):
    """What a decoder does with tags that are not the codec's, in tests that have none."""
    raise BadValue(f"{tag} is not known.")


def message(value, *, other=refuse):
    """The JSON text and the buffers of the message for one value."""
    encoder = Encoder(other)
    tree = encoder.encode(value)
    return json.dumps(tree), joined(encoder.buffers)


def joined(buffers):
    """The buffers as a frame carries them."""
    data = bytearray()
    for buffer in buffers:
        data += buffer
        data += bytes(-len(data) % 8)
    return data


def decoded(text, buffers=b"", *, other=refuse_tag):
    """The value of a message."""
    return Decoder(memoryview(bytearray(buffers)), other).decode(json.loads(text))


def travelled(value):
    """The value as it arrives on the other side."""
    return decoded(*message(value))


def traits(value):
    """All that tells this value from others: equal for two values only if nobody could tell them apart."""
    kind = type(value)
    for known, tell in _TRAITS.items():
        if issubclass(kind, known):
            return (
                "named tuple" if hasattr(kind, "_fields") else f"{kind.__module__}.{kind.__qualname__}",
                tell(value),
            )
    return (kind.__qualname__, repr(value))


def _all(values):
    return tuple(map(traits, values))


def _tuple(value):
    return (type(value).__name__, value._fields, *_all(value)) if hasattr(value, "_fields") else _all(value)


def _mapping(value):
    return traits(getattr(value, "default_factory", None)), tuple((traits(key), traits(value[key])) for key in value)


def _array(array):
    elements = _all(array.reshape(-1).tolist()) if array.dtype == object else array.tobytes()
    return traits(array.dtype), array.shape, elements


def _dtype(dtype):
    if isinstance(dtype, np.dtype):
        return dtype.char, dtype.str
    names = ("categories", "ordered", "unit", "tz", "subtype", "closed", "storage", "na_value")
    return str(dtype), tuple(traits(getattr(dtype, name, "absent")) for name in names)


def _column(array):
    return traits(array.dtype), _all(array.to_numpy(object)), str(getattr(array, "freq", None))


def _index(index):
    if isinstance(index, pd.MultiIndex):
        return _all(index.levels), tuple(tuple(codes.tolist()) for codes in index.codes), _all(index.names)
    if isinstance(index, pd.RangeIndex):
        return index.start, index.stop, index.step, traits(index.name)
    return _column(index.array), traits(index.name)


def _notes(value):
    return traits(value.attrs), value.flags.allows_duplicate_labels


def _frame(frame):
    columns = tuple(_column(column.array) for _, column in frame.items())
    return traits(frame.index), traits(frame.columns), columns, _notes(frame)


def _timestamp(value):
    return value.asm8.astype("int64"), value.unit, repr(value.tz), value.fold


_TRAITS = {
    np.ndarray: _array,
    np.generic: lambda value: (
        value.dtype.char,
        value.tobytes(),
        len(value) if isinstance(value, (str, bytes)) else None,
    ),
    (np.dtype, pd.api.extensions.ExtensionDtype): _dtype,
    pd.api.extensions.ExtensionArray: _column,
    pd.Index: _index,
    pd.Series: lambda series: (_column(series.array), traits(series.index), traits(series.name), _notes(series)),
    pd.DataFrame: _frame,
    type(pd.NaT): repr,
    pd.Timestamp: _timestamp,
    pd.Timedelta: lambda value: (value.asm8.astype("int64"), value.unit),
    pd.Interval: lambda value: (traits(value.left), traits(value.right), value.closed),
    float: lambda value: struct.pack("d", value),
    complex: lambda value: struct.pack("dd", value.real, value.imag),
    (list, collections.deque): lambda value: (_all(value), getattr(value, "maxlen", None)),
    tuple: _tuple,
    slice: lambda value: _all((value.start, value.stop, value.step)),
    (set, frozenset): lambda value: frozenset(map(traits, value)),
    dict: _mapping,
}

PLAIN = [
    *(None, True, False, 0, -1, 2**63, -(2**1024), 2**1024, -(10**4000), ..., NotImplemented),
    *(0.0, -0.0, 5e-324, math.inf, -math.inf, math.nan, -math.nan, struct.unpack("d", b"\x01\0\0\0\0\0\xf0\x7f")[0]),
    *(1j, complex(-0.0, math.nan)),
    *("", "Größe", "x" * 5000, "\0", "\ud800", "\ud83d\ude00", "😀", b"", b"abc", bytearray(b"x" * 100)),
    *([], [1, [2, [None]]], (), (1,), set(), {1, "a"}, frozenset({(1, 2)}), {}, {"a": 1, (1, 2): [3], None: {}}),
    *([1.5] * 40, [math.nan, -math.nan] * 40, list(range(40)), [*range(40), 2**70], [True] * 40, [*range(40), True]),
    *(
        ["a"] * 40,
        ["a", None] * 40,
        ["a", math.nan] * 40,
        ["a", None, math.nan] * 20,
        ["a\0", "\x1f", "\x1e", "\x1d"] * 10,
    ),
    *(["", None] * 40, ["\ud800"] * 40, tuple("ab" * 40), {str(number): number for number in range(40)}),
    *(collections.OrderedDict(b=1, a=2), collections.Counter("abca"), collections.defaultdict(list, {1: [2]})),
    *(collections.defaultdict(None, a=1), collections.deque([1, 2]), collections.deque([1, 2], 2)),
    *(range(3), range(2**70, 0, -3), slice(None), slice(1, "a", [2])),
    *(dt.datetime(2026, 11, 26, 7, 5, 3, 9), dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)),  # noqa: DTZ001
    *(
        dt.datetime.max.replace(tzinfo=dt.UTC),
        dt.date(1, 1, 1),
        dt.time(23, 59, 59, 999999, fold=1),
        dt.time(1, tzinfo=dt.UTC),
    ),
    *(dt.timedelta(-1, 5, 7), dt.timedelta.max, dt.UTC, dt.timezone(dt.timedelta(hours=-3.5), "here"), BERLIN),
    *map(Decimal, ("-0", "1.10", "1e-30", "NaN", "-sNaN12", "Infinity", "123456789" * 20)),
    *(Fraction(-1, 3), Fraction(10**400, 7), uuid.UUID(int=7), uuid.UUID("665b99ce-e971-11f1-ab18-02fc00000001")),
    *map(pathlib.PurePosixPath, ("a/b", "/", "ä\udcff")),
    *(pathlib.PosixPath("."), pathlib.PureWindowsPath("c:\\x")),
    *(Point(1, [2]), City("Köln"), [Point(Point(1, 2), 3)]),
]

NUMPY = [
    *(
        np.float64(-0.0),
        np.float64("nan"),
        np.longlong(3),
        np.int8(-3),
        np.uint64(2**64 - 1),
        np.bool_(True),
        np.float16(3),
    ),
    *(np.longdouble("1.1"), np.clongdouble(2j), np.str_("a\0"), np.str_(""), np.bytes_(b"a\0")),
    *(np.datetime64("NaT"), np.datetime64("2020-01-01", "D"), np.array(["2020-01-01"], "M8[25m]")[0]),
    *(np.timedelta64(3, "D"), np.timedelta64(3), np.timedelta64("NaT", "ns")),
    *(np.zeros((0, 3)), np.array(3.5), np.arange(6).reshape(2, 3), np.arange(6).reshape(2, 3).T, np.arange(10)[::-2]),
    *(
        np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
        np.array(["ä", "b"]),
        np.array(["a"], ">U3"),
        np.array([b"x", b""]),
    ),
    *(np.array([1, 2], ">i4"), np.array([1], "q"), np.array([1], ">Q"), np.array([True, False]), np.ones(100, "g")),
    *(np.array([None, "a", [1], math.nan, (1,)], dtype=object), np.array([[1, "a"], [None, 2]], dtype=object)),
    *(
        np.array(None, dtype=object),
        np.array([], dtype=object),
        np.zeros((2, 0), dtype=object),
        np.array(["x", None] * 40),
    ),
    *(np.array(["2020"], "M8[D]"), np.array([1, 2], "m8[3s]"), np.array([1 - 2j], ">c8")),
    *map(np.dtype, ("i4", ">f8", "q", "U5", "S0", "O", "M8[ns]", ">M8[2D]", "m8", "?")),
]

_days = partial(pd.date_range, "2026-03-27", periods=3)
INDEXES = [
    *(pd.RangeIndex(3, name="r"), pd.RangeIndex(5, -1, -2), pd.RangeIndex(0)),
    *(
        pd.Index([1, 2, 3]),
        pd.Index([1.5, math.nan, -0.0]),
        pd.Index([1, 2, 3], dtype="int8"),
        pd.Index([True, False, True]),
    ),
    *(pd.Index(["a", None, "b"]), pd.Index(["a", None, 1.5], dtype=object, name=("x", 1)), pd.Index([], dtype=object)),
    *(
        pd.Index([(1, 2), (3, 4), (1, 2)], tupleize_cols=False),
        pd.Index([dt.date(2020, 1, 1)] * 3),
        pd.Index(["a", "a", "b"]),
    ),
    *(
        pd.Index([1, pd.NA, 3], dtype="Int8"),
        pd.Index([1, 2, 3], dtype="Float32"),
        pd.Index(["x", pd.NA, ""], dtype="string"),
    ),
    *(
        _days(),
        _days(tz=BERLIN, name="t"),
        _days(tz="UTC", freq="h"),
        _days(freq="BYE"),
        _days(freq="2W"),
        _days(unit="ns"),
    ),
    *(
        _days(freq="-1D"),
        _days(freq="90min", tz=dt.timezone(dt.timedelta(hours=2))),
        _days(freq="QS-FEB"),
        _days(freq="SME"),
    ),
    *(pd.DatetimeIndex(["2020", None, "2021"]), pd.DatetimeIndex([]), pd.DatetimeIndex(["0500", "2020", "9000"])),
    *(
        pd.timedelta_range("1D", periods=3),
        pd.timedelta_range("1h", periods=3, freq="90min"),
        pd.TimedeltaIndex([None, 1, 2]),
    ),
    *(pd.period_range("2020", periods=3, freq="M"), pd.period_range("2020", periods=3, freq="2Q-NOV")),
    *(
        pd.PeriodIndex(["2020", None, "2021"], freq="Y"),
        pd.interval_range(0, 3),
        pd.interval_range(0.5, 3.5, closed="both"),
    ),
    *(
        pd.interval_range(pd.Timestamp("2020"), periods=3, closed="neither"),
        pd.CategoricalIndex(["b", "a", None], ordered=True),
    ),
    *(
        pd.MultiIndex.from_tuples([("a", 1), ("b", 2), ("a", math.nan)], names=["x", None]),
        pd.MultiIndex.from_product([[], ["a"]]),
    ),
]

COLUMNS = [
    *(index.array for index in INDEXES if not isinstance(index, (pd.MultiIndex, pd.RangeIndex))),
    *(
        pd.array([1, None, 3], dtype="UInt16"),
        pd.array([1.5, None, -0.0], dtype="Float32"),
        pd.array([True, None], dtype="boolean"),
    ),
    *(pd.array(["a", None], dtype="string"), pd.array(["a", None], dtype="str"), pd.array([], dtype="str")),
    *(
        pd.array(["a\0\x1f\x1e\x1d", None], dtype="str"),
        pd.array(["\ud800", "😀"], dtype="str"),
        pd.array([None], dtype="str"),
    ),
    *(pd.Categorical([1, 2], categories=[3, 2, 1]), pd.Categorical([None, "a"], ordered=True), pd.Categorical([])),
    *(pd.Categorical([pd.Timestamp("2020"), pd.NaT]), pd.cut([1, 5], 3), pd.arrays.NumpyExtensionArray(np.arange(3))),
    pd.arrays.FloatingArray(np.array([math.nan, 1.0]), np.array([False, True])),
]

SCALARS = [
    *(pd.NA, pd.NaT, pd.Timestamp("2020"), pd.Timestamp("2020", tz="UTC"), pd.Timestamp("2020").as_unit("s")),
    *(pd.Timestamp("2026-10-25T00:30Z").tz_convert(BERLIN), pd.Timestamp("2026-10-25T01:30Z").tz_convert(BERLIN)),
    *(pd.Timestamp(dt.datetime(2020, 1, 1, fold=1)), pd.Timestamp(2**62)),  # noqa: DTZ001
    *(pd.Timedelta("1D"), pd.Timedelta(5, "s")),
    *(pd.Timedelta(-7), pd.Period("2020", "M"), pd.Period("2020-05", "3Q"), pd.Period(ordinal=-5, freq="D")),
    *(pd.Interval(0, 1), pd.Interval(0.5, 1), pd.Interval(pd.Timestamp("2020"), pd.Timestamp("2021"), closed="both")),
    *(pd.offsets.Day(3), pd.offsets.MonthEnd(), pd.offsets.Hour(-5), pd.offsets.Week(weekday=2)),
    *(array.dtype for array in COLUMNS if type(array.dtype).__name__ != "NumpyEADtype"),
    *(pd.CategoricalDtype(), pd.IntervalDtype(), pd.CategoricalDtype(ordered=True)),
]


def _noted(value):
    value.attrs = {"source": ["a", math.nan]}
    return value


FRAMES = [
    *(pd.DataFrame(), pd.DataFrame(index=[1, 2]), pd.DataFrame(columns=["a"]), pd.DataFrame(np.zeros((0, 2)))),
    *(
        pd.DataFrame([[1, "a"], [2, None]], columns=["x", "x"]),
        pd.DataFrame([[1, 2]], columns=["x", "x"], dtype="int8"),
    ),
    *(pd.DataFrame({"o": [None, math.nan, pd.NA, pd.NaT]}, dtype=object), pd.DataFrame({"o": [pd.NaT, [1], "x"]})),
    *(
        pd.DataFrame({"a": np.array([1, 2], ">i8")}),
        pd.DataFrame({"a": [1j]}),
        pd.DataFrame({"a": [True], "b": [False]}),
    ),
    *(pd.DataFrame({"a": [1]}).set_flags(allows_duplicate_labels=False), _noted(pd.DataFrame({"a": [1.5]}))),
    pd.DataFrame({number: ["a", number] for number in range(60)}),
    pd.DataFrame(
        {"when": _days(tz=BERLIN), "kind": pd.Categorical(["a", "b", "a"]), "n": pd.array([1, None, 3], dtype="Int64")}
    ),
    *(pd.DataFrame({"a": [1, 2, 3], "b": list("xyz")}, index=index) for index in INDEXES if len(index) == 3),
    *(pd.DataFrame(np.arange(2.0 * len(index)).reshape(2, -1), columns=index) for index in INDEXES),
]

SERIES = [
    *(pd.Series(array, name=("n", 1)) for array in COLUMNS),
    *(_noted(pd.Series(range(len(index)), index=index, dtype="int32")) for index in INDEXES),
    pd.Series(["a", 1, None, math.nan, pd.NA] * 20, dtype=object),
]

EVERYTHING = [*PLAIN, *NUMPY, *INDEXES, *COLUMNS, *SCALARS, *FRAMES, *SERIES]
