"""A decoder that gets hostile trees and buffers raises BadValue, soon, and does nothing else."""

import contextlib
import json
import math
import random
import struct
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.channel import codec, numpy_codec, pandas_codec, plain_codec
from grading.channel import containers as container_codec
from grading.channel import moments as moment_codec
from grading.channel.codec import BadValue, NotEncodable
from tests.grading.channel.samples import EVERYTHING, decoded, message

TAGS = sorted(
    name for forms in (plain_codec, moment_codec, container_codec, numpy_codec, pandas_codec) for name in forms.READERS
)
_WORDS = [
    *("", "NA", "nan", "none", "left", "both", "ns", "s", "<f8"),
    *("|b1", "<U3", "|O", "<M8[ns]", ">i8", "D", "h", "-3ME", "M"),
    *("Europe/Berlin", "../../etc/passwd", "posix", "__import__"),
    *("os.system", "class", "x", "\0", "\x1f", "int", "Int64"),
    *("floats", "ints", "texts", "1e5", "sNaN", "\ud800", "Ellipsis", "unknown"),
]
_NUMBERS = [0, 1, 2, 3, 8, 16, -1, -8, 24, 1000, 2**31, 2**40, 2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) + 1, 10**30]


def survey(value):
    """Look at a value as a test or its failure message would; what its own code refuses there is no matter."""
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        repr(value)


def outcome(text, buffers):
    """Whether the decoder took the message; it raises what the decoder must not."""
    try:
        value = decoded(text, buffers)
    except BadValue:
        return False
    survey(value)
    return True


def _node(children):
    tagged = st.dictionaries(st.sampled_from(TAGS), children, min_size=1, max_size=1)
    return st.one_of(st.lists(children, max_size=6), tagged, tagged)


_trees = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.sampled_from(_NUMBERS), st.floats()),
        *(st.sampled_from(_WORDS), st.text(max_size=4)),
        st.tuples(st.sampled_from([0, 8, 16]), st.sampled_from([0, 1, 8, 16, 24])).map(list),
    ),
    _node,
    max_leaves=25,
)


@settings(deadline=None, max_examples=400)
@given(_trees, st.binary(max_size=64))
def test_any_tree_is_a_value_or_refused(tree, buffers):
    outcome(json.dumps(tree), buffers)


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(TAGS), st.lists(_trees, max_size=9), st.binary(max_size=64))
def test_any_payload_of_any_tag_is_a_value_or_refused(tag, payload, buffers):
    outcome(json.dumps({tag: payload}), buffers)


def mutated(tree, chance):
    """The tree with one to three places changed: a number nudged, a part dropped, doubled, swapped or replaced."""
    for _ in range(chance.randint(1, 3)):
        tree = _mutated_once(tree, chance)
    return tree


def _mutated_once(tree, chance):
    if isinstance(tree, list) and tree and chance.random() < 0.85:
        place = chance.randrange(len(tree))
        if chance.random() < 0.1:
            return [*tree[:place], *tree[place + 1 :]]
        if chance.random() < 0.1:
            return [*tree[: place + 1], *tree[place:]]
        return [*tree[:place], _mutated_once(tree[place], chance), *tree[place + 1 :]]
    if isinstance(tree, dict) and tree and chance.random() < 0.9:
        return {tag: _mutated_once(payload, chance) for tag, payload in tree.items()}
    if isinstance(tree, dict) and tree:
        return {chance.choice(TAGS): payload for payload in tree.values()}
    if isinstance(tree, int) and chance.random() < 0.6:
        return tree + chance.choice([-8, -1, 1, 7, 8])
    return chance.choice([*_NUMBERS, *_WORDS, None, True, [], {}, math.nan, [0, 8], {"list": []}])


MESSAGES = [message(value) for value in EVERYTHING]


@pytest.mark.parametrize("seed", range(20))
def test_mutated_messages_are_values_or_refused(seed):
    chance = random.Random(seed)
    taken = 0

    for text, buffers in MESSAGES:
        for _ in range(3):
            data = bytearray(buffers)
            if data and chance.random() < 0.5:
                data[chance.randrange(len(data))] = chance.choice([0, 1, 2, 127, 128, 255])
            if data and chance.random() < 0.2:
                del data[chance.randrange(len(data)) :]
            taken += outcome(json.dumps(mutated(json.loads(text), chance)), data)

    assert taken > 0


def place(size, offset=0):
    """Where bytes lie."""
    return [offset, size]


EIGHT = place(8)
INDEX = {"pandas.index": [{"numpy.array": ["<i8", [1], False, EIGHT]}, None]}
STEPS = {"pandas.range": [0, 1, 1, None]}


