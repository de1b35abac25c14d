"""The engine that marks behind a proved wall and judges outside the learner's process.

`python -m grading` marks with it, unless GRADER_ISOLATION is unsafe-dev. The site marks with `grading.engine.Engine`
until it changes over.
"""

import os
import socket
import tempfile
from collections.abc import Callable

from grading.engine import Engine, EngineFailed
from grading.protocol import Job, Trial, TrialJob, Verdict, from_json, to_json
from grading.runner.frames import write_frame
from grading.runner.orders import Request, RequestKind
from grading.sandbox.modes import Mode

_SPARE_SECONDS = 120  # beyond a job's own limit, before the marking process counts as stuck


class ConfinedEngine(Engine):
    """As Engine, behind the best wall that can be proved on this host. `isolation` is its mode, once it runs."""

    _server = "serving"

    def __init__(self, *, isolation: str | None = None, python: str | None = None) -> None:
        """`isolation` defaults to GRADER_ISOLATION or the best mode that holds, `python` to GRADING_PYTHON or this one.

        `start` raises EngineFailed where no wall can be proved.
        """
        self._asked = os.environ.get("GRADER_ISOLATION", "") if isolation is None else isolation
        self._prepare(python)
        self.isolation = ""

    def trial(self, job: TrialJob) -> Trial:
        """What becomes of code that runs as a learner's would. Raises EngineFailed."""
        with self._lock:
            self._start()
            seconds = job.limits.total_seconds + _SPARE_SECONDS
            return from_json(Trial, self._ask(RequestKind.TRIAL, to_json(job), seconds=seconds, on_wait=lambda: None))

    def _arguments(self) -> list[str]:
        return [self._asked]

    def _mark(self, job: Job, *, on_wait: Callable[[], None]) -> Verdict:
        self._start(on_wait)
        seconds = job.limits.total_seconds + _SPARE_SECONDS
        verdict = from_json(Verdict, self._ask(RequestKind.MARK, to_json(job), seconds=seconds, on_wait=on_wait))
        if verdict.job_id != job.job_id:
            raise EngineFailed("The marking process answered another job.")
        return verdict

    def _ask(self, kind: RequestKind, text: str, *, seconds: float, on_wait: Callable[[], None]) -> str:
        assert self._channel is not None  # noqa: S101 (callers have started it)
        with tempfile.TemporaryFile() as file:
            file.write(text.encode("ascii"))
            file.seek(0)
            socket.send_fds(self._channel, [b"j"], [file.fileno()])
            write_frame(self._channel.fileno(), to_json(Request(kind=kind)))
        return self._receive(seconds, on_wait=on_wait)


def engine(isolation: str | None = None) -> Engine:
    """The engine for what GRADER_ISOLATION asks: the interim one for unsafe-dev, else the confined one."""
    asked = os.environ.get("GRADER_ISOLATION", "") if isolation is None else isolation
    return Engine(isolation=asked) if asked == Mode.UNSAFE_DEV else ConfinedEngine(isolation=asked)
