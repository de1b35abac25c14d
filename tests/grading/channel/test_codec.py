"""What one side sends, the other side gets: the same type, to the last bit."""

import collections
import json
import math
import subprocess
import sys
import types

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.channel import codec
from grading.channel.codec import BadValue, Decoder, Encoder, NotEncodable, TooLarge, is_own_tag
from tests.grading.channel.samples import (
    PLAIN,
    Point,
    decoded,
    joined,
    message,
    refuse,
    refuse_tag,
    traits,
    travelled,
)


@pytest.mark.parametrize("value", PLAIN, ids=[f"{number} {type(value).__name__}" for number, value in enumerate(PLAIN)])
def test_plain_values_arrive_as_they_were(value):
    assert traits(travelled(value)) == traits(value)


_leaves = st.one_of(
    *(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.complex_numbers(),
        st.binary(max_size=20),
        st.fractions(),
    ),
    *(st.text(st.characters(), max_size=20), st.text(st.characters(categories=["Cs", "Lu"]), max_size=5)),
    *(
        st.decimals(),
        st.uuids(),
        st.datetimes(timezones=st.none() | st.timezones()),
        st.dates(),
        st.times(),
        st.timedeltas(),
    ),
)
_keys = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.tuples(st.integers(), st.text(max_size=2))
)
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        *(
            st.lists(inner, max_size=4),
            st.lists(inner, max_size=4).map(tuple),
            st.dictionaries(_keys, inner, max_size=4),
        ),
        *(
            st.builds(Point, inner, inner),
            st.lists(inner, max_size=3).map(collections.deque),
            st.frozensets(_keys, max_size=4),
        ),
        *(
            st.builds(slice, inner, inner, inner),
            st.dictionaries(_keys, inner, max_size=3).map(collections.OrderedDict),
        ),
    ),
    max_leaves=15,
)


@settings(deadline=None)
@given(_values)
def test_any_plain_value_arrives_as_it_was(value):
    assert traits(travelled(value)) == traits(value)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=3)), min_size=30, max_size=60))
def test_long_lists_arrive_as_they_were(values):
    assert traits(travelled(values)) == traits(values)


class Number(int):
    """A type of the learner's own."""


class Names(list):
    """Another one."""


class Pair(collections.namedtuple("Pair", "a b")):
    """A named tuple with something of its own."""

    def total(self):
        """What no form would keep."""
        return self.a + self.b


Hidden = collections.namedtuple("Hidden", ["class", "b"], rename=True)


