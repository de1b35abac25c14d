"""The parent's side of one job: listens to the child, keeps its time, and leaves nothing of it behind."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

from grading.protocol import CheckResult, Outcome, ProtocolError, Verdict, from_json
from grading.runner.events import Event, EventKind, Timings
from grading.runner.frames import FrameRefused, read_frame
from grading.runner.progress import Ending, Progress

_MAX_EVENT_BYTES = 16 << 20
_MAX_JOB_BYTES = 32 << 20
_START_SECONDS = 60  # to confine, read the answer and start the kernel on a busy machine
_GRACE_SECONDS = 15  # to stop a stuck kernel in order, beyond the limit for all cells


class OwnerGone(Exception):
    """Nobody waits for the verdict any more."""


def listen(events: int, *, progress: Progress, owner_gone: Callable[[], bool]) -> Ending:
    """Take in what the child says until it ends, says too much or is out of time. Raises OwnerGone."""
    deadline = time.monotonic() + _START_SECONDS
    seen = 0
    while True:
        if owner_gone():
            raise OwnerGone
        if time.monotonic() > deadline:
            return Ending.OUT_OF_TIME
        if not select.select([events], [], [], 0.25)[0]:
            continue
        try:
            text = read_frame(events, limit=_MAX_EVENT_BYTES)
            if text is None:
                return Ending.ENDED
            seen += len(text)
            waited = not progress.started
            take_in(from_json(Event, text), progress=progress)
        except (FrameRefused, ProtocolError):
            return Ending.SAID_TOO_MUCH
        if seen > _MAX_JOB_BYTES:
            return Ending.SAID_TOO_MUCH
        if waited and progress.started:  # from here on the learner's code has the time
            deadline = time.monotonic() + progress.limits.total_seconds + _GRACE_SECONDS


def take_in(event: Event, *, progress: Progress) -> None:
    """Note one event. A child that has ended its job says nothing more that counts."""
    if progress.outcome is not None:
        return
    if event.kind is EventKind.PLAN:
        progress.plan = from_json(Verdict, event.body)
    elif event.kind is EventKind.STARTED:
        progress.started = True
    elif event.kind is EventKind.CHECK:
        result = from_json(CheckResult, event.body)
        progress.results.setdefault(result.check, result)
    elif event.kind is EventKind.FINISHED:
        progress.phases, progress.outcome = from_json(Timings, event.body).phases, Outcome.MARKED
    else:
        progress.reason, _, progress.detail = event.body.partition("\n")
        progress.outcome = Outcome.REFUSED if event.kind is EventKind.REFUSED else Outcome.FAILED_OURS


def end(pid: int) -> None:
    """Kill the child and every process that it started, and wait until they are gone.

    The child leads its own process namespace where there is one: then all of it dies at once. Elsewhere its orphans
    have become this process's children.
    """
    _kill(pid)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            gone, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not gone:
            for child in _children():
                _kill(child)
            time.sleep(0.01)


def _children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(number) for number in listed.read_text().split()] if listed.exists() else []


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
