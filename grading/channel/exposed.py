"""Functions and objects of the test that the learner's code may use while the judge waits for it.

Only what a test cell defines itself, bound methods of plain containers, mocks, and iterators. What goes out and what
comes back are values. Whatever such a function returns counts as told to the learner, whatever it notes as said by him.
"""

import collections
import functools
import importlib
import sys
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grading.channel import library
from grading.channel.forms import Json
from grading.channel.raised import as_library
from grading.channel.refusals import BadValue
from grading.channel.stops import NotCarried, Stopped
from grading.channel.traits import KNOWN, traits_of

if TYPE_CHECKING:
    from grading.channel.link_judge import JudgeEnd
    from grading.channel.messages import Incoming

MAX_EXPOSED = 10_000
TEST_MODULE = "__main__"  # where the classes of test cells say they are
_CONTAINERS = (
    list,
    dict,
    set,
    collections.deque,
    collections.Counter,
    collections.defaultdict,
    collections.OrderedDict,
)
_SAMPLES: tuple[object, ...] = (
    iter([]), iter(()), iter({}), iter(set()), iter(range(0)), iter(""), iter({}.values()), iter({}.items()),
    reversed([]), zip(), map(len, ()), filter(None, ()), enumerate(()), {}.keys(), {}.values(), {}.items(),
)  # fmt: skip
_ITERATORS = tuple(map(type, _SAMPLES))
_UNSAFE_OF_MOCKS = frozenset({"configure_mock", "attach_mock", "reset_mock", "mock_add_spec"})
PATCHABLE = (
    ("builtins", "input"), ("builtins", "print"), ("builtins", "open"), ("random", "random"), ("random", "randint"),
    ("random", "choice"), ("random", "choices"), ("random", "uniform"), ("random", "shuffle"), ("random", "sample"),
    ("random", "randrange"), ("random", "gauss"), ("time", "sleep"), ("time", "time"), ("time", "perf_counter"),
)  # fmt: skip
_ORIGINALS = tuple(getattr(importlib.import_module(module), name) for module, name in PATCHABLE)


