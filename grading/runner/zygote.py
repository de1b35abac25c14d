"""A warm process: imports what its exercises use once, then forks confined pairs. It never sees a byte of a job.

Started by exec with a clean environment. Its standard input is a socket to the supervisor, on which it says "ready",
then answers each ForkPair with two process handles and each end of a pair with an Ended. It ends with its supervisor.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
from typing import NoReturn

from grading.protocol import Limits, from_json, to_json
from grading.runner import sides
from grading.runner.orders import END_PAIR, FORKED, MAX_WORDS, READY, Ended, Exit, ForkPair
from grading.runner.rehearsal import rehearse
from grading.runner.shell import Shell, make_shell
from grading.runner.warmth import Warmth, import_modules, settle, touch
from grading.sandbox import linux, scratch
from grading.sandbox.modes import Mode
from grading.sandbox.slots import SandboxRefused
from grading.sandbox.wall import Wall

_LOOK_SECONDS = 0.05
_MOST_FILES = 2000  # of one side, where only we count them
_SOCKETS = 4  # of a pair: control and link of the learner's side, control and link of the judge's


class Zygote:
    """Forks pairs, one at a time, and ends them."""

    def __init__(self, *, channel: socket.socket, wall: Wall, cells: Shell, slot: int | None, uids: list[int]) -> None:
        self._slot, self._uids = slot, uids
        self._channel, self._wall, self._cells = channel, wall, cells
        self._pair: tuple[int, int] | None = None
        self._limits = Limits()

    @property
    def _look_every(self) -> float | None:
        """Seconds between two looks at what a pair has written; None where the kernel bounds it."""
        is_open = self._pair is not None and self._wall.scratch_of(self._pair[0]) is not None
        return _LOOK_SECONDS if is_open else None

    def _end_what_writes_too_much(self) -> None:
        for pid in self._pair or ():
            folder = self._wall.scratch_of(pid)
            if folder is None:
                continue
            used = scratch.used(folder, at_most=_MOST_FILES)
            if used.entries > _MOST_FILES or used.bytes > self._limits.files_mb << 20:
                os.kill(pid, signal.SIGKILL)

    def serve(self) -> None:
        """Answer the supervisor until it is gone."""
        while True:
            while not select.select([self._channel], [], [], self._look_every)[0]:
                self._end_what_writes_too_much()
            words, handles, _, _ = socket.recv_fds(self._channel, MAX_WORDS, _SOCKETS)
            if not words:
                self._end()
                self._wall.close()
                return
            if words == END_PAIR:
                self._channel.send(to_json(self._end()).encode())
                continue
            request = from_json(ForkPair, words.decode())
            self._fork_pair(request.limits, handles=handles)

    def _fork_pair(self, limits: Limits, *, handles: list[int]) -> None:
        """A fresh pair. One that is still there has never been used: it is ended when the fresh one is on its way."""
        unused, self._pair, self._limits = self._pair, None, limits
        for pid in unused or ():
            os.kill(pid, signal.SIGKILL)
        cpu = self._processor()
        learner = self._fork(limits, control=handles[0], link=handles[1], number=0, cpu=cpu)
        judge = self._fork(limits, control=handles[2], link=handles[3], number=1, cpu=cpu)
        self._pair = learner, judge
        pidfds = [os.pidfd_open(pid) for pid in self._pair]
        socket.send_fds(self._channel, [FORKED], pidfds)
        for handle in [*handles, *pidfds]:
            os.close(handle)
        if unused:
            self._bury(unused)

    def _processor(self) -> int:
        """For both sides: they take turns, which costs less on one processor than between two. Slots differ in it."""
        if self._slot is None:
            return linux.processor()
        allowed = sorted(os.sched_getaffinity(0))
        return allowed[self._slot % len(allowed)]

    def _fork(self, limits: Limits, *, control: int, link: int, number: int, cpu: int) -> int:
        pid = self._wall.fork()
        if pid == 0:
            self._become_side(limits, control=control, link=link, number=number, cpu=cpu)
        return pid

    def _become_side(self, limits: Limits, *, control: int, link: int, number: int, cpu: int) -> NoReturn:
        """The child's whole life. Never returns to the code of the warm process."""
        said = socket.socket(fileno=control)
        try:
            uid = self._uids[number] if self._uids else None
            self._wall.confine(keep=(control, link), uid=uid, limits=limits, cpu=cpu)
            if number == 0:
                sides.learner(said, socket.socket(fileno=link), cells=self._cells)
            else:
                sides.judge(said, socket.socket(fileno=link))
        except SandboxRefused as problem:
            with contextlib.suppress(OSError):
                sides.refuse(said, str(problem))
        finally:
            os._exit(1)

    def _end(self) -> Ended:
        """Kill the pair and wait until nothing of it is left."""
        if self._pair is None:
            return Ended()
        pair, self._pair = self._pair, None
        for pid in pair:
            os.kill(pid, signal.SIGKILL)  # not yet waited for, so the number is still theirs
        return self._bury(pair)

    def _bury(self, pair: tuple[int, int]) -> Ended:
        """Wait until both are gone, and everything that they wrote."""
        ended = Ended(learner=_waited(pair[0]), judge=_waited(pair[1]))
        for pid in pair:
            self._wall.forget(pid)
        return ended


def _waited(pid: int) -> Exit:
    _, status, used = os.wait4(pid, 0)
    return Exit(
        signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        cpu_ms=round((used.ru_utime + used.ru_stime) * 1000),
        max_rss_mb=used.ru_maxrss >> 10,
    )


def warm_up(warmth: Warmth) -> Shell:
    """Import what this warmth stands for and use it once, so that children share the pages."""
    import_modules(warmth)
    shell = make_shell()
    settle()
    touch()
    rehearse()
    gc.collect()
    gc.freeze()  # the collector would otherwise write into every shared page
    if (threads := len(os.listdir("/proc/self/task"))) != 1:
        raise SandboxRefused(f"The warm process has {threads} threads and cannot fork safely. Report this as a fault.")
    return shell


def main() -> None:
    """Serve, as started by the supervisor.

    The arguments: the mode of the wall, the warmth and, for root, the number of the slot and its two user ids.
    """
    channel = socket.socket(fileno=os.dup(0))
    try:
        shell = warm_up(Warmth(sys.argv[2]))
        wall = Wall(Mode(sys.argv[1]))
        slot, *uids = map(int, sys.argv[3:]) if sys.argv[3:] else (None,)
        zygote = Zygote(channel=channel, wall=wall, cells=shell, slot=slot, uids=uids)
        wall.enter_once()
    except (SandboxRefused, OSError) as problem:
        channel.send(str(problem).encode()[:MAX_WORDS])
        return
    channel.send(READY.encode())
    with contextlib.suppress(ConnectionError):
        zygote.serve()
