"""./run: the whole service on this machine, until Ctrl-C."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from upskill_stack import locks, services, site_programs
from upskill_stack.folders import open_data
from upskill_stack.problems import StackProblem
from upskill_stack.services import Stack
from upskill_stack.supervision import IN_TROUBLE, Order, Supervisor, tethered, wait_until
from upskill_stack.tether import PARENT

LOOK_EVERY_SECONDS = 1.0
_PROOF_SECONDS, _REFUSED = 60, 2  # of `python -m grading prove --brief`
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop: Ctrl-C, SIGTERM or a closed window. No Exception, so that nothing swallows it."""


def run(data: Path) -> int:
    """Start everything, say where it is, and keep it up until told to stop. Refuses with a StackProblem."""
    port = chosen_port(os.environ.get("PORT", ""))
    address = f"http://127.0.0.1:{port}/"
    open_data(data)
    with _only_one(data, address), stop_signals():
        check_port(port)
        try:
            with services.joined(data) as stack:
                _serve(stack, port=port, address=address)
        except Stopped:
            say(_how_it_ended(data))
    return 0


def _how_it_ended(data: Path) -> str:
    if locks.is_free(Stack(data).users):
        return "Everything has stopped."
    return "Web, worker and beat have stopped. PostgreSQL and Valkey stay up for another command that uses them."


def chosen_port(text: str) -> int:
    """The port that PORT names, or 8000."""
    if not text:
        return 8000
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise StackProblem(f"PORT is “{text}”. Set it to a number between 1 and 65535, for example: PORT=8080 ./run")
    return int(text)


def check_port(port: int) -> None:
    """Refuse a port that another program uses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as refusal:
            another = port % 60000 + 1080
            raise StackProblem(
                f"Port {port} can not be used ({refusal.strerror}). Choose another, for example: PORT={another} ./run"
            ) from refusal


def say(line: str) -> None:
    """Tell the person at the terminal; go on when the terminal has gone."""
    try:
        print(line, flush=True)
    except OSError:
        return


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the first request to stop into Stopped, and ignore further ones while we stop."""

    def stop(*_: object) -> None:
        ignore_stop_signals()
        raise Stopped

    for number in STOP_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup ./run outlives its window
            signal.signal(number, stop)
    yield


def ignore_stop_signals() -> None:
    """Let nothing interrupt the way down."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def _only_one(data: Path, address: str) -> Iterator[None]:
    """Be the only ./run of this data folder. Comes under the guard, as everybody does."""
    stack = Stack(data)
    with ExitStack() as place:
        try:
            with locks.alone(stack.guard):
                place.enter_context(locks.alone_at_once(stack.demo, note=address))
        except locks.Taken as taken:
            raise StackProblem(
                f"Upskill is already running at {stack.demo.read_text()} with the data folder {data}. "
                "Open that address, or stop it with Ctrl-C in its window."
            ) from taken
        yield


def _serve(stack: Stack, *, port: int, address: str) -> None:
    """Bring everything up in order, then watch it until a request to stop takes it down again in order."""
    try:
        with services.running(stack.data, say=say) as addresses:
            environment = site_programs.site_environment(addresses, data=stack.data)
            web, *others = site_programs.orders(environment, port=port)
            say("Starting web, worker and beat")
            stack.supervisor.run(web)  # loads its code while the database is prepared
            _prepare(stack.supervisor, environment)
            _wait_for_web(stack, port=port)
            for order in others:
                stack.supervisor.run(order)
            say(f"\nUpskill is running at {address}\nSign in at {address}demo/. Marking begins within half a minute.")
            say(f"Logs are in {stack.folders.logs}. Press Ctrl-C to stop.")
            _say_whether_it_marks(environment)
            _watch(stack)
    finally:
        ignore_stop_signals()
        say("Stopping")
        stack.supervisor.stop(*site_programs.SITE)


def _prepare(supervisor: Supervisor, environment: dict[str, str]) -> None:
    """Bring the database and the demo up to date. Its own lines say what it does, and at the end who can sign in."""
    order = Order(
        name="prepare",
        command=[sys.executable, str(site_programs.ROOT / "manage.py"), "prepare"],
        environment=environment,
        folder=str(site_programs.ROOT),
        dies_by=signal.SIGTERM,
    )
    # In a session of its own, so that Ctrl-C reaches us first; it dies with us all the same.
    command, parent = tethered(supervisor.write(order)), {PARENT: str(os.getpid())}
    if subprocess.run(command, env=parent, start_new_session=True).returncode:
        raise StackProblem("The database could not be prepared: the lines above say why. Put it right and start again.")


def _say_whether_it_marks(environment: dict[str, str]) -> None:
    """Where this machine cannot confine learners' code, say what is missing: the worker will only say it is paused."""
    python = environment.get("GRADING_PYTHON") or sys.executable
    command = [python, "-m", "grading", "prove", "--brief"]
    try:
        proof = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_PROOF_SECONDS, start_new_session=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return  # the worker will say what is wrong with it
    if proof.returncode == _REFUSED:
        say(f"\nMarking is paused; everything else works. {proof.stderr.strip()}")


def _wait_for_web(stack: Stack, *, port: int) -> None:
    wait_until(
        lambda: _answers(port),
        alive=lambda: stack.supervisor.state("web") not in IN_TROUBLE,
        seconds=60,
        what="The site",
        log=stack.folders.logs / "web.log",
    )


def _answers(port: int) -> bool:
    """Whether the site answers a browser; what it answers is its own affair."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _watch(stack: Stack) -> None:
    """Say what was restarted. Ends only by Stopped, or with a StackProblem when supervisord has died."""
    known = stack.supervisor.process_ids()
    fetches = True
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        if fetches and stack.supervisor.has_failed(site_programs.FETCHER):
            fetches = False
            say(f"Python for the browser did not come. Why stands in {stack.folders.logs / site_programs.FETCHER}.log")
        if not stack.supervisor.alive():
            raise StackProblem("The supervisor was killed, so everything has stopped. Start again with ./run")
        now = stack.supervisor.process_ids()
        for name in now.keys() & known.keys():
            if now[name] != known[name]:
                say(f"{name} had stopped and was started again. Its log is {stack.folders.logs / name}.log")
        known |= now
