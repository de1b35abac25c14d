"""Folders and files that appear whole or not at all, and never through a link that somebody has put there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


class InTheWay(Exception):
    """Something with that name is there already, or a folder that is needed cannot be made. Nothing was changed."""


def refuse_if_there(target: Path) -> None:
    """Raises InTheWay where a file, a folder or a broken link has this name."""
    if os.path.lexists(target):
        raise InTheWay(f"{target} is there already. Give another name, or move it away: nothing is overwritten.")


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A folder to fill. It becomes `target` at the end; where anything fails before, nothing is left of it.

    Folders above that are missing appear with it. It is filled two levels below a name that begins with a dot, where no
    reader of courses looks. Raises InTheWay.
    """
    refuse_if_there(target)
    top = next((above for above in (target, *target.parents) if above.parent.exists()), target)
    try:
        with TemporaryDirectory(prefix=".new-", dir=top.parent) as room:
            folder = Path(room) / top.name / target.relative_to(top)
            folder.mkdir(parents=True)
            yield folder
            refuse_if_there(top)
            (Path(room) / top.name).rename(top)
    except OSError as problem:
        raise InTheWay(f"{target} cannot be made: {problem.strerror or problem}. Give another folder.") from problem


def write_new(file: Path, content: bytes) -> None:
    """Write a file whole, and only where none has its name. Raises InTheWay."""
    try:
        with TemporaryDirectory(prefix=".new-", dir=file.parent) as room:
            draft = Path(room) / file.name
            draft.write_bytes(content)
            os.link(draft, file)  # unlike a rename it fails where the name is taken
    except FileExistsError:
        refuse_if_there(file)
    except OSError as problem:
        raise InTheWay(f"{file} cannot be written: {problem.strerror or problem}. Give another place.") from problem


def replace_whole(file: Path, content: bytes) -> None:
    """Put a file in place of what has its name, at once. Of a link only the link is replaced. Raises OSError."""
    with TemporaryDirectory(prefix=".new-", dir=file.parent) as room:
        draft = Path(room) / file.name
        draft.write_bytes(content)
        os.replace(draft, file)
