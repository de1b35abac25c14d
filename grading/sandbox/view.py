"""The files that a confined process sees: what Python needs, read-only, and one scratch folder."""

import os
import sys
from functools import partial
from pathlib import Path

from grading.sandbox import linux

_PROJECT = Path(__file__).resolve().parents[2]
# What programs need. Every other folder at the top is hidden: nobody knows where somebody keeps their data.
SYSTEM = {"bin", "dev", "etc", "gnu", "lib", "lib32", "lib64", "libx32", "nix", "proc", "sbin", "sys", "usr"}
_WRITABLE = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]  # noqa: S108 - private and empty here # nosec B108


def narrow(scratch: Path, *, uid: int, size_mb: int, own_processes: bool) -> None:
    """Replace what this process sees of the machine's files. Call in a new mount namespace, before giving up rights.

    Raises OSError where the machine does not allow it; the first step that can be refused changes nothing.
    """
    linux.mount("none", Path("/"), flags=linux.PRIVATE | linux.RECURSIVE)
    linux.works(linux.make_everything_read_only)  # older kernels cannot
    _mount_empty(scratch, options=f"size={size_mb}m,mode=700,uid={uid}")
    needed = [*python_folders(), scratch]
    handles = {path: os.open(path, os.O_PATH) for path in needed}
    for path in covers(needed):
        _mount_empty(path, options=f"size={size_mb}m,mode={1777 if path in _WRITABLE else 755}")
    for path, handle in handles.items():
        if not _same_file(path, handle):
            path.mkdir(parents=True, exist_ok=True)
            linux.mount(f"/proc/self/fd/{handle}", path, flags=linux.BIND | linux.RECURSIVE)
        os.close(handle)
    if own_processes:
        proc = partial(linux.mount, "proc", Path("/proc"), kind="proc", flags=linux.NOSUID | linux.NODEV)
        linux.works(proc)  # refused inside some containers; then the numbers of other processes can be seen


def python_folders() -> list[Path]:
    """The folders that starting this Python again needs, each as named and as resolved, without those inside others."""
    named = [Path(sys.prefix), Path(sys.base_prefix), *_links(Path(sys.executable))]
    every = {path for name in named for path in (name.absolute(), name.resolve())}
    return sorted(path for path in every if not any(other in path.parents for other in every))


def covers(needed: list[Path]) -> list[Path]:
    """The folders to hide: those never needed, and those that a process without rights could not pass through."""
    closed = [parent for path in needed for parent in path.parents if not parent.stat().st_mode & 0o001]
    others = [path for path in Path("/").iterdir() if path.name not in SYSTEM]
    wanted = [path for path in [*others, _PROJECT, *_WRITABLE, *closed] if path.is_dir() and not path.is_symlink()]
    kept = [path for path in wanted if not any(path == other or other in path.parents for other in needed)]
    return sorted({path for path in kept if not any(other in path.parents for other in kept)})


def unreadable(folders: list[Path]) -> list[Path]:
    """Those of the folders that this process cannot use."""
    return [path for path in folders if not os.access(path, os.R_OK | os.X_OK)]


def _mount_empty(path: Path, *, options: str) -> None:
    linux.mount("empty", path, kind="tmpfs", flags=linux.NOSUID | linux.NODEV, options=options)


def _links(path: Path) -> list[Path]:
    """The folders of a chain of symbolic links."""
    folders = []
    while path.is_symlink():
        path = path.parent / path.readlink()
        folders.append(path.parent)
    return folders


def _same_file(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
