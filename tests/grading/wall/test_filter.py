"""The system call filter, asked call by call: for both kinds of processor, without running on them."""

import errno
import re
import socket
import struct
from pathlib import Path

import pytest

from grading.sandbox import seccomp, syscalls

ALLOW, KILL = "allow", "kill"
MACHINES = ("x86_64", "aarch64")
OWN, OTHER = 4321, 4322
THREAD, PROCESS = 0x3D0F00, 17  # what the C library passes to clone
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def decide(name, *arguments, machine="x86_64", architecture=None, may_change_modes=False):
    """What the filter does with one call: ALLOW, KILL or the number of an error."""
    number = name if isinstance(name, int) else syscalls.numbers({name: None}, machine=machine)[name]
    words = [argument & (1 << 64) - 1 for argument in (*arguments, *[0] * 6)][:6]
    seen = struct.pack("iIQ6Q", number, architecture or syscalls.architecture(machine=machine), 0, *words)
    template = seccomp.program(may_change_modes=may_change_modes, machine=machine)
    return result(run(seccomp.for_process(template, pid=OWN), seen))


def run(program, seen):
    """The value that a classic BPF program returns, for the few instructions that the filter uses."""
    steps = list(struct.iter_unpack("HBBI", program))
    place = value = 0
    while True:
        code, yes, no, operand = steps[place]
        place += 1
        match code:
            case 0x20:
                (value,) = struct.unpack_from("I", seen, operand)
            case 0x54:
                value &= operand
            case 0x15:
                place += yes if value == operand else no
            case 0x35:
                place += yes if value >= operand else no
            case 0x06:
                return operand


def result(returned):
    return {0x7FFF0000: ALLOW, 0x80000000: KILL}.get(returned, returned & 0xFFFF)


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_that_are_not_listed_are_refused(machine):
    decided = {name: decide(name, machine=machine) for name in syscalls.numbers(syscalls.REFUSED, machine=machine)}

    assert {name for name, what in decided.items() if what != errno.EPERM} == set()
    assert decide(9999, machine=machine) == errno.EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_that_python_needs_are_allowed(machine):
    names = syscalls.numbers(syscalls.ALLOWED, machine=machine)

    assert {name for name in names if decide(name, machine=machine) != ALLOW} == set()
    assert len(names) > 90


def test_calls_of_another_kind_of_processor_end_the_process():
    assert decide("read", architecture=0x40000003) == KILL  # 32 bits
    assert decide(0x40000000 | 39) == KILL  # x32
    assert decide("read", machine="aarch64", architecture=0x40000028) == KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("call", "decision"),
    [
        (("clone", THREAD), ALLOW),
        (("clone", PROCESS), errno.EPERM),
        (("clone", THREAD | 0x10000000), errno.EPERM),
        (("clone", 0x4100 | PROCESS), errno.EPERM),  # as vfork and posix_spawn
        (("clone3", 1, 88), errno.ENOSYS),
        (("openat2", 1, 1, 1), errno.ENOSYS),
        (("kill", OWN, 9), ALLOW),
        (("kill", OTHER, 0), errno.EPERM),
        (("kill", 0, 9), errno.EPERM),
        (("kill", -1, 9), errno.EPERM),
        (("kill", -OWN, 9), errno.EPERM),
        (("tgkill", OWN, OTHER, 9), ALLOW),
        (("tgkill", OTHER, OTHER, 9), errno.EPERM),
        (("socketpair", socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC), ALLOW),
        (("socketpair", socket.AF_UNIX, socket.SOCK_DGRAM), errno.EPERM),
        (("socketpair", socket.AF_INET, socket.SOCK_STREAM), errno.EPERM),
        (("sendto", 3, 1, 1, 0, 0), ALLOW),
        (("sendto", 3, 1, 1, 0, 0x7F0000000000), errno.EPERM),
        (("sendto", 3, 1, 1, 0, 0x1), errno.EPERM),
        (("getsockopt", 3, socket.SOL_SOCKET, socket.SO_TYPE), ALLOW),
        (("getsockopt", 3, socket.SOL_SOCKET, socket.SO_PEERCRED), errno.EPERM),
        (("getsockopt", 3, socket.IPPROTO_TCP, socket.SO_TYPE), errno.EPERM),
        (("openat", -100, 1, 0o1101), ALLOW),  # write only, made and emptied
        (("openat", -100, 1, 0o1000), errno.EPERM),  # read only, and emptied all the same
        (("ioctl", 1, 0x5421), ALLOW),
        (("ioctl", 0, 0x5412), errno.EPERM),
        (("fcntl", 1, 1030), ALLOW),
        (("fcntl", 1, 8), errno.EPERM),
        (("prctl", 15), ALLOW),
        (("prctl", 4, 1), errno.EPERM),
        (("prlimit64", 0, 7, 0, 1), ALLOW),
        (("prlimit64", 0, 7, 1, 0), errno.EPERM),
        (("prlimit64", OTHER, 7, 0, 1), errno.EPERM),
        (("listxattr", 1), errno.EOPNOTSUPP),
    ],
    ids=str,
)
def test_calls_decided_by_their_arguments(call, decision, machine):
    name, *arguments = call

    assert decide(name, *arguments, machine=machine) == decision


@pytest.mark.parametrize("name", ["fchmod", "fchmodat", "utimensat"])
def test_modes_of_files_change_only_where_all_files_are_the_childs_own(name):
    assert decide(name, may_change_modes=True) == ALLOW
    assert decide(name, may_change_modes=False) == errno.EPERM


def test_a_processor_without_a_table_is_named():
    with pytest.raises(syscalls.UnknownProcessor) as refusal:
        seccomp.program(may_change_modes=False, machine="riscv64")

    assert "No system call filter for riscv64 processors." in str(refusal.value)


def test_a_call_that_the_kernel_refuses_is_an_error():
    with pytest.raises(OSError, match="setns") as refusal:
        syscalls.call("setns", -1, 0)

    assert refusal.value.errno in (errno.EBADF, errno.EPERM)


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_are_those_of_the_kernels_own_tables(machine):
    if not HEADERS[machine].exists():
        pytest.skip("The kernel's header files are not installed.")
    pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)\s"
    listed = {name: int(number) for name, number in re.findall(pattern, HEADERS[machine].read_text())}
    listed.setdefault("newfstatat", listed.get("fstatat", -1))  # the generic table's older name

    every = syscalls.ALLOWED | syscalls.GUARDED | syscalls.REFUSED
    known = syscalls.numbers(every, machine=machine)

    assert {name: number for name, number in known.items() if listed.get(name) != number} == {}
