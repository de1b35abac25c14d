"""Objects of a test, as the learner's code sees them: whatever is done with one is asked of the judge's end."""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grading.channel.link_learner import LearnerEnd


class Remote:
    """A function or object of the test's own."""

    def __init__(self, end: "LearnerEnd", number: int, name: str) -> None:
        object.__setattr__(self, "_end", end)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "__name__", name)
        object.__setattr__(self, "__qualname__", name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _ask(self, "attribute", name=name)

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("__"):  # functools.wraps writes these upon what it wraps
            object.__setattr__(self, name, value)
        else:
            _ask(self, "assign", value, name=name)

    def __hash__(self) -> int:
        return hash(object.__getattribute__(self, "_number"))


def remote(end: "LearnerEnd", number: int, name: str, traits: list[str], doc: str | None) -> Remote:
    """A stand-in with these special methods."""
    made = _class(tuple(sorted(traits)), name)(end, number, name)
    object.__setattr__(made, "__doc__", doc)
    return made


@cache
def _class(traits: tuple[str, ...], name: str) -> type[Remote]:
    methods = {trait: _method(trait) for trait in traits if trait != "__hash__"}
    return type(name, (Remote,), {"__hash__": Remote.__hash__, **methods, "__module__": "__main__"})


def _method(trait: str) -> Any:
    def ask(self: Remote, *args: object, **kwargs: object) -> Any:
        return _ask(self, "method", *args, name=trait, kwargs=kwargs)

    def leave(self: Remote, *_: object) -> Any:
        return _ask(self, "method", None, None, None, name=trait)

    method = leave if trait == "__exit__" else ask
    method.__name__ = trait
    return method


def _ask(own: Remote, kind: str, *args: object, name: str, kwargs: dict[str, object] | None = None) -> Any:
    end: LearnerEnd = object.__getattribute__(own, "_end")
    number: int = object.__getattribute__(own, "_number")
    return end.ask({"ask": kind, "of": number, "name": name}, args, kwargs or {})
