"""Exceptions of the learner's code, raised again in the judge's process.

An exception of a library is made anew from the judge's own class. One of the learner's own gets a class of the same
name and bases, so that a test can catch it, read it, and see that it is no other.
"""

import contextlib
from typing import TYPE_CHECKING, Any

from grading.channel import library
from grading.channel.refusals import BadValue
from grading.channel.traits import may_be_read

if TYPE_CHECKING:
    from grading.channel.link_judge import JudgeEnd
    from grading.channel.messages import Incoming

_MAX_DEPTH = 4


class ErrorMeta(type):
    """The class of the learner's own exception classes, as the judge has them."""

    _end: "JudgeEnd"
    _number: int

    def __call__(cls, *args: object, **kwargs: object) -> Any:
        """A test makes such an exception itself: it is made with the learner's code."""
        return cls._end.call(cls._number, args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        if not may_be_read(name):
            raise AttributeError(name)
        return cls._end.value("attribute", of=cls._number, name=name)


class _Learners:
    """What the learner's own exceptions have beside their built-in base."""

    _end: "JudgeEnd"
    _text = ""
    _number = -1

    def __str__(self) -> str:
        return self._text

    def __getattr__(self, name: str) -> Any:
        if not may_be_read(name) or self._number < 0:
            raise AttributeError(name)
        return self._end.value("attribute", of=self._number, name=name)


def error_class(end: "JudgeEnd", name: str, *, number: int, bases: list[type]) -> type[BaseException]:
    """A class for the learner's exceptions of that class."""
    kinds = [base for base in bases if issubclass(base, BaseException)] or [Exception]
    extra = () if any(issubclass(kind, _Learners) for kind in kinds) else (_Learners,)
    body = {"_end": end, "_number": number, "__module__": "__main__"}
    made: Any = ErrorMeta(name, (*extra, *kinds), body)
    return made


def number_of(value: object) -> int | None:
    """The number by which the learner's end knows this exception, or class of exceptions."""
    if isinstance(value, _Learners):
        return vars(value).get("_number")
    return type.__getattribute__(value, "_number") if type(value) is ErrorMeta else None


def is_from_learner(problem: BaseException) -> bool:
    """Whether the learner's code raised this, and not the test."""
    return getattr(problem, "_from_learner", None) is True


def rebuilt(end: "JudgeEnd", payload: Any, incoming: "Incoming", *, depth: int = 0) -> BaseException:
    """The exception that the learner's end describes. Raises BadValue."""
    if type(payload) is not dict or depth > _MAX_DEPTH:
        raise BadValue("An exception is not described by its parts.")
    kind = end.mirrors.class_of(payload.get("class"))
    if not isinstance(kind, type) or not issubclass(kind, BaseException):
        raise BadValue("What was raised is no exception.")
    args = [incoming.get(tree) for tree in payload.get("args", [])]
    problem = _made(kind, args, str(payload.get("text")))
    if isinstance(problem, _Learners):
        _describe(problem, payload)
    for key, tree in payload.get("attributes", []):
        _set(problem, key, incoming.get(tree))
    if payload.get("cause") is not None:
        problem.__cause__ = rebuilt(end, payload["cause"], incoming, depth=depth + 1)
    _set(problem, "_from_learner", True)
    return problem


def _made(kind: type[BaseException], args: list[Any], text: str) -> BaseException:
    try:
        if issubclass(kind, _Learners):
            return kind.__new__(kind, *args)
        return kind(*args)
    except Exception:  # noqa: BLE001 (the learner's class may want other arguments than it kept)
        with contextlib.suppress(Exception):
            problem = kind.__new__(kind)
            problem.args = tuple(args)
            return problem
    return RuntimeError(f"{kind.__name__}: {text[:500]}")


def _describe(problem: "_Learners", payload: dict[str, Any]) -> None:
    number, text = payload.get("number"), payload.get("text")
    if type(number) is not int or type(text) is not str:
        raise BadValue("An exception has no number or text.")
    vars(problem).update({"_number": number, "_text": text})


def _set(problem: BaseException, key: object, value: object) -> None:
    if type(key) is not str or key.startswith("__") or key in ("args", "with_traceback", "add_note", "_number", "_end"):
        return
    with contextlib.suppress(AttributeError, TypeError, ValueError):
        setattr(problem, key, value)


def as_library(problem: BaseException) -> tuple[library.Name | None, str]:
    """Name and text of an exception of a test's own function, for the learner's end. Assertions keep theirs back."""
    named = next((found for kind in type(problem).__mro__ if (found := library.name_of(kind))), None)
    return named, "" if isinstance(problem, AssertionError) else str(problem)[:500]
