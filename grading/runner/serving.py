"""The supervisor: takes jobs from its owner, rebuilds each notebook, runs it on a pair, and answers with the verdict.

It holds the author's tests and the learner's answer, decides the points, and keeps the time. It runs neither the
author's code nor the learner's.
"""

import contextlib
import os
import select
import socket
import sys
import traceback

from grading.protocol import ProtocolError, from_json, to_json
from grading.runner.frames import FrameRefused, read_frame, write_frame
from grading.runner.orders import READY, Request, RequestKind
from grading.runner.pair import OwnerGone
from grading.runner.supervisor import Supervisor
from grading.runner.warm import ZygoteFailed
from grading.sandbox.slots import SandboxRefused

MAX_REQUEST_BYTES = 64 << 10


def serve(*, owner: int, isolation: str) -> None:
    """Take jobs from standard input, a socket, until the owner closes it or ends. Says "ready" or why not, first."""
    channel = socket.socket(fileno=os.dup(0))
    try:
        supervisor = Supervisor(isolation, owner=channel)
    except (SandboxRefused, ZygoteFailed) as problem:
        write_frame(channel.fileno(), str(problem))
        return
    with supervisor, contextlib.suppress(OwnerGone):
        write_frame(channel.fileno(), f"{READY} {supervisor.proof.mode}")
        supervisor.make_ready()
        while (received := _next_request(channel, owner=owner)) is not None:
            request, file = received
            with os.fdopen(file, "rb") as stream:
                answer = _answered(request, stream.read().decode("ascii"), supervisor=supervisor)
            write_frame(channel.fileno(), answer)
            if not select.select([channel], [], [], 0)[0]:
                supervisor.make_ready()


def _answered(request: Request, text: str, *, supervisor: Supervisor) -> str:
    if request.kind is RequestKind.MARK:
        return to_json(supervisor.mark(text))
    return to_json(supervisor.trial(text))


def _next_request(channel: socket.socket, *, owner: int) -> tuple[Request, int] | None:
    """The next request and the file that holds its job; None when the owner is gone."""
    while not select.select([channel], [], [], 1)[0]:
        if os.getppid() != owner:
            return None
    _, handles, _, _ = socket.recv_fds(channel, 1, 1)
    if not handles:
        return None
    text = read_frame(channel.fileno(), limit=MAX_REQUEST_BYTES)
    return (from_json(Request, text), handles[0]) if text is not None else None


def main() -> None:
    """Serve, as started by `grading.engine`: the arguments are the process id of the owner and the isolation."""
    try:
        serve(owner=int(sys.argv[1]), isolation=sys.argv[2])
    except (
        BrokenPipeError,
        ConnectionResetError,
        FrameRefused,
        ProtocolError,
        SandboxRefused,
        ZygoteFailed,
    ) as problem:
        print(f"The marking process stops: {problem}", file=sys.stderr)
    except Exception as problem:  # noqa: BLE001 (this process begins here; the problem's own words may quote a learner)
        frames = traceback.format_list(traceback.extract_tb(problem.__traceback__))
        print(f"The marking process stops: {type(problem).__name__}\n{''.join(frames)}", file=sys.stderr)
