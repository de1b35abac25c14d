"""A stack of the bench's own, started as ./run starts it, set as in earnest, and ended with all that it kept."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import requests

from upskill_stack import locks, tether
from upskill_stack.folders import SYSTEM_HOME, remove_forgotten_homes
from upskill_stack.problems import tail
from upskill_stack.site_programs import ROOT

from . import course

START_SECONDS, READY_SECONDS, END_SECONDS = 180, 120, 120
FOLDER_PREFIX = "upskill-bench-"
# All that the stack takes from our environment: nothing that says where a real site's data, mail or address is.
KEPT = {
    "PATH", "HOME", "LANG", "GRADER_ISOLATION", "GRADING_PYTHON", "UPSKILL_PG_BIN", "UPSKILL_VALKEY_BIN",
    "DATABASE_POOL", "DATABASE_PREPARES",
}  # fmt: skip


class BenchProblem(Exception):
    """Nothing can be measured, or what was measured is wrong: one sentence with the reason."""


@dataclass(frozen=True)
class OwnStack:
    """A running stack that nobody else uses: its address and its data folder."""

    url: str
    data: Path

    @property
    def said(self) -> str:
        """The last lines of what ./run would say at a terminal: among them which program was started again."""
        return tail(self.data.with_name("said.txt"))

    @property
    def environment(self) -> dict[str, str]:
        """What its programs run with."""
        order: dict[str, dict[str, str]] = json.loads((self.data / "control" / "web.json").read_text())
        return order["environment"]

    def step(self, name: str, *numbers: int) -> Any:
        """What a step of __main__ makes, in the stack's environment. Raises BenchProblem."""
        command = [sys.executable, "-m", "upskill.management.bench_stack", name, *map(str, numbers)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            how = f"The step {name} ended with {done.returncode}; lines above say why, if it was not killed"
            raise BenchProblem(f"{how}. The stack's last words:\n{self.said}")
        return json.loads(done.stdout)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the stack's database answers."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            return connection.execute(sql, parameters).fetchall()

    def process(self, program: str) -> int:
        """The process id of the program. Raises BenchProblem where it does not run."""
        found = locks.holder(self.data / "control" / f"{program}.pid")
        if found is None:
            raise BenchProblem(f"The program {program} does not run. Its log ends:\n{self.log(program)}")
        return found

    def log(self, program: str) -> str:
        """The last lines that the program has logged."""
        return tail(self.data / "log" / f"{program}.log")


@contextmanager
def own_stack(courses: Callable[[Path], None] = course.write) -> Iterator[OwnStack]:
    """The stack, ready to mark, with what `courses` writes into a folder. Everything is ended and the folder deleted
    afterwards. Raises BenchProblem.
    """
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    folder.chmod(0o711)  # started by root, the servers run as somebody else, who has to pass through it
    try:
        courses(folder / "courses")
        (folder / "tmp").mkdir()
        with _running(folder) as stack:
            _open_exercises(stack)
            _wait_until_ready(stack)
            yield stack
    finally:
        shutil.rmtree(folder)
        if os.geteuid() == 0 and SYSTEM_HOME.is_dir():  # its servers' data, if they could not pass through the folder
            remove_forgotten_homes(SYSTEM_HOME)


@contextmanager
def _running(folder: Path) -> Iterator[OwnStack]:
    stack = OwnStack(f"http://127.0.0.1:{free_port()}", folder / "data")
    ours = {name: value for name, value in os.environ.items() if name in KEPT}
    ours |= {"UPSKILL_DATA": str(stack.data), "PORT": stack.url.rpartition(":")[2], "PYTHONPATH": f"{ROOT}/platform"}
    ours |= {"COURSE_DIRS": str(folder / "courses"), "TMPDIR": str(folder / "tmp"), "UPSKILL_BROWSER_RUNTIME": "off"}
    ours |= dict.fromkeys(["API_REQUESTS_PER_MINUTE", "API_SAVES_PER_MINUTE"], "100000")  # for a crowd in a hurry
    address = stack.url.replace("http:", "https:")
    ours |= {"DEBUG": "false", "BEHIND_PROXY": "true", "SERVICE_ADDRESS": address}  # as people have it
    with (folder / "said.txt").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "upskill_stack", "run"], cwd=ROOT, env=ours, stdout=output, stderr=output,
            start_new_session=True,  # Ctrl-C reaches us; we tell it
            preexec_fn=partial(tether.die_with, os.getpid(), signal.SIGTERM),
        )  # fmt: skip
    try:
        _wait_for_start(stack, process=process)
        yield stack
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=END_SECONDS)


def _wait_for_start(stack: OwnStack, *, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while f"Upskill is running at {stack.url}/" not in stack.said:
        if process.poll() is not None or time.monotonic() > deadline:
            raise BenchProblem(f"The stack did not start. Its last words:\n{stack.said}")
        time.sleep(0.1)


def _open_exercises(stack: OwnStack) -> None:
    """The bench's own exercises have no certificates: its operator opens them, as on any site."""
    command = [sys.executable, "manage.py", "sync_courses", "--unchecked"]
    done = subprocess.run(command, cwd=ROOT, env=stack.environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise BenchProblem(f"The bench's own course was refused. Lines above say why.\n{done.stdout}")


def _wait_until_ready(stack: OwnStack) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with requests.Session() as session:
        session.trust_env = False  # no proxy leads to this machine itself
        while (answer := session.get(f"{stack.url}/readyz", timeout=30)).status_code != 200:
            if time.monotonic() > deadline:
                raise BenchProblem(f"The stack is not ready to mark: {answer.text}")
            time.sleep(0.5)


def free_port() -> int:
    """One that nobody listens at now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
