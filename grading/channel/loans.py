"""Mutable objects of libraries that a test hands to a learner's function: arrays, tables, streams, random sources.

They travel as copies. When the call returns, a copy that it changed comes back, and the judge's own object is given the
new contents in place, as if the function had worked on it.
"""

import hashlib
import io
import json
import random
import sqlite3
import sys
from typing import Any

from grading.channel import estimators
from grading.channel.codec import Encoder
from grading.channel.forms import Json
from grading.channel.refusals import BadValue, NotEncodable

MAX_DATABASE = 16 << 20
_BY_VALUE = {"numpy": ("ndarray",), "pandas": ("DataFrame", "Series")}  # these the codec writes
STREAM, DATABASE, RANDOM = "link.stream", "link.sqlite", "link.random"
TAGS = frozenset({STREAM, DATABASE, RANDOM})


class WrongReturn(Exception):
    """What came back is not what could have become of the object that was lent."""


def is_loan(value: object) -> bool:
    """Whether a function may change this argument in a way that has to come back."""
    kinds = (io.StringIO, io.BytesIO, sqlite3.Connection)
    return is_written(value) or type(value) in kinds or _is_random(value) or estimators.is_estimator(value)


def is_written(value: object) -> bool:
    """Whether the codec writes objects of this type, so that one is never left behind as a handle."""
    return type(value) in _codec_types()


def state(value: object) -> bytes:
    """A digest of the contents, to tell whether a call changed them. Objects within count by identity."""
    encoder = Encoder(lambda part: {"link.id": id(part)})
    try:
        tree = _state_tree(value, encoder)
    except NotEncodable:
        return b""
    digest = hashlib.blake2b(json.dumps(tree).encode())
    for data in encoder.buffers:
        digest.update(data)
    return digest.digest()


def _state_tree(value: Any, encoder: Encoder) -> Json:
    if estimators.is_estimator(value):
        return encoder.encode({key: item for key, item in vars(value).items() if not key.startswith("__")})
    return encoder.encode(value) if is_written(value) else form(value, encoder)


def form(value: Any, encoder: Any) -> Json:
    """The tree for a stream, a database or a random source. Raises NotEncodable."""
    if type(value) in (io.StringIO, io.BytesIO):
        stream: Any = value
        if stream.closed:
            raise NotEncodable("A closed stream cannot be handed over.")
        return {STREAM: [type(value).__name__, encoder.encode(stream.getvalue()), stream.tell()]}
    if type(value) is sqlite3.Connection:
        return {DATABASE: [encoder.encode(_dump(value)), value.row_factory is sqlite3.Row]}
    if type(value) is random.Random:
        return {RANDOM: ["Random", encoder.encode(value.getstate())]}
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random and type(value) is numpy_random.Generator:
        return {RANDOM: [type(value.bit_generator).__name__, encoder.encode(value.bit_generator.state)]}
    if numpy_random and type(value) is numpy_random.RandomState:
        return {RANDOM: ["RandomState", encoder.encode(value.get_state())]}
    raise NotEncodable(f"A {type(value).__name__} cannot be handed over.")


def read(tag: str, payload: Json, decoder: Any) -> Any:
    """The object that `form` wrote. Raises BadValue."""
    if type(payload) is not list or not 2 <= len(payload) <= 3:
        raise BadValue("A lent object has two or three parts.")
    if tag == DATABASE:
        return _loaded(decoder.get(payload[0]), with_rows=payload[1] is True)
    if tag == RANDOM:
        return _random_source(payload[0], decoder.get(payload[1]))
    content = decoder.get(payload[1])
    kinds: dict[Json, tuple[type, type]] = {"StringIO": (io.StringIO, str), "BytesIO": (io.BytesIO, bytes)}
    kind, holds = kinds[payload[0]]
    position = payload[2]
    if type(content) is not holds or type(position) is not int or not 0 <= position <= sys.maxsize:
        raise BadValue("A stream is not described by its contents and a position.")
    stream: Any = kind()
    stream.write(content)
    stream.seek(position)
    return stream


def give_back(own: Any, new: Any) -> None:
    """Give the lender's object the contents that came back. Raises WrongReturn for what it cannot have become."""
    if type(own) is not type(new):
        raise WrongReturn(f"A {type(own).__name__} came back as a {type(new).__name__}.")
    if estimators.is_estimator(own):
        vars(own).clear()
        vars(own).update(vars(new))
    elif type(own) is sqlite3.Connection:
        own.deserialize(new.serialize())
    elif type(own) in (io.StringIO, io.BytesIO):
        own.seek(0)
        own.truncate()
        own.write(new.getvalue())
        own.seek(new.tell())
    elif type(own) is random.Random:
        own.setstate(new.getstate())
    elif _is_random(own):
        _copy_random(own, new)
    elif type(own).__name__ == "ndarray":
        if own.shape != new.shape or own.dtype != new.dtype:
            raise WrongReturn("An array came back with another shape or type.")
        own[...] = new
    else:
        own._update_inplace(new)


def _codec_types() -> set[type]:
    loaded = [(sys.modules[name], kinds) for name, kinds in _BY_VALUE.items() if name in sys.modules]
    return {getattr(module, kind) for module, kinds in loaded for kind in kinds if hasattr(module, kind)}


def _is_random(value: object) -> bool:
    numpy_random = sys.modules.get("numpy.random")
    kinds = [random.Random, *((numpy_random.Generator, numpy_random.RandomState) if numpy_random else ())]
    return type(value) in kinds


def _dump(connection: sqlite3.Connection) -> bytes:
    try:
        data = connection.serialize()
    except sqlite3.Error as problem:
        raise NotEncodable(f"This database cannot be handed over: {problem}") from problem
    if len(data) > MAX_DATABASE:
        raise NotEncodable(f"A database of {len(data)} bytes is too large to be handed over.")
    return data


def _loaded(data: object, *, with_rows: bool) -> sqlite3.Connection:
    if type(data) is not bytes or len(data) > MAX_DATABASE:
        raise BadValue("A database is no bytes.")
    connection = sqlite3.connect(":memory:")
    if data:
        connection.deserialize(data)
    connection.row_factory = sqlite3.Row if with_rows else None
    return connection


def _random_source(kind: object, found: Any) -> Any:
    if kind == "Random":
        source = random.Random()  # noqa: S311 (a copy of a test's own source)
        source.setstate(found)
        return source
    from numpy import random as numpy_random

    if kind == "RandomState":
        state_ = numpy_random.RandomState()
        state_.set_state(found)
        return state_
    if kind not in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"):
        raise BadValue("A random source is of no known kind.")
    bits = getattr(numpy_random, str(kind))()
    bits.state = found
    return numpy_random.Generator(bits)


def _copy_random(own: Any, new: Any) -> None:
    if type(own).__name__ == "RandomState":
        own.set_state(new.get_state())
    elif type(own.bit_generator) is not type(new.bit_generator):
        raise WrongReturn("A random source came back as another kind.")
    else:
        own.bit_generator.state = new.bit_generator.state
