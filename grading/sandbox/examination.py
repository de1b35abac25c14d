"""One examination of the wall: start a probe, let its canary try everything, and look at what came of it."""

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from grading.protocol import Limits
from grading.sandbox import limits as bounds
from grading.sandbox import lines, readings
from grading.sandbox.canaries import Property, Stage
from grading.sandbox.lines import Silence
from grading.sandbox.modes import Layer, Mode, rests_on, tries
from grading.sandbox.probe import Order
from grading.sandbox.witnesses import Witnesses

ENTERED, NOTHING_LEFT = "the wall can be closed", "nothing is left behind"
_ROOT = Path(__file__).resolve().parents[2]
_BOOT = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from grading.sandbox.probe import main; main()"
_LIMITS = Limits(memory_mb=1024, files_mb=4, processes=32, total_seconds=20)
_PATIENCE_SECONDS = 20
_TOLD = 5  # ways out named in one result
_SYSTEM_FILES = ["/etc/passwd", "/etc/hostname", "/var/log"]  # a host of one's own may show these
_MECHANISMS = {
    Property.NETWORK: (Layer.NETWORK, Layer.SECCOMP, Layer.LANDLOCK),
    Property.SECRETS: (Layer.MOUNT, Layer.LANDLOCK, Layer.UID, Layer.ENVIRONMENT, Layer.DESCRIPTORS),
    Property.FILES: (Layer.MOUNT, Layer.LANDLOCK, Layer.UID, Layer.SECCOMP),
    Property.PROCESSES: (Layer.PID, Layer.SECCOMP, Layer.UID),
    Property.KERNEL: (Layer.SECCOMP,),
    Property.RESOURCES: (Layer.RLIMITS, Layer.SCRATCH),
    Property.NEIGHBOUR: (Layer.MOUNT, Layer.LANDLOCK, Layer.UID),
    Property.PYTHON: (Layer.SCRATCH,),
}


@dataclass(frozen=True, kw_only=True)
class PropertyResult:
    """Whether one promise holds, by what, and how it is broken if not."""

    property: str
    mechanism: str
    held: bool
    detail: str = ""
    required: bool = True  # False: a second lock, or a promise that this mode does not make


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was found for one mode on this host."""

    mode: Mode
    results: tuple[PropertyResult, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The promises of this mode that do not hold, with what is wrong."""
        broken = [result for result in self.results if result.required and not result.held]
        return tuple(f"{result.property} ({result.detail})" for result in broken)

    @property
    def holds(self) -> bool:
        """Whether learner code may run behind this wall."""
        return not self.missing


