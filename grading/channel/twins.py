"""Plain containers that both processes hold: a list here and a list there that stand for one list.

Python passes lists and dicts by reference, and honest tests lean on it: a function fills the list it was given, two
objects share one list by mistake, `f(x) is x`. So each container that crosses the link gets a number; while both sides
can still reach it, a change on one side is carried to the other with the next message.
"""

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

MAX_TWINS = 2000
KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (list, dict, set, bytearray, deque, OrderedDict, Counter, defaultdict)
}
_CONTAINERS = frozenset(KINDS.values())
_NESTING = _CONTAINERS | {tuple}


@dataclass(slots=True)
class Twin:
    """One container and what the other side last knew of it."""

    number: str
    value: Any
    carries: bool  # changes made on this side are told
    seen: tuple[object, ...] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Stands in a message for a container, which the message lists apart."""

    number: str


class Twins:
    """The containers that this side shares with the other. `prefix` tells apart the numbers that each side gives."""

    def __init__(self, prefix: str) -> None:
        self._numbers = (f"{prefix}{number}" for number in count())
        self._by_number: dict[str, Twin] = {}
        self._by_id: dict[int, Twin] = {}

    def __len__(self) -> int:
        return len(self._by_number)

    def marked(self, value: Any, *, carries: bool, new: list[Twin]) -> Any:
        """The value with a mark for each container in it. Containers without a number get one and join `new`."""
        if type(value) in _CONTAINERS:
            return self._mark(value, carries=carries, new=new)
        if type(value) is tuple and not _NESTING.isdisjoint(map(type, value)):
            return tuple(self.marked(item, carries=carries, new=new) for item in value)
        return value

    def _mark(self, value: Any, *, carries: bool, new: list[Twin]) -> Any:
        twin = self._by_id.get(id(value))
        if twin is None:
            if len(self) >= MAX_TWINS:
                return value
            twin = self.add(next(self._numbers), value, carries=carries)
            new.append(twin)
        twin.carries = twin.carries or carries
        return Mark(twin.number)

    def content(self, twin: Twin, *, new: list[Twin]) -> Any:
        """A shallow copy of a container in which marks stand for the containers within."""
        twin.seen = _contents(twin.value)
        if not _nests(twin.value):
            return dict(twin.value) if type(twin.value) is defaultdict else twin.value
        copy = dict(twin.value) if type(twin.value) is defaultdict else twin.value.copy()
        places: Iterable[tuple[Any, Any]] = copy.items() if isinstance(copy, dict) else enumerate(copy)
        for place, item in list(places):
            copy[place] = self.marked(item, carries=twin.carries, new=new)
        return copy

    def add(self, number: str, value: Any, *, carries: bool) -> Twin:
        """Take in a container under a number."""
        twin = Twin(number, value, carries)
        self._by_number[number] = self._by_id[id(value)] = twin
        return twin

    def get(self, number: object) -> Twin | None:
        """The container of this number, if this side still shares it."""
        return self._by_number.get(number) if type(number) is str else None

    def changed(self) -> Iterator[Twin]:
        """The containers whose changes the other side has to be told."""
        for twin in list(self._by_number.values()):
            if twin.carries and not _same(twin.seen, _contents(twin.value)):
                yield twin

    def forget(self, numbers: Iterable[object]) -> None:
        """Stop sharing these."""
        for number in numbers:
            if twin := self.get(number):
                del self._by_number[twin.number], self._by_id[id(twin.value)]

    def unreachable(self) -> list[str]:
        """Forget the containers that nothing else on this side refers to, and name them for the other side."""
        gone = [number for number, twin in self._by_number.items() if sys.getrefcount(twin.value) <= _ALONE]
        self.forget(gone)
        return gone


def refill(value: Any, new: Any) -> None:
    """Give a container other contents, for which `holds` is true."""
    if isinstance(value, dict):
        value.clear()
        dict.update(value, new)
    elif isinstance(value, set | deque):
        value.clear()
        value.update(new) if isinstance(value, set) else value.extend(new)
    else:
        value[:] = new


def extra_of(value: Any) -> Any:
    """What a container is made with besides its contents: a deque's greatest length, a defaultdict's factory."""
    return value.maxlen if type(value) is deque else getattr(value, "default_factory", None)


def empty(kind: str, extra: Any) -> Any:
    """A new container of this kind. Raises KeyError for any other word, TypeError or ValueError for a wrong extra."""
    if KINDS[kind] is deque:
        return deque(maxlen=extra)
    return defaultdict(extra) if KINDS[kind] is defaultdict else KINDS[kind]()


def holds(value: Any, new: Any) -> bool:
    """Whether these contents are of the type with which this container travels."""
    return type(new) is (dict if type(value) is defaultdict else type(value))


def _nests(value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    return not isinstance(value, set | bytearray) and not _NESTING.isdisjoint(map(type, parts))


def _contents(value: Any) -> tuple[object, ...]:
    if isinstance(value, dict):
        return (*value.keys(), *value.values())
    return (bytes(value),) if isinstance(value, bytearray) else tuple(value)


def _same(old: tuple[object, ...] | None, new: tuple[object, ...]) -> bool:
    if old is None or len(old) != len(new):
        return False
    return all(a is b or (type(a) is type(b) is bytes and a == b) for a, b in zip(old, new, strict=True))


def _references_of_one_alone() -> int:
    twin = Twin("", [], carries=False)
    return sys.getrefcount(twin.value)


_ALONE = _references_of_one_alone()
