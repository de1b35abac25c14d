"""What a canary, a confined child of our own, tries in order to get out. Nothing here does harm where it succeeds.

Each attempt either raises OSError, which is what a wall makes it do, or returns: then it got through.
"""

import contextlib
import errno
import mmap
import os
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from grading.sandbox import needs, syscalls

_REFUSED = {errno.EPERM, errno.ENOSYS, errno.EACCES}
_MEGABYTE = 1 << 20
_SPARE_MEGABYTES, _MANY_FILES = 8, 5000
_TERMINAL_INPUT, _SET_OWNER, _NEW_USER_CHILD = 0x5412, 8, 0x10000000 | signal.SIGCHLD
_SEIZE = 0x4206  # of ptrace


class Property(StrEnum):
    """What the wall promises about learner code."""

    NETWORK = "no network"
    SECRETS = "no secret is readable"
    FILES = "nothing but its own folder is writable"
    PROCESSES = "no other process is reachable"
    KERNEL = "dangerous system calls are refused"
    RESOURCES = "memory, files and descriptors are bounded"
    NEIGHBOUR = "a neighbour's work is out of sight"
    PYTHON = "Python works"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a canary is told about the world outside, so that only the wall can stop it."""

    addresses: dict[str, str | int]
    token: str
    secrets: list[str]
    beyond: list[str]
    open_file: str
    neighbours_file: str
    processes: list[int]  # that it must not be able to signal
    victims: list[int]  # of its own user, and killed by what it sends
    memory_mb: int
    files_mb: int
    bounded_folder: bool  # the kernel bounds the work folder; elsewhere it is watched
    time_zones: bool  # this machine has their data


_Attempts = Iterator[tuple[str, Callable[[], object]]]


def escaped(stage: Stage) -> dict[Property, list[str]]:
    """Try everything; the attempts that were not refused, for each property."""
    python = needs.unmet(time_zones=stage.time_zones)  # asked first, while the folder is empty
    tried: dict[Property, _Attempts] = {
        Property.NETWORK: _network(stage),
        Property.SECRETS: _secrets(stage),
        Property.FILES: _files(stage),
        Property.PROCESSES: _processes(stage),
        Property.NEIGHBOUR: iter([("read a neighbour's file", partial(_read, stage.neighbours_file))]),
        Property.RESOURCES: _resources(stage),
    }
    found = {name: [what for what, attempt in attempts if _succeeds(attempt)] for name, attempts in tried.items()}
    return found | {Property.KERNEL: _kernel(), Property.PYTHON: python}


def restricted_by_landlock() -> bool:
    """Whether a device that everybody may write to, and every other layer would let through, is refused."""
    return not _succeeds(lambda: os.close(os.open("/dev/zero", os.O_WRONLY)))


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _network(stage: Stage) -> _Attempts:
    at = stage.addresses
    yield "connect to a TCP port", lambda: socket.create_connection(("127.0.0.1", at["TCP port"]), 2)
    yield "send to a UDP port", lambda: _send(socket.AF_INET, ("127.0.0.1", at["UDP port"]))
    yield "send to a socket file", lambda: _send(socket.AF_UNIX, at["datagram socket file"])
    yield "send to a socket file from a pair", lambda: _send_from_a_pair(at["datagram socket file"])
    for name in ("socket file", "abstract socket"):
        yield f"connect to a {name}", partial(_connect, str(at[name]))
    for family in ("AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"):
        number = getattr(socket, family)
        yield f"make a socket of {family}", partial(_make_raw_socket, number)


def _send(family: int, address: object) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"out", address)  # type: ignore[call-overload]


def _send_from_a_pair(address: object) -> None:
    for sender in socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM):
        with sender:
            sender.sendto(b"out", address)  # type: ignore[call-overload]


def _connect(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as sender:
        sender.connect(address)
        sender.sendall(b"out")


def _make_raw_socket(family: int) -> None:
    socket.socket(family, socket.SOCK_RAW).close()


def _secrets(stage: Stage) -> _Attempts:
    for path in stage.secrets:
        yield f"read {path}", partial(_read, path)
    for pid in ["self", "1", *stage.processes, *stage.victims]:
        yield f"read the environment of process {pid}", partial(_read, f"/proc/{pid}/environ")
        yield f"open the memory of process {pid}", partial(os.open, f"/proc/{pid}/mem", os.O_RDONLY)
    yield "find a secret of the site's environment", lambda: _expect(stage.token in repr(os.environ))
    yield "read a file that was left open", lambda: _expect(any(map(_regular, range(3, 1024))))


def _read(path: str) -> None:
    """Raises OSError where this path, a file or a folder, cannot be read."""
    os.listdir(path) if os.path.isdir(path) else Path(path).read_bytes()


def _expect(found: bool) -> None:
    if not found:
        raise OSError(errno.ENOENT, "nothing found")


def _regular(descriptor: int) -> bool:
    with contextlib.suppress(OSError):
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    return False


def _files(stage: Stage) -> _Attempts:
    for path in stage.beyond:  # which of them are there afterwards is seen from outside: inside some are one's own
        _succeeds(Path(path).touch)
    yield "change a file that everybody may write to", lambda: Path(stage.open_file).write_text("changed")
    yield "empty that file", lambda: os.close(os.open(stage.open_file, os.O_RDONLY | os.O_TRUNC))
    yield "cut that file", lambda: os.truncate(stage.open_file, 0)
    yield "open that file to everybody", lambda: os.chmod(stage.open_file, 0o777)  # noqa: S103 (has to fail here) # nosec B103
    yield "give that file another name", lambda: os.link(stage.open_file, "other-name")
    yield "rename that file", lambda: os.rename(stage.open_file, "own")
    yield "leave a link that leads out", lambda: os.symlink(stage.open_file, "link")
    yield "make a device", lambda: os.mknod("device", 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    yield "make a pipe with a name", lambda: os.mkfifo("pipe")


def _processes(stage: Stage) -> _Attempts:
    for pid in [*stage.processes, 0, -1]:
        yield f"see process {pid}", partial(os.kill, pid, 0)
    for pid in stage.victims:
        yield f"end process {pid}", partial(os.kill, pid, signal.SIGUSR1)
        yield f"trace process {pid}", partial(syscalls.call, "ptrace", _SEIZE, pid, 0, 0)
        yield f"hold process {pid}", partial(syscalls.call, "pidfd_open", pid, 0)
    yield "start a process", _fork
    yield "start a process in a namespace", lambda: _in_child(syscalls.call("clone", _NEW_USER_CHILD, 0, 0, 0, 0))
    yield "start a program", _execute


def _fork() -> None:
    _in_child(os.fork())


def _in_child(pid: int) -> None:
    if pid == 0:
        os._exit(0)


def _execute() -> None:
    """Raise OSError if programs cannot be started. Naming none that exists leaves this one in place where they can."""
    with contextlib.suppress(FileNotFoundError):
        os.execv("/nonexistent/program", ["program"])  # noqa: S606 (must be refused) # nosec B606


def _kernel() -> list[str]:
    """The calls that reached the kernel: with arguments that mean nothing, so that none of them did anything."""
    names = [name for name in syscalls.numbers(syscalls.REFUSED) if name not in ("fork", "vfork")]
    found = [name for name in names if _reaches_the_kernel(name, *[-1] * 6)]
    guarded: dict[str, tuple[str, tuple[int | bytes, ...]]] = {
        "make this process readable again": ("prctl", (4, 1, 0, 0, 0)),
        "raise a limit": ("prlimit64", (0, 7, -1, 0)),
        "type into a terminal": ("ioctl", (0, _TERMINAL_INPUT, -1)),
        "send signals through a file": ("fcntl", (0, _SET_OWNER, 1)),
        "make a process by clone3": ("clone3", (-1, 64)),
        "open by openat2": ("openat2", (-100, b"/", -1, 24)),
    }
    return found + [what for what, (name, values) in guarded.items() if _reaches_the_kernel(name, *values)]


def _reaches_the_kernel(name: str, *values: int | bytes) -> bool:
    try:
        syscalls.call(name, *values)
    except OSError as problem:
        return problem.errno not in _REFUSED
    return True


def _resources(stage: Stage) -> _Attempts:
    megabytes = stage.files_mb + _SPARE_MEGABYTES
    yield "take more memory", lambda: mmap.mmap(-1, stage.memory_mb * _MEGABYTE).close()
    yield "open files without end", _open_files
    yield "write one large file", partial(_write, "large", megabytes)
    _remove_files()
    if stage.bounded_folder:
        yield "fill the folder", partial(_write_many, megabytes, megabytes_each=1)
        _remove_files()
        yield "make files without end", partial(_write_many, _MANY_FILES, megabytes_each=0)
        _remove_files()


def _remove_files() -> None:
    for name in os.listdir():
        os.unlink(name)


def _open_files() -> None:
    opened: list[int] = []
    try:
        while len(opened) < _MANY_FILES:
            opened.append(os.open("/dev/null", os.O_RDONLY))
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _write(name: str, megabytes: int) -> None:
    with open(name, "wb") as file:
        for _ in range(megabytes):
            file.write(bytes(_MEGABYTE))


def _write_many(files: int, *, megabytes_each: int) -> None:
    for number in range(files):
        _write(str(number), megabytes_each)