@pytest.mark.parametrize(
    "tree",
    [
        *({}, {"a": 1, "b": 2}, {"unknown": 1}, {"tuple": 1}, {"tuple": {"a": []}}, {"tuple": {}}, {"dict": [[1], []]}),
        *({"dict": [[1, 1], [1, 2]]}, {"dict": [[[]], [1]]}, {"set": [1, True]}, {"set": [[1]]}, {"deque": [[], -1]}),
        *({"bytes": [0, 17]}, {"bytes": [-1, 1]}, {"bytes": [0, -1]}),
        *({"bytes": [0.0, 1]}, {"bytes": [True, 1]}, {"bytes": [0]}),
        *({"list": {"floats": [0, 7]}}, {"list": {"texts": [3, "\0", EIGHT, "none", [0, 0]]}}),
        {"list": {"other": EIGHT}},
        *({"list": {"texts": [1, "x", EIGHT, "none", [0, 0]]}}, {"list": {"texts": [1, "\x1f", EIGHT, "x", [0, 0]]}}),
        *({"str": [8, 1]}, {"float": [0, 4]}, {"complex": EIGHT}, {"decimal": "1e1000000"}),
        *({"decimal": "x"}, {"decimal": 1}),
        *({"fraction": [1, 0]}, {"fraction": [1.0, 2]}),
        *({"range": [0, 1, 0]}, {"range": [0, 1.5, 1]}),
        *({"constant": "exit"}, {"uuid": ["zz", "unknown"]}, {"path": 1}, {"path": [1]}),
        *({"datetime": [2026, 13, 1, 0, 0, 0, 0, 0, None]}, {"datetime": [1, 1, 1, 0, 0, 0, 0, 2, None]}),
        {"time": [25, 0, 0, 0, 0, None]},
        *({"timedelta": [10**9, 0, 0]}, {"timedelta": ["1", 0, 0]}),
        *({"date": [0, 1, 1]}, {"zone": None}, {"zone": [1, 0, 0]}),
        *(
            {"zone": name}
            for name in ("../Berlin", "/etc/passwd", "Europe", "Europe/Nowhere", "", "Europe/Berlin\0", "a" * 99)
        ),
        *({"zone": "tzdata.zi"}, {"zone": "Europe//Berlin"}, {"zone": "os"}),
        *({"defaultdict": ["eval", [[], []]]}, {"defaultdict": ["object", [[], []]]}, {"counter": 1}),
        *(
            {"namedtuple": ["P", [name], [1]]}
            for name in ("_x", "__class__", "class", "1x", "a b", "", "ﬁ", 1, None, "x" * 101)
        ),
        *({"namedtuple": ["P", ["x", "x"], [1, 2]]}, {"namedtuple": ["P", ["x"], [1, 2]]}),
        {"namedtuple": ["a(b)", ["x"], [1]]},
        {"namedtuple": ["P", [f"f{number}" for number in range(256)], [0] * 256]},
    ],
    ids=lambda tree: json.dumps(tree)[:60],
)
def test_hostile_plain_values_are_refused(tree):
    with pytest.raises(BadValue):
        decoded(json.dumps(tree), b"\xff\0\0\0\0\0\0\0" * 2)


@pytest.mark.parametrize(
    "tree",
    [
        *(
            {"numpy.array": [name, [1], False, EIGHT]}
            for name in ("|O", "O8", "V8", "i4,i4", "f8,", "object", "float", "<f9", "U2\0")
        ),
        *(
            {"numpy.array": ["<f8", shape, False, EIGHT]}
            for shape in ([2], [-1], [-1, -1], [1.0], [True], "1", [1] * 33, [2**62, 4], None)
        ),
        *({"numpy.array": ["<f8", shape, False, [0, 0]]} for shape in ([0, 2**40], [0, 2**26, 2], [2**63, 0])),
        *({"numpy.array": ["|S0", [1 << 40], False, [0, 0]]}, {"numpy.array": ["<f8", [1], False, [4, 16]]}),
        *({"numpy.array": ["|b1", [8], False, EIGHT]}, {"numpy.array": ["<U2", [1], False, EIGHT]}),
        *({"numpy.array": [">U2", [1], False, EIGHT]}, {"numpy.array": ["<f8", [1], False]}),
        *({"numpy.objects": [[2], [1]]}, {"numpy.objects": [[-1], [1]]}, {"numpy.objects": [[1], {"unknown": 1}]}),
        *({"numpy.scalar": ["|O", "00" * 8]}, {"numpy.scalar": ["<f8", "00"]}, {"numpy.scalar": ["|b1", "02"]}),
        *({"numpy.scalar": ["<U1", "00" * 4]}, {"numpy.scalar": ["<f8", "zz" * 8]}, {"numpy.str": 1}),
        *(
            {"numpy.dtype": name}
            for name in ("i4,i4", "V8", "(2,)i4", "int64", "<M8[xx]", "<M8[0s]", "T", "i" * 30, 1, None)
        ),
    ],
    ids=lambda tree: json.dumps(tree)[:60],
)
def test_hostile_arrays_are_refused(tree):
    with pytest.raises(BadValue):
        decoded(json.dumps(tree), b"\xff" * 16)


