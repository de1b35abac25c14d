"""The jail for plain nbgrader: `python -m grading.acceptance.stock_jail FOLDER` takes an order, says what came of it.

It has its own processes, network, memory segments and mounts; every file of the machine is read-only there but a small
memory disk on FOLDER; as root it gives up root. It protects the machine and does nothing for nbgrader: the answer may
still read what its user may read, reach ports (the jail's own) and talk to nbgrader's process.
"""

import contextlib
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any

from grading.acceptance import stock_course
from grading.sandbox import linux
from grading.sandbox.slots import LAST_UID

_UID = LAST_UID + 1  # the first that is no slot
_MEMORY_BYTES = 6 << 30
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41


def main(folder: Path) -> None:
    """Read the order from standard input, carry it out inside the jail, print what came of it as JSON."""
    order = json.load(sys.stdin)
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        _leave_the_machine()
        pid = os.fork()
    except OSError as problem:
        os.write(out, json.dumps({"refused": f"{problem}. It takes Linux 5.12 with user namespaces."}).encode())
        return
    if pid == 0:
        _first_process(order, folder=folder, out=out)
    os.close(out)
    os.waitpid(pid, 0)


def _leave_the_machine() -> None:
    """New namespaces for this process's children. Raises OSError where the machine refuses one."""
    if os.geteuid() != 0:
        uid, gid = os.getuid(), os.getgid()
        linux.unshare(linux.NEW_USER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    linux.unshare(linux.NEW_PIDS | linux.NEW_NETWORK | linux.NEW_IPC | linux.NEW_MOUNTS)


def _first_process(order: dict[str, Any], *, folder: Path, out: int) -> None:
    """The jail's process 1: everything in the jail ends with it. Never returns."""
    told: dict[str, Any] = {}
    try:
        linux.end_with_parent()
        _furnish(folder)
        told = _watch(order, folder=folder)
    except OSError as problem:
        told = {"refused": str(problem)}
    finally:
        with contextlib.suppress(OSError):
            os.write(out, json.dumps(told).encode())
        os._exit(0)


def _furnish(folder: Path) -> None:
    """Make the machine's files read-only, give the folder a memory disk, start the jail's own network, drop root."""
    linux.mount("none", Path("/"), flags=linux.PRIVATE | linux.RECURSIVE)
    linux.make_everything_read_only()
    owner = _UID if _is_real_root() else os.getuid()
    if owner != os.getuid():
        _open_the_way([folder, *_python_folders()])
    for place in (folder, Path("/dev/shm")):  # noqa: S108 (private in this jail) # nosec B108
        _mount_empty(place, options=f"size=1g,uid={owner},mode=777")
    linux.works(lambda: linux.mount("proc", Path("/proc"), kind="proc", flags=linux.NOSUID | linux.NODEV))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP_AND_RUNNING))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if owner != os.getuid():
        os.setgroups([])
        os.setresgid(owner, owner, owner)
        os.setresuid(owner, owner, owner)
        linux.end_with_parent()
    linux.forbid_new_privileges()


def _open_the_way(needed: list[Path]) -> None:
    """Replace each folder that only its owner may enter by one that shows what is needed and nothing else."""
    closed = {parent for path in needed for parent in path.parents if not parent.stat().st_mode & 0o001}
    outermost = [path for path in sorted(closed) if not any(parent in closed for parent in path.parents)]
    for top in outermost:
        handles = {path: os.open(path, os.O_PATH) for path in needed if top in path.parents}
        _mount_empty(top, options="size=1m,mode=755")
        for path, handle in handles.items():
            path.mkdir(parents=True, exist_ok=True)
            linux.mount(f"/proc/self/fd/{handle}", path, flags=linux.BIND | linux.RECURSIVE)
            os.close(handle)


def _python_folders() -> list[Path]:
    """Where this Python, its packages and this package lie, by every name."""
    named = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).parent, Path(__file__).parents[2]]
    return sorted({path for name in named for path in (name.absolute(), name.resolve())})


def _mount_empty(place: Path, *, options: str) -> None:
    linux.mount("empty", place, kind="tmpfs", flags=linux.NOSUID | linux.NODEV, options=options)


def _is_real_root() -> bool:
    """Whether this is the machine's root, who may become another user."""
    return os.geteuid() == 0 and Path("/proc/self/uid_map").read_text().split()[-1] != "1"


def _watch(order: dict[str, Any], *, folder: Path) -> dict[str, Any]:
    """Let a child do the marking, as a worker does; say what came of it and what it did to its surroundings."""
    hits: list[int] = []
    for port in order["ports"]:
        threading.Thread(target=_listen, args=(port, hits), daemon=True).start()
    reading, writing = os.pipe()
    worker = os.fork()
    if worker == 0:
        _mark(order, folder=folder, out=writing)
    os.close(writing)
    begun = time.monotonic()
    signal.signal(signal.SIGALRM, lambda *_: os.kill(worker, signal.SIGKILL))
    signal.alarm(int(order["seconds"]) + 1)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(worker, 0)
    told: dict[str, Any] = json.loads(said) if said else _ended(status)
    told.setdefault("seconds", time.monotonic() - begun)
    harm = list(told.get("harm", [])) + [f"TCP port {port} was reached" for port in sorted(set(hits))]
    return {**told, "harm": harm + _leftovers()}


def _ended(status: int) -> dict[str, Any]:
    signalled = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
    return {"outcome": "failed", "reason": f"nbgrader's process ended with {signalled}"}


def _leftovers() -> list[str]:
    """Whether a process of the run is left after a second."""
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        try:
            os.kill(-1, 0)
        except ProcessLookupError:
            return []
        time.sleep(0.05)
    return ["a process was left behind"]


def _mark(order: dict[str, Any], *, folder: Path, out: int) -> None:
    """The marking itself. Never returns."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        told = stock_course.mark(order, folder=folder)
    except Exception as problem:  # noqa: BLE001 (a process begins here; what nbgrader raises is what is to be shown)
        lines = str(problem).strip().splitlines() or [""]
        told = {"outcome": "failed", "reason": f"{type(problem).__name__}: {lines[0][:160]}"}
    with os.fdopen(out, "wb") as pipe:
        pipe.write(json.dumps(told).encode())
    os._exit(0)


def _listen(port: int, hits: list[int]) -> None:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            listener.accept()[0].close()
            hits.append(port)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
