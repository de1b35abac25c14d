"""Handles: the learner's objects as a test sees them.

A handle answers what costs the judge nothing to believe: attributes, calls, items, length. It refuses to be compared or
counted with a plain value, since it could answer as it likes: `==`, `<`, `+` and so on reach the learner's code only
between two of the learner's objects, or on an object that the test has made itself of a class that defines them in the
author's solution too.
"""
# Long because a handle, its class and what both refuse are one subject, and lean on each other.

import contextlib
import secrets
import sys
import types
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from grading.channel import model_handles
from grading.channel.stops import NotCarried, NotPlain, Stopped
from grading.channel.traits import (
    ARITHMETIC,
    CONVERSIONS,
    EQUALITY,
    IN_PLACE,
    ORDER,
    UNARY,
    may_be_read,
)

if TYPE_CHECKING:
    from grading.channel.mirrors import ClassInfo

MAX_ITEMS = 1_000_000
_SINGLY = 100  # so many items of an iterator are asked for one by one, later ones in blocks
_BLOCK = 64
_SALT = secrets.token_hex(8)
_READABLE_OF_CLASSES = frozenset(
    (*ORDER, *EQUALITY, *ARITHMETIC, *UNARY, *CONVERSIONS, "__init__", "__repr__", "__str__")
)


def _class_dict(cls: type) -> Any:
    """The learner's own dictionary where a test asks, and the judge's for whatever code looks into its own class."""
    if cls is not Handle and sys._getframe(1).f_globals is info_of(cls).end.names:
        return _class_value(cls, "attributes")
    return _own_dict(cls)


_own_dict = type.__dict__["__dict__"].__get__


def _asked(name: str) -> Any:
    return property(lambda cls: _class_value(cls, "attribute", name=name))


class HandleMeta(type):
    # The class of classes that stand for the learner's. Its own docstring gives way to that of each of those.
    __doc__ = _asked("__doc__")
    __annotations__ = _asked("__annotations__")
    __dict__ = property(_class_dict)  # type: ignore[misc]

    @staticmethod
    def _make(name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
        return type.__new__(HandleMeta, name, bases, body)

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **_: object) -> "HandleMeta":
        """For a class statement in a test. Raises NotCarried."""
        if bases:
            raise NotCarried(f"A test cannot derive {name} from a class of the learner's. Derive it in a locked cell.")
        return type.__new__(mcs, name, bases, body)

    def __call__(cls, *args: object, **kwargs: object) -> Any:
        info = info_of(cls)
        if info.is_library:
            raise NotCarried(f"A {info.name} cannot be made here.")
        made = info.end.call(info.number, args, kwargs)
        if is_handle(made) and issubclass(type(made), cls):
            info.end.made_by_test.add(number_of(made))
        return made

    def __getattr__(cls, name: str) -> Any:
        if not may_be_read(name) and name not in _READABLE_OF_CLASSES:
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return _class_value(cls, "attribute", name=name)

    def __setattr__(cls, name: str, value: object) -> None:
        _class_value(cls, "assign", value, name=name)

    def __delattr__(cls, name: str) -> None:
        _class_value(cls, "unassign", name=name)

    def __instancecheck__(cls, value: object) -> bool:
        if type.__instancecheck__(cls, value):
            return True
        info = info_of(cls)
        if is_handle(value) and any(type(base) is not type for base in info.bases):
            return _class_value(cls, "is_instance", value) is True  # an abstract class or protocol decides itself
        fields = info.tuple_fields
        same = isinstance(value, tuple) and type(value).__name__ == cls.__name__
        return fields is not None and same and getattr(value, "_fields", None) == fields

    def __eq__(cls, other: object) -> bool:
        """`type(fig) == Figure` is true for the class of a library's objects."""
        if cls is other:
            return True
        info = info_of(cls) if cls is not Handle else None
        return info is not None and info.is_library and not isinstance(other, HandleMeta) and other in info.bases

    def __hash__(cls) -> int:
        return type.__hash__(cls)

    def __iter__(cls) -> Iterator[Any]:
        _has(cls, "__iter__", f"type object {cls.__name__!r} is not iterable")
        return _iterated(info_of(cls).end, info_of(cls).number)

    def __len__(cls) -> int:
        _has(cls, "__len__", f"object of type {cls.__name__!r} has no len()")
        return _exactly(int, _class_value(cls, "unary", name="__len__"), cls)

    def __getitem__(cls, key: object) -> Any:
        _has(cls, "__getitem__", f"type {cls.__name__!r} is not subscriptable")
        return _class_value(cls, "item", key)

    def __contains__(cls, value: object) -> bool:
        return any(item is value for item in cls)

    def __bool__(cls) -> bool:
        return True

    def __dir__(cls) -> list[str]:
        return _exactly(list, _class_value(cls, "listing"), cls)

    @property
    def __signature__(cls) -> Any:
        return _signature(info_of(cls).end, info_of(cls).number)


