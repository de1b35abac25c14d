"""The supervisor's hold on one warm process, which forks pairs for it."""

import contextlib
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.protocol import Limits, from_json, to_json
from grading.runner.orders import END_PAIR, MAX_WORDS, READY, Ended, ForkPair
from grading.runner.pair import Pair, Side
from grading.runner.warmth import Warmth
from grading.sandbox.slots import Slot

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = f"import sys; sys.path.append({str(_ROOT)!r}); from grading.runner.zygote import main; main()"
_START_SECONDS = 120
_ANSWER_SECONDS = 30  # to fork or to end a pair, on a busy machine
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


class WarmFailed(Exception):
    """A warm process could not be started or stopped; the message is for operators."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A pair that was asked for: our ends of its sides' sockets."""

    limits: Limits
    controls: tuple[socket.socket, socket.socket]


class WarmProcess:
    """A warm process. One pair in use at a time, which may be asked for ahead.

    Its orders are carried out in turn, and their answers read when they are needed.
    """

    def __init__(self, mode: str, *, warmth: Warmth, slot: Slot | None) -> None:
        """Starts it and does not wait: it reads its first order once it has imported all. Raises WarmFailed."""
        uids = slot.uids if slot else ()
        place = [slot.number] if slot else []
        self._home = tempfile.TemporaryDirectory(prefix="upskill-warm-")  # what libraries write as they are imported
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-s", "-P", "-c", _BOOT, mode, warmth, *map(str, [*place, *uids])],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    cwd="/",
                    env={**_ENVIRONMENT, "HOME": self._home.name},
                )
            except OSError as problem:
                ours.close()
                raise WarmFailed(f"The warm process cannot be started: {problem.strerror}.") from problem
        self._channel = ours
        self._asked: _Asked | None = None
        self._ends_due = 0  # answers to ends that nobody has read yet
        self._is_ready = False

    def wait_ready(self) -> None:
        """Returns once it can fork. Raises WarmFailed, with the reason why it cannot."""
        if self._is_ready:
            return
        said, _ = self._answer(_START_SECONDS)
        if said != READY:
            raise WarmFailed(said)
        self._is_ready = True

    def fork_ahead(self, limits: Limits) -> None:
        """Have a pair made for the next job. Raises WarmFailed."""
        if self._asked is None:
            self._ask(limits)

    def take(self, limits: Limits) -> Pair:
        """A fresh pair with these limits. Raises WarmFailed."""
        if self._asked is None:
            self._ask(limits)
        pair = self._collected()
        if pair.limits == limits:
            return pair
        pair.close()  # the warm process ends it when it makes the next
        self._ask(limits)
        return self._collected()

    def end(self, pair: Pair) -> None:
        """Kill both sides; no other pair is made before nothing of them is left. Raises WarmFailed."""
        self._send(END_PAIR)
        self._ends_due += 1
        pair.close()

    def ended(self) -> Ended:
        """How the pair that was given to `end` last has ended, once nothing of it is left. Raises WarmFailed."""
        ended = Ended()
        while self._ends_due:
            ended = from_json(Ended, self._answer(_ANSWER_SECONDS)[0])
            self._ends_due -= 1
        return ended

    def check_alive(self) -> None:
        """Raises WarmFailed where the warm process has ended."""
        if self._process.poll() is not None:
            raise WarmFailed("The warm process ended.")

    def hang_up(self) -> None:
        """Let it end: it does when it reads no more orders. One that still imports is ended at once. Safe to repeat."""
        self._channel.close()
        if not self._is_ready:
            self._process.kill()

    def close(self) -> None:
        """Stop the warm process and everything it started; returns once it has ended. Safe to repeat."""
        self.hang_up()
        for control in self._asked.controls if self._asked else ():
            control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self._process.kill()
        self._process.wait()
        self._home.cleanup()

    def _ask(self, limits: Limits) -> None:
        (control, learners), (other, judges) = socket.socketpair(), socket.socketpair()
        links = socket.socketpair()
        theirs = [learners, links[0], judges, links[1]]
        try:
            self._send(to_json(ForkPair(limits=limits)).encode(), [each.fileno() for each in theirs])
        finally:
            for each in theirs:
                each.close()
        self._asked = _Asked(limits=limits, controls=(control, other))

    def _collected(self) -> Pair:
        """The pair that was asked for."""
        assert self._asked is not None  # noqa: S101 (callers have asked)
        asked, self._asked = self._asked, None
        self.wait_ready()
        self.ended()
        words, pidfds = self._answer(_ANSWER_SECONDS)
        if len(pidfds) != len(asked.controls):
            raise WarmFailed(words)
        learner, judge = (Side(ours, pidfd=pidfd) for ours, pidfd in zip(asked.controls, pidfds, strict=True))
        return Pair(limits=asked.limits, learner=learner, judge=judge)

    def _send(self, words: bytes, handles: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(self._channel, [words], handles)
        except OSError as problem:
            raise WarmFailed("The warm process ended.") from problem

    def _answer(self, seconds: float) -> tuple[str, list[int]]:
        """What the warm process says next, and the handles that come with it."""
        if not select.select([self._channel], [], [], seconds)[0]:
            raise WarmFailed("The warm process does not answer.")
        words, handles, _, _ = socket.recv_fds(self._channel, MAX_WORDS, 2)
        if not words:
            raise WarmFailed("The warm process ended.")
        return words.decode("utf-8", "replace"), handles