@pytest.mark.parametrize(
    "value",
    [
        *(Number(1), Names(), Pair(1, 2), Hidden(1, 2), collections.defaultdict(lambda: 1), collections.UserDict()),
        *(object(), len, int, Number, json, types.SimpleNamespace(a=1), memoryview(b"a"), iter([]), ValueError("x")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_of_other_types_go_to_other_and_nowhere_else(value):
    seen = []

    def other(offered):
        seen.append(offered)
        return {"handle": len(seen)}

    text, buffers = message([1, value, {"key": value}], other=other)
    arrived = decoded(text, buffers, other=lambda tag, payload: (tag, payload))

    assert arrived == [1, ("handle", 1), {"key": ("handle", 2)}]
    assert all(offered is value for offered in seen)


def test_what_other_refuses_is_not_encodable():
    with pytest.raises(NotEncodable, match="object does not travel"):
        message([object()])


def test_other_may_encode_parts_in_the_same_message():
    holder = types.SimpleNamespace(parts=[1.5, "x" * 5000])
    encoder = Encoder(lambda value: {"holder": encoder.encode(vars(value)["parts"])})

    tree = encoder.encode([holder])

    decoder = Decoder(memoryview(joined(encoder.buffers)), lambda tag, payload: (tag, decoder.decode(payload)))
    assert decoder.decode(tree) == [("holder", holder.parts)]


def test_an_object_that_other_encodes_into_itself_is_not_encodable():
    holder = types.SimpleNamespace()
    holder.parts = [holder]
    encoder = Encoder(lambda value: {"holder": encoder.encode(vars(value)["parts"])})

    with pytest.raises(NotEncodable, match="contains itself"):
        encoder.encode(holder)


def cycle():
    """A list in a dict in itself."""
    values: list = []
    values.append({"again": values})
    return values


def nested(depth):
    """Lists in lists."""
    value: list = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_a_value_that_contains_itself_is_not_encodable():
    with pytest.raises(NotEncodable, match="contains itself"):
        message(cycle())


@pytest.mark.parametrize("depth", [41, 100_000])
def test_a_value_that_is_nested_too_deeply_is_not_encodable(depth):
    with pytest.raises(NotEncodable, match="nested more than 40 deep"):
        message(nested(depth))


def test_a_value_at_the_limit_of_depth_arrives():
    assert travelled(nested(40)) == nested(40)


def test_an_encoder_can_go_on_after_a_refusal():
    encoder = Encoder(refuse)

    with pytest.raises(NotEncodable):
        encoder.encode([b"abc", nested(50)])

    assert encoder.encode(nested(40)) == nested(40)


def test_a_value_that_fans_out_without_end_is_too_large(monkeypatch):
    monkeypatch.setattr(codec, "MAX_ITEMS", 10_000)
    value: list = []
    for _ in range(35):
        value = [value, value]

    with pytest.raises(TooLarge, match="more than the 10000 parts"):
        message(value)


@pytest.mark.parametrize(
    "value", [b"x" * 2000, "ä" * 5000, [1.5] * 1000, 10**5000], ids=["bytes", "text", "numbers", "number"]
)
def test_values_over_the_limit_of_bytes_are_too_large(value):
    with pytest.raises(TooLarge, match="larger than the 1000 bytes"):
        Encoder(refuse, limit=1000).encode(value)


def test_a_number_that_takes_long_to_use_is_too_large():
    with pytest.raises(TooLarge):
        message(1 << (1 << 21))


def test_an_object_in_two_places_arrives_as_two_equal_ones():
    shared = [1]

    first, second = travelled([shared, shared])

    assert first == second == shared
    assert first is not second


def test_what_arrives_shares_no_memory_with_the_frame():
    text, buffers = message([bytearray(b"abc"), [1.5] * 40])
    view = memoryview(bytearray(buffers))

    value = Decoder(view, refuse_tag).decode(json.loads(text))
    view[:] = bytes(len(view))

    assert value == [b"abc", [1.5] * 40]


def test_named_tuples_of_one_kind_arrive_as_one_kind():
    first, second = travelled([Point(1, 2), Point(3, 4)])

    assert type(first) is type(second) is type(travelled(Point(5, 6)))
    assert (first, repr(second)) == ((1, 2), "Point(x=3, y=4)")


def test_tags_of_others_are_not_the_codecs_own():
    assert [is_own_tag(tag) for tag in ("dict", "numpy.array", "pandas.anything", "handle", "link.twin")] == [
        *(True, True, True, False, False)
    ]


def test_a_tag_of_the_codecs_own_that_no_form_has_is_not_offered_to_other():
    with pytest.raises(BadValue, match="tag that no form has"):
        decoded('{"numpy.ufunc": 1}', other=lambda tag, payload: payload)


def test_what_other_does_not_know_is_a_bad_value():
    handles = {1: "one"}

    with pytest.raises(BadValue):
        decoded('{"handle": 2}', other=lambda tag, payload: handles[payload])


def test_plain_values_travel_where_numpy_and_pandas_are_not_installed():
    program = """
import sys
sys.modules["numpy"] = sys.modules["pandas"] = None
from grading.channel.codec import BadValue, Decoder, Encoder
tree = Encoder(lambda value: {"handle": 1}).encode([{"a": (1, 2.5)}, object()])
print(Decoder(memoryview(b""), lambda tag, payload: tag).decode(tree))
try:
    Decoder(memoryview(b""), print).decode({"numpy.scalar": ["<f8", "00"]})
except BadValue as problem:
    print(problem)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.splitlines() == [
        "[{'a': (1, 2.5)}, 'handle']",
        "A value has a tag that no form has, or is of a library that is not installed here.",
    ]


def test_plain_values_travel_without_loading_numpy_or_pandas():
    program = """
import sys
from grading.channel.codec import Decoder, Encoder
tree = Encoder(lambda value: {"handle": 1}).encode([{"a": (1, 2.5)}, object()])
Decoder(memoryview(b""), lambda tag, payload: tag).decode(tree)
print({"numpy", "pandas"} & set(sys.modules))
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said == "set()\n"


def test_a_nan_keeps_its_bits_within_a_long_list():
    values = [math.nan, -math.nan, 1.0] * 20

    assert traits(travelled(values)) == traits(values)
