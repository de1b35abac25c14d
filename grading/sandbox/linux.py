"""The Linux system calls that Python 3.11 does not offer. Each raises OSError when the kernel refuses."""

import ctypes
import os
import struct
from collections.abc import Callable
from pathlib import Path

NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PIDS, NEW_NETWORK = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
NOSUID, NODEV, BIND, RECURSIVE, PRIVATE = 2, 4, 4096, 16384, 1 << 18
_SET_PDEATHSIG, _SET_DUMPABLE, _SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVS = 1, 4, 36, 38
_SYS_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _ATTR_READ_ONLY, _ATTR_NOSUID = 442, -100, 0x8000, 1, 2
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


def make_everything_read_only() -> None:
    """Every mount of this mount namespace becomes read-only and loses set-user-id. Linux 5.12 or later."""
    attributes = ctypes.create_string_buffer(struct.pack("QQQQ", _ATTR_READ_ONLY | _ATTR_NOSUID, 0, 0, 0))
    _call(
        "syscall",
        ctypes.c_long(_SYS_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        ctypes.c_char_p(b"/"),
        ctypes.c_uint(_AT_RECURSIVE),
        attributes,
        ctypes.c_size_t(32),
    )


def end_with_parent() -> None:
    """This process is killed when its parent ends. A change of user id undoes it: call it again after that."""
    _prctl(_SET_PDEATHSIG, 9)


def adopt_orphans() -> None:
    """Processes whose parent ends become children of this one, instead of the machine's."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def keep_others_out() -> None:
    """Processes of the same user may not read this one's memory or open its files. Programs it starts begin anew."""
    _prctl(_SET_DUMPABLE, 0)


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
