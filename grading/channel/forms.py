"""What every form of a value is written with: the types of trees, and the checks of what a peer sent."""

from collections.abc import Callable
from typing import Any, TypeAlias

from grading.channel.refusals import BadValue

Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None
Write: TypeAlias = Callable[[Any, Any], Json]  # an Encoder and a value of one exact type; the tree for it
Read: TypeAlias = Callable[[Any, Any], Any]  # a Decoder and the payload of one tag, perhaps hostile; the value


class NoForm(Exception):
    """This value, although of a type that travels, has a trait that no form keeps. It is offered to `other`, whole."""


def write_nothing(encoder: object, value: object) -> Json:
    """Never a tree: this is how values are written that have no form. Raises NoForm."""
    raise NoForm


def parts(payload: object, count: int) -> list[Any]:
    """The payload as the list of `count` parts that it must be. Raises BadValue."""
    if type(payload) is not list or len(payload) != count:
        raise BadValue(f"A form has {count} parts.")
    return payload


def text(value: object, *, longest: int = 100) -> str:
    """The value as the short text that it must be. Raises BadValue."""
    if type(value) is not str or len(value) > longest:
        raise BadValue(f"A text of at most {longest} characters was due.")
    return value


def whole(value: object, *, lowest: int = 0, highest: int = (1 << 63) - 1) -> int:
    """The value as the whole number in this range that it must be. Raises BadValue."""
    if type(value) is not int or not lowest <= value <= highest:
        raise BadValue(f"A whole number from {lowest} to {highest} was due.")
    return value


def flag(value: object) -> bool:
    """The value as the true or false that it must be. Raises BadValue."""
    if type(value) is not bool:
        raise BadValue("True or false was due.")
    return value
