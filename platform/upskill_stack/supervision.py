"""Talks to supervisord, which starts our programs and restarts with growing waits what dies.

supervisord belongs to no command: it lives as long as somebody uses the stack (see keeper.py), in a session of its own,
so that Ctrl-C in one window does not reach it.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import xmlrpc.client  # it reads what our own supervisord says, over a socket of our user alone # nosec B411
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from upskill_stack import locks
from upskill_stack.folders import Folders, Owner
from upskill_stack.problems import StackProblem, tail

HERE = Path(__file__).resolve().parent
UP = ("RUNNING", "STARTING")
DOWN = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")
SHUTTING_DOWN = 6  # supervisord's fault code
IN_TROUBLE = ("BACKOFF", "EXITED", "FATAL", "UNKNOWN")


class NoAnswer(Exception):
    """supervisord has gone, is going, or has not come yet."""


@dataclass(frozen=True)
class Order:
    """How one program is started. `dies_by` is the signal it gets when its supervisor dies; 0 leaves it alone."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: str = "/"
    owner: Owner | None = None
    dies_by: int = 0


class Supervisor:
    """The supervisord of one stack."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    def answers(self) -> bool:
        """Whether supervisord runs and takes orders."""
        try:
            return bool(self._call("getState")["statename"] == "RUNNING")
        except NoAnswer:
            return False

    def start(self) -> None:
        """Start supervisord with the keeper alone. First ends what a crash left behind."""
        self.end_orphans()
        self.write(_keeper(self._folders))
        order = self.write(_supervisord(self._folders))
        log = self._folders.logs / "supervisord-start.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                tethered(order), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        wait_until(self.answers, seconds=30, alive=lambda: process.poll() is None, what="The supervisor", log=log)
        process.returncode = 0  # it outlives us on purpose: no warning about that when this object goes

    def run(self, order: Order) -> None:
        """Start a program and keep it alive. One that runs already is left alone."""
        if self.state(order.name) in UP:
            return
        self.write(order)
        self._call("startProcess", order.name, False)

    def state(self, name: str) -> str:
        """RUNNING, STARTING, STOPPED, BACKOFF (it died and waits for another try), ...; UNKNOWN without supervisord."""
        try:
            return str(self._call("getProcessInfo", name)["statename"])
        except NoAnswer:
            return "UNKNOWN"

    def has_failed(self, name: str) -> bool:
        """Whether a program that ends by itself ended badly."""
        try:
            row = self._call("getProcessInfo", name)
        except NoAnswer:
            return False
        return bool(row["statename"] in DOWN and row["exitstatus"])

    def process_ids(self) -> dict[str, int]:
        """The process id of every program that runs now."""
        try:
            rows = self._call("getAllProcessInfo")
        except NoAnswer:
            return {}
        return {row["name"]: row["pid"] for row in rows if row["statename"] in UP}

    def stop(self, *names: str, seconds: float = 40) -> None:
        """Stop programs the gentle way, in this order, and wait for their end. What takes too long is killed."""
        going = [name for name in names if self.state(name) not in DOWN]
        for name in going:
            with suppress(xmlrpc.client.Fault, NoAnswer):  # it ended meanwhile
                self._call("stopProcess", name, False)
        for name in going:
            wait_until(partial(self._is_down, name), seconds=seconds, what=f"The end of {name}")

    def shut_down(self) -> None:
        """Stop every program in order, then supervisord itself; returns when all have gone."""
        if self.answers():
            self._call("shutdown")
        wait_until(self._has_gone, seconds=90, what="The supervisor's end")
        self.end_orphans()

    def end_orphans(self) -> None:
        """End what still runs of an earlier life of this stack, supervisord first, so that it can stop the others."""
        names = [path.stem for path in self._folders.control.glob("*.pid")]
        for name in sorted(names, key=lambda name: name != "supervisord"):
            self._end_orphan(name)

    def alive(self) -> bool:
        """Whether supervisord's process is there, whether or not it answers."""
        return not locks.is_free(self.pid_file("supervisord"))

    def pid_file(self, name: str) -> Path:
        """The file that a program holds locked all its life, with its process id inside."""
        return self._folders.control / f"{name}.pid"

    def _is_down(self, name: str) -> bool:
        return self.state(name) in DOWN

    def _has_gone(self) -> bool:
        """Whether supervisord has ended. Asks it something as well: any call wakes it from its one-second sleep."""
        with suppress(NoAnswer):
            self._call("getState")
        return not self.alive()

    def _end_orphan(self, name: str) -> None:
        lock = self.pid_file(name)
        pid = locks.holder(lock)
        if pid is None:
            return
        ended = partial(locks.is_free, lock)
        if signal_process(pid, signal.SIGTERM, with_group=False) and _comes_true(ended, seconds=20):
            return
        signal_process(pid, signal.SIGKILL, with_group=True)
        if _comes_true(ended, seconds=10):
            return
        raise StackProblem(f"An earlier {name} (process {pid}) does not end. End it by hand, then start again.")

    def write(self, order: Order) -> Path:
        """Write the order where tether.py finds it; only we can read it, because the environment may hold secrets."""
        path = self._folders.control / f"{order.name}.json"
        new = path.with_suffix(".new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(order), file)
        new.replace(path)
        return path

    def _call(self, method: str, *arguments: Any) -> Any:
        from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]  # absent in production

        transport = SupervisorTransport(serverurl=f"unix://{self._folders.control_socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as server:
            try:
                return getattr(server.supervisor, method)(*arguments)
            except (OSError, http.client.HTTPException) as silence:
                raise NoAnswer from silence
            except xmlrpc.client.Fault as fault:
                if fault.faultCode == SHUTTING_DOWN:
                    raise NoAnswer from fault
                raise


def tethered(order_path: Path) -> list[str]:
    """The command that starts what the order at `order_path` describes."""
    return [sys.executable, "-I", "-S", str(HERE / "tether.py"), str(order_path)]


def signal_process(pid: int, signal_number: int, *, with_group: bool) -> bool:
    """Send a signal to a process, or to all of its group. False when there is none: only its children are left."""
    try:
        os.killpg(pid, signal_number) if with_group else os.kill(pid, signal_number)
    except ProcessLookupError:
        return False
    return True


def wait_until(
    true: Callable[[], bool],
    *,
    seconds: float,
    what: str,
    alive: Callable[[], bool] = lambda: True,
    log: Path | None = None,
) -> None:
    """Wait for something to come true. Refuses with the end of its log when it dies or takes too long."""
    if _comes_true(true, seconds=seconds, alive=alive):
        return
    said = f" Its log {log} ends with:\n{tail(log)}" if log else ""
    raise StackProblem(f"{what} did not get ready.{said}")


def _comes_true(true: Callable[[], bool], *, seconds: float, alive: Callable[[], bool] = lambda: True) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        if not alive():
            return False
        time.sleep(0.03)
    return False


def clean_environment() -> dict[str, str]:
    """What a server program may see of our environment: nothing but the way to other programs."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _supervisord(folders: Folders) -> Order:
    places = {"UPSKILL_PYTHON": sys.executable, "UPSKILL_SOCKET": str(folders.control_socket)}
    command = [sys.executable, "-I", "-m", "supervisor.supervisord", "--configuration", str(HERE / "supervisord.conf")]
    return Order(
        name="supervisord", command=command, environment=clean_environment() | places, folder=str(folders.data)
    )


def _keeper(folders: Folders) -> Order:
    return Order(
        name="keeper",
        command=[sys.executable, "-m", "upskill_stack.keeper", str(folders.data)],
        environment=clean_environment() | {"PYTHONPATH": str(HERE.parent)},
        dies_by=signal.SIGKILL,
    )
