"""Reading JSON that people wrote: each field is asked for by name, and what nobody asked for is reported."""

import json
from pathlib import Path
from typing import Any


class FolderProblem(Exception):
    """The folder cannot be judged as it is; one sentence says what is wrong with which file."""


class Fields:
    """One JSON object. Ask for its fields, then `problems` names the rest and every value of a wrong kind."""

    def __init__(self, data: object, *, where: str) -> None:
        """`where` names the object in messages. Raises FolderProblem when it is no object."""
        if not isinstance(data, dict):
            raise FolderProblem(f"{where} is not a JSON object.")
        self.where = where
        self._data: dict[str, Any] = data
        self._asked: set[str] = set()
        self._wrong: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def needed(self, name: str) -> str:
        """Text without which nothing can be done. Raises FolderProblem."""
        value = self.raw(name)
        if not isinstance(value, str) or not value:
            raise FolderProblem(f"{self.where} has no {name}.")
        return value

    def raw(self, name: str) -> Any:
        """The value, whatever it is; None when it is not there."""
        self._asked.add(name)
        return self._data.get(name)

    def text(self, name: str) -> str:
        """Text; empty when it is not there."""
        value = self.raw(name)
        return self._of_kind(name, value, isinstance(value, str), default="", kind="text")

    def number(self, name: str) -> float | None:
        """A number above zero; None when it is not there."""
        value = self.raw(name)
        good = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
        return self._of_kind(name, value, good, default=None, kind="a number above zero")

    def flag(self, name: str) -> bool | None:
        """True or false; None when it is not there."""
        value = self.raw(name)
        return self._of_kind(name, value, isinstance(value, bool), default=None, kind="true or false")

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty when it is not there. One text counts as a list of one."""
        value = self.raw(name)
        value = [value] if isinstance(value, str) else value
        good = isinstance(value, list) and all(isinstance(word, str) for word in value)
        return tuple(self._of_kind(name, value, good, default=[], kind="a list of texts"))

    def inside(self, name: str) -> "Fields":
        """An object inside this one; an empty one when it is not there."""
        value = self.raw(name)
        value = self._of_kind(name, value, isinstance(value, dict), default={}, kind="an object")
        return Fields(value, where=f"{self.where}: {name}")

    def names(self) -> list[str]:
        """The names of all fields."""
        return list(self._data)

    def points(self, name: str) -> dict[str, float] | None:
        """Points by the name of a check; None when the field is not there."""
        if name not in self:
            self.raw(name)
            return None
        table = self.inside(name)
        found: dict[str, float] = {}
        for check in table.names():
            value = table.raw(check)
            if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
                found[check] = float(value)
            else:
                self._wrong.append(f"{self.where}: {name}.{check} is not a number of points.")
        return found

    def problems(self) -> tuple[str, ...]:
        """What this tool cannot use: unknown fields, and values that are not what their name says."""
        unknown = sorted(self._data.keys() - self._asked)
        return (*self._wrong, *(f"{self.where}: the field {name} is not known." for name in unknown))

    def _of_kind(self, name: str, value: Any, good: bool, *, default: Any, kind: str) -> Any:
        if good:
            return value
        if value is not None:
            self._wrong.append(f"{self.where}: {name} is not {kind}.")
        return default


def read_json(path: Path) -> object:
    """What the file holds. Raises FolderProblem with one sentence when it is missing or no JSON."""
    try:
        return json.loads(existing(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:
        raise FolderProblem(f"{path} is not JSON: {problem}.") from problem


def existing(path: Path) -> Path:
    """The path itself. Raises FolderProblem when there is no such file."""
    if not path.is_file():
        raise FolderProblem(f"The file {path} is missing.")
    return path
