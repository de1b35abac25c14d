"""Starts one program so that it can not outlive its supervisor: `python -I -S tether.py control/web.json`.

Becomes the program (exec), so no process of ours stands in between. Needs nothing but the standard library.
"""

import ctypes
import fcntl
import json
import os
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PARENT = "UPSKILL_PARENT"  # each program's children read here whose child they must be


def main(order_path: str) -> None:
    """Become the program that the order describes: alone, as its own user, tied to the supervisor's life."""
    with open(order_path) as file:
        order = json.load(file)
    claim(order_path.removesuffix(".json") + ".pid")
    if order["owner"]:
        become(order["owner"]["uid"], order["owner"]["gid"])
    if order["dies_by"]:
        die_with(int(os.environ[PARENT]), order["dies_by"])
    os.chdir(order["folder"])
    os.execve(order["command"][0], order["command"], order["environment"] | {PARENT: str(os.getpid())})  # noqa: S606


def claim(pid_path: str) -> None:
    """Hold the program's lock for its whole life, and end what an earlier life left behind.

    The lock is inherited by forks: while it is held, that life's process group is there, so its number is no stale one.
    """
    handle = os.open(pid_path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + 10
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(f"An earlier {pid_path} does not end.")
            end_group(os.pread(handle, 32, 0))
            time.sleep(0.05)
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    os.set_inheritable(handle, True)


def end_group(pid: bytes) -> None:
    """Kill what is left of the process group `pid`."""
    try:
        os.killpg(int(pid), signal.SIGKILL)
    except (ValueError, ProcessLookupError):
        return


def become(uid: int, gid: int) -> None:
    """Run as another user from here on. Must come before `die_with`: a change of user clears that wish."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, signal_number: int) -> None:
    """Have the kernel send this process `signal_number` when `parent` dies, even by SIGKILL (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        sys.exit("The supervisor has gone.")


if __name__ == "__main__":
    main(sys.argv[1])
