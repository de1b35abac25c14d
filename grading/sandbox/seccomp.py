"""The system call filter: what learner code may ask of the kernel, as a classic BPF program.

What is not listed is refused with EPERM. A call of another kind of processor (32-bit calls on a 64-bit machine, where
the same numbers mean other things) ends the process at once.

Sockets: no new one but a connected pair of streams; data is sent without a destination. `sendmsg` hides its destination
from a filter, but a connected stream refuses one. `sendmsg` could also pass open files to the other end: whoever holds
that end must read with `recv`, never with `recvmsg` and room for descriptors; then the kernel drops them.
"""

import ctypes
import errno
import socket
import struct

from grading.sandbox import syscalls

_LOAD, _EQUAL, _MORE_OR_EQUAL, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_KILL, _ERROR, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NUMBER, _ARCHITECTURE, _X32 = 0, 4, 0x40000000  # places in what the filter sees; the mark of x32 calls
_SET_MODE_FILTER = 1

# A thread: shared memory and signal handlers; never a namespace, a handle, or a traced child.
_THREAD = 0x00010000 | 0x00000800 | 0x00000100
_NO_THREAD = 0x7E020000 | 0x00001000 | 0x00002000 | 0x00800000
# Close on exec and not, block and not, how much can be read, and whether this is a terminal and how wide (it is none).
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# Duplicate, flags, locks, the size of a pipe. Never who gets its signals.
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032, 1034)
_PRCTLS = (15, 16, 0x53564D41)  # the name of a thread or of some memory
_SOCKET_OPTIONS = (socket.SO_TYPE, socket.SO_ERROR, socket.SO_PROTOCOL, socket.SO_DOMAIN)
_STREAM = (socket.SOCK_STREAM,)
_NO_FLAGS = ~(socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC) & 0xFFFFFFFF
_TRUNCATES, _ONLY_TRUNCATES = 0x203, 0x200  # O_ACCMODE | O_TRUNC, and a file opened for reading that would be emptied

_ITSELF = 0x7FFFFFF7  # stands for the process until it is known; no process has this number

_Step = bytes


def program(*, may_change_modes: bool, machine: str = "") -> bytes:
    """The filter, to be made once: `for_process` fits it to each child. Raises syscalls.UnknownProcessor.

    `may_change_modes` allows chmod and utime: only where every file of the same user is the child's own.
    """
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, syscalls.architecture(machine=machine), yes=1),
        _result(_KILL),
        _step(_LOAD, _NUMBER),
        _step(_MORE_OR_EQUAL, _X32, no=1),
        _result(_KILL),
    ]
    for number in syscalls.numbers(syscalls.ALLOWED, machine=machine).values():
        steps += [_step(_EQUAL, number, no=1), _result(_ALLOW)]
    guards = _guards(may_change_modes=may_change_modes)
    for name, number in syscalls.numbers(syscalls.GUARDED, machine=machine).items():
        steps += [_step(_EQUAL, number, no=len(guards[name])), *guards[name]]
    return b"".join([*steps, _error(errno.EPERM)])


def for_process(filter_program: bytes, *, pid: int) -> bytes:
    """The filter for the process `pid`, as its own namespace counts it: it may signal nobody else."""
    return filter_program.replace(_ITSELF.to_bytes(4, "little"), pid.to_bytes(4, "little"))


def install(filter_program: bytes) -> None:
    """Close this process and its coming threads in. Raises OSError; new privileges must be forbidden before."""
    code = ctypes.create_string_buffer(filter_program, len(filter_program))
    header = struct.pack("HxxxxxxP", len(filter_program) // 8, ctypes.addressof(code))
    syscalls.call("seccomp", _SET_MODE_FILTER, 0, header)


def _guards(*, may_change_modes: bool) -> dict[str, list[_Step]]:
    """The steps that decide each guarded call, once its number is known."""
    opened = {"open": 1, "openat": 2}
    modes = [_result(_ALLOW)] if may_change_modes else [_error(errno.EPERM)]
    missing, no_attributes = [_error(errno.ENOSYS)], [_error(errno.EOPNOTSUPP)]
    return {
        **{name: _none_of(place, _TRUNCATES, _ONLY_TRUNCATES) for name, place in opened.items()},
        **dict.fromkeys(("chmod", "fchmod", "fchmodat", "utimensat"), modes),
        **dict.fromkeys(("clone3", "openat2"), missing),  # their arguments lie in memory: callers fall back to the old
        **dict.fromkeys(("getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"), no_attributes),
        "socketpair": [*_one_of(0, (socket.AF_UNIX,), last=False), *_one_of(1, _STREAM, mask=_NO_FLAGS)],
        "sendto": _null(4),
        "getsockopt": [*_one_of(1, (socket.SOL_SOCKET,), last=False), *_one_of(2, _SOCKET_OPTIONS)],
        "fcntl": _one_of(1, _FCNTLS),
        "ioctl": _one_of(1, _IOCTLS),
        "prctl": _one_of(0, _PRCTLS),
        "prlimit64": [*_one_of(0, (0,), last=False), *_null(2)],  # one's own limits, to read
        "clone": _one_of(0, (_THREAD,), mask=_THREAD | _NO_THREAD),
        **dict.fromkeys(("kill", "tgkill"), _one_of(0, (_ITSELF,))),
    }


def _one_of(place: int, values: tuple[int, ...], *, mask: int = 0xFFFFFFFF, last: bool = True) -> list[_Step]:
    """Refuse unless an argument, a 32-bit number, is one of `values` in the bits of `mask`; then allow, or go on."""
    tests = [_step(_EQUAL, value, yes=len(values) - index) for index, value in enumerate(values)]
    return [
        _step(_LOAD, _low(place)),
        _step(_AND, mask),
        *tests,
        _error(errno.EPERM),
        *([_result(_ALLOW)] if last else []),
    ]


def _none_of(place: int, mask: int, value: int) -> list[_Step]:
    return [
        _step(_LOAD, _low(place)),
        _step(_AND, mask),
        _step(_EQUAL, value, no=1),
        _error(errno.EPERM),
        _result(_ALLOW),
    ]


def _null(place: int) -> list[_Step]:
    """Allow only if an argument, an address, is null."""
    return [
        _step(_LOAD, _low(place)),
        _step(_EQUAL, 0, no=3),
        _step(_LOAD, _low(place) + 4),
        _step(_EQUAL, 0, no=1),
        _result(_ALLOW),
        _error(errno.EPERM),
    ]


def _low(place: int) -> int:
    """Where the filter sees the lower half of an argument; both processors are little-endian."""
    return 16 + 8 * place


def _result(action: int) -> _Step:
    return _step(_RETURN, action)


def _error(number: int) -> _Step:
    return _result(_ERROR | number)


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> _Step:
    return struct.pack("HBBI", code, yes, no, value)
