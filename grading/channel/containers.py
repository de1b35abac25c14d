"""How the containers of Python's own library travel, named tuples too."""

import keyword
import unicodedata
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grading.channel.forms import Json, NoForm, Read, Write, parts, text, whole, write_nothing
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder

_MOST_ALIKE = 1000  # keys of one hash: a dict of n such keys takes n * n steps to make
_MOST_FIELDS = 255
_NEW_CLASS_COST = 1000  # in simple values: how much longer it takes to make a class
_FACTORIES: dict[str, Any] = {kind.__name__: kind for kind in (bool, int, float, str, list, tuple, set, dict)}
_OF_CLASS_SYNTAX = {"__annotations__", "__orig_bases__", "__static_attributes__", "__firstlineno__"}
_NAMED_TUPLE_TRAITS = {*vars(namedtuple("Sample", [])), *_OF_CLASS_SYNTAX}


def _write_list(encoder: "Encoder", value: list[Any]) -> Json:
    items = encoder.items(value)
    return items if type(items) is list else {"list": items}


def _write_deque(encoder: "Encoder", value: deque[Any]) -> Json:
    return {"deque": [encoder.items(list(value)), value.maxlen]}


def _read_deque(decoder: "Decoder", payload: object) -> deque[Any]:
    items, longest = parts(payload, 2)
    return deque(decoder.items(items), None if longest is None else whole(longest))


def _written_mapping(encoder: "Encoder", value: dict[Any, Any]) -> list[Json]:
    return [encoder.items(list(value)), encoder.items(list(value.values()))]


def _read_mapping(decoder: "Decoder", payload: object) -> dict[Any, Any]:
    keys, values = map(decoder.items, parts(payload, 2))
    mapping = dict(zip(hashable(keys), values, strict=True))
    if len(mapping) != len(keys):
        raise BadValue("A mapping has a key twice.")
    return mapping


def _write_default(encoder: "Encoder", value: defaultdict[Any, Any]) -> Json:
    factory = value.default_factory
    if factory is not None and not any(factory is known for known in _FACTORIES.values()):
        raise NoForm
    return {"defaultdict": [factory and factory.__name__, _written_mapping(encoder, value)]}


def _read_default(decoder: "Decoder", payload: object) -> defaultdict[Any, Any]:
    name, mapping = parts(payload, 2)
    factory = None if name is None else _FACTORIES[text(name)]
    return defaultdict(factory, _read_mapping(decoder, mapping))


def _read_set(decoder: "Decoder", payload: object) -> set[Any]:
    items = decoder.items(payload)
    found = set(hashable(items))
    if len(found) != len(items):
        raise BadValue("A set has an item twice.")
    return found


def hashable(keys: Collection[Any]) -> Iterable[Any]:
    """The keys, none of whose hashes is shared by so many that a dict of them would take minutes to make."""
    if len(keys) > _MOST_ALIKE and max(Counter(map(hash, keys)).values()) > _MOST_ALIKE:
        raise BadValue("Too many keys have the same hash.")
    return keys


def named_tuple_writer(kind: type) -> Write:
    """How tuples of this type are written: not at all, but for a named tuple with nothing of its own but its fields."""
    fields = vars(kind).get("_fields")
    if kind.__bases__ != (tuple,) or type(kind) is not type or type(fields) is not tuple:
        return write_nothing
    if not _are_fields(kind.__name__, fields) or not vars(kind).keys() <= {*_NAMED_TUPLE_TRAITS, *fields}:
        return write_nothing
    return _write_named_tuple


def _write_named_tuple(encoder: "Encoder", value: Any) -> Json:
    return {"namedtuple": [type(value).__name__, list(type(value)._fields), encoder.items(tuple(value))]}


def _read_named_tuple(decoder: "Decoder", payload: object) -> Any:
    name, fields, items = parts(payload, 3)
    if type(fields) is not list or not _are_fields(name, fields):
        raise BadValue("A named tuple has names that no named tuple has.")
    decoder.spend_once(_NEW_CLASS_COST, (name, *fields))
    return _named_tuple(name, tuple(fields))._make(decoder.items(items))


def _are_fields(name: object, fields: Collection[object]) -> bool:
    return (
        _is_name(name)
        and len(fields) <= _MOST_FIELDS
        and len(set(fields)) == len(fields)
        and all(map(_is_name, fields))
    )


def _is_name(name: object) -> bool:
    """Whether this is a public identifier that is written in one way only, so that it is safe where code is made."""
    if type(name) is not str or len(name) > 100 or not name.isidentifier():
        return False
    return not name.startswith("_") and not keyword.iskeyword(name) and unicodedata.normalize("NFKC", name) == name


@lru_cache(maxsize=256)
def _named_tuple(name: str, fields: tuple[str, ...]) -> Any:
    """One class for all tuples of this name and these fields, so that they are of the same type."""
    return namedtuple(name, fields, module="__main__")


WRITERS: dict[type, Write] = {
    list: _write_list,
    tuple: lambda encoder, value: {"tuple": encoder.items(value)},
    set: lambda encoder, value: {"set": encoder.items(list(value))},
    frozenset: lambda encoder, value: {"frozenset": encoder.items(list(value))},
    deque: _write_deque,
    dict: lambda encoder, value: {"dict": _written_mapping(encoder, value)},
    OrderedDict: lambda encoder, value: {"ordered": _written_mapping(encoder, value)},
    Counter: lambda encoder, value: {"counter": _written_mapping(encoder, value)},
    defaultdict: _write_default,
}
READERS: dict[str, Read] = {
    "list": lambda decoder, payload: decoder.items(payload),
    "tuple": lambda decoder, payload: tuple(decoder.items(payload)),
    "set": _read_set,
    "frozenset": lambda decoder, payload: frozenset(_read_set(decoder, payload)),
    "deque": _read_deque,
    "dict": _read_mapping,
    "ordered": lambda decoder, payload: OrderedDict(_read_mapping(decoder, payload)),
    "counter": lambda decoder, payload: Counter(_read_mapping(decoder, payload)),
    "defaultdict": _read_default,
    "namedtuple": _read_named_tuple,
}
