"""Act as a host of another kind, or as another user of this one: `host.py WHAT WISHES`, with WISHES as JSON.

WHAT is `prove`, `choose` or `run`; the answer is one JSON value on standard output. `start` becomes the command that
follows WISHES. Started as root it can become
"nobody", a user without rights who can still enter the folders of this Python; `refuses` names what the host's kernel
is made to refuse. The tests next to this file start it.
"""

import ctypes
import errno
import json
import os
import signal
import socket
import struct
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(PROJECT), str(PROJECT / "platform")]

from grading.protocol import Limits  # noqa: E402 (found on the path just set)
from grading.sandbox import linux, prove, syscalls, visible  # noqa: E402
from grading.sandbox.modes import Layer, Mode  # noqa: E402
from grading.sandbox.slots import SandboxRefused  # noqa: E402
from grading.sandbox.wall import Wall  # noqa: E402

NOBODY, LEARNER, JUDGE = 65533, 64160, 64161
NAMESPACE_FLAGS = 0x7E020000
REFUSALS = {
    # What Docker's own filter keeps from a container, as far as the wall would use it.
    "namespaces": {
        **dict.fromkeys(("unshare", "setns", "mount", "umount2", "pivot_root", "mount_setattr"), errno.EPERM),
        "clone3": errno.ENOSYS,
    },
    "landlock": dict.fromkeys(("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"), errno.ENOSYS),
    "mount_setattr": {"mount_setattr": errno.ENOSYS},  # as before Linux 5.12
    "mounts": {"mount": errno.EACCES},  # as where a security module forbids them to user namespaces
    "own ids": {"setresuid": errno.EPERM},
}


SHARED = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]  # noqa: S108


def open_up(*, tidy=False):
    """Let everybody enter the folders of this Python and this project, in this process and its children only.

    `tidy` leaves no folder that everybody may write to.
    """
    linux.unshare(linux.NEW_MOUNTS)
    linux.mount("none", Path("/"), flags=linux.PRIVATE | linux.RECURSIVE)
    named = [Path(sys.base_prefix), Path(sys.prefix), PROJECT, *visible.read_only_paths()]
    needed = {path for name in named for path in (name.absolute(), name.resolve())}
    handles = {path: os.open(path, os.O_PATH) for path in sorted(needed)}
    closed = {parent for path in needed for parent in path.parents if not parent.stat().st_mode & 1}
    closed |= set(SHARED) if tidy else set()
    for path in {path for path in closed if closed.isdisjoint(path.parents)}:
        linux.mount("open", path, kind="tmpfs", options="mode=755")
    for path, handle in handles.items():
        if not path.exists():
            path.mkdir(parents=True)
            linux.mount(f"/proc/self/fd/{handle}", path, flags=linux.BIND | linux.RECURSIVE)
        os.close(handle)


def refuse(names):
    """From here on the kernel refuses these calls, to this process and its children."""
    errors = {name: number for what in names for name, number in REFUSALS[what].items()}
    steps = [(0x20, 0, 0, 0)]  # the number of the call
    for name, number in syscalls.numbers(errors).items():
        steps += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | errors[name])]
    if "namespaces" in names:
        clone = syscalls.numbers({"clone": None})["clone"]
        steps += [(0x15, 0, 4, clone), (0x20, 0, 0, 16), (0x54, 0, 0, NAMESPACE_FLAGS), (0x15, 1, 0, 0)]
        steps += [(0x06, 0, 0, 0x00050000 | errno.EPERM)]
    steps.append((0x06, 0, 0, 0x7FFF0000))
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = ctypes.create_string_buffer(code, len(code))
    linux.forbid_new_privileges()
    syscalls.call("seccomp", 1, 0, struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program)))


def become_this_host(wishes):
    """Be who and where the wishes say, then start this file again, as a service would be started there."""
    if os.geteuid() == 0 and not wishes.get("closed"):
        open_up(tidy=wishes.get("tidy", False))
    if wishes.get("user") == "nobody" and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    if refused := wishes.get("refuses"):
        refuse(refused)
    again = [sys.executable, __file__, sys.argv[1], json.dumps({**wishes, "here": True})]
    command = sys.argv[3:] or again
    os.execv(command[0], command)  # noqa: S606


def uids():
    return (LEARNER, JUDGE) if os.geteuid() == 0 else None


def told_by(proof):
    return {"mode": proof.mode, "holds": proof.holds, "missing": list(proof.missing)}


def prove_each(wishes):
    """A proof for each set of layers to leave out: what is missing then, by the set's names."""
    mode = Mode(wishes["mode"])
    return [
        told_by(prove.prove(mode, uids=uids(), without=frozenset(map(Layer, without))))
        for without in wishes.get("without", [[]])
    ]


def choose(wishes):
    try:
        return told_by(prove.choose(wishes.get("asked", ""), uids=uids()))
    except SandboxRefused as refusal:
        return {"refused": str(refusal)}


def run(wishes):
    """Run lines of code behind the wall, each in a child of its own: what each told, or how it ended."""
    for name in wishes.get("imports", []):
        __import__(name)
    exec(wishes.get("first", ""))  # noqa: S102
    try:
        wall = Wall(Mode(wishes["mode"]))
        wall.enter_once()
    except SandboxRefused as refusal:
        return {"refused": str(refusal)}
    answers = [run_one(wall, code, limits=Limits(**wishes.get("limits", {}))) for code in wishes["codes"]]
    wall.close()
    return answers


def run_one(wall, code, *, limits):
    ours, theirs = socket.socketpair()
    began = time.perf_counter()
    pid = wall.fork()
    if pid == 0:
        try:
            confined_child(wall, code, limits=limits, channel=theirs, began=began)
        finally:
            os._exit(3)
    theirs.close()
    said = b"".join(iter(lambda: ours.recv(1 << 16), b""))
    scratch = wall.scratch_of(pid)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    wall.forget(pid)
    left = bool(scratch and scratch.exists())
    return {**json.loads(said or b"{}"), "status": status, "left": left}


def confined_child(wall, code, *, limits, channel, began):
    try:
        work = wall.confine(keep={channel.fileno()}, uid=LEARNER if wall.as_root else None, limits=limits)
    except SandboxRefused as refusal:
        channel.sendall(json.dumps({"refused": str(refusal)}).encode())
        return
    took = time.perf_counter() - began
    names = {"told": None, "work": str(work), "channel": channel, "signal": signal}
    exec(compile(code, "<learner>", "exec"), names)  # noqa: S102
    channel.sendall(json.dumps({"told": names["told"], "milliseconds": took * 1000}).encode())
    os._exit(0)


def main():
    wishes = json.loads(sys.argv[2])
    if not wishes.get("here"):
        become_this_host(wishes)
    print(json.dumps({"prove": prove_each, "choose": choose, "run": run}[sys.argv[1]](wishes)))


if __name__ == "__main__":
    main()
