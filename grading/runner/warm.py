"""The supervisor's hold on the warm process, which forks pairs for it."""

import contextlib
import select
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from grading.protocol import Limits, from_json, to_json
from grading.runner.orders import END_PAIR, MAX_WORDS, READY, Ended, ForkPair
from grading.runner.pair import Pair, Side

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


class ZygoteFailed(Exception):
    """The warm process could not be started or stopped; the message is for operators."""


class Zygote:
    """The warm process. One pair at a time, which may be asked for ahead."""

    def __init__(self, mode: str, *, uids: tuple[int, int] | None) -> None:
        """Starts it and waits until it is ready. Raises ZygoteFailed, with the reason."""
        self._home = tempfile.TemporaryDirectory(prefix="upskill-warm-")  # what libraries write as they are imported
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", _BOOT, mode, *map(str, uids or ())],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd="/",
                env={**_ENVIRONMENT, "HOME": self._home.name},
            )
        self._channel = ours
        self._ahead: Pair | None = None
        said, _ = self._answer(_START_SECONDS)
        if said != READY:
            self.close()
            raise ZygoteFailed(said)

    def fork_ahead(self, limits: Limits) -> None:
        """Have a pair ready for the next job. Raises ZygoteFailed."""
        self._ahead = self._ahead or self._fork(limits)

    def take(self, limits: Limits) -> Pair:
        """A fresh pair with these limits. Raises ZygoteFailed."""
        pair, self._ahead = self._ahead, None
        if pair is not None and pair.limits != limits:
            self.end(pair)
            pair = None
        return pair or self._fork(limits)

    def end(self, pair: Pair) -> Ended:
        """Kill both sides; on return nothing of them is left. Raises ZygoteFailed."""
        self._channel.send(END_PAIR)
        ended = from_json(Ended, self._answer(_ANSWER_SECONDS)[0])
        pair.close()
        return ended

    def check_alive(self) -> None:
        """Raises ZygoteFailed where the warm process has ended."""
        if self._process.poll() is not None:
            raise ZygoteFailed("The warm process ended.")

    def close(self) -> None:
        """Stop the warm process and everything it started. Safe to repeat."""
        self._channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self._process.kill()
        self._process.wait()
        self._home.cleanup()

    def _fork(self, limits: Limits) -> Pair:
        controls, links = [socket.socketpair() for _ in range(2)], socket.socketpair()
        theirs = [controls[0][1], links[0], controls[1][1], links[1]]
        try:
            socket.send_fds(
                self._channel, [to_json(ForkPair(limits=limits)).encode()], [each.fileno() for each in theirs]
            )
        finally:
            for each in theirs:
                each.close()
        words, pidfds = self._answer(_ANSWER_SECONDS)
        if len(pidfds) != len(controls):
            raise ZygoteFailed(words)
        learner, judge = (Side(ours, pidfd=pidfd) for (ours, _), pidfd in zip(controls, pidfds, strict=True))
        return Pair(limits=limits, learner=learner, judge=judge)

    def _answer(self, seconds: float) -> tuple[str, list[int]]:
        """What the warm process says next, and the handles that come with it."""
        if not select.select([self._channel], [], [], seconds)[0]:
            raise ZygoteFailed("The warm process does not answer.")
        words, handles, _, _ = socket.recv_fds(self._channel, MAX_WORDS, 2)
        if not words:
            raise ZygoteFailed("The warm process ended.")
        return words.decode("utf-8", "replace"), handles
