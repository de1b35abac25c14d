"""What the judge's end may ask of the learner's objects: one small function for each kind of request."""

import copy
import inspect
import itertools
import operator
import random
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grading.channel.link_learner import LearnerEnd

Head = dict[str, Any]
_HIDDEN = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open"})
_UNARY: dict[str, Callable[[Any], Any]] = {
    "__len__": len,
    "__repr__": repr,
    "__str__": str,
    "__hash__": hash,
    "__int__": int,
    "__float__": float,
    "__complex__": complex,
    "__bool__": bool,
    "__index__": operator.index,
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__abs__": abs,
    "__invert__": operator.invert,
    "__reversed__": reversed,
}


class NameMissing(Exception):
    """The learner's namespace has no such name."""


def name(end: "LearnerEnd", head: Head) -> Any:
    """The value of a global name."""
    try:
        value = end.namespace[head["name"]]
    except KeyError:
        raise NameMissing from None
    end.told[head["name"]] = value
    return value


def store(end: "LearnerEnd", head: Head, value: Any) -> None:
    """The test bound a name that functions of the learner's read."""
    end.namespace[head["name"]] = value
    end.told[head["name"]] = value


def drop(end: "LearnerEnd", head: Head) -> None:
    """The test deleted a name."""
    end.namespace.pop(head["name"], None)


def names(end: "LearnerEnd", head: Head) -> list[str]:
    """The learner's global names."""
    return [key for key in end.namespace if type(key) is str and not key.startswith("_") and key not in _HIDDEN]


def call(end: "LearnerEnd", head: Head, function: Any, *args: Any, **kwargs: Any) -> Any:
    """What a function or class gives for these arguments."""
    return function(*args, **kwargs)


def attribute(end: "LearnerEnd", head: Head, own: Any) -> Any:
    """An attribute."""
    return getattr(own, head["name"])


def assign(end: "LearnerEnd", head: Head, own: Any, value: Any) -> None:
    """Set an attribute."""
    setattr(own, head["name"], value)


def unassign(end: "LearnerEnd", head: Head, own: Any) -> None:
    """Delete an attribute."""
    delattr(own, head["name"])


def item(end: "LearnerEnd", head: Head, own: Any, key: Any) -> Any:
    """An item."""
    return own[key]


def assign_item(end: "LearnerEnd", head: Head, own: Any, key: Any, value: Any) -> None:
    """Set an item."""
    own[key] = value


def unassign_item(end: "LearnerEnd", head: Head, own: Any, key: Any) -> None:
    """Delete an item."""
    del own[key]


def unary(end: "LearnerEnd", head: Head, own: Any) -> Any:
    """A conversion, a length or a sign."""
    return _UNARY[head["name"]](own)


def method(end: "LearnerEnd", head: Head, own: Any, *args: Any) -> Any:
    """A special method that has arguments, such as an operator; looked up as Python does it."""
    found = getattr(type(own), head["name"])
    return found(own, *args)


def contains(end: "LearnerEnd", head: Head, own: Any, value: Any) -> bool:
    """Whether it is in there."""
    return value in own


def is_instance(end: "LearnerEnd", head: Head, own: Any, value: Any) -> bool:
    """Whether an object counts as one of this class."""
    return isinstance(value, own)


def iterate(end: "LearnerEnd", head: Head, own: Any) -> int:
    """The number of an iterator over it."""
    return end.objects.number(iter(own))


def following(end: "LearnerEnd", head: Head) -> list[Any]:
    """Up to so many values of an iterator."""
    return list(itertools.islice(end.objects.get(head["iterator"]), head["count"]))


def next_one(end: "LearnerEnd", head: Head, own: Any) -> list[Any]:
    """The next value, in a list; an empty list at the end."""
    return list(itertools.islice(own, 1))


def enter(end: "LearnerEnd", head: Head, own: Any) -> Any:
    """What `with` binds."""
    return type(own).__enter__(own)


def leave(end: "LearnerEnd", head: Head, own: Any, kind: Any) -> bool:
    """Leave a `with` block, perhaps with an exception of that class. True: the exception is dealt with."""
    problem = None if kind is None else kind()
    return bool(type(own).__exit__(own, kind, problem, None))


def attributes(end: "LearnerEnd", head: Head, own: Any) -> Any:
    """The attributes of the object itself, as `vars` gives them."""
    found = vars(own)
    return found if type(found) is dict else dict(found)


def listing(end: "LearnerEnd", head: Head, own: Any) -> list[str]:
    """What `dir` lists."""
    return [name for name in dir(own) if type(name) is str]


def signature(end: "LearnerEnd", head: Head, own: Any) -> Any:
    """The parameters of a function, or None if it has none to tell."""
    try:
        found = inspect.signature(own)
    except (TypeError, ValueError):
        return None
    empty = inspect.Parameter.empty
    rows = [
        [part.name, int(part.kind), [] if part.default is empty else [part.default], _note(part.annotation)]
        for part in found.parameters.values()
    ]
    return [rows, _note(found.return_annotation)]


def _note(annotation: Any) -> list[Any]:
    return [] if annotation is inspect.Parameter.empty else [annotation]


def seed(end: "LearnerEnd", head: Head, value: Any) -> None:
    """The test seeded a random source."""
    if head["name"] == "random":
        random.seed(value)
    else:
        sys.modules["numpy"].random.seed(value)


def clone(end: "LearnerEnd", head: Head, own: Any) -> Any:
    """An estimator of the same parameters, not fitted."""
    from sklearn.base import clone as sklearn_clone

    return sklearn_clone(own)


def duplicate(end: "LearnerEnd", head: Head, own: Any) -> Any:
    """A copy, as `copy.copy` and `copy.deepcopy` make it."""
    return copy.deepcopy(own) if head["name"] == "__deepcopy__" else copy.copy(own)


def pyplot(end: "LearnerEnd", head: Head, *args: Any, **kwargs: Any) -> Any:
    """A function of pyplot: the figures live with the learner's code."""
    from matplotlib import pyplot as plt

    return getattr(plt, head["name"])(*args, **kwargs)


_ALL: tuple[Callable[..., Any], ...] = (
    name, store, drop, names, call, attribute, assign, unassign, item, assign_item, unassign_item, unary, method,
    contains, is_instance, iterate, following, next_one, enter, leave, attributes, listing, signature, seed, clone,
    duplicate, pyplot,
)  # fmt: skip
OPERATIONS = {operation.__name__: operation for operation in _ALL}
