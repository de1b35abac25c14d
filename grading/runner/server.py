"""The warm process: imports what marking needs once, then forks a confined child for each job its owner sends."""

import os
import select
import shutil
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import NoReturn

from grading.protocol import Outcome, ProtocolError, Verdict, from_json, to_json
from grading.runner.events import READY, Event, Request
from grading.runner.frames import FrameRefused, read_frame, write_frame
from grading.runner.job import run_job
from grading.runner.progress import Progress
from grading.runner.supervise import OwnerGone, end, listen
from grading.sandbox import linux
from grading.sandbox.confine import fork_confinable
from grading.sandbox.slots import SandboxRefused, Slot, take_slot

MAX_REQUEST_BYTES = 64 << 10
_SCRATCH = "upskill-mark-"


def serve(*, owner: int) -> None:
    """Take jobs from standard input, a socket, until the owner closes it or ends. Says "ready" or why not, first."""
    channel = socket.socket(fileno=os.dup(0))
    linux.works(linux.adopt_orphans)
    try:
        slot = take_slot()
        if threading.active_count() > 1:
            raise SandboxRefused("The marking process has threads and cannot fork safely. Report this as a fault.")
    except SandboxRefused as problem:
        write_frame(channel.fileno(), str(problem))
        return
    _remove_leftovers(slot)
    write_frame(channel.fileno(), READY)
    while (received := _next_request(channel, owner=owner)) is not None:
        request, job_fd = received
        try:
            verdict = mark_one(request, job_fd=job_fd, slot=slot, channel=channel, owner=owner)
        except OwnerGone:
            return
        finally:
            os.close(job_fd)
        write_frame(channel.fileno(), to_json(verdict))


def _remove_leftovers(slot: Slot | None) -> None:
    """Scratch folders of an earlier process with this slot, which was killed before it could remove them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*"):
        if slot and folder.lstat().st_uid == slot.uid:
            shutil.rmtree(folder, ignore_errors=True)


def mark_one(request: Request, *, job_fd: int, slot: Slot | None, channel: socket.socket, owner: int) -> Verdict:
    """Fork a child for one job and return its verdict. Raises OwnerGone, with the child gone too."""
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH))
    if slot:
        os.chown(scratch, slot.uid, slot.uid)
    events, child_events = os.pipe()
    progress = Progress(request.job_id, request.limits)
    pid, own_processes = fork_confinable()
    if pid == 0:
        _child(request, job_fd=job_fd, events=child_events, scratch=scratch, slot=slot, own_processes=own_processes)
    os.close(child_events)
    try:
        ending = listen(events, progress=progress, owner_gone=lambda: _owner_gone(channel, owner=owner))
    finally:
        end(pid)
        os.close(events)
        shutil.rmtree(scratch, ignore_errors=True)
    verdict = progress.verdict(ending)
    if verdict.outcome is Outcome.FAILED_OURS:
        print(f"Marking {request.job_id} failed: {verdict.reason}\n{progress.detail}", file=sys.stderr, flush=True)
    return verdict


def _child(
    request: Request, *, job_fd: int, events: int, scratch: Path, slot: Slot | None, own_processes: bool
) -> NoReturn:
    """The job's own process. Never returns to the code of the warm one."""
    try:
        close_other_files({job_fd, events})
        run_job(
            job_fd,
            limits=request.limits,
            seed=request.seed,
            scratch=scratch,
            slot=slot,
            own_processes=own_processes,
            say=lambda kind, body: write_frame(events, to_json(Event(kind=kind, body=body))),
        )
    finally:
        os._exit(0)


def close_other_files(keep: set[int]) -> None:
    """Close everything this process inherited but `keep`; standard input and output become the null device."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(null, number)
    last = 2
    for number in [*sorted(keep), os.sysconf("SC_OPEN_MAX")]:
        os.closerange(last + 1, number)
        last = number


def _next_request(channel: socket.socket, *, owner: int) -> tuple[Request, int] | None:
    """The next job's request and the file that holds the job; None when the owner is gone."""
    while not select.select([channel], [], [], 1)[0]:
        if os.getppid() != owner:
            return None
    _, handles, _, _ = socket.recv_fds(channel, 1, 1)
    if not handles:
        return None
    text = read_frame(channel.fileno(), limit=MAX_REQUEST_BYTES)
    return (from_json(Request, text), handles[0]) if text is not None else None


def _owner_gone(channel: socket.socket, *, owner: int) -> bool:
    if os.getppid() != owner:
        return True
    readable = select.select([channel], [], [], 0)[0]
    return bool(readable) and channel.recv(1, socket.MSG_PEEK) == b""


def main() -> None:
    """Serve, as started by `grading.engine`: the only argument is the process id of the owner."""
    try:
        serve(owner=int(sys.argv[1]))
    except (BrokenPipeError, ConnectionResetError, FrameRefused, ProtocolError) as problem:
        print(f"The marking process stops: {problem}", file=sys.stderr)
