"""Brings the files of Python for the browser: only what the manifest names, each compared with its SHA-256.

What has come stays when the rest does not, so that a second try goes on. A build is seen by the site only when it is
whole.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whitenoise.compress import Compressor

from .manifest import LOCK_NAME, Manifest, RuntimeFile
from .sources import FAULTS, Content, NotOffered, Source

PIECE = 256 * 1024
ROOM = 1.5  # times its size: compressed copies come to it
PACKED = (".whl", ".zip")  # compressed already


class FetchProblem(Exception):
    """Some files did not come. Says which and why; what came stays."""


def fetch(manifest: Manifest, *, sources: Iterable[Source], into: Path, say: Callable[[str], None]) -> bool:
    """Make the build of this manifest whole in the folder `into`; False where it was. Safe to repeat and to kill.

    Asks the sources in their order for what is still missing. Raises FetchProblem. One at a time: another waits.
    """
    into.mkdir(parents=True, exist_ok=True)
    whole, part = into / manifest.build, into / f"{manifest.build}.part"
    with _alone(into / "fetching.lock"):
        if whole.is_dir():
            return False
        part.mkdir(exist_ok=True)
        _check_room(manifest, part)
        problems = _bring(manifest, sources=sources, part=part, say=say)
        if missing := [file.name for file in manifest.files if not _is_right(part / file.name, file)]:
            raise FetchProblem(_what_is_missing(missing, problems))
        (part / LOCK_NAME).write_text(manifest.lock())
        _compress(part)
        part.rename(whole)
    return True


def _bring(manifest: Manifest, *, sources: Iterable[Source], part: Path, say: Callable[[str], None]) -> list[str]:
    """Take what the sources offer; what went wrong, in sentences."""
    problems: list[str] = []
    for source in sources:
        missing = {file.name: file for file in manifest.files if not _is_right(part / file.name, file)}
        try:
            for file, content in source.offers(list(missing.values())):
                if file.name not in missing:
                    continue  # it lies twice in what somebody brought
                if _take(file, content, into=part):
                    del missing[file.name]
                    left = sum(other.bytes for other in missing.values())
                    say(f"{file.name}: {megabytes(manifest.bytes - left)} of {megabytes(manifest.bytes)}")
                else:
                    problems.append(f"{file.name} was offered, but its SHA-256 is another one. It was not taken.")
        except (*FAULTS, NotOffered, KeyError) as fault:
            problems.append(str(fault))
    return problems


def _take(file: RuntimeFile, content: Content, *, into: Path) -> bool:
    """Keep this content if it is the file; never reads more than the file has."""
    new, digest, left = into / f"{file.name}.new", hashlib.sha256(), file.bytes + 1
    with new.open("wb") as kept:
        while left and (piece := content.read(min(PIECE, left))):
            left -= len(piece)
            digest.update(piece)
            kept.write(piece)
    if digest.hexdigest() != file.sha256:
        new.unlink()
        return False
    new.rename(into / file.name)
    return True


def _is_right(path: Path, file: RuntimeFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.bytes:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _compress(folder: Path) -> None:
    """A packed copy beside each file that gets smaller by it, so that no visitor waits for packing."""
    compressor = Compressor(quiet=True)
    for path in sorted(folder.iterdir()):
        if path.suffix not in PACKED:
            list(compressor.compress(str(path)))


def _check_room(manifest: Manifest, folder: Path) -> None:
    there = sum(path.stat().st_size for path in folder.iterdir())
    needed = manifest.bytes * ROOM - there
    if shutil.disk_usage(folder).free < needed:
        raise FetchProblem(
            f"The disk that holds {folder} is full: Python for the browser needs {megabytes(needed)}. "
            "Free some space and try again."
        )


def _what_is_missing(names: list[str], problems: list[str]) -> str:
    said = "\n".join(dict.fromkeys(problems)) or "No source has them."
    first = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return (
        f"Python for the browser is not complete: {first} did not come.\n{said}\n"
        "What has come is kept. Check the network or the proxy (HTTPS_PROXY) and try again, or bring the files: "
        "manage.py fetch_browser_runtime --from FOLDER"
    )


def megabytes(number: float) -> str:
    """Such as 52 MB."""
    return f"{number / 1e6:.0f} MB"


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One at a time on this machine; the system lets go when we die."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
