"""Small files that a test and the learner's code both use, copied by name between their two scratch folders.

Which files: those whose names a test cell spells out, and those that it hands to a function as a path. Each side looks
before it speaks whether such a file has changed since, and sends it along. Paths below the own folder are named
relative to it, since the two folders may lie in different places.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PosixPath

MAX_FILE = 8 << 20  # bytes
MAX_FILES = 100
_NAME = re.compile(r"[\w .+-]{1,80}(?:/[\w .+-]{1,80}){0,5}")
_Stamp = tuple[int, int]


class FileRefused(Exception):
    """A file's name or size that does not go from one folder to the other."""


class SharedFiles:
    """The files below `root` that this side keeps in step with the other side."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self._watched: dict[str, _Stamp | None] = {}

    def relative(self, path: object) -> str | None:
        """The name below the folder, for a path that leads to a place below it; None for any other value."""
        if type(path) not in (str, PosixPath) or not path or "\n" in (text := str(path)) or len(text) > 300:
            return None
        full = Path(os.path.normpath(self.root / text))
        for root in {self.root, Path(os.path.abspath(self.root))}:
            if full != root and full.is_relative_to(root) and _NAME.fullmatch(name := str(full.relative_to(root))):
                return name
        return None

    def watch(self, name: str, *, known: bool = False) -> None:
        """Keep this file, or every file of this folder, in step. `known`: the other side has it as it is now."""
        if len(self._watched) < MAX_FILES and is_name(name):
            self._watched.setdefault(name, self._stamp(name) if known else None)

    def watched(self) -> list[str]:
        """The names that are kept in step."""
        return list(self._watched)

    def changed(self) -> Iterator[tuple[str, bytes | None]]:
        """Each file that is new or other than the other side knows it, with its bytes; None for one that is gone."""
        for name in list(self._watched):
            if (self.root / name).is_dir():
                self._watch_folder(name)
        for name, before in list(self._watched.items()):
            now = self._stamp(name)
            if now != before:
                self._watched[name] = now
                yield name, None if now is None else (self.root / name).read_bytes()

    def take(self, name: object, content: object) -> None:
        """Write, or remove, a file as the other side has it. Raises FileRefused."""
        if type(name) is not str or not is_name(name) or not self._is_watched(name):
            raise FileRefused("A file came that nobody asked for.")
        if content is None:
            self._remove(name)
        elif type(content) is bytes and len(content) <= MAX_FILE:
            self._write(name, content)
        else:
            raise FileRefused("A file is no bytes, or too many.")
        self._watched[name] = self._stamp(name)

    def _is_watched(self, name: str) -> bool:
        if len(self._watched) >= MAX_FILES and name not in self._watched:
            return False
        return any(name == known or name.startswith(f"{known}/") for known in self._watched)

    def _watch_folder(self, name: str) -> None:
        for place, _, files in os.walk(self.root / name):
            for file in files:
                self.watch(str((Path(place) / file).relative_to(self.root)))

    def _write(self, name: str, content: bytes) -> None:
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not Path(os.path.realpath(place.parent)).is_relative_to(self.root):
            raise FileRefused("A file would lie outside the folder.")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        try:
            handle = os.open(place, flags, 0o644)
        except OSError as problem:
            raise FileRefused(f"A file cannot be written: {problem.strerror}") from problem
        with os.fdopen(handle, "wb") as file:
            file.write(content)

    def _remove(self, name: str) -> None:
        place = self.root / name
        if place.is_file():
            place.unlink()

    def _stamp(self, name: str) -> _Stamp | None:
        place = self.root / name
        try:
            found = place.lstat()
        except OSError:
            return None
        if not place.is_file() or place.is_symlink() or found.st_size > MAX_FILE:
            return None
        return found.st_mtime_ns, found.st_size


def is_name(name: str) -> bool:
    """Whether this is a plain name below a folder."""
    return _NAME.fullmatch(name) is not None and not any(part in (".", "..") for part in name.split("/"))


def looks_like_file(text: str) -> bool:
    """Whether a text in a test's source names a file: a plain name with an ending of letters."""
    return re.fullmatch(r"(?:\./)?[\w-][\w .-]{0,60}(?:/[\w-][\w .-]{0,60})*\.[A-Za-z]\w{1,9}", text) is not None
