"""Course files as bytes and text: inside the course folder only, UTF-8, one kind of line end."""

import re
from dataclasses import dataclass
from pathlib import Path

from .mistakes import Notes

LARGEST_FILE_BYTES = 10 * 1024 * 1024
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # PostgreSQL and browsers refuse some of these


@dataclass(frozen=True)
class Folder:
    """The folder of one course, and where its mistakes are noted."""

    root: Path
    notes: Notes

    def content(self, path: Path, *, why: str) -> bytes | None:
        """The bytes of a file, or None with a mistake noted. `why` says what needs the file."""
        if not path.resolve().is_relative_to(self.root.resolve()):
            self._note(path, "This file is a link that leads out of the course folder.", "Put the file itself here.")
        elif not path.is_file():
            self._note(path, f"This file is missing. {why}", "Add the file, or take its name out.")
        elif path.stat().st_size > LARGEST_FILE_BYTES:
            self._note(path, "This file is larger than 10 MB.", "Make it smaller: learners download it.")
        else:
            return path.read_bytes()
        return None

    def text(self, path: Path, *, why: str) -> str | None:
        """The text of a file with Unix line ends, or None with a mistake noted."""
        content = self.content(path, why=why)
        if content is None:
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self.notes.add(
                path, line=line, problem="This line is not UTF-8 text.", cure="Save the file in the UTF-8 encoding."
            )
            return None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if bad := UNPRINTABLE.search(text):
            line, cure = text[: bad.start()].count("\n") + 1, "Delete the line and type it again."
            self.notes.add(path, line=line, problem="This line holds a character that cannot be shown.", cure=cure)
            return None
        return text

    def _note(self, path: Path, problem: str, cure: str) -> None:
        self.notes.add(path, line=1, problem=problem, cure=cure)