ONE = {"numpy.array": ["<i8", [1], False, EIGHT]}
NO_COLUMNS: list = [1, [1], {"dict": [[], []]}, STEPS]
TEXTS = {"pandas.category": [{"pandas.index": [{"numpy.objects": [[2], ["a", "b"]]}, None]}, False]}


@pytest.mark.parametrize(
    "tree",
    [
        *(
            {"pandas.series": [ONE, index, None, None, True]}
            for index in (ONE, None, {"tuple": [1]}, {"pandas.range": [0, 2, 1, None]})
        ),
        *({"pandas.series": [values, STEPS, None, None, True]} for values in NO_COLUMNS),
        {"pandas.series": [{"numpy.array": ["<U2", [1], False, [8, 8]]}, STEPS, None, None, True]},
        {"pandas.series": [{"numpy.array": ["<i8", [1, 1], False, EIGHT]}, STEPS, None, None, True]},
        *({"pandas.series": [ONE, STEPS, [1], None, True]}, {"pandas.series": [ONE, STEPS, None, [1], True]}),
        {"pandas.series": [ONE, STEPS, None, None, 1]},
        {"pandas.frame": [[ONE], STEPS, {"pandas.range": [0, 2, 1, None]}, None, True]},
        *({"pandas.frame": [ONE, STEPS, STEPS, None, True]}, {"pandas.frame": [[1], STEPS, STEPS, None, True]}),
        {"pandas.frame": [{"numpy.array": ["<i8", [1, 2], False, [0, 16]]}, STEPS, STEPS, None, True]},
        *({"pandas.categories": [ONE, TEXTS]}, {"pandas.categories": [ONE, {"pandas.category": [None, None]}]}),
        {"pandas.categories": [{"numpy.array": ["<f8", [1], False, EIGHT]}, TEXTS]},
        *({"pandas.category": [1, False]}, {"pandas.category": [{"list": []}, False]}, {"pandas.category": [STEPS, 1]}),
        {"pandas.category": [{"pandas.index": [{"numpy.objects": [[2], ["a", "a"]]}, None]}, False]},
        {"pandas.levels": [[STEPS], [ONE], [None]]},
        *({"pandas.levels": [[STEPS], [], [None]]}, {"pandas.levels": [{}, {}, []]}),
        {"pandas.levels": [[ONE], [ONE], [None]]},
        *({"pandas.range": [0, 2**40, 1, None]}, {"pandas.range": [0, 1, 0, None]}),
        {"pandas.range": [0, 1.5, 1, None]},
        *({"pandas.index": [ONE, []]}, {"pandas.index": [ONE, {"set": []}]}, {"pandas.index": [INDEX, None]}),
        *({"pandas.moments": [EIGHT, unit, None, None]} for unit in ("D", "generic", "", None, "ns]")),
        *({"pandas.moments": [EIGHT, "s", "Europe/Berlin", None]}, {"pandas.moments": [[0, 7], "s", None, None]}),
        *(
            {"pandas.moments": [[0, 16], "ns", None, name]}
            for name in ("D", "C", "0D", "999999999B", "bh", "WOM-1MON", "D;h", 1)
        ),
        *({"pandas.lengths": [[0, 16], "ns", "ME"]}, {"pandas.spans": [EIGHT, "eval"]}),
        {"pandas.spans": [EIGHT, "0D"]},
        {"pandas.intervals": [ONE, ONE, "up"]},
        {"pandas.intervals": [ONE, {"numpy.array": ["<i8", [0], False, [0, 0]]}, "left"]},
        *({"pandas.nullables": [ONE, ONE]}, {"pandas.nullables": [ONE, {"numpy.array": ["|b1", [0], False, [0, 0]]}]}),
        *({"pandas.texts": ["NA", [1]]}, {"pandas.texts": ["x", ["a"]]}, {"pandas.texts": ["nan", [{"tuple": []}]]}),
        *({"pandas.timestamp": [-(2**63), "ns", None, 0]}, {"pandas.timestamp": [2**62, "s", "UTC", 0]}),
        *({"pandas.timestamp": [0, "D", None, 0]}, {"pandas.timestamp": [0, "s", None, 2]}),
        {"pandas.timedelta": [2**63, "s"]},
        *({"pandas.period": [0, "B"]}, {"pandas.period": [2**64, "D"]}, {"pandas.interval": ["a", "b", "left"]}),
        *({"pandas.interval": [2, 1, "left"]}, {"pandas.interval": [{"complex": [0, 16]}, 1, "left"]}),
        *({"pandas.constant": "eval"}, {"pandas.nullable": "object"}),
        *({"pandas.offset": "CBMS"}, {"pandas.offset": "1001W"}),
        *({"pandas.zoned": ["ns", None]}, {"pandas.zoned": ["D", "UTC"]}),
        {"pandas.interval_dtype": [{"tuple": []}, "left"]},
        *({"pandas.string": "pyarrow"}, {"pandas.wrapped": INDEX}),
        {"pandas.wrapped": {"pandas.nullables": [ONE, ONE]}},
    ],
    ids=lambda tree: json.dumps(tree)[:80],
)
def test_hostile_values_of_pandas_are_refused(tree):
    with pytest.raises(BadValue):
        decoded(json.dumps(tree), struct.pack("<qq", 2**62, 5))


