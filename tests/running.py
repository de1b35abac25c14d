"""The real stack, started with ./run in a data folder of its own, and somebody who uses it over HTTP."""

import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import requests

from upskill_stack.services import Stack
from upskill_stack.supervision import Order

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120
MARKED_SECONDS = 300  # all that the demo's people handed in; half a minute on an idle machine
JOBS = "select state, count(*) from marking_job group by state order by state"


@dataclass(frozen=True)
class RunningSite:
    """A running stack: its address, its data folder, its database, and the ./run process."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the site's own database answers, from outside the site."""
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(sql, parameters).fetchall()

    @property
    def database_url(self) -> str:
        """Read from the environment of the running web process."""
        return self.environment["DATABASE_URL"]

    @property
    def environment(self) -> dict[str, str]:
        """That of the running web process."""
        return self._environment("gunicorn")

    @property
    def stack(self) -> Stack:
        """Its folders and its supervisor."""
        stack = Stack(self.data)
        stack.open()
        return stack

    def run(self, module: str, *arguments: str) -> str:
        """What a Python module of ours prints, run beside the site in its environment."""
        command = [sys.executable, "-m", module, *arguments]
        ran = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    @contextmanager
    def without(self, *programs: str) -> Iterator[None]:
        """While the block lasts, these programs of ./run are down."""
        stack = self.stack
        stack.supervisor.stop(*programs)
        try:
            yield
        finally:
            for name in programs:
                order = json.loads((stack.folders.control / f"{name}.json").read_text())
                stack.supervisor.run(Order(**order))
            assert wait_until(lambda: set(programs) <= stack.supervisor.process_ids().keys(), seconds=60)

    @contextmanager
    def worker(self, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[None]:
        """While the block lasts, another worker of the site's with these options. Its log is "another-worker"."""
        command = [sys.executable, "-m", "celery", "--app", "upskill", "worker", *options, "--loglevel", "INFO"]
        with (self.data / "log/another-worker.log").open("ab") as log:
            its = {**self.environment, **(environment or {})}
            process = subprocess.Popen(command, cwd=ROOT, env=its, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)

    def pids(self, program: str) -> list[int]:
        """The processes of this stack whose command line holds `program`."""
        return [pid for pid, line in _command_lines() if program in line and self._is_ours(pid)]

    def engine_pids(self) -> list[int]:
        """The first process of each marking engine: its environment does not name the site, its command the worker."""
        workers = {str(pid) for pid in self.pids("--queues marking")}
        engines = [(pid, line) for pid, line in _command_lines() if "grading.runner.serving" in line]
        return [pid for pid, line in engines if workers & set(line.split())]

    def log(self, name: str) -> str:
        """What the program has logged so far."""
        return (self.data / "log" / f"{name}.log").read_text(errors="replace")

    def until_all_is_marked(self) -> None:
        """Returns once no notebook waits to be marked: what the demo's people handed in, and what tests did."""
        done = wait_until(
            lambda: not {"queued", "running"} & dict(self.rows(JOBS)).keys(), seconds=MARKED_SECONDS, pause=0.5
        )
        assert done, (
            f"After {MARKED_SECONDS} seconds not everything is marked. Jobs by state: {dict(self.rows(JOBS))}. "
            f"The log of the worker ends:\n{self.log('worker')[-2000:]}"
        )

    def stop(self) -> None:
        """As somebody who presses Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def _environment(self, program: str) -> dict[str, str]:
        raw = Path(f"/proc/{self.pids(program)[0]}/environ").read_bytes().decode()
        return dict(entry.split("=", 1) for entry in raw.split("\0") if "=" in entry)

    def _is_ours(self, pid: int) -> bool:
        try:
            return f"UPSKILL_DATA={self.data}\0".encode() in Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            return False


def start(data: Path, *, on: Sequence[str] = (), settings: Mapping[str, str] | None = None) -> RunningSite:
    """./run on a free port, once its first page answers. Fails with its output when it does not.

    `on` is a command that starts it on a host of another kind; `settings` are those of docs/settings.md.
    """
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    environment |= {"UPSKILL_BROWSER_RUNTIME": "off", "UPSKILL_DATA": str(data), "PORT": str(port), **(settings or {})}
    data.mkdir(parents=True, exist_ok=True)
    output = (data / "run-output.txt").open("wb")
    process = subprocess.Popen([*on, ROOT / "run"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    site = RunningSite(url=f"http://127.0.0.1:{port}", data=data, process=process)
    if not wait_until(lambda: _answers(site), seconds=START_SECONDS):
        site.process.kill()
        raise AssertionError((data / "run-output.txt").read_text(errors="replace"))
    return site


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.1) -> bool:
    """True as soon as the condition holds; False if it does not within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(pause)
    return False


class Visitor:
    """Somebody with a browser that only speaks HTTP: follows forms and keeps cookies."""

    def __init__(self, site: RunningSite) -> None:
        self.site, self.session = site, requests.Session()

    def get(self, path: str) -> requests.Response:
        """The page at this path."""
        return self.session.get(urllib.parse.urljoin(self.site.url, path), timeout=30)

    def post(self, path: str, *, form_page: str, data: dict[str, Any], files: Any = None) -> requests.Response:
        """What the form on `form_page` answers, sent to `path` with its token."""
        token = hidden_value(self.get(form_page).text, name="csrfmiddlewaretoken")
        address = urllib.parse.urljoin(self.site.url, path)
        sent = {"csrfmiddlewaretoken": token, **data}
        return self.session.post(address, data=sent, files=files, headers={"Referer": address}, timeout=30)


def hidden_value(page: str, *, name: str) -> str:
    """The value of a page's hidden field."""
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field, f"the page has no field {name}"
    value = re.search(r'value="([^"]*)"', field[0])
    return html.unescape(value[1]) if value else ""


def _answers(site: RunningSite) -> bool:
    said = (site.data / "run-output.txt").read_text(errors="replace")
    if site.process.poll() is not None:
        raise AssertionError(said)
    return f"Upskill is running at {site.url}/" in said


def _command_lines() -> list[tuple[int, str]]:
    lines = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                lines.append((int(folder.name), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()))
            except OSError:
                continue
    return lines
