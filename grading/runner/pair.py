"""A pair as the supervisor sees it: orders to each side, answers in bounded time, interrupts, an end.

Nothing that a learner's side says is believed beyond its shape; nothing it does can make the supervisor wait.
"""

import os
import select
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from grading.channel.frames import ChannelBroken, Frame, FrameRefused, FrameSocket
from grading.channel.testcell import TestReport
from grading.protocol import Limits, ProtocolError, from_json
from grading.runner.orders import MAX_WORDS, REFUSED
from grading.runner.sides import CellTold
from grading.sandbox.slots import SandboxRefused

_MAX_SIDE_BYTES = 16 << 20
_GRACE_SECONDS = 0.75  # to stop after an interrupt


class Late(Exception):
    """No whole answer came in time."""


class OwnerGone(Exception):
    """Nobody waits for the verdict any more."""


class LearnerGone(Exception):
    """The learner's side has ended, or said what no honest one says. `late`: it was ended for its time."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__()
        self.late = late


class JudgeGone(Exception):
    """The judge's side has ended, or said what no honest one says. `late`: it was ended for its time."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__()
        self.late = late


class SideGone(Exception):
    """The side has ended, or said what no honest one says."""


class _BoundedSocket(socket.socket):
    """A socket whose every call ends by one moment, however slowly its peer drips bytes. Then it raises Late."""

    ends_at = float("inf")

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        """As a socket's, by `ends_at`."""
        with self._in_time():
            super().sendall(data, flags)

    def recv_into(self, buffer: memoryview, nbytes: int = 0, flags: int = 0) -> int:  # type: ignore[override]
        """As a socket's, by `ends_at`."""
        with self._in_time():
            return super().recv_into(buffer, nbytes, flags)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise Late
        self.settimeout(left)
        try:
            yield
        except TimeoutError as problem:
            raise Late from problem


class Side:
    """One side of a pair, as the supervisor sees it."""

    def __init__(self, control: socket.socket, *, pidfd: int) -> None:
        self._socket = _BoundedSocket(fileno=control.detach())
        self._frames = FrameSocket(self._socket, limit=_MAX_SIDE_BYTES)
        self._pidfd = pidfd
        self._has_begun = False
        self.owner: socket.socket | None = None

    def ask(self, order: dict[str, Any], buffers: Sequence[bytes] = (), *, seconds: float) -> Frame:
        """The answer to one order. Raises Late, SideGone, SandboxRefused."""
        self.send(order, buffers, seconds=seconds)
        return self.receive(seconds=seconds)

    def send(self, order: dict[str, Any], buffers: Sequence[bytes] = (), *, seconds: float) -> None:
        """Give one order, whose answer is to be received. Raises Late, SideGone."""
        self._socket.ends_at = time.monotonic() + seconds
        try:
            self._frames.send(order, buffers)
        except ChannelBroken as problem:
            raise SideGone from problem

    def receive(self, *, seconds: float) -> Frame:
        """The answer that is still due after `send` or Late. Raises Late, SideGone, SandboxRefused."""
        self._wait(seconds)
        self._socket.ends_at = time.monotonic() + seconds
        try:
            answer = self._frames.receive()
        except (ChannelBroken, FrameRefused) as problem:
            raise SideGone from problem
        has_begun, self._has_begun = self._has_begun, True
        if not has_begun and (reason := answer.head.get(REFUSED)):  # afterwards a learner's code could say so
            raise SandboxRefused(str(reason)[:MAX_WORDS])
        return answer

    def _wait(self, seconds: float) -> None:
        """Until the answer begins to come. Late here does no harm: the answer can still come whole."""
        watched = [self._socket, self.owner] if self.owner else [self._socket]
        ready = select.select(watched, [], [], seconds)[0]
        if not ready:
            raise Late
        if self._socket not in ready:  # an owner that waits says nothing: it has gone
            raise OwnerGone

    def interrupt(self) -> None:
        """Ask the side to stop what it does, as a person at the keyboard would. Nothing where it has ended."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End the side. Safe to repeat."""
        self._signal(signal.SIGKILL)

    def has_ended(self) -> bool:
        """Whether the side's process runs no more."""
        return bool(select.select([self._pidfd], [], [], 0)[0])

    def close(self) -> None:
        """Let go of the side."""
        self._socket.close()
        os.close(self._pidfd)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, number)


class Pair:
    """A learner's side and a judge's side, for one job."""

    def __init__(self, *, limits: Limits, learner: Side, judge: Side) -> None:
        self.limits, self.learner, self.judge = limits, learner, judge

    def watch(self, owner: socket.socket) -> None:
        """End every wait with OwnerGone when `owner` closes its socket."""
        self.learner.owner = self.judge.owner = owner

    def run_cell(self, source: str, *, cell: str, seconds: float) -> tuple[CellTold, bool]:
        """What the learner's side tells of a cell, and whether it was interrupted for its time.

        Raises LearnerGone, and JudgeGone where the judge's side ended first: the other one follows it.
        """
        late = False
        try:
            try:
                answer = self.learner.ask({"op": "run", "source": source, "cell": cell}, seconds=seconds)
            except Late:
                late = True
                self.learner.interrupt()
                answer = self.learner.receive(seconds=_GRACE_SECONDS)
            return from_json(CellTold, str(answer.head.get("told"))), late
        except (Late, SideGone, ProtocolError) as problem:
            self.learner.kill()
            if self.judge.has_ended():
                raise JudgeGone from problem
            raise LearnerGone(late=late) from problem

    def run_test(self, source: str, *, seconds: float) -> tuple[TestReport, bool]:
        """What the judge's side found, and whether the learner's code was stopped for its time. Raises JudgeGone.

        A judge that waits for the learner's code is freed by interrupting that code, then by ending it.
        """
        late = False
        try:
            try:
                answer = self.judge.ask({"op": "test", "source": source}, seconds=seconds)
            except Late:
                late = True
                answer = self._freed()
            return from_json(TestReport, str(answer.head.get("report"))), late
        except (Late, SideGone, ProtocolError) as problem:
            self.judge.kill()
            raise JudgeGone(late=isinstance(problem, Late)) from problem

    def close(self) -> None:
        """Let go of both sides."""
        self.learner.close()
        self.judge.close()

    def _freed(self) -> Frame:
        self.learner.interrupt()
        try:
            return self.judge.receive(seconds=_GRACE_SECONDS)
        except Late:
            self.learner.kill()
            return self.judge.receive(seconds=_GRACE_SECONDS)
