"""Frames, series, indexes and single values of pandas arrive as they were."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grading.channel.codec import NotEncodable
from tests.grading.channel.samples import COLUMNS, FRAMES, INDEXES, SCALARS, SERIES, decoded, message, traits, travelled


def _name(value):
    return f"{type(value).__name__} {' '.join(repr(value).split())}"[:60]


@pytest.mark.parametrize("value", [*INDEXES, *COLUMNS, *SCALARS, *SERIES, *FRAMES], ids=_name)
def test_values_of_pandas_arrive_as_they_were(value):
    assert traits(travelled(value)) == traits(value)


_cells = {
    "int64": st.integers(-(2**63), 2**63 - 1),
    "float64": st.floats(),
    "bool": st.booleans(),
    "str": st.none() | st.text(max_size=5),
    "string": st.none() | st.text(max_size=5),
    "Int16": st.none() | st.integers(-(2**15), 2**15 - 1),
    "boolean": st.none() | st.booleans(),
    "category": st.none() | st.sampled_from(["a", "b", ""]),
    "object": st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=5), st.just(pd.NA), st.just(pd.NaT)),
    "datetime64[us, Europe/Berlin]": st.none() | st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)),  # noqa: DTZ001
    "timedelta64[ns]": st.none() | st.timedeltas(dt.timedelta(-1000), dt.timedelta(1000)),
}
_labels = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.tuples(st.integers(), st.text(max_size=2)))


@st.composite
def frames(draw):
    """Frames with columns of any dtype, and names that may be there twice."""
    rows = draw(st.integers(0, 40))
    kinds = draw(st.lists(st.sampled_from(list(_cells)), max_size=4))
    columns = [_filled(kind, draw(st.lists(_cells[kind], min_size=rows, max_size=rows))) for kind in kinds]
    frame = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(rows))
    names = draw(st.lists(_labels, min_size=len(kinds), max_size=len(kinds)))
    frame.columns = pd.Index(names, dtype=object, tupleize_cols=False, name=draw(_labels))
    frame.index = pd.Index(
        draw(st.lists(st.floats(), min_size=rows, max_size=rows)), name=draw(_labels), dtype="float64"
    )
    return frame


def _filled(kind, cells):
    if "Berlin" in kind:
        return pd.Series(pd.DatetimeIndex(cells, dtype="datetime64[us]").tz_localize("UTC").tz_convert("Europe/Berlin"))
    return pd.Series(cells, dtype=kind)


@settings(deadline=None)
@given(frames())
def test_any_frame_arrives_as_it_was(frame):
    assert traits(travelled(frame)) == traits(frame)


@settings(deadline=None)
@given(frames())
def test_any_column_arrives_as_it_was(frame):
    columns = [column for _, column in frame.items()]

    assert traits(travelled(columns)) == traits(columns)


_BLOCKS: list = [np.dtype(name) for name in ("f8", "i1", ">f4", "c8")]


@settings(deadline=None)
@given(hnp.arrays(st.sampled_from(_BLOCKS), hnp.array_shapes(min_dims=2, max_dims=2, min_side=0)))
def test_any_block_arrives_as_it_was(block):
    assert traits(travelled(pd.DataFrame(block))) == traits(pd.DataFrame(block))


@pytest.mark.parametrize(
    "frame", [pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}), pd.DataFrame({"a": [1, 2], "b": ["x", None]})]
)
def test_a_frame_that_arrived_may_be_changed(frame):
    arrived = travelled(frame)

    arrived.loc[0, "a"] = 7
    arrived.loc[2] = [8, "y" if frame["b"].dtype == "str" else 9]
    arrived["c"] = 1

    assert arrived["a"].tolist() == [7, 2, 8]
    assert frame["a"].tolist() == [1, 2]


def test_columns_that_arrived_do_not_share_their_values():
    arrived = travelled(pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1, 2]}))

    arrived.loc[0, "a"] = 7

    assert arrived["c"].tolist() == [1, 2]


def test_a_wide_frame_that_arrived_takes_a_new_column_without_a_warning():
    arrived = travelled(pd.DataFrame({number: ["a"] for number in range(150)}))

    arrived["new"] = 1

    assert arrived.shape == (1, 151)


@pytest.mark.parametrize(
    "value",
    [
        *(pd.Series(pd.arrays.SparseArray([0, 1])), pd.DataFrame({"a": [1, 2], "s": pd.arrays.SparseArray([0, 1])})),
        *(pd.date_range("2020", periods=3, freq=pd.DateOffset(months=2)), pd.date_range("2020", periods=3, freq="C")),
        *(pd.DataFrame({"a": [1, 2]}, index=pd.date_range("2020", periods=2, freq="bh")), pd.RangeIndex(10**12)),
        *(
            pd.Series([1]).rolling(1),
            pd.DataFrame({"a": [1]}).groupby("a"),
            pd.DataFrame,
            pd.offsets.CustomBusinessDay(),
        ),
        pd.Series([1], index=pd.CategoricalIndex(pd.date_range("2020", periods=1, freq=pd.DateOffset(months=2)))),
        pd.date_range("1000", periods=60_000, freq="D", unit="s"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_of_pandas_without_a_form_go_to_other_whole(value):
    offered = []

    def other(part):
        offered.append(part)
        return {"handle": 1}

    text, buffers = message(value, other=other)

    assert (text, buffers) == ('{"handle": 1}', b"")
    assert offered[0] is value
    assert len(offered) == 1


def test_objects_in_a_frame_go_to_other_one_by_one():
    frame = pd.DataFrame({"a": [1, 2], "b": [object(), None]})

    text, buffers = message(frame, other=lambda part: {"handle": type(part).__name__})

    assert decoded(text, buffers, other=lambda tag, payload: payload)["b"].tolist() == ["object", None]


def test_a_frame_in_its_own_attrs_is_not_encodable():
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["self"] = [frame]

    with pytest.raises(NotEncodable, match="contains itself"):
        message(frame)


def test_a_large_frame_of_many_kinds_arrives_as_it_was():
    rows = 100_000
    texts = [None if number % 7 == 0 else f"name {number}" for number in range(rows)]
    frame = pd.DataFrame(
        {
            "number": np.arange(rows),
            "share": np.random.default_rng(0).random(rows),
            "name": texts,
            "when": pd.date_range("2020", periods=rows, freq="min"),
        }
    )

    arrived = travelled(frame)

    pd.testing.assert_frame_equal(arrived, frame, check_exact=True, check_freq=True)
