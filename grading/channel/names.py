"""The global names of test cells: the test's own, then Python's, then the learner's, asked for when they are used.

A name that a test binds stays in the judge's process, since it may hold an expected value. Only names that the author's
own cells bind and functions there read are told to the learner's process, and deletions, which hold nothing.
"""

import builtins
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import TYPE_CHECKING, Any

from grading.channel.prelude import Prelude
from grading.channel.stops import NotCarried

if TYPE_CHECKING:
    from grading.channel.link_judge import JudgeEnd

_BUILTINS = frozenset(vars(builtins))
_MISSING = object()


class Names(dict[str, Any]):
    """The namespace in which a judge's test cells run. A real dict, as `exec` demands, that looks further."""

    def __init__(self, end: "JudgeEnd") -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._end = end
        self._prelude = Prelude()
        self._fetched: dict[str, Any] = {}
        self._outdated: dict[str, Any] = {}  # values that may have changed since they were fetched
        self._deleted: set[str] = set()
        self._told: set[str] = set()
        self._hidden = {"__name__", "__builtins__", "issubclass"}

    def share(self, prelude: Prelude) -> None:
        """Say which names the author's notebook binds."""
        self._prelude = prelude

    def prepared(self) -> None:
        """The prelude has run; what it bound is not for the learner to change."""
        self._hidden |= {name for name in dict.keys(self) if name.startswith("__")}

    def begin(self) -> None:
        """Another test cell: the learner's cells may have run meanwhile, so that all names are asked for anew."""
        self._outdated.clear()
        self._fetched.clear()
        for name in self._told:
            dict.pop(self, name, None)
        self._told.clear()

    def stale(self, names: list[str]) -> None:
        """The learner's end says that these names may mean something else by now."""
        for name in names:
            if name in self._fetched:
                self._outdated[name] = self._fetched.pop(name)

    def operators_of(self, name: str) -> frozenset[str]:
        """The special methods that the author's own class of this name defines."""
        return self._prelude.operators.get(name, frozenset())

    def methods_of(self, name: str) -> frozenset[str]:
        """All methods that the author's own class of this name defines."""
        return self._prelude.methods.get(name, frozenset())

    def __missing__(self, name: str) -> Any:
        if name in self._deleted or name.startswith("__"):
            raise KeyError(name)
        if name in _BUILTINS and name not in self._prelude.author_names:
            raise KeyError(name)
        if name not in self._fetched:
            self._fetched[name] = self._fetch(name)
        return self._fetched[name]

    def _fetch(self, name: str) -> Any:
        shared = name in self._prelude.shared_names
        before = self._outdated.pop(name, _MISSING)
        found = self._end.fetch(name, shared=shared, has=before is not _MISSING)
        return before if found is self._end.unchanged else found

    def __setitem__(self, name: str, value: Any) -> None:
        dict.__setitem__(self, name, value)
        if name in self._prelude.shared_names or name in self._deleted:
            self._deleted.discard(name)
            self._tell(name, value)

    def _tell(self, name: str, value: Any) -> None:
        try:
            self._end.value("store", value, name=name)
        except NotCarried:
            return
        self._fetched.pop(name, None)
        if not self._is_ours(name):
            self._told.add(name)

    def _is_ours(self, name: str) -> bool:
        return name in self._prelude.constants

    def __delitem__(self, name: str) -> None:
        is_own = dict.__contains__(self, name)
        if not is_own and name not in self:
            raise KeyError(name)
        if is_own:
            dict.__delitem__(self, name)
        if name in self._prelude.author_names:
            self._end.value("drop", name=name)
            self._deleted.add(name)
        self._fetched.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return self.get(name, _MISSING) is not _MISSING

    def get(self, name: Any, default: Any = None) -> Any:
        """The value of a name, the learner's included."""
        try:
            return self[name]
        except KeyError:
            return default

    def pop(self, name: str, *default: Any) -> Any:
        """Delete a name and return what it held."""
        if name not in self and default:
            return default[0]
        value = self[name]
        del self[name]
        return value

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """The names of test and learner."""
        return dict.fromkeys(self).keys()

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        """Names and values of test and learner."""
        return {name: self[name] for name in self}.items()

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        """Values of test and learner."""
        return {name: self[name] for name in self}.values()

    def __iter__(self) -> Iterator[str]:
        own = [name for name in dict.keys(self) if name not in self._hidden]
        theirs = [name for name in self._end.names_there() if name not in self._deleted]
        return iter(dict.fromkeys([*own, *theirs]))

    def __len__(self) -> int:
        return len(list(iter(self)))
