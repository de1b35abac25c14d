"""A warm process for the proof alone: it goes through the same wall as the real one, and its children are canaries."""

import json
import os
import signal
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from grading.protocol import Limits
from grading.sandbox import canaries, lines, linux
from grading.sandbox.canaries import Stage
from grading.sandbox.modes import Layer, Mode
from grading.sandbox.slots import SandboxRefused
from grading.sandbox.wall import Wall


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a proof asks of the probe. Descriptors are those that the probe inherits."""

    mode: str
    without: list[str]
    uids: list[int] | None  # of the canary and of its neighbour, where root runs the engine
    limits: dict[str, int]
    secret: str
    control: int
    canary: int
    neighbour: int

    def to_text(self) -> str:
        """The same as one argument of a command line."""
        return json.dumps(asdict(self))


def main() -> None:
    """Serve the proof that started this process; the first argument is its order."""
    order = Order(**json.loads(sys.argv[1]))
    control = socket.socket(fileno=order.control)
    wall = Wall(Mode(order.mode), without=frozenset(map(Layer, order.without)))
    os.open(order.secret, os.O_RDONLY)  # stays open: a canary looks for it
    victim = _fork_victim(order.uids[0] if order.uids else None)
    try:
        wall.enter_once()
        neighbour = _fork_canary(wall, order.neighbour, uid=order.uids[1] if order.uids else None, order=order)
        canary = _fork_canary(wall, order.canary, uid=order.uids[0] if order.uids else None, order=order)
    except (SandboxRefused, OSError) as refusal:
        wall.close()
        lines.send(control, {"refused": str(refusal)})
        return
    for number in (order.canary, order.neighbour):
        os.close(number)
    handles = [victim, *(os.pidfd_open(pid) for pid in (os.getpid(), canary, neighbour))]
    folder = wall.scratch_of(canary)
    socket.send_fds(control, [json.dumps({"scratch": str(folder) if folder else None}).encode() + b"\n"], handles)
    control.recv(1)  # until the proof is done
    for pid in (canary, neighbour):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        wall.forget(pid)
    wall.close()
    lines.send(control, {"left": str(folder) if folder and folder.exists() else None})


def _fork_victim(uid: int | None) -> int:
    """A process of the canary's user that any signal ends; returns a handle."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        linux.end_with_parent(parent)
        while True:
            signal.pause()
    return os.pidfd_open(pid)


def _fork_canary(wall: Wall, number: int, *, uid: int | None, order: Order) -> int:
    channel = socket.socket(fileno=os.dup(number))
    pid = wall.fork()
    if pid:
        channel.close()
        return pid
    try:
        _be_canary(wall, channel, uid=uid, limits=Limits(**order.limits))
    finally:
        os._exit(1)


def _be_canary(wall: Wall, channel: socket.socket, *, uid: int | None, limits: Limits) -> NoReturn:
    try:
        work = wall.confine(keep={channel.fileno()}, uid=uid, limits=limits)
    except SandboxRefused as refusal:
        lines.send(channel, {"refused": str(refusal)})
        os._exit(1)
    file = work / "written-by-one"
    lines.send(channel, {"file": str(file), "host": os.uname().nodename})
    while True:
        lines.send(channel, _answer(lines.receive(channel), file))


def _answer(asked: dict[str, Any], file: Path) -> object:
    if "stage" in asked:
        found = canaries.escaped(Stage(**asked["stage"]))
        return {"escaped": found, "landlock": canaries.restricted_by_landlock()}
    file.write_text(asked["write"])
    return {"written": file.read_text()}
