"""Brings the files of Python for the browser: only what the manifest names, each compared with its SHA-256.

What has come stays when the rest does not, so that a second try goes on. A build is seen by the site only when it is
whole.
"""

import fcntl
import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whitenoise.compress import Compressor

from . import places
from .manifest import COMPILED_HERE, LOCK_NAME, Manifest, RuntimeFile, megabytes, weight
from .sources import FAULTS, Brought, Content, Source

PIECE = 256 * 1024
ROOM = 1.5  # times its size: compressed copies come to it
PACKED = (".whl", ".zip")  # compressed already


class FetchProblem(Exception):
    """Some files did not come. Says which and why; what came stays."""


def fetch(manifest: Manifest, *, sources: Iterable[Source], into: Path, say: Callable[[str], None]) -> bool:
    """Make the build of this manifest whole in the folder `into`; False where it was. Safe to repeat and to kill.

    Asks the sources in their order for what is still missing. Raises FetchProblem. One at a time: another waits.
    """
    whole, is_new = places.folder_of(manifest, into), not into.is_dir()
    try:
        if _is_whole(manifest, whole):
            return False
        into.mkdir(parents=True, exist_ok=True)
        if is_new:
            into.chmod(0o755)  # the site may run as another user
        with _alone(places.lock_of(into), say=say):
            if _is_whole(manifest, whole):
                return False
            _make_whole(manifest, whole, sources=sources, say=say)
    except OSError as fault:
        raise FetchProblem(f"Python for the browser could not be kept in {into}: {fault}") from fault
    return True


def _is_whole(manifest: Manifest, folder: Path) -> bool:
    """Whether all that is served is as it was made."""
    lock, packed = folder / LOCK_NAME, folder.glob("*.gz")
    return (
        not _missing(manifest, folder)
        and lock.is_file()
        and lock.read_text() == manifest.lock()
        and all(_unpacked(path) == path.with_suffix("").read_bytes() for path in packed)
    )


def _unpacked(path: Path) -> bytes | None:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        return None


def _make_whole(manifest: Manifest, whole: Path, *, sources: Iterable[Source], say: Callable[[str], None]) -> None:
    """A folder that was damaged is mended where it is: what is right in it goes on being served."""
    part = whole if whole.is_dir() else whole.with_suffix(places.UNFINISHED)
    part.mkdir(exist_ok=True)
    _check_room(manifest, part)
    problems = _bring(manifest, sources=sources, part=part, say=say)
    if missing := _missing(manifest, part):
        raise FetchProblem(_what_is_missing(missing, problems))
    (part / LOCK_NAME).write_text(manifest.lock())
    _compress(part)
    _settle(part)
    part.rename(whole)


def _bring(manifest: Manifest, *, sources: Iterable[Source], part: Path, say: Callable[[str], None]) -> list[str]:
    """Take what the sources offer; what went wrong, in sentences."""
    problems: list[str] = []
    for source in (Brought(COMPILED_HERE), *sources):  # the site's own first
        missing = {file.name: file for file in _missing(manifest, part)}
        try:
            for file, content in source.offers(list(missing.values())):
                if file.name not in missing:
                    continue  # it lies twice in what somebody brought
                if problem := _problem_with(file, content, into=part):
                    problems.append(problem)
                    continue
                del missing[file.name]
                left = weight(missing.values())
                say(f"{file.name}: {megabytes(manifest.bytes - left)} of {megabytes(manifest.bytes)}")
        except FAULTS as fault:
            problems.append(_said(fault))
    return problems


def _problem_with(file: RuntimeFile, content: Content, *, into: Path) -> str | None:
    """Keep this content if it is the file: None then, else what is wrong with it. Reads no more than the file has."""
    new, digest, left = into / f"{file.name}.new", hashlib.sha256(), file.bytes + 1
    with new.open("wb") as kept:
        try:
            while left and (piece := content.read(min(PIECE, left))):
                left -= len(piece)
                digest.update(piece)
                kept.write(piece)
        except FAULTS as fault:
            return _said(fault)
    if digest.hexdigest() != file.sha256:
        new.unlink()
        return f"{file.name} was offered, but its SHA-256 is another one. It was not taken."
    new.rename(into / file.name)
    return None


def _said(fault: Exception) -> str:
    return str(fault) or type(fault).__name__


def _missing(manifest: Manifest, folder: Path) -> list[RuntimeFile]:
    return [file for file in manifest.files if not _is_right(folder / file.name, file)]


def _is_right(path: Path, file: RuntimeFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.bytes:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _compress(folder: Path) -> None:
    """A packed copy beside each file that gets smaller by it, so that no visitor waits for packing."""
    compressor = Compressor(use_brotli=False, quiet=True)
    for path in sorted(folder.iterdir()):
        if path.suffix not in PACKED:
            list(compressor.compress(str(path)))


def _settle(folder: Path) -> None:
    """Leave nothing but the files, on the disk, for everybody to read."""
    for path in folder.iterdir():
        if path.suffix == ".new":
            path.unlink()
        else:
            path.chmod(0o644)
            _to_the_disk(path)
    folder.chmod(0o755)
    _to_the_disk(folder)


def _to_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_room(manifest: Manifest, folder: Path) -> None:
    there = sum(path.stat().st_size for path in folder.iterdir())
    needed = manifest.bytes * ROOM - there
    if shutil.disk_usage(folder).free < needed:
        raise FetchProblem(
            f"The disk that holds {folder} is full: Python for the browser needs {megabytes(needed)}. "
            "Free some space and try again."
        )


def _what_is_missing(files: list[RuntimeFile], problems: list[str]) -> str:
    said = "\n".join(dict.fromkeys(problems)) or "No source has them."
    first = ", ".join(file.name for file in files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    return (
        f"Python for the browser is not complete: {first} did not come.\n{said}\n"
        "What has come is kept. Check the network or the proxy (HTTPS_PROXY) and try again, or bring the files: "
        "manage.py fetch_browser_runtime --from FOLDER"
    )


@contextmanager
def _alone(lock: Path, *, say: Callable[[str], None]) -> Iterator[None]:
    """One at a time on this machine; the system lets go when we die."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command fetches it; waiting for it.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
