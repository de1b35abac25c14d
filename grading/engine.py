"""Marking from the caller's side: one supervisor's process, one job at a time, always a verdict."""

import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grading.channel.frames import ChannelBroken, FrameRefused, FrameSocket, TooLarge
from grading.protocol import Job, Outcome, ProtocolError, Trial, TrialJob, Verdict, from_json, to_json
from grading.runner.orders import ISOLATION, MAX_REQUEST, READY, RECYCLED, REFUSED, RequestKind

_ROOT = Path(__file__).resolve().parents[1]
_BOOT = f"import sys; sys.path.append({str(_ROOT)!r}); from grading.runner.serving import main; main()"
_START_SECONDS = 120
_SPARE_SECONDS = 120  # beyond a job's own limit, before the marking process counts as stuck
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",  # no configuration of the user that runs the site
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class EngineFailed(Exception):
    """The marking process could not be started, or stopped; the message is for operators."""


_OURS = (EngineFailed, FrameRefused, TooLarge, ProtocolError, OSError)


class Engine:
    """Marks answers in processes of its own, which know nothing of the caller's environment.

    The first of them starts with the first mark, or with `start` or `with`, and is started again should it have died.
    It ends with `close`, and by itself when the caller dies. One engine does one job at a time; threads wait for each
    other. `isolation` is the mode of the wall that was proved last, "" before the first start. `recycled` counts how
    often its warm processes were replaced since the start, by cause (`grading.runner.orders.Recycled`).
    """

    def __init__(self, *, isolation: str | None = None, python: str | None = None) -> None:
        """`isolation` defaults to GRADER_ISOLATION or the best mode that holds, `python` to GRADING_PYTHON or this one.

        `start` raises EngineFailed where no wall can be proved.
        """
        self._asked = os.environ.get("GRADER_ISOLATION", "") if isolation is None else isolation
        self._python = python or os.environ.get("GRADING_PYTHON") or sys.executable
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: FrameSocket | None = None
        self._lock = threading.Lock()
        self.isolation = ""
        self.recycled: dict[str, int] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start marking if it does not run, and wait until it is ready. Raises EngineFailed."""
        with self._lock:
            self._start()

    def is_alive(self) -> bool:
        """Whether the marking process runs."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """Stop the marking process and everything it started. Safe to repeat."""
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
            except _OURS as problem:
                self.close()
                return Verdict(job_id=job.job_id, outcome=Outcome.FAILED_OURS, reason=str(problem))
            except BaseException:
                self.close()
                raise

    def trial(self, job: TrialJob) -> Trial:
        """What becomes of code that runs as a learner's would. Raises EngineFailed."""
        with self._lock:
            try:
                self._start()
                return from_json(Trial, self._ask(RequestKind.TRIAL, job, on_wait=lambda: None))
            except _OURS as problem:
                self.close()
                raise EngineFailed(str(problem)) from problem

    def _mark(self, job: Job, *, on_wait: Callable[[], None]) -> Verdict:
        self._start(on_wait)
        verdict = from_json(Verdict, self._ask(RequestKind.MARK, job, on_wait=on_wait))
        if verdict.job_id != job.job_id:
            raise EngineFailed("The marking process answered another job.")
        return verdict

    def _start(self, on_wait: Callable[[], None] = lambda: None) -> None:
        if self.is_alive():
            return
        self.close()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [self._python, "-I", "-c", _BOOT, str(os.getpid()), self._asked],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,  # an interrupt meant for the caller does not reach a job half done
            )
        self._channel = FrameSocket(ours, limit=MAX_REQUEST)
        try:
            said = self._receive(_START_SECONDS, on_wait=on_wait)[0]
            if READY not in said:
                raise EngineFailed(said[REFUSED])
        except BaseException:
            self.close()
            raise
        self.isolation = said[READY]

    def _ask(self, kind: RequestKind, job: Job | TrialJob, *, on_wait: Callable[[], None]) -> str:
        assert self._channel is not None  # noqa: S101 (callers have started it)
        try:
            self._channel.send({"kind": kind}, [to_json(job).encode("ascii")])
        except ChannelBroken as problem:
            raise EngineFailed("The marking process ended.") from problem
        head, answer = self._receive(job.limits.total_seconds + _SPARE_SECONDS, on_wait=on_wait)
        self.isolation, self.recycled = head[ISOLATION], head[RECYCLED]
        return answer

    def _receive(self, seconds: float, *, on_wait: Callable[[], None]) -> tuple[dict[str, Any], str]:
        """What the process says next. Raises EngineFailed when it ends or says nothing for too long."""
        assert self._channel is not None  # noqa: S101 (callers have started it)
        deadline = time.monotonic() + seconds
        while not select.select([self._channel], [], [], 1)[0]:
            on_wait()
            if time.monotonic() > deadline:
                raise EngineFailed("The marking process does not answer.")
        try:
            frame = self._channel.receive()
        except ChannelBroken as problem:
            raise EngineFailed("The marking process ended.") from problem
        return frame.head, frame.text