class Exposed:
    """What the learner's code can reach of the test, by number."""

    def __init__(self, end: "JudgeEnd") -> None:
        self._end = end
        self._kept: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._stdin = sys.stdin
        self.depth = 0

    def form(self, value: Any) -> Json:
        """The tree for a function or object of the test's. Raises NotCarried for any other."""
        if not self._may(value):
            raise NotCarried(f"A {type(value).__name__} cannot be handed to the learner's code.")
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._kept) >= MAX_EXPOSED:
                raise Stopped("The test hands over too many functions.")
            number = self._numbers[id(value)] = len(self._kept)
            self._kept.append(value)
        name = getattr(value, "__name__", None)
        doc = value.__doc__ if isinstance(value, types.FunctionType) else None
        return {"link.remote": [number, name if type(name) is str else type(value).__name__, _traits(value), doc]}

    def get(self, number: object) -> Any:
        """The object of this number. Raises BadValue."""
        if type(number) is not int or not 0 <= number < len(self._kept):
            raise BadValue("The learner's code asks for something that it was not given.")
        return self._kept[number]

    def patched(self) -> list[tuple[str, str]]:
        """The library functions that the test has patched, for the learner's process to ask for."""
        found = [PATCHABLE[place] for place, original in enumerate(_ORIGINALS) if _patch(place) is not original]
        if sys.stdin is not self._stdin and ("builtins", "input") not in found:
            found.append(("builtins", "input"))
        return found

    def answer(self, request: "Incoming") -> dict[str, Any]:
        """What a function of the test gives: {"answer": value} or {"failed": ...}. Raises BadValue for a false call."""
        kind, name = request.head.get("ask"), request.head.get("name")
        function = self._function(kind, name, request.head)
        args = [request.get(tree) for tree in _list(request.head.get("args"))]
        kwargs = {_word(key): request.get(tree) for key, tree in _list(request.head.get("kwargs"))}
        self.depth += 1
        try:
            return {"answer": function(*args, **kwargs)}
        except Exception as problem:  # noqa: BLE001 (whatever a test's own function raises goes to who called it)
            return {"failed": as_library(problem)}
        finally:
            self.depth -= 1

    def _function(self, kind: object, name: object, head: dict[str, Any]) -> Callable[..., Any]:
        if kind == "patched":
            return self._patched(head.get("of"))
        own = self.get(head.get("of"))
        if type(name) is not str:
            raise BadValue("An attribute has no name.")
        if kind == "method" and name in _traits(own):
            return getattr(own, name) if name == "__call__" or isinstance(own, type) else _special(own, name)
        if name.startswith("_") or (kind not in ("attribute", "assign")):
            raise BadValue("The learner's code asks for what is private to the test.")
        if kind == "assign":
            return functools.partial(_assign, own, name)
        return functools.partial(_attribute, own, name)

    def _patched(self, number: object) -> Callable[..., Any]:
        patched = self.patched()
        if type(number) is not int or not 0 <= number < len(patched):
            raise BadValue("The learner's code asks for a function that is not patched.")
        module, name = patched[number]
        return getattr(sys.modules[module], name)

    def _may(self, value: Any) -> bool:
        kind = type(value)
        if kind is types.FunctionType:
            return value.__globals__ is self._end.names
        if kind is types.MethodType:
            return self._may(value.__func__) or self._may(value.__self__)
        if kind is types.BuiltinMethodType:
            return type(value.__self__) in _CONTAINERS
        if kind is types.GeneratorType:
            return value.gi_frame is not None and value.gi_frame.f_globals is self._end.names
        if kind is functools.partial:
            return self._may(value.func) or library.name_of(value.func) is not None
        if isinstance(value, type):
            return kind.__module__ != "grading.channel.handles" and value.__module__ == TEST_MODULE
        return kind in _ITERATORS or kind.__module__ == "itertools" or _is_mock(value) or _is_of_test(value)


def _patch(place: int) -> Any:
    module, name = PATCHABLE[place]
    return getattr(sys.modules[module], name)


def _is_of_test(value: object) -> bool:
    return type(value).__module__ == TEST_MODULE and not isinstance(value, BaseException)


def _is_mock(value: object) -> bool:
    mock = sys.modules.get("unittest.mock")
    return mock is not None and isinstance(value, mock.NonCallableMock | mock._Call)


def _traits(value: Any) -> list[str]:
    if _is_mock(value):
        found = [
            name
            for name in traits_of(type(value))
            if name in ("__call__", "__iter__", "__enter__", "__exit__", "__len__")
        ]
    elif isinstance(value, types.FunctionType | types.MethodType | types.BuiltinMethodType | functools.partial | type):
        found = ["__call__"]
    else:
        found = [name for name in traits_of(type(value)) if name in KNOWN]
    return found


def _special(own: Any, name: str) -> Callable[..., Any]:
    return functools.partial(getattr(type(own), name), own)


def _attribute(own: Any, name: str) -> Any:
    if isinstance(own, types.FunctionType | types.MethodType) or (_is_mock(own) and name in _UNSAFE_OF_MOCKS):
        raise AttributeError(name)
    if type(own) is types.GeneratorType and name not in ("send", "close", "throw"):
        raise AttributeError(name)
    return getattr(own, name)


def _assign(own: Any, name: str, value: object) -> None:
    if not _is_of_test(own) or callable(getattr(type(own), name, None)):
        raise AttributeError(name)
    setattr(own, name, value)


def _list(value: object) -> list[Any]:
    if type(value) is not list:
        raise BadValue("A list was due.")
    return value


def _word(key: object) -> str:
    if type(key) is not str:
        raise BadValue("An argument has no name.")
    return key
