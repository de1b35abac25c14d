"""The supervisor's way in: takes jobs from its owner, has each marked, and answers with the verdict.

It holds the author's tests and the learner's answer, decides the points, and keeps the time. It runs neither the
author's code nor the learner's.
"""

import contextlib
import os
import select
import socket
import sys
import traceback
from collections.abc import Callable

from grading.channel.frames import ChannelBroken, Frame, FrameRefused, FrameSocket
from grading.protocol import ProtocolError, to_json
from grading.runner.orders import ISOLATION, MAX_REQUEST, READY, RECYCLED, REFUSED, RequestKind
from grading.runner.pair import Late, OwnerGone, SideGone
from grading.runner.supervisor import Supervisor
from grading.runner.warm import WarmFailed
from grading.sandbox.slots import SandboxRefused

_EXPECTED = (
    ConnectionError,
    ChannelBroken,
    FrameRefused,
    Late,
    ProtocolError,
    SandboxRefused,
    SideGone,
    WarmFailed,
)


def serve(*, owner: int, isolation: str) -> None:
    """Take jobs from standard input, a socket, until the owner closes it or ends. Says "ready" or why not, first."""
    channel = socket.socket(fileno=os.dup(0))
    frames = FrameSocket(channel, limit=MAX_REQUEST)
    try:
        supervisor = Supervisor(isolation, owner=channel)
    except (SandboxRefused, WarmFailed) as problem:
        frames.send({REFUSED: str(problem)})
        return
    with supervisor, contextlib.suppress(OwnerGone):
        frames.send({READY: supervisor.proof.mode})
        supervisor.make_ready()
        while _is_wanted(channel, owner=owner, meanwhile=supervisor.use_the_time):
            answer = _answered(frames.receive(), supervisor=supervisor)
            frames.send({ISOLATION: supervisor.proof.mode, RECYCLED: supervisor.recycled}, [answer.encode("ascii")])
            if not select.select([channel], [], [], 0)[0]:
                supervisor.make_ready()


def _answered(request: Frame, *, supervisor: Supervisor) -> str:
    if request.head["kind"] == RequestKind.MARK:
        return to_json(supervisor.mark(request.text))
    return to_json(supervisor.trial(request.text))


def _is_wanted(channel: socket.socket, *, owner: int, meanwhile: Callable[[], None]) -> bool:
    """Waits for the next request; False when the owner is gone."""
    while not select.select([channel], [], [], 1)[0]:
        if os.getppid() != owner:
            return False
        meanwhile()
    return bool(channel.recv(1, socket.MSG_PEEK))


def main() -> None:
    """Serve, as started by `grading.engine`: the arguments are the process id of the owner and the isolation."""
    try:
        serve(owner=int(sys.argv[1]), isolation=sys.argv[2])
    except _EXPECTED as problem:
        print(f"The marking process stops: {problem}", file=sys.stderr)
    except Exception as problem:  # noqa: BLE001 (this process begins here; the problem's own words may quote a learner)
        frames = traceback.format_list(traceback.extract_tb(problem.__traceback__))
        print(f"The marking process stops: {type(problem).__name__}\n{''.join(frames)}", file=sys.stderr)
