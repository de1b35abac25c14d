"""Linux namespaces: the warm process enters most of them once, so that each child needs only two more of its own."""

import contextlib
import os
import signal
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NoReturn

from grading.sandbox import linux, visible
from grading.sandbox.modes import Layer

HOSTNAME = "marking"
BOX, SHARED_MEMORY = Path("/box"), Path("/dev/shm")  # noqa: S108 (each child has its own) # nosec B108
_FLAGS = {
    Layer.MOUNT: linux.NEW_MOUNTS,
    Layer.PID: linux.NEW_PIDS,
    Layer.NETWORK: linux.NEW_NETWORK,
    Layer.IPC: linux.NEW_IPC,
    Layer.HOSTNAME: linux.NEW_HOSTNAME,
}
_ENTRIES_PER_MB, _FEWEST_ENTRIES = 32, 256
_KEPT_FLAGS = linux.READ_ONLY | linux.NOSUID | linux.NODEV | linux.NOEXEC


def enter(layers: Collection[Layer], *, readable: Iterable[Path]) -> int | None:
    """Move into new namespaces. Returns a handle for `fork_alone`, or None without the layer PID.

    With the layer PID the caller goes on as another process, the first of its namespace: when it ends, the kernel ends
    all that it has forked. The process that called stays behind, ends with it and in the same way. Raises OSError.
    """
    at_parents_end = linux.signal_at_parents_end()
    if Layer.USER in layers:
        _enter_user_namespace()
    linux.unshare(sum(flag for layer, flag in _FLAGS.items() if layer in layers))
    if Layer.PID in layers:
        _go_on_in_a_child(end_with_parent=bool(at_parents_end))
    if Layer.HOSTNAME in layers:
        linux.name_host(HOSTNAME)
    own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC) if Layer.PID in layers else None
    if Layer.MOUNT in layers:
        _enter_private_root(readable)
    return own_pids


def fork_alone(own_pids: int) -> int:
    """Like os.fork, the child being alone in a process namespace. Raises OSError."""
    linux.unshare(linux.NEW_PIDS)
    try:
        pid = os.fork()
    except OSError:
        linux.enter_namespace(own_pids, kind=linux.NEW_PIDS)
        raise
    if pid:
        linux.enter_namespace(own_pids, kind=linux.NEW_PIDS)  # the next child gets one of its own
    return pid


def mount_box(*, uid: int, megabytes: int) -> None:
    """In a child: a mount namespace of its own, with an empty bounded /box and a little shared memory."""
    linux.unshare(linux.NEW_MOUNTS)
    entries = max(_FEWEST_ENTRIES, megabytes * _ENTRIES_PER_MB)
    _mount_empty(BOX, options=f"size={megabytes}m,nr_inodes={entries},mode=700,uid={uid},gid={uid}")
    _mount_empty(SHARED_MEMORY, options=f"size=1m,nr_inodes=64,mode=700,uid={uid},gid={uid}")


def _enter_user_namespace() -> None:
    uid, gid = os.getuid(), os.getgid()
    linux.let_others_in()  # or the kernel keeps this process from writing its own maps
    linux.unshare(linux.NEW_USER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _go_on_in_a_child(*, end_with_parent: bool) -> None:
    if pid := os.fork():
        try:
            _stand_by(pid, end_with_parent=end_with_parent)
        finally:
            os._exit(1)
    linux.end_with_parent()


def _stand_by(pid: int, *, end_with_parent: bool) -> NoReturn:
    """Hold nothing open, wait for the child to end, and end like it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the child, if for anybody
    if end_with_parent:
        linux.works(linux.end_with_parent)  # entering a user namespace undid it
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # whoever waits for the end of a channel must see it
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code < 0:
        with contextlib.suppress(OSError):  # no handler can be set for SIGKILL, and none is needed
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(abs(code))


def _enter_private_root(readable: Iterable[Path]) -> None:
    """A root folder with these paths, read-only, a place for each child's box, and nothing else."""
    linux.mount("none", Path("/"), flags=linux.PRIVATE | linux.RECURSIVE)
    paths = [*readable, *visible.DEVICES]
    handles = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in paths if path.exists()}
    root = Path(tempfile.gettempdir())  # covered: the handles still lead to what lies below
    _mount_empty(root, options="size=1m,nr_inodes=2048,mode=755")
    for place in (BOX, SHARED_MEMORY):
        _inside(root, place).mkdir(parents=True)
    for path, handle in handles.items():
        _bind(handle, _inside(root, path))
    try:
        linux.make_read_only(root)
    except OSError:  # before Linux 5.12
        _remount_each([*(_inside(root, path) for path in handles), root])
    linux.become_root_folder(root)


def _bind(handle: int, place: Path) -> None:
    source = Path(f"/proc/self/fd/{handle}")
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        place.mkdir(exist_ok=True)
    else:
        place.touch()
    linux.mount(str(source), place, flags=linux.BIND | linux.RECURSIVE)
    os.close(handle)


def _remount_each(places: Iterable[Path]) -> None:
    for place in places:
        kept = os.statvfs(place).f_flag & _KEPT_FLAGS  # a normal user may not take these away
        linux.mount("none", place, flags=linux.REMOUNT | linux.BIND | linux.READ_ONLY | linux.NOSUID | kept)


def _inside(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _mount_empty(place: Path, *, options: str) -> None:
    linux.mount("empty", place, kind="tmpfs", flags=linux.NOSUID | linux.NODEV | linux.NOEXEC, options=options)