type.__setattr__(HandleMeta, "__slots__", _asked("__slots__"))  # within the class it would mean something else


def _class_as_library(self: "Handle") -> type:
    """The class that isinstance is told: one of a library where the learner's derives from it."""
    info = info_of(type(self))
    if not info.bases:
        return type(self)
    if info.is_library:
        return info.bases[0]
    return _facade(type(self), info.name, info.bases)


_facades: dict[type, type] = {}


def _facade(kind: type, name: str, bases: tuple[type, ...]) -> type:
    if kind not in _facades:
        _facades[kind] = bases[0]
        with contextlib.suppress(Exception):
            _facades[kind] = types.new_class(name, bases)
    return _facades[kind]


DOCSTRING = property(lambda self: _value(self, "attribute", name="__doc__"))


class Handle(metaclass=HandleMeta):
    # One object of the learner's. It has the docstring of that object.
    __slots__ = ("__number", "__weakref__")
    __class__ = property(_class_as_library)
    __dict__ = property(lambda self: _value(self, "attributes"))
    __doc__ = DOCSTRING
    __array_ufunc__ = None  # numpy leaves operators to the handle

    @staticmethod
    def _make(kind: type, number: int) -> "Handle":
        made: Handle = object.__new__(kind)
        object.__setattr__(made, "_Handle__number", number)
        return made

    def __getattr__(self, name: str) -> Any:
        info = info_of(type(self))
        if (found := model_handles.special(self, info, name)) is not None:
            return found
        if not may_be_read(name):
            raise AttributeError(f"{info.name!r} object has no attribute {name!r}")
        return _value(self, "attribute", name=name)

    def __setattr__(self, name: str, value: object) -> None:
        _value(self, "assign", value, name=name)

    def __delattr__(self, name: str) -> None:
        _value(self, "unassign", name=name)

    def __dir__(self) -> list[str]:
        return _exactly(list, _value(self, "listing"), type(self))

    def __str__(self) -> str:
        return _exactly(str, _value(self, "unary", name="__str__"), type(self))

    def __repr__(self) -> str:
        return _exactly(str, _value(self, "unary", name="__repr__"), type(self))

    def __format__(self, spec: str) -> str:
        if not spec or "__format__" not in info_of(type(self)).traits:
            return format(str(self), spec)
        return _exactly(str, _value(self, "method", spec, name="__format__"), type(self))

    def __hash__(self) -> int:
        info = info_of(type(self))
        if "unhashable" in info.traits:
            raise TypeError(f"unhashable type: {info.name!r}")
        if "__hash__" not in info.traits or info.is_library:
            return hash((_SALT, number_of(self)))
        return hash((_SALT, "value", _exactly(int, _value(self, "unary", name="__hash__"), type(self))))

    def __bool__(self) -> bool:
        info = info_of(type(self))
        own = {"__bool__", "__len__"} & info.traits
        if not own:
            return True
        if not own & info.end.names.operators_of(info.name):
            _refuse(self, "is neither true nor false by itself")
        return _exactly(bool, _value(self, "unary", name="__bool__"), type(self))

    def __copy__(self) -> Any:
        return _value(self, "duplicate", name="__copy__")

    def __deepcopy__(self, _: object) -> Any:
        return _value(self, "duplicate", name="__deepcopy__")

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise NotCarried("An object of the learner's cannot be pickled by a test.")

    @property
    def __signature__(self) -> Any:
        return _signature(info_of(type(self)).end, number_of(self))


