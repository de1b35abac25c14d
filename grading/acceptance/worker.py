"""The harness's hold on the process that holds the engine: asks with a time limit, and starts it again if it dies."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from grading.acceptance.processes import family
from grading.acceptance.subject import Ask, Told
from grading.protocol import ProtocolError, from_json, to_json
from grading.sandbox.slots import SandboxRefused

OUR_ENGINE = "grading.acceptance.subject:OurEngine"
_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 180.0
_LOG_LINES = 5


class WorkerLost(Exception):
    """The process that holds the engine ended or does not answer; it is gone now and starts again when asked."""


@dataclass
class Worker:
    """One process that holds one engine. `stop` ends it with everything below it."""

    subject: str  # module:name of what makes the engine
    environment: dict[str, str]  # added to this process's own
    folder: Path  # where it runs and logs
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _channel: Connection | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """Its process id; 0 when it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else 0

    def start(self) -> None:
        """Start it, and wait until the engine is ready. Raises SandboxRefused or WorkerLost."""
        if self.pid and self._channel:
            return
        self.stop()
        ours, theirs = socket.socketpair()
        with theirs, (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "grading.acceptance.worker_process", str(theirs.fileno()), self.subject],
                pass_fds=[theirs.fileno()],
                cwd=self.folder,
                env={**os.environ, **self.environment, **_python_environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._channel = Connection(ours.detach())
        told = self._receive(_START_SECONDS)
        if told.fault:
            self.stop()
            raise SandboxRefused(told.fault) if told.refused else WorkerLost(f"The engine does not start. {told.fault}")

    def ask(self, ask: Ask, *, seconds: float) -> Told:
        """The reply, within `seconds`. Raises WorkerLost, and what `start` raises."""
        self.start()
        assert self._channel is not None  # noqa: S101 (just started)
        try:
            self._channel.send_bytes(to_json(ask).encode())
        except OSError as problem:
            self.stop()
            raise WorkerLost(f"The worker ended before it was asked. {self._last_words()}") from problem
        return self._receive(seconds)

    def stop(self) -> None:
        """End it and everything below it. Safe to repeat."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            below = [found.pid for found in family(of=self._process.pid)]
            self._process.kill()
            self._process.wait()
            self._process = None
            for pid in below:
                _kill(pid)

    def _receive(self, seconds: float) -> Told:
        assert self._channel is not None  # noqa: S101 (callers have started it)
        try:
            if not self._channel.poll(seconds):
                self.stop()
                raise WorkerLost(f"The engine gave no answer within {seconds:.0f} s.")
            return from_json(Told, self._channel.recv_bytes().decode())
        except (EOFError, OSError, ProtocolError) as problem:
            self.stop()
            raise WorkerLost(f"The worker that holds the engine was ended. {self._last_words()}") from problem

    def _last_words(self) -> str:
        log = self.folder / "log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return " / ".join(lines[-_LOG_LINES:])[-500:]


def _python_environment() -> dict[str, str]:
    """Finds this package from any folder, and writes no byte code: that would look as if a case had."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    return {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return  # it has ended by itself