def test_a_value_that_is_no_index_but_says_so_is_refused_as_one():
    class Claim:
        """A handle that claims to be an index of pandas, as handles of the learner's objects may."""

        @property  # type: ignore[misc]
        def __class__(self):
            return type(decoded(json.dumps(STEPS)))

    tree = {"pandas.series": [ONE, {"handle": 1}, None, None, True]}

    with pytest.raises(BadValue, match="An index was due"):
        decoded(json.dumps(tree), bytes(8), other=lambda tag, payload: Claim())


@pytest.mark.parametrize("depth", [41, 300])
def test_a_tree_that_is_nested_too_deeply_is_refused(depth):
    with pytest.raises(BadValue, match="nested more than 40 deep"):
        decoded("[" * depth + "]" * depth)


def test_a_tree_of_categories_of_categories_is_refused():
    tree: dict = STEPS
    for _ in range(60):
        tree = {"pandas.index": [{"pandas.categories": [ONE, {"pandas.category": [tree, False]}]}, None]}

    with pytest.raises(BadValue, match="nested more than 40 deep"):
        decoded(json.dumps(tree), bytes(8))


def test_bytes_that_are_asked_for_again_and_again_are_refused():
    with pytest.raises(BadValue, match="outside the buffers"):
        decoded(json.dumps([{"bytes": [0, 600]}, {"bytes": [0, 600]}]), bytes(1000))


@pytest.mark.parametrize(
    "tree",
    [
        *([0] * 2000, {"list": {"ints": [0, 16_000]}}, {"list": {"texts": [2000, "\0", [0, 1999], "none", [0, 0]]}}),
        *([STEPS] * 600, [{"pandas.index": [{"numpy.objects": [[0], []]}, None]}] * 25),
        [{"namedtuple": ["P", ["b"], [1]]}, {"namedtuple": ["P", ["a"], [1]]}],
    ],
    ids=["items", "numbers", "texts", "objects", "indexes", "classes"],
)
def test_more_values_than_a_message_may_have_are_refused(tree, monkeypatch):
    monkeypatch.setattr(codec, "MAX_ITEMS", 1200)

    with pytest.raises(BadValue, match="too many values"):
        decoded(json.dumps(tree), bytes(16_000))


@pytest.mark.parametrize(
    "tree", [{"int": [0, 140_000]}, {"fraction": [{"int": [0, 5000]}, 7]}], ids=["number", "fraction"]
)
def test_numbers_that_take_long_to_use_are_refused(tree):
    with pytest.raises(BadValue, match="too long"):
        decoded(json.dumps(tree), b"\1" * 140_000)


def test_keys_that_all_have_one_hash_are_refused():
    keys = [number * (2**61 - 1) for number in range(1, 1200)]

    with pytest.raises(BadValue, match="the same hash"):
        decoded(json.dumps({"set": keys}))


def test_what_is_refused_in_the_middle_leaves_the_encoder_and_decoder_whole():
    with pytest.raises(NotEncodable):
        message({"a": [1, {"b": object()}]})
    with pytest.raises(BadValue):
        decoded('{"tuple": [1, {"tuple": [{"nothing": 1}]}]}')
