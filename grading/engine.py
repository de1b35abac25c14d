"""Marking from the caller's side: one warm process, one job at a time, always a verdict."""

import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from grading.protocol import Job, Outcome, ProtocolError, Verdict, from_json, to_json
from grading.runner.events import READY, Request
from grading.runner.frames import FrameRefused, read_frame, write_frame
from grading.sandbox.slots import SandboxRefused

ISOLATION = "unsafe-dev"
_ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 120
_SPARE_SECONDS = 120  # beyond a job's own limit, before the warm process counts as stuck
_MAX_VERDICT_BYTES = 64 << 20
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",  # no configuration of the user that runs the site
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class EngineFailed(Exception):
    """The marking process could not be started, or stopped; the message is for operators."""


class Engine:
    """Marks answers in a process of its own, which knows nothing of the caller's environment.

    The process starts at the first mark, or with `start` or `with`, and is started again should it have died. It ends
    with `close`, and by itself when the caller dies. One engine does one job at a time; threads wait for each other.
    `isolation` says what confines answers.
    """

    _server = "server"  # the module of grading.runner that the process runs

    def __init__(self, *, isolation: str | None = None, python: str | None = None) -> None:
        """`isolation` defaults to GRADER_ISOLATION, `python` to GRADING_PYTHON or this one. Raises SandboxRefused."""
        isolation = os.environ.get("GRADER_ISOLATION", "") if isolation is None else isolation
        if isolation != ISOLATION:
            raise SandboxRefused(
                f"GRADER_ISOLATION is {isolation!r}. This version can only mark with GRADER_ISOLATION={ISOLATION}, "
                "on a machine of your own: learner code is not fully confined."
            )
        self._prepare(python)

    def _prepare(self, python: str | None) -> None:
        self.isolation = ISOLATION
        self._python = python or os.environ.get("GRADING_PYTHON") or sys.executable
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the warm process if it does not run, and wait until it is ready. Raises EngineFailed."""
        with self._lock:
            self._start()

    def is_alive(self) -> bool:
        """Whether the warm process runs, or has not been needed yet."""
        return self._process is None or self._process.poll() is None

    def close(self) -> None:
        """Stop the warm process and everything it started. Safe to repeat."""
        process, channel = self._process, self._channel
        self._process = self._channel = None
        if channel is not None:
            channel.close()
        if process is not None:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def mark(self, job: Job, *, on_wait: Callable[[], None] | None = None) -> Verdict:
        """The verdict on one answer. Never raises for the answer's sake, nor for ours: those are `failed_ours`.

        Calls `on_wait` about once a second. What `on_wait` raises ends the job and reaches the caller.
        """
        with self._lock:
            try:
                return self._mark(job, on_wait=on_wait or (lambda: None))
            except (EngineFailed, FrameRefused, ProtocolError, OSError) as problem:
                self.close()
                return Verdict(job_id=job.job_id, outcome=Outcome.FAILED_OURS, reason=str(problem))
            except BaseException:
                self.close()
                raise

    def _mark(self, job: Job, *, on_wait: Callable[[], None]) -> Verdict:
        self._start(on_wait)
        assert self._channel is not None  # noqa: S101 (started above)
        with tempfile.TemporaryFile() as file:
            file.write(to_json(job).encode("ascii"))
            file.seek(0)
            socket.send_fds(self._channel, [b"j"], [file.fileno()])
            request = Request(job_id=job.job_id, seed=job.seed, limits=job.limits)
            write_frame(self._channel.fileno(), to_json(request))
        verdict = from_json(Verdict, self._receive(job.limits.total_seconds + _SPARE_SECONDS, on_wait=on_wait))
        if verdict.job_id != job.job_id:
            raise EngineFailed("The marking process answered another job.")
        return verdict

    def _start(self, on_wait: Callable[[], None] = lambda: None) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [self._python, "-I", "-c", self._boot(), str(os.getpid()), *self._arguments()],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd="/",
                env={**_ENVIRONMENT, **_ONE_THREAD},
                start_new_session=True,  # an interrupt meant for the caller does not reach a job half done
            )
        self._channel = ours
        answer = self._receive(_START_SECONDS, on_wait=on_wait)
        said, _, mode = answer.partition(" ")
        if said != READY:
            self.close()
            raise EngineFailed(answer)
        self.isolation = mode or self.isolation

    def _boot(self) -> str:
        return f"import sys; sys.path.append({str(_ROOT)!r}); from grading.runner.{self._server} import main; main()"

    def _arguments(self) -> list[str]:
        return []

    def _receive(self, seconds: float, *, on_wait: Callable[[], None]) -> str:
        """The next frame from the warm process. Raises EngineFailed when it ends or says nothing for too long."""
        assert self._channel is not None  # noqa: S101 (callers have started it)
        deadline = time.monotonic() + seconds
        while not select.select([self._channel], [], [], 1)[0]:
            on_wait()
            if time.monotonic() > deadline:
                raise EngineFailed("The marking process does not answer.")
        text = read_frame(self._channel.fileno(), limit=_MAX_VERDICT_BYTES)
        if text is None:
            raise EngineFailed("The marking process ended.")
        return text
