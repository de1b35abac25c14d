"""Dataclasses to JSON and back, strictly. Bytes travel as base64. Knows nothing of what the dataclasses mean."""

import base64
import binascii
import dataclasses
import json
import math
import types
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ProtocolError(ValueError):
    """The text or value does not say what the dataclass needs."""


def to_json(value: object) -> str:
    """The dataclass as JSON text, pure ASCII. Raises ProtocolError for a number that JSON cannot hold."""
    try:
        return json.dumps(_plain(value), allow_nan=False)
    except (TypeError, ValueError) as problem:
        raise ProtocolError(f"{type(value).__name__} cannot be sent: {problem}.") from problem


def from_json(kind: type[T], text: str) -> T:
    """The dataclass that `text` holds. Raises ProtocolError for anything else, with the place of the mistake."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise ProtocolError(f"The text is not JSON: {problem}.") from problem
    return cast(T, _read(kind, data, where=kind.__name__))


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _read(kind: Any, data: object, *, where: str) -> object:
    """`data` as a value of `kind`. `where` names the place for the message."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _read_optional(kind, data, where=where)
    if origin is tuple:
        items = _typed(list, data, where=where)
        return tuple(_read(get_args(kind)[0], item, where=f"{where}[{index}]") for index, item in enumerate(items))
    if origin is dict:
        pairs = _typed(dict, data, where=where)
        return {key: _read(get_args(kind)[1], item, where=f"{where}[{key!r}]") for key, item in pairs.items()}
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(cast(type, kind), data, where=where)
    if kind is bytes:
        return _read_bytes(_typed(str, data, where=where), where=where)
    if kind is float:
        return _read_float(data, where=where)
    if issubclass(kind, StrEnum):
        return _read_member(kind, data, where=where)
    return _typed(kind, data, where=where)


def _typed(kind: type[T], data: object, *, where: str) -> T:
    if type(data) is not kind:  # exact: True is no number here
        raise ProtocolError(f"{where} should be {kind.__name__}, not {type(data).__name__}.")
    return data


def _read_optional(kind: Any, data: object, *, where: str) -> object:
    if data is None:
        return None
    (inner,) = (option for option in get_args(kind) if option is not types.NoneType)
    return _read(inner, data, where=where)


def _read_dataclass(kind: type, data: object, *, where: str) -> object:
    pairs = _typed(dict, data, where=where)
    hints = _hints(kind)
    if unknown := sorted(pairs.keys() - hints.keys()):
        raise ProtocolError(f"{where} has no field {', '.join(unknown)}.")
    if missing := sorted(hints.keys() - pairs.keys()):
        raise ProtocolError(f"{where} lacks the field {', '.join(missing)}.")
    return kind(**{name: _read(hint, pairs[name], where=f"{where}.{name}") for name, hint in hints.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read_bytes(text: str, *, where: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as problem:
        raise ProtocolError(f"{where} is not base64.") from problem


def _read_float(data: object, *, where: str) -> float:
    if type(data) is int:
        data = float(data) if abs(data) < 2**53 else math.inf
    number = _typed(float, data, where=where)
    if not math.isfinite(number):
        raise ProtocolError(f"{where} should be a finite number.")
    return number


def _read_member(kind: type[StrEnum], data: object, *, where: str) -> StrEnum:
    try:
        return kind(_typed(str, data, where=where))
    except ValueError as problem:
        raise ProtocolError(f"{where} should be one of {', '.join(kind)}, not {data!r}.") from problem
