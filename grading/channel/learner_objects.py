"""What the learner's end says about objects that stay with it: a number, a class, and what can be done with them."""

import dataclasses
import json
import sys
import types
from typing import TYPE_CHECKING, Any

from grading.channel import estimators, library, loans
from grading.channel.forms import Json
from grading.channel.refusals import NotEncodable
from grading.channel.remote import Remote
from grading.channel.traits import OF_CLASSES, traits_of

if TYPE_CHECKING:
    from grading.channel.messages import Outgoing

# Values of these types travel or are refused; an object of one is never left behind.
MUST_TRAVEL = frozenset(
    [
        "NoneType",
        "bool",
        "int",
        "float",
        "complex",
        "str",
        "bytes",
        "bytearray",
        "list",
        "tuple",
        "set",
        "frozenset",
        "dict",
        "range",
        "slice",
        "OrderedDict",
        "Counter",
        "deque",
        "Decimal",
        "Fraction",
        "date",
        "datetime",
        "time",
        "timedelta",
        "UUID",
        "ndarray",
        "DataFrame",
        "Series",
        "Index",
        "RangeIndex",
        "MultiIndex",
        "DatetimeIndex",
        "TimedeltaIndex",
        "PeriodIndex",
        "IntervalIndex",
        "CategoricalIndex",
        "Categorical",
        "Timestamp",
        "Timedelta",
        "Period",
        "Interval",
    ]
)


class Objects:
    """The objects that the judge's end may speak of, by number."""

    def __init__(self) -> None:
        self._kept: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._described: set[int] = set()

    def number(self, value: object) -> int:
        """The number of an object, from now on kept alive."""
        found = self._numbers.get(id(value))
        if found is None:
            found = self._numbers[id(value)] = len(self._kept)
            self._kept[found] = value
        return found

    def get(self, number: Any) -> Any:
        """The object of this number. Raises KeyError."""
        return self._kept[number]

    def form(self, value: object, out: "Outgoing") -> Json:
        """The tree for an object that is no plain value. Raises NotEncodable."""
        kind = type(value)
        if isinstance(value, Remote):
            return {"link.yours": object.__getattribute__(value, "_number")}
        if isinstance(value, types.ModuleType) and library.is_library(value.__name__) and _is_itself(value):
            return {"link.module": value.__name__}
        if isinstance(value, BaseException):
            return {"link.error": self.error(value, out)}
        if loans.is_written(value) or (kind.__name__ in MUST_TRAVEL and library.is_library(kind.__module__)):
            raise NotEncodable(f"This {kind.__name__} is of a kind that no test can be given.")
        if named := library.name_of(value):
            return {"link.library": list(named)}
        if isinstance(value, type):
            return {"link.class": self.class_form(value, out)}
        if (fitted := estimators.form(value, out)) is not None:
            return {"link.estimator": [*fitted, self.number(value)]}
        return {"link.object": [self.number(value), self.class_form(kind, out)]}

    def class_form(self, kind: type, out: "Outgoing") -> Json:
        """A class by its library's name, or described once and then by its number."""
        if named := library.name_of(kind):
            return {"library": list(named), "traits": traits_of(kind)}
        number = self.number(kind)
        if number in self._described:
            return {"number": number}
        self._described.add(number)
        return {
            "number": number,
            "name": kind.__name__,
            "bases": [self.class_form(base, out) for base in kind.__bases__ if base is not object],
            "traits": traits_of(kind),
            "of_class": [name for name in OF_CLASSES if hasattr(type(kind), name)],
            "fields": [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else None,
            "abstract": sorted(getattr(kind, "__abstractmethods__", ())),
            "tuple": list(getattr(kind, "_fields", ())) if issubclass(kind, tuple) else None,
        }

    def error(self, problem: BaseException, out: "Outgoing", *, depth: int = 3) -> dict[str, Json]:
        """What the judge needs to know of an exception."""
        cause = problem.__cause__
        return {
            "class": self.class_form(type(problem), out),
            "number": self.number(problem),
            "args": [_or_text(arg, out) for arg in problem.args[:20]],
            "text": _text(problem),
            "attributes": [[key, _or_text(value, out)] for key, value in list(_attributes(problem).items())[:20]],
            "cause": self.error(cause, out, depth=depth - 1) if cause is not None and depth else None,
        }


def _attributes(problem: BaseException) -> dict[str, Any]:
    found = dict(vars(problem))
    for name in ("code", "errno", "filename", "strerror", "name", "key", "value", "msg", "doc", "pos"):
        if name not in found and not callable(getattr(problem, name, len)):
            found[name] = getattr(problem, name)
    found.pop("__notes__", None)
    return {key: value for key, value in found.items() if type(key) is str}


def _or_text(value: object, out: "Outgoing") -> Json:
    try:
        tree = out.put(value)
        json.dumps(tree)
    except BaseException:  # noqa: BLE001 (the learner's argument may not travel; the exception still does)
        return _text(value)
    return tree


def _text(value: object) -> str:
    try:
        return str(value)[:4000]
    except BaseException:  # noqa: BLE001 (a learner's __str__ may raise anything)
        return ""


def _is_itself(module: types.ModuleType) -> bool:
    return sys.modules.get(module.__name__) is module
