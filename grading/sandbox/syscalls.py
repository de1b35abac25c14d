"""The system calls of Linux by name, for the two kinds of processor that the wall knows.

Each number is given twice: for x86_64, then for aarch64 (None: that processor has no such call). A call that appears in
none of these tables is refused like those in REFUSED.
"""

import ctypes
import os
import platform
from collections.abc import Mapping

_Numbers = dict[str, tuple[int | None, int | None]]

# fmt: off
# what a program does with files it may open (which those are, other layers say)
FILES: _Numbers = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "pwrite64": (18, 68), "preadv": (295, 69), "pwritev": (296, 70), "preadv2": (327, 286), "pwritev2": (328, 287),
    "lseek": (8, 62), "close": (3, 57), "close_range": (436, 436), "dup": (32, 23), "dup2": (33, None),
    "dup3": (292, 24), "pipe": (22, None), "pipe2": (293, 59), "stat": (4, None), "lstat": (6, None),
    "fstat": (5, 80), "newfstatat": (262, 79), "statx": (332, 291), "statfs": (137, 43), "fstatfs": (138, 44),
    "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None),
    "readlinkat": (267, 78), "getdents64": (217, 61), "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50),
    "umask": (95, 166), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None),
    "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None),
    "linkat": (265, 37), "ftruncate": (77, 46), "fallocate": (285, 47), "fadvise64": (221, 223),
    "readahead": (187, 213), "fsync": (74, 82), "fdatasync": (75, 83), "flock": (73, 32), "sendfile": (40, 71),
    "copy_file_range": (326, 285),
}
# memory of one's own
MEMORY: _Numbers = {
    "brk": (12, 214), "mmap": (9, 222), "munmap": (11, 215), "mremap": (25, 216), "mprotect": (10, 226),
    "msync": (26, 227), "madvise": (28, 233),
}
# waiting and clocks
WAITING: _Numbers = {
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72), "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22), "epoll_pwait2": (441, 441),
    "eventfd2": (290, 19), "futex": (202, 98), "nanosleep": (35, 101), "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None),
    "times": (100, 153), "alarm": (37, None), "getitimer": (36, 102), "setitimer": (38, 103),
    "restart_syscall": (219, 128), "sched_yield": (24, 124),
}
# asking about oneself, ending
ITSELF: _Numbers = {
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getpgrp": (111, None), "getpgid": (121, 155),
    "getsid": (124, 156), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
    "getresuid": (118, 148), "getresgid": (120, 150), "getgroups": (115, 158), "getrlimit": (97, 163),
    "getrusage": (98, 165), "sysinfo": (99, 179), "uname": (63, 160), "getcpu": (309, 168), "getrandom": (318, 278),
    "sched_getaffinity": (204, 123), "sched_getparam": (143, 121), "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125), "sched_get_priority_min": (147, 126), "exit": (60, 93),
    "exit_group": (231, 94), "set_tid_address": (218, 96), "set_robust_list": (273, 99), "rseq": (334, 293),
}
# handling signals, not sending them
SIGNALS: _Numbers = {
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132),
}
# talking over a socket that is there already
CONNECTED: _Numbers = {
    "recvfrom": (45, 207), "recvmsg": (47, 212), "sendmsg": (46, 211), "shutdown": (48, 210),
    "getsockname": (51, 204), "getpeername": (52, 205),
}
# allowed or refused by their arguments: see seccomp.py
GUARDED: _Numbers = {
    "open": (2, None), "openat": (257, 56), "socketpair": (53, 199), "sendto": (44, 206), "getsockopt": (55, 209),
    "fcntl": (72, 25), "ioctl": (16, 29), "prctl": (157, 167), "prlimit64": (302, 261), "clone": (56, 220),
    "kill": (62, 129), "tgkill": (234, 131), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "utimensat": (280, 88), "clone3": (435, 435), "openat2": (437, 437), "getxattr": (191, 8), "lgetxattr": (192, 9),
    "fgetxattr": (193, 10), "listxattr": (194, 11), "llistxattr": (195, 12), "flistxattr": (196, 13),
}
# never allowed. They need no entry to be refused: they have one so that a canary can try them
REFUSED: _Numbers = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "unshare": (272, 97), "setns": (308, 268),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "mount_setattr": (442, 442), "fsopen": (430, 430), "open_tree": (428, 428), "move_mount": (429, 429),
    "seccomp": (317, 277), "bpf": (321, 280), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "memfd_create": (319, 279), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "socket": (41, 198), "connect": (42, 203), "bind": (49, 200),
    "shmget": (29, 194), "mq_open": (240, 180), "inotify_init1": (294, 26), "symlinkat": (266, 36),
    "mknodat": (259, 33), "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "sethostname": (170, 161), "personality": (135, 92), "swapon": (167, 224), "acct": (163, 89),
    "quotactl": (179, 60), "capset": (126, 91), "setrlimit": (160, 164), "truncate": (76, 45),
    "setresuid": (117, 147), "setgroups": (116, 159), "modify_ldt": (154, None), "iopl": (172, None),
    "landlock_restrict_self": (446, 446), "rt_sigqueueinfo": (129, 138), "tkill": (200, 130),
    "timerfd_create": (283, 85), "signalfd4": (289, 74), "splice": (275, 76), "vmsplice": (278, 75),
    "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445), "sched_setaffinity": (203, 122),
    "setpriority": (141, 140), "capget": (125, 90), "waitid": (247, 95),
}
# fmt: on

ALLOWED = FILES | MEMORY | WAITING | ITSELF | SIGNALS | CONNECTED
_KNOWN = ALLOWED | GUARDED | REFUSED
_AUDIT_NAMES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # what a filter sees of the kind of call
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class UnknownProcessor(OSError):
    """The wall has no table of system calls for this kind of processor."""


def numbers(names: Mapping[str, object], *, machine: str = "") -> dict[str, int]:
    """The numbers of those of the calls that this processor has. Raises UnknownProcessor."""
    column = list(_AUDIT_NAMES).index(_checked(machine))
    found = {name: _KNOWN[name][column] for name in names}
    return {name: number for name, number in found.items() if number is not None}


def architecture(*, machine: str = "") -> int:
    """The kernel's name for this processor's native calls. Raises UnknownProcessor."""
    return _AUDIT_NAMES[_checked(machine)]


def call(name: str, *arguments: int | bytes | ctypes.Array | ctypes.Structure | None) -> int:
    """Make one system call by name. Buffers are passed by address. Raises OSError when the kernel refuses."""
    number = numbers({name: None}).get(name)
    if number is None:
        raise OSError(38, f"This processor has no {name}")
    result: int = _libc.syscall(ctypes.c_long(number), *(_word(argument) for argument in arguments))
    if result < 0:
        problem = ctypes.get_errno()
        raise OSError(problem, f"{name}: {os.strerror(problem)}")
    return result


def _checked(machine: str) -> str:
    machine = machine or platform.machine()
    if machine not in _AUDIT_NAMES:
        raise UnknownProcessor(38, f"No system call filter for {machine} processors. Use x86_64 or aarch64.")
    return machine


def _word(argument: int | bytes | ctypes.Array | ctypes.Structure | None) -> object:
    if isinstance(argument, int):
        return ctypes.c_long(argument)
    if isinstance(argument, bytes):
        return ctypes.c_char_p(argument)
    return ctypes.byref(argument) if argument is not None else ctypes.c_void_p()
