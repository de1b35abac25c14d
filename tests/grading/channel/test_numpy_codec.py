"""numpy's arrays, scalars and dtypes arrive as they were."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grading.channel.codec import NotEncodable
from tests.grading.channel.samples import NUMPY, message, traits, travelled


@pytest.mark.parametrize("value", NUMPY, ids=lambda value: f"{type(value).__name__} {value!r}"[:50])
def test_values_of_numpy_arrive_as_they_were(value):
    assert traits(travelled(value)) == traits(value)


_dtypes = st.one_of(
    *(hnp.boolean_dtypes(), hnp.integer_dtypes(endianness="?"), hnp.unsigned_integer_dtypes(endianness="?")),
    *(
        hnp.floating_dtypes(endianness="?"),
        hnp.complex_number_dtypes(endianness="?"),
        hnp.datetime64_dtypes(endianness="?"),
    ),
    *(hnp.timedelta64_dtypes(endianness="?"), hnp.byte_string_dtypes(), hnp.unicode_string_dtypes()),
)


@settings(deadline=None)
@given(hnp.arrays(_dtypes, hnp.array_shapes(min_dims=0, min_side=0, max_side=4)), st.booleans())
def test_any_array_arrives_as_it_was_and_may_be_changed(array, is_turned):
    array = array.T if is_turned else array

    arrived = travelled(array)

    assert traits(arrived) == traits(array)
    assert arrived.flags.writeable
    assert arrived.flags.aligned


@settings(deadline=None)
@given(hnp.arrays(_dtypes, 1))
def test_any_scalar_arrives_as_it_was(array):
    assert traits(travelled(array[0])) == traits(array[0])


def test_an_array_by_columns_stays_one():
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))

    assert travelled(array).flags.f_contiguous


def test_an_array_arrives_with_memory_of_its_own():
    arrived = travelled(np.arange(3))

    arrived.resize(5)

    assert arrived.tolist() == [0, 1, 2, 0, 0]


@pytest.mark.parametrize(
    "value",
    [
        *(np.zeros(2, "i4,f8"), np.ma.array([1], mask=[True]), np.zeros(2).view(np.recarray)),
        *(np.zeros(1, "V3"), np.void(b"abc")),
        *(np.zeros(1, np.dtype("i4", metadata={"a": 1})), np.dtype("i4", metadata={"a": 1}), np.dtype("i4,f8")),
        *(np.zeros(1, np.dtypes.StringDType()), np.random.default_rng(0), np.sin),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_of_numpy_without_a_form_go_to_other(value):
    with pytest.raises(NotEncodable, match="does not travel"):
        message(value)


def test_an_array_that_contains_itself_is_not_encodable():
    array = np.empty(1, object)
    array[0] = array

    with pytest.raises(NotEncodable, match="contains itself"):
        message(array)


def test_objects_in_an_array_go_to_other_one_by_one():
    array = np.array([1, object(), "a"], dtype=object)

    text, _ = message(array, other=lambda value: {"handle": 1})

    assert text == '{"numpy.objects": [[3], [1, {"handle": 1}, "a"]]}'
