"""Real processes of a stack, looked at from outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import ROOT, wait_until
from upskill_stack import locks

USER = """
import sys
from pathlib import Path
from upskill_stack import services
with services.running(Path(sys.argv[1]), environment={}, durable=False) as addresses:
    print(addresses["DATABASE_URL"], flush=True)
    sys.stdin.read()
"""


def environment(data: Path, **more: str) -> dict[str, str]:
    """Our environment without servers of its own, for a stack in `data`."""
    ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    return {**ours, "UPSKILL_DATA": str(data), "PYTHONPATH": str(ROOT / "platform"), **more}


class User:
    """A process that uses the servers of a data folder until it is told to leave."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data)],
            env=environment(data),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.database_url = self.process.stdout.readline().strip()

    def leave(self) -> int:
        """Let it end by itself; gives its exit status."""
        self.process.communicate("")
        return self.process.returncode

    def kill(self) -> None:
        """Give it no chance to clean up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


@contextmanager
def user(data: Path) -> Iterator[User]:
    """A user of the servers, gone at the end whatever happens."""
    somebody = User(data)
    try:
        yield somebody
    finally:
        if somebody.process.poll() is None:
            somebody.kill()


def programs(data: Path) -> dict[str, int]:
    """The programs of the stack in `data` that are alive, with their process ids."""
    found = {path.stem: locks.holder(path) for path in (data / "control").glob("*.pid")}
    return {name: pid for name, pid in found.items() if pid}


def leftovers(data: Path) -> list[str]:
    """The command line of every process on this machine that has to do with `data`, however distantly."""
    mark, found = os.fsencode(data), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line, variables = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if mark in line or mark in variables:
            found.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return found


def descendants(pid: int) -> dict[int, str]:
    """Every process below `pid`, with its command line; also those that no longer name the stack they belong to."""
    children: dict[int, list[int]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(process.name))
    found, waiting = {}, [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found[child] = command_line(child)
            waiting.append(child)
    return found


def command_line(pid: int) -> str:
    """How the process was called; nothing when it has ended, even if nobody has taken note of that yet."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def everything_gone(data: Path, *, seconds: float = 15) -> bool:
    """Whether, within the time, no process of `data` is left."""
    return wait_until(lambda: not leftovers(data), seconds=seconds)


def run(*command: str | Path, data: Path, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    """What a command says and how it ends."""
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment(data, **more), capture_output=True, text=True, timeout=120
    )
