"""The Linux system calls that Python 3.11 does not offer. Each raises OSError when the kernel refuses."""

import ctypes
import os
import signal
import struct
from collections.abc import Callable
from pathlib import Path

from grading.sandbox import syscalls

NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PIDS, NEW_NETWORK = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
NEW_HOSTNAME, NEW_CGROUPS = 0x4000000, 0x2000000
READ_ONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_DETACH = 2  # of umount2
_SET_PDEATHSIG, _GET_PDEATHSIG, _SET_DUMPABLE, _DROP_BOUND, _SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVS = (
    1,
    2,
    4,
    24,
    36,
    38,
)
_AMBIENT, _CLEAR_ALL = 47, 4
_SYS_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _ATTR_READ_ONLY, _ATTR_NOSUID = 442, -100, 0x8000, 1, 2
_CAPABILITIES_VERSION, _SETPCAP = 0x20080522, 1 << 8
_libc = ctypes.CDLL(None, use_errno=True)


def works(step: Callable[[], object]) -> bool:
    """Whether a hardening step that not every machine allows has been done."""
    try:
        step()
    except OSError:
        return False
    return True


def unshare(flags: int) -> None:
    """Move this process into new namespaces."""
    _call("unshare", ctypes.c_int(flags))


def enter_namespace(fd: int, *, kind: int) -> None:
    """Move this process (for process namespaces: its next children) into the namespace that `fd` names."""
    _call("setns", ctypes.c_int(fd), ctypes.c_int(kind))


def mount(source: str, target: Path, *, kind: str = "", flags: int = 0, options: str = "") -> None:
    """mount(2)."""
    _call(
        "mount",
        source.encode(),
        os.fsencode(target),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )


def detach(target: Path) -> None:
    """Take a mount away, with all that are inside it, however busy they are."""
    _call("umount2", os.fsencode(target), ctypes.c_int(_DETACH))


def become_root_folder(folder: Path) -> None:
    """A mount becomes this mount namespace's root; what was root before can no longer be reached."""
    os.chdir(folder)
    syscalls.call("pivot_root", b".", b".")
    detach(Path("."))  # of the two at this place, the old one
    os.chdir("/")


def name_host(name: str) -> None:
    """The host's name in this namespace."""
    syscalls.call("sethostname", name.encode(), len(name.encode()))


def make_everything_read_only() -> None:
    """Every mount of this mount namespace becomes read-only and loses set-user-id. Linux 5.12 or later."""
    make_read_only(Path("/"))


def make_read_only(folder: Path) -> None:
    """The mount at this place and all inside it become read-only and lose set-user-id. Linux 5.12 or later."""
    attributes = ctypes.create_string_buffer(struct.pack("QQQQ", _ATTR_READ_ONLY | _ATTR_NOSUID, 0, 0, 0))
    _call(
        "syscall",
        ctypes.c_long(_SYS_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        os.fsencode(folder),
        ctypes.c_uint(_AT_RECURSIVE),
        attributes,
        ctypes.c_size_t(32),
    )


def end_with_parent(parent: int | None = None) -> None:
    """This process is killed when its parent ends. A change of user id undoes it: call it again after that.

    With `parent`, the id that the parent had before it forked, this process ends at once where that one has ended
    already: the kernel says it only to those who asked in time. Leave it out where the parent is in another namespace.
    """
    _prctl(_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def signal_at_parents_end() -> int:
    """The signal that this process gets when its parent ends; 0 for none."""
    number = ctypes.c_int()
    if _libc.prctl(_GET_PDEATHSIG, ctypes.byref(number)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    return number.value


def adopt_orphans() -> None:
    """Processes whose parent ends become children of this one, instead of the machine's."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def keep_others_out() -> None:
    """Processes of the same user may not read this one's memory or open its files. Programs it starts begin anew."""
    _prctl(_SET_DUMPABLE, 0)


def let_others_in() -> None:
    """Undo `keep_others_out`, and what a change of user id does of the kind."""
    _prctl(_SET_DUMPABLE, 1)


def capabilities() -> int:
    """The capabilities in effect, one bit each."""
    data = ctypes.create_string_buffer(24)
    syscalls.call("capget", struct.pack("Ii", _CAPABILITIES_VERSION, 0), data)
    low, _, _, high, _, _ = struct.unpack("6I", data.raw)
    return low | high << 32


def bound_capabilities() -> None:
    """No program started from here on gains a capability. Does nothing where this process may not decide that."""
    if not capabilities() & _SETPCAP:
        return
    for number in range(64):
        try:
            _prctl(_DROP_BOUND, number)
        except OSError:
            return  # the kernel knows no capability of this number


def drop_capabilities() -> None:
    """Give up every capability for good."""
    _prctl(_AMBIENT, _CLEAR_ALL)
    syscalls.call("capset", struct.pack("Ii", _CAPABILITIES_VERSION, 0), bytes(24))


def processor() -> int:
    """The number of the processor that this process runs on now."""
    return int(_libc.sched_getcpu())


def forbid_new_privileges() -> None:
    """No program started from here on gains rights by set-user-id or file capabilities."""
    _prctl(_SET_NO_NEW_PRIVS, 1)


def _prctl(option: int, value: int) -> None:
    _call("prctl", ctypes.c_int(option), *(ctypes.c_ulong(number) for number in (value, 0, 0, 0)))


def _call(name: str, *arguments: object) -> None:
    function = getattr(_libc, name, None)
    if function is None:
        raise OSError(38, f"This system has no {name}")
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
