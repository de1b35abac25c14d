"""Both pages from the same kind of server, as ./run starts it for the site."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import requests

from upskill.management.bench_stack.stack import BenchProblem, free_port
from upskill_stack import tether
from upskill_stack.problems import tail
from upskill_stack.site_programs import ROOT

START_SECONDS, END_SECONDS = 60, 30


@contextmanager
def served(module: str, *, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """The address at which this module's `application` answers, until the end. Raises BenchProblem."""
    port = free_port()
    gunicorn = ["-m", "gunicorn", f"{module}:application", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    gunicorn += ["--keep-alive", "75", "--worker-class", "gthread", "--workers", "2", "--threads", "8"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *gunicorn], cwd=ROOT, env=dict(environment), stdout=output, stderr=output,
            start_new_session=True,
            preexec_fn=partial(tether.die_with, os.getpid(), signal.SIGTERM),
        )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process=process, log=log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=END_SECONDS)


def _wait(address: str, *, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    with requests.Session() as session:
        session.trust_env = False  # no proxy leads to this machine itself
        while True:
            try:
                session.get(address, timeout=30, allow_redirects=False)
            except requests.ConnectionError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise BenchProblem(f"A server of the bench did not start. Its log ends:\n{tail(log)}") from None
                time.sleep(0.1)
            else:
                return
