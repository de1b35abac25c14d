"""The two sides of a pair: what each does between its first byte and its end. Both run confined and are used once.

The learner's side runs cells and answers the judge; the judge's side runs the author's code and tests. Each reads its
orders from its control socket to the supervisor.
"""

import json
import math
import os
import select
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from grading.channel.frames import ALIGNMENT, ChannelBroken, Frame, FrameSocket
from grading.channel.link_judge import JudgeEnd
from grading.channel.link_learner import LearnerEnd
from grading.channel.prelude import Prelude
from grading.channel.testcell import PreludeFailed, TestReport, prepare, run_test
from grading.protocol import to_json
from grading.runner.orders import REFUSED
from grading.runner.rehearsal import rehearse
from grading.runner.reseed import reseed
from grading.runner.shell import Shell

_BUSY_SECONDS = 0.03  # within which an order comes to a side that was forked for a job that waits


@dataclass(frozen=True, kw_only=True)
class CellTold:
    """What the learner's side tells of a cell. Nothing in it decides a mark."""

    ok: bool
    name: str = ""  # of the exception
    value: str = ""
    too_much_output: bool = False
    outputs: str = ""  # nbformat's outputs as JSON


def refuse(control: socket.socket, reason: str) -> None:
    """Tell the supervisor that this child could not be confined."""
    FrameSocket(control).send({REFUSED: reason})


def learner(control: socket.socket, link: socket.socket, *, cells: Shell) -> NoReturn:
    """Run cells for the supervisor and answer the judge, until either is gone."""
    orders, end = FrameSocket(control), LearnerEnd(link, cells.user_ns)
    _use_the_wait(control, cells.stay_warm)
    while True:
        ready = select.select([control, link], [], [])[0]
        try:
            if link in ready:
                end.serve_one()
            else:
                orders.send(_obeyed(orders.receive(), cells=cells))
        except KeyboardInterrupt:  # meant for a cell that has just ended
            continue
        except ChannelBroken:
            os._exit(0)


def _use_the_wait(control: socket.socket, *steps: Callable[[], None]) -> None:
    """While no order comes, use what the job will use: what that copies of the warm process, the job need not."""
    for step in (rehearse, *steps):
        if select.select([control], [], [], _BUSY_SECONDS)[0]:
            return
        step()


def _obeyed(order: Frame, *, cells: Shell) -> dict[str, Any]:
    if order.head["op"] == "begin":
        lay_out(order)
        cells.begin(seed=order.head["seed"], output_limit=order.head["output_bytes"], is_seen=order.head["is_seen"])
        return {"done": True}
    report = cells.run(order.head["source"], cell_id=order.head["cell"])
    told = CellTold(
        ok=report.status == "ok",
        name=report.ename,
        value=report.evalue,
        too_much_output=report.truncated,
        outputs=json.dumps(report.outputs),
    )
    return {"told": to_json(told)}


def judge(control: socket.socket, link: socket.socket) -> NoReturn:
    """Run the author's code, then tests, until the supervisor is gone."""
    orders, end = FrameSocket(control), JudgeEnd(link)
    _use_the_wait(control)
    while True:
        try:
            order = orders.receive()
        except ChannelBroken:
            os._exit(0)
        orders.send(_judged(order, end=end))


def _judged(order: Frame, *, end: JudgeEnd) -> dict[str, Any]:
    if order.head["op"] == "begin":
        lay_out(order)
        reseed(order.head["seed"])
        end.sources.extend(order.head["sources"])
        try:
            prepare(end, read_prelude(order.head["prelude"]))
        except PreludeFailed as problem:
            return {"failed": str(problem)[:500]}
        return {"done": True}
    return {"report": to_json(_plain(run_test(end, order.head["source"])))}


def _plain(report: TestReport) -> TestReport:
    """The report with a score that JSON can hold; one that it cannot hold stays as text."""
    if report.score is None or math.isfinite(report.score):
        return report
    return replace(report, score=None, value_text=repr(report.score))


def written_prelude(prelude: Prelude) -> dict[str, Any]:
    """The prelude for an order; `read_prelude` gives it back."""
    return {
        "code": prelude.code,
        "author_names": sorted(prelude.author_names),
        "shared_names": sorted(prelude.shared_names),
        "operators": {name: sorted(methods) for name, methods in prelude.operators.items()},
    }


def read_prelude(words: dict[str, Any]) -> Prelude:
    """What `written_prelude` wrote."""
    return Prelude(
        code=words["code"],
        author_names=frozenset(words["author_names"]),
        shared_names=frozenset(words["shared_names"]),
        operators={name: frozenset(methods) for name, methods in words["operators"].items()},
    )


def lay_out(order: Frame) -> None:
    """Write the files that lie beside the notebook into the work folder."""
    start = 0
    for name, size in order.head["files"]:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(order.buffers[start : start + size])
        start += size + (-size % ALIGNMENT)


def packed(files: Mapping[str, bytes]) -> tuple[list[tuple[str, int]], list[bytes]]:
    """What `lay_out` reads: names and sizes, and the contents."""
    return [(name, len(content)) for name, content in files.items()], list(files.values())
