"""What is put in place once in the judge's process, so that tests find the learner's side where they look for it."""

import ast
import builtins
import inspect
import pickle
import random
import sys
import tempfile
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grading.channel.handles import HandleMeta, is_class, is_handle
from grading.channel.magics import without_magics

if TYPE_CHECKING:
    from grading.channel.link_judge import JudgeEnd
    from grading.channel.names import Names

_PYPLOT = [
    "subplots",
    "figure",
    "subplot",
    "axes",
    "gca",
    "gcf",
    "gci",
    "close",
    "clf",
    "cla",
    "sca",
    "get_fignums",
    "fignum_exists",
    "plot",
    "bar",
    "barh",
    "scatter",
    "hist",
    "boxplot",
    "pie",
    "title",
    "xlabel",
    "ylabel",
    "xlim",
    "ylim",
    "legend",
    "grid",
    "savefig",
    "tight_layout",
    "show",
    "xticks",
    "yticks",
    "suptitle",
]


def install(end: "JudgeEnd") -> None:
    """Prepare this process for the tests of one learner. It serves no other afterwards."""
    sys.modules["__main__"] = MainModule(end.names)
    tempfile.tempdir = str(end._files.root)
    inspect_: Any = inspect
    inspect_.getsource = _getsource(end, inspect.getsource)
    _forbid_unpickling(end)
    _forward_seeds(end)
    dict.__setitem__(end.names, "issubclass", _issubclass)
    end.names.prepared()


def forward_pyplot(end: "JudgeEnd") -> None:
    """Let pyplot's functions, called by a test, work on the learner's figures. Safe to repeat."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or hasattr(pyplot.gca, "forwarded"):
        return
    for name in _PYPLOT:
        setattr(pyplot, name, _forwarded(end, name, getattr(pyplot, name)))


class MainModule(types.ModuleType):
    """`__main__`, as `mock.patch("__main__.name")` finds it: the names of test and learner."""

    def __init__(self, names: "Names") -> None:
        super().__init__("__main__")
        object.__setattr__(self, "_names", names)

    def __getattr__(self, name: str) -> Any:
        try:
            return object.__getattribute__(self, "_names")[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: object) -> None:
        object.__getattribute__(self, "_names")[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del object.__getattribute__(self, "_names")[name]
        except KeyError:
            raise AttributeError(name) from None


def _issubclass(kind: Any, of: Any) -> bool:
    """Python's own, which also knows from which library classes a class of the learner's derives."""
    if builtins.issubclass(kind, of):
        return True
    bases = kind._Handle__info.bases if is_class(kind) else ()
    return any(builtins.issubclass(base, of) for base in bases)


def _forbid_unpickling(end: "JudgeEnd") -> None:
    def refuse(*_: object, **__: object) -> Any:
        end.trip("A test tried to unpickle.")

    for name in ("load", "loads", "Unpickler"):
        setattr(pickle, name, refuse)
    setattr(pickle._Unpickler, "load", refuse)  # noqa: B010 (the one that libraries derive theirs from)


def _forward_seeds(end: "JudgeEnd") -> None:
    random.seed = _seeding(end, "random", random.seed)
    if numpy_random := sys.modules.get("numpy.random"):
        setattr(numpy_random, "seed", _seeding(end, "numpy", numpy_random.seed))  # noqa: B010


def _seeding(end: "JudgeEnd", library: str, own: Callable[..., Any]) -> Callable[..., Any]:
    def seed(value: Any = None, *args: Any, **kwargs: Any) -> None:
        own(value, *args, **kwargs)
        if sys._getframe(1).f_globals is end.names:
            end.value("seed", value, name=library)

    return seed


def _forwarded(end: "JudgeEnd", name: str, own: Callable[..., Any]) -> Callable[..., Any]:
    def forwarded(*args: Any, **kwargs: Any) -> Any:
        if sys._getframe(1).f_globals is not end.names:
            return own(*args, **kwargs)
        return end.pyplot(name, args, kwargs)

    forwarded.forwarded = True  # type: ignore[attr-defined]
    return forwarded


def _getsource(end: "JudgeEnd", own: Callable[[Any], str]) -> Callable[[Any], str]:
    def getsource(value: Any) -> str:
        """The source of a learner's function or class as it was handed in."""
        if not is_handle(value) and not builtins.isinstance(value, HandleMeta):
            return own(value)
        name = value.__name__
        for source in reversed(end.sources):
            if found := _definition(source, name):
                return found
        raise OSError("could not get source code")

    return getsource


def _definition(source: str, name: object) -> str | None:
    text = without_magics(source)
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        return None
    for node in reversed(nodes):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno]) + "\n"
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and name == "<lambda>":
            return (ast.get_source_segment(text, node) or "") + "\n"
    return None
