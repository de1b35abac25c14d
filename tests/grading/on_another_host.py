"""Mark one answer as another host would: `on_another_host.py USER WALLS CODE`, started by root.

USER is "root" or "nobody", a user without rights who can still enter this project's folders. WALLS is "namespaces", or
"none" for a host whose kernel refuses to make any, as containers do by default. Prints the outcome, the reason or what
CODE told, and the isolation.
"""

import ctypes
import os
import struct
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "platform")]

from grading.sandbox import linux, view  # noqa: E402 (found on the path just set)

NOBODY = 65533
ALLOW, REFUSE = 0x7FFF0000, 0x00050001  # the second with EPERM
MAKES_NAMESPACES = {"x86_64": (272, 308, 165), "aarch64": (97, 268, 40)}  # unshare, setns, mount


def open_up():
    """Let everybody enter the folders of this Python and this project, in this process and its children only."""
    linux.unshare(linux.NEW_MOUNTS)
    linux.mount("none", Path("/"), flags=linux.PRIVATE | linux.RECURSIVE)
    needed = [*view.python_folders(), PROJECT]
    handles = {path: os.open(path, os.O_PATH) for path in needed}
    closed = {parent for path in needed for parent in path.parents if not parent.stat().st_mode & 1}
    for path in sorted(closed)[:1]:
        linux.mount("open", path, kind="tmpfs", options="mode=755")
    for path, handle in handles.items():
        if not path.exists():
            path.mkdir(parents=True)
            linux.mount(f"/proc/self/fd/{handle}", path, flags=linux.BIND | linux.RECURSIVE)


def refuse_namespaces():
    """From here on the kernel refuses to make namespaces, to this process and its children."""
    numbers = MAKES_NAMESPACES[os.uname().machine]
    steps = [(0x20, 0, 0, 0)]  # load the number of the call
    steps += [(0x15, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    steps += [(0x06, 0, 0, ALLOW), (0x06, 0, 0, REFUSE)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))
    linux.forbid_new_privileges()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(22, 2, ctypes.c_char_p(header), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def main(user, walls, code):
    if user == "nobody":
        open_up()
    if walls == "none":
        refuse_namespaces()
    if user == "nobody":
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    from grading.engine import Engine
    from tests.grading.answering import answered, exercise, job, result_of

    source = exercise("telling")
    with Engine(isolation="unsafe-dev") as engine:
        verdict = engine.mark(job(source, answer=answered(source, told=code)))
    print(verdict.outcome)
    print(verdict.reason or result_of(verdict, check="test_told").message)
    print(verdict.provenance.isolation)


if __name__ == "__main__":
    main(*sys.argv[1:])
