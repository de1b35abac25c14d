"""The learner's classes as the judge has them: one class here for each class there, with the same name and bases.

So `type(x) is Account`, `issubclass(Savings, Account)` and `isinstance(x, Iterable)` are answered here, by Python.
"""

from collections.abc import Iterable
from dataclasses import MISSING, Field, dataclass, field
from typing import TYPE_CHECKING, Any

from grading.channel import library
from grading.channel.forms import Json, parts, text, whole
from grading.channel.handles import DOCSTRING, Handle, HandleMeta, methods_for
from grading.channel.learner_objects import MUST_TRAVEL
from grading.channel.raised import error_class
from grading.channel.refusals import BadValue
from grading.channel.traits import KNOWN, OF_CLASSES, traits_of

if TYPE_CHECKING:
    from grading.channel.link_judge import JudgeEnd

MAX_CLASSES = 1000
_MAX_DEPTH = 20
_MAX_NAME = 200


@dataclass(frozen=True, kw_only=True)
class ClassInfo:
    """What the judge knows of one class of the learner's, or of one library class whose objects stay there."""

    end: "JudgeEnd"
    name: str
    number: int = -1  # of the class itself; -1: a library's
    bases: tuple[type, ...] = ()  # of libraries, by which isinstance answers
    traits: frozenset[str] = frozenset()
    of_class: frozenset[str] = frozenset()
    tuple_fields: tuple[str, ...] | None = None
    is_library: bool = False


class Mirrors:
    """Classes and handles that stand for the learner's, each made once."""

    def __init__(self, end: "JudgeEnd") -> None:
        self._end = end
        self._classes: dict[int, type] = {}
        self._library: dict[type, type] = {}
        self._handles: dict[int, Handle] = {}

    def handle(self, payload: Json) -> Handle:
        """The handle for an object that stays with the learner. Raises BadValue for a claim that cannot be."""
        number, described = parts(payload, 2)
        kind = self.class_of(described)
        if not isinstance(kind, HandleMeta):
            kind = self._for_library(kind)
        found = self._handles.get(whole(number))
        if found is None:
            found = self._handles[number] = Handle._make(kind, number)
        return found

    def class_of(self, described: Any, depth: int = 0) -> type:
        """The class that is described: the judge's own for a library's. Raises BadValue."""
        if type(described) is not dict or depth > _MAX_DEPTH:
            raise BadValue("A class is not described by its parts.")
        if "library" in described:
            return _own(described["library"])
        number = whole(described.get("number"))
        if number not in self._classes:
            if len(self._classes) >= MAX_CLASSES:
                raise BadValue("There are too many classes.")
            self._classes[number] = self._mirrored(number, described, depth)
        return self._classes[number]

    def _mirrored(self, number: int, described: dict[str, Any], depth: int) -> type:
        bases = [self.class_of(base, depth + 1) for base in described.get("bases", [])]
        name = text(described.get("name"), longest=_MAX_NAME)
        if any(issubclass(base, BaseException) for base in bases):
            return error_class(self._end, name, number=number, bases=bases)
        fields = described.get("tuple")
        info = ClassInfo(
            end=self._end,
            name=name,
            number=number,
            bases=_library_bases(bases),
            traits=_traits(described.get("traits")),
            of_class=frozenset(_words(described.get("of_class"), OF_CLASSES)),
            tuple_fields=None if fields is None else tuple(text(part) for part in fields),
        )
        made = _made(info, tuple(base for base in bases if isinstance(base, HandleMeta)), described)
        _set_abstract(made, described.get("abstract"))
        return made

    def _for_library(self, kind: type) -> type:
        if kind not in self._library:
            if kind.__name__ in MUST_TRAVEL and library.name_of(kind):
                raise BadValue(f"A {kind.__name__} must come by value.")
            traits = frozenset(traits_of(kind))
            info = ClassInfo(end=self._end, name=kind.__name__, bases=(kind,), traits=traits, is_library=True)
            self._library[kind] = _made(info, (), {})
        return self._library[kind]


def _made(info: ClassInfo, bases: tuple[type, ...], described: dict[str, Any]) -> type:
    body: dict[str, Any] = {
        "__slots__": (),
        "__module__": "__main__",
        "__doc__": DOCSTRING,
        "_Handle__info": info,
        **methods_for(info),
    }
    if (fields := described.get("fields")) is not None:
        body["__dataclass_fields__"] = {name: _field(name) for name in (text(part) for part in fields)}
    try:
        return HandleMeta._make(info.name, bases or (Handle,), body)
    except TypeError as problem:
        raise BadValue(f"A class cannot be as it is described: {problem}") from problem


def _field(name: str) -> Field[Any]:
    made: Any = field(default=MISSING)
    made.name, made.type = name, object
    made._field_type = _FIELD
    return made


def _field_type() -> Any:
    @dataclass
    class Example:
        part: int

    part: Any = Example.__dataclass_fields__["part"]
    return part._field_type


_FIELD = _field_type()


def _set_abstract(made: type, names: object) -> None:
    """So that `inspect.isabstract` answers as it does for the learner's own class."""
    if names:
        type.__setattr__(made, "__abstractmethods__", frozenset(text(name) for name in list_of(names)))


def list_of(value: object) -> list[Any]:
    """The value as the list that it must be. Raises BadValue."""
    if type(value) is not list:
        raise BadValue("A list was due.")
    return value


def _own(named: object) -> type:
    module, name = parts(named, 2)
    try:
        kind = library.resolve(module, name)
    except LookupError as problem:
        raise BadValue(f"A class is not known: {problem}") from problem
    if not isinstance(kind, type):
        raise BadValue("A class is no class.")
    return kind


def _library_bases(bases: list[type]) -> tuple[type, ...]:
    found: list[type] = []
    for base in bases:
        found += base._Handle__info.bases if isinstance(base, HandleMeta) else [base]
    return tuple(dict.fromkeys(found))


def _traits(names: object) -> frozenset[str]:
    return frozenset(_words(names, KNOWN | {"unhashable"}))


def _words(names: object, known: Iterable[str]) -> list[str]:
    words = set(known)
    return [name for name in list_of(names) if type(name) is str and name in words]