@dataclass
class Examination:
    """One probe behind the wall of one mode, with or without all of its layers."""

    mode: Mode
    uids: tuple[int, int] | None
    without: frozenset[Layer]
    outside: Witnesses
    found: list[PropertyResult] = field(default_factory=list)

    def results(self) -> list[PropertyResult]:
        """Run it. What stops it before its end is a result too."""
        with self._probe() as (control, canary, neighbour), contextlib.ExitStack() as stack:
            try:
                told, handles = _first_words(control)
                for handle in handles:
                    stack.callback(os.close, handle)
                self._examine(control, canary, neighbour, told=told, handles=handles)
            except Silence as problem:
                self._add(ENTERED, str(self.mode), f"a process of the proof {problem}")
        return self.found

    def _examine(
        self,
        control: socket.socket,
        canary: socket.socket,
        neighbour: socket.socket,
        *,
        told: dict[str, Any],
        handles: list[int],
    ) -> None:
        words = [told] if "refused" in told else [lines.receive(neighbour), lines.receive(canary)]
        refusals = [word["refused"] for word in words if "refused" in word]
        self._add(ENTERED, str(self.mode), refusals[0] if refusals else "")
        if refusals:
            return
        victim, warm, *children = handles
        self._read_layers(readings.pid_of(warm), readings.pid_of(children[0]))
        lines.send(neighbour, {"write": self.outside.token})
        lines.receive(neighbour)
        lines.send(canary, {"stage": asdict(self._stage(words[0]["file"], victim, warm, children[1]))})
        self._judge(lines.receive(canary), victim=victim, neighbour=neighbour)
        control.send(b".")
        left = lines.receive(control)["left"]
        still = [handle for handle in children if not select.select([handle], [], [], 1)[0]]
        self._add(NOTHING_LEFT, Layer.SCRATCH, f"{len(still)} processes, {left}" if still or left else "")

    def _stage(self, neighbours_file: str, victim: int, warm: int, neighbour: int) -> Stage:
        pids = [readings.pid_of(handle) for handle in (warm, victim, neighbour)]
        return Stage(
            addresses=self.outside.addresses(),
            token=self.outside.token,
            secrets=[str(self.outside.secret), "/etc/shadow", *([] if self.mode is Mode.EXTERNAL else _SYSTEM_FILES)],
            beyond=[str(path) for path in self.outside.beyond()],
            open_file=str(self.outside.open_file),
            neighbours_file=neighbours_file,
            processes=[os.getpid(), pids[0]],
            victims=pids[1:],
            memory_mb=_LIMITS.memory_mb,
            files_mb=_LIMITS.files_mb,
            bounded_folder=Layer.MOUNT in rests_on(self.mode, as_root=self.uids is not None),
            time_zones=bool(zoneinfo.available_timezones()),
        )

    def _read_layers(self, warm: int, child: int) -> None:
        allowed = bounds.bounds(_LIMITS, processes=0)
        allowed.pop(bounds.PROCESSES)  # where others of the same user count as well, it is higher
        uid = self.uids[0] if self.uids else None
        found = readings.of_warm_process(warm) | readings.of_child(child, warm=warm, uid=uid, limits=allowed)
        needed = rests_on(self.mode, as_root=uid is not None)
        for layer, wrong in found.items():
            if layer in tries(self.mode, as_root=uid is not None):
                untold = wrong is None and self.mode is Mode.EXTERNAL  # some hosts tell less: the canaries decide
                detail = "the kernel does not tell" if wrong is None else wrong
                self._add(layer, layer, detail, required=layer in needed and not untold)

    def _judge(self, told: dict[str, Any], *, victim: int, neighbour: socket.socket) -> None:
        """Believe what the canary admits; what it touched is asked of those it touched."""
        escaped = {name: list(told["escaped"][name]) for name in Property}
        for witness in self.outside.reached():
            where = Property.NETWORK if witness in self.outside.listening else Property.FILES
            escaped[where].insert(0, f"{witness} was reached")
        if select.select([victim], [], [], 0)[0]:
            escaped[Property.PROCESSES].append("a process of the same user was ended")
        try:
            lines.send(neighbour, {"write": "again"})
            lines.receive(neighbour)
        except (Silence, OSError):
            escaped[Property.PROCESSES].append("the neighbour was ended")
        used = tries(self.mode, as_root=self.uids is not None) - self.without
        for name, what in escaped.items():
            mechanism = ", ".join(layer for layer in _MECHANISMS[name] if layer in used)
            self._add(name, mechanism, "; ".join(what[:_TOLD]) + ("; and more" if what[_TOLD:] else ""))
        needed = Layer.LANDLOCK in rests_on(self.mode, as_root=self.uids is not None)
        wrong = "" if told["landlock"] else "a device could be opened for writing"
        self._add(Layer.LANDLOCK, Layer.LANDLOCK, wrong, required=needed)

    def _add(self, name: str, mechanism: str, wrong: str, *, required: bool = True) -> None:
        self.found.append(
            PropertyResult(property=name, mechanism=mechanism, held=not wrong, detail=wrong, required=required)
        )

    @contextlib.contextmanager
    def _probe(self) -> Iterator[list[socket.socket]]:
        """The probe's process, as (control, canary, neighbour) on this side."""
        pairs = [socket.socketpair() for _ in range(3)]
        ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        numbers = [end.fileno() for end in theirs]
        order = Order(
            mode=self.mode,
            without=sorted(self.without),
            uids=list(self.uids) if self.uids else None,
            limits=asdict(_LIMITS),
            secret=str(self.outside.secret),
            **dict(zip(("control", "canary", "neighbour"), numbers, strict=True)),
        )
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "A_SECRET": self.outside.token}
        program = [sys.executable, "-c", _BOOT, order.to_text()]
        with subprocess.Popen(program, pass_fds=numbers, env=environment, stdin=subprocess.DEVNULL) as process:
            for end in theirs:
                end.close()
            for end in ours:
                end.settimeout(_PATIENCE_SECONDS)
            try:
                yield ours
            finally:
                for end in ours:
                    end.close()
                process.kill()


def _first_words(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    try:
        text, handles, _, _ = socket.recv_fds(control, 1 << 16, 4)
        return json.loads(text), handles
    except (OSError, ValueError) as problem:
        raise Silence(f"said nothing ({problem})") from problem
