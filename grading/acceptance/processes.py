"""Processes as the kernel tells of them: what a run started, used and left behind.

Whoever uses `Household` adopts orphans, so that no process of a run can leave its family by losing its parents.
"""

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from grading.sandbox import linux

_TICKS = os.sysconf("SC_CLK_TCK")
_WORDS = {"T": "stopped", "t": "traced", "Z": "ended", "X": "ended"}
Key = tuple[int, int]  # process id and the moment at which it started: together never used twice


@dataclass(frozen=True)
class Process:
    """One process at one moment."""

    pid: int
    started: int
    parent: int
    state: str
    cpu_seconds: float

    @property
    def key(self) -> Key:
        """What tells this process from every other."""
        return self.pid, self.started


def process(pid: int) -> Process | None:
    """The process with this id; None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    parts = text.rpartition(")")[2].split()
    return Process(
        pid=pid,
        started=int(parts[19]),
        parent=int(parts[1]),
        state=parts[0],
        cpu_seconds=(int(parts[11]) + int(parts[12])) / _TICKS,
    )


def process_state(pid: int) -> str:
    """ "running", "stopped", "traced" or "ended"."""
    found = process(pid)
    if found is None:
        return "ended"
    with contextlib.suppress(OSError, ValueError):
        traced = Path(f"/proc/{pid}/status").read_text().partition("TracerPid:")[2].split()[0]
        if int(traced):
            return "traced"
    return _WORDS.get(found.state, "running")


def family(*, of: int) -> list[Process]:
    """Every living process below `of`."""
    children: dict[int, list[Process]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (found := process(int(name))) and found.state not in "ZX":
            children.setdefault(found.parent, []).append(found)
    below, waiting = [], [of]
    while waiting:
        mine = children.get(waiting.pop(), [])
        below += mine
        waiting += [child.pid for child in mine]
    return below


class Household:
    """Tells an engine's own processes from those that a run has left.

    The engine's own are those that outlive a plain run: a pair kept ready for the next run does not, since that run
    uses it up.
    """

    def __init__(self, *, helpers: Callable[[], set[int]]) -> None:
        """`helpers` gives the process ids that belong to the harness. Adopts orphans from now on."""
        linux.works(linux.adopt_orphans)
        self._helpers = helpers
        self._before = {found.key for found in family(of=os.getpid())}
        self._own: set[Key] = set()

    def living(self) -> set[Key]:
        """What lives now and was not there before the engine."""
        helpers = self._helpers()
        return {found.key for found in family(of=os.getpid()) if found.pid not in helpers} - self._before

    def learn(self, run_plain: Callable[[], object]) -> None:
        """Find the engine's own processes, by two plain runs."""
        run_plain()
        first = self.living()
        run_plain()
        self._own = first & self._after(first)

    def left(self, after_case: set[Key], *, run_plain: Callable[[], object]) -> list[int]:
        """Ids of processes that lived when the case ended and still do after a plain run and a second.

        They are ended here. When the engine had to begin anew, it is learnt anew.
        """
        run_plain()
        suspects = after_case - self._own
        left = suspects & self._after(suspects)
        for pid, _ in left:
            with contextlib.suppress(OSError):
                os.kill(pid, 9)
        if not self._own <= self.living():
            self.learn(run_plain)
        return sorted(pid for pid, _ in left)

    def _after(self, keys: set[Key]) -> set[Key]:
        """Those of `keys` that have not ended after a second."""
        deadline = time.monotonic() + 1
        while (left := keys & self.living()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left


class Meter:
    """What everything below this process uses while the block lasts, by looking ten times a second."""

    def __init__(self, *, leave_out: set[int]) -> None:
        """`leave_out` are the harness's own processes."""
        self.peak_rss_mb = 0.0  # of the largest process
        self.cpu_seconds = 0.0  # of all of them, as last seen
        self.peak_disk_mb = 0.0  # by which the temporary folders and memory disks of the machine grew
        self._leave_out = leave_out
        self._seen: dict[Key, float] = {}
        self._first: dict[Key, float] = {}
        self._disk_before = _disk_mb()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._first = {found.key: found.cpu_seconds for found in self._family()}
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _family(self) -> list[Process]:
        return [found for found in family(of=os.getpid()) if found.pid not in self._leave_out]

    def _watch(self) -> None:
        while True:
            done = self._done.wait(0.1)
            for found in self._family():
                self._seen[found.key] = found.cpu_seconds - self._first.get(found.key, 0.0)
                self.peak_rss_mb = max(self.peak_rss_mb, _peak_mb(found.pid))
            self.cpu_seconds = sum(self._seen.values())
            self.peak_disk_mb = max(self.peak_disk_mb, _disk_mb() - self._disk_before)
            if done:
                return


def _peak_mb(pid: int) -> float:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return 0.0


def _disk_mb() -> float:
    files = shutil.disk_usage(tempfile.gettempdir()).used / (1 << 20)
    memory = Path("/proc/meminfo").read_text().partition("\nShmem:")[2].split()[0]
    return files + int(memory) / 1024