def info_of(kind: type) -> "ClassInfo":
    """What is known of the class of a handle."""
    return type.__getattribute__(kind, "_Handle__info")


def is_handle(value: object) -> bool:
    """Whether this stands for an object of the learner's. Believes nothing that the object says of itself."""
    return type(type(value)) is HandleMeta


def is_class(value: object) -> bool:
    """Whether this stands for a class of the learner's."""
    return type(value) is HandleMeta


def number_of(handle: object) -> int:
    """The number by which the learner's end knows this object."""
    return object.__getattribute__(handle, "_Handle__number")


def methods_for(info: "ClassInfo") -> dict[str, Any]:
    """The special methods of handles of this class: those that its objects have."""
    found = {name: _METHODS[name](name) for name in info.traits if name in _METHODS}
    if "__eq__" in found:
        found["__hash__"] = Handle.__hash__
    return found


def _value(own: Handle, op: str, *args: object, name: str = "") -> Any:
    return info_of(type(own)).end.value(op, *args, of=number_of(own), name=name)


def _class_value(cls: type, op: str, *args: object, name: str = "") -> Any:
    info = info_of(cls)
    if info.is_library:
        raise AttributeError(name)
    return info.end.value(op, *args, of=info.number, name=name)


def _has(cls: type, trait: str, otherwise: str) -> None:
    if trait not in info_of(cls).of_class:
        raise TypeError(otherwise)


def _refuse(own: Handle, why: str) -> NoReturn:
    info = info_of(type(own))
    words = f"The answer is not a plain value: it is a {info.name} object, which {why}."
    info.end.refuse(NotPlain(words))


def _exactly(kind: type, value: Any, cls: type) -> Any:
    if type(value) is not kind:
        info_of(cls).end.trip(f"A {kind.__name__} was due from a {info_of(cls).name}, not a {type(value).__name__}.")
    return value


def _may(own: Handle, name: str) -> bool:
    """Whether the test made this object itself, of a class for which the author's solution defines the operator."""
    info = info_of(type(own))
    return number_of(own) in info.end.made_by_test and name in info.end.names.operators_of(info.name)


def _binary(name: str) -> Callable[..., Any]:
    def operate(self: Handle, other: object, *rest: object) -> Any:
        if other is None and name in EQUALITY:
            return name == "__ne__"
        if not is_handle(other) and not _may(self, name):
            _refuse(self, "can be compared and counted only with objects of its own kind")
        found = _value(self, "method", other, *rest, name=name)
        if name == "__eq__" and found is True:
            _check_equality(self, other)
        return found

    return operate


def _check_equality(own: Handle, other: object) -> None:
    """Trip over an object that is equal to everything: nothing equals a value made up just now."""
    fresh: list[object] = [secrets.token_hex(8)]
    if type(other) in (int, float):
        fresh += [secrets.randbits(40) + 1.5, secrets.randbits(62)]
    for value in fresh:
        with contextlib.suppress(Exception):  # an honest __eq__ may raise for what is not of its kind
            if _value(own, "method", value, name="__eq__") is True:
                info_of(type(own)).end.trip("An object is equal to everything.")


def _conversion(name: str) -> Callable[..., Any]:
    op = "method" if name in ("__round__", "__floor__", "__ceil__") else "unary"

    def convert(self: Handle, *args: object) -> Any:
        info = info_of(type(self))
        if name not in info.end.names.operators_of(info.name):
            _refuse(self, "stands for no number")
        return _value(self, op, *args, name=name)

    return convert


