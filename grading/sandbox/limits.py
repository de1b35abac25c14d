"""How much one child may use. It can start no process, so the kernel's limits per process bound the whole child."""

import os
import resource
from pathlib import Path

from grading.protocol import Limits

PROCESSES = resource.RLIMIT_NPROC
_SPARE_SECONDS = 5  # of processor time, beyond what the clock on the wall allows
_OPEN_FILES, _STACK, _QUEUED_SIGNALS = 256, 8 << 20, 64
_COUNTS_PER_NAMESPACE = (5, 14)  # the version of Linux since which a user namespace counts its own processes


def bounds(limits: Limits, *, processes: int) -> dict[int, tuple[int, int]]:
    """The soft and hard limit of each kind."""
    seconds = limits.total_seconds + _SPARE_SECONDS
    same = {
        resource.RLIMIT_AS: limits.memory_mb << 20,
        resource.RLIMIT_FSIZE: limits.files_mb << 20,
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_STACK: _STACK,
        resource.RLIMIT_SIGPENDING: _QUEUED_SIGNALS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_NICE: 0,
    }
    # The first process of a namespace does not feel the soft limit's signal; the hard limit ends it.
    return {resource.RLIMIT_CPU: (seconds, seconds + 1)} | {kind: (value, value) for kind, value in same.items()}


def apply(wanted: dict[int, tuple[int, int]]) -> None:
    """Set the limits of this process for good, never above what it was given itself."""
    for kind, pair in wanted.items():
        ceiling = resource.getrlimit(kind)[1]
        soft, hard = (value if ceiling == resource.RLIM_INFINITY else min(value, ceiling) for value in pair)
        resource.setrlimit(kind, (soft, hard))


def processes_allowed(limits: Limits, *, others: int) -> int:
    """The limit on processes and threads, where the kernel counts `others` of the same user as well."""
    return limits.processes + others


def running_now() -> int:
    """The processes and threads of this whole machine: an upper bound for those of one user."""
    return int(Path("/proc/loadavg").read_text().split()[3].split("/")[1])


def namespaces_count_alone() -> bool:
    """Whether this kernel counts the processes of a user namespace apart from those of the same user outside."""
    major, minor = (int("".join(filter(str.isdigit, part)) or 0) for part in os.uname().release.split(".")[:2])
    return (major, minor) >= _COUNTS_PER_NAMESPACE