def _length(_: str) -> Callable[..., Any]:
    return lambda self: _exactly(int, _value(self, "unary", name="__len__"), type(self))


def _plain(op: str) -> Callable[[str], Callable[..., Any]]:
    return lambda _: lambda self, *args: _value(self, op, *args)


def _iter(_: str) -> Callable[..., Any]:
    def iterate(self: Handle) -> Any:
        info = info_of(type(self))
        return self if "__next__" in info.traits else _iterated(info.end, number_of(self))

    return iterate


def _next(_: str) -> Callable[..., Any]:
    def following(self: Handle) -> Any:
        found = _exactly(list, _value(self, "next_one"), type(self))
        if not found:
            raise StopIteration
        if len(found) > 1:
            info_of(type(self)).end.trip("An iterator gave more than was asked for.")
        return found[0]

    return following


def _iterated(end: Any, number: int) -> Iterator[Any]:
    iterator = end.value("iterate", of=number)
    if type(iterator) is not int:
        end.trip("An iterator has no number.")
    given = 0
    while given <= MAX_ITEMS:
        count = 1 if given < _SINGLY else _BLOCK
        block = end.value("following", iterator=iterator, count=count)
        if type(block) is not list or len(block) > count:
            end.trip("An iterator gave more than was asked for.")
        yield from block
        given += len(block)
        if len(block) < count:
            return
    raise Stopped("The answer goes on without end.")


def _contains(_: str) -> Callable[..., Any]:
    def within(self: Handle, value: object) -> bool:
        info = info_of(type(self))
        if is_handle(value) or _may(self, "__contains__"):
            return _exactly(bool, _value(self, "contains", value), type(self))
        if "__iter__" not in info.traits:
            _refuse(self, "cannot be searched for a plain value")
        return any(item is value or item == value for item in _iterated(info.end, number_of(self)))

    return within


def _call(_: str) -> Callable[..., Any]:
    return lambda self, *args, **kwargs: info_of(type(self)).end.call(number_of(self), args, kwargs)


def _exit(_: str) -> Callable[..., Any]:
    def leave(self: Handle, kind: Any, problem: object, trace: object) -> bool:
        """A context manager of the learner's may deal with exceptions, but with no failed assertion."""
        if kind is not None and (not issubclass(kind, Exception) or issubclass(kind, AssertionError)):
            with contextlib.suppress(Exception):
                _value(self, "leave", None)
            return False
        return _value(self, "leave", kind) is True and kind is not None

    return leave


def _reversed(name: str) -> Callable[..., Any]:
    return lambda self: _value(self, "unary", name=name)


_METHODS: dict[str, Callable[[str], Callable[..., Any]]] = {
    **dict.fromkeys((*EQUALITY, *ORDER, *ARITHMETIC, *IN_PLACE), _binary),
    **dict.fromkeys((*UNARY, *CONVERSIONS), _conversion),
    "__len__": _length,
    "__getitem__": _plain("item"),
    "__setitem__": _plain("assign_item"),
    "__delitem__": _plain("unassign_item"),
    "__contains__": _contains,
    "__iter__": _iter,
    "__next__": _next,
    "__reversed__": _reversed,
    "__call__": _call,
    "__enter__": _plain("enter"),
    "__exit__": _exit,
}
del _METHODS["__bool__"]


def _signature(end: Any, number: int) -> Any:
    import inspect

    found = end.value("signature", of=number)
    if found is None:
        raise AttributeError("__signature__")
    try:
        rows, returns = found
        empty = inspect.Parameter.empty
        parameters = [
            inspect.Parameter(
                name, inspect._ParameterKind(kind), default=(*default, empty)[0], annotation=(*note, empty)[0]
            )
            for name, kind, default, note in rows
        ]
        return inspect.Signature(parameters, return_annotation=(*returns, empty)[0])
    except (TypeError, ValueError):
        end.trip("A function has parameters that cannot be.")
