"""A rush of answers to a real site whose processes are killed all the while, and what must be true afterwards."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import psutil  # type: ignore[import-untyped]
import psycopg
import requests

from tests.faults.brokers import RabbitMQ, Valkey
from tests.journeys import answers
from tests.running import RunningSite

EXERCISE = "/api/v1/exercises/ai-ethics-in-practice/bias-audits/audit-referrals/"
KINDS = [name for name in answers.NAMES if name != "empty"]
PROGRAMS = ["slot", "slot", "slot", "worker", "postgres", "broker", "web"]  # how often each is killed, of seven
PAUSE_SECONDS = (1.5, 3.0)
POISONED = 100  # one of so many answers kills whatever marks it, each time; they are among the first that are handed in
POISON = "poison"
MOST_WAITED = 60  # seconds after the last kill until all has ended
LONGEST_HANDING_IN = 300  # seconds, while everything is being killed
NEARLY_OVER = 30  # jobs that have not ended, at which the killing stops
MOST_SECONDS = 60  # of killing, for 300 answers
TELLS = os.geteuid() == 0  # the kernel, what a confined process waits in; else each slot is killed for a poison
POISONED_TRIES = """
    select j.id, j.tries from marking_job j join learning_submission s on s.id = j.submission_id
    where j.state = 'running' and s.public_id::text = any(%s)
"""
STATES = """
    select j.state, count(*) from marking_job j join learning_submission s on s.id = j.submission_id
    where s.idempotency_key like %s group by j.state
"""


@dataclass
class Rush:
    """Answers handed in by a crowd over HTTP, each with a key, and sent again until the site has taken them."""

    site: RunningSite
    tokens: list[str]
    name: str  # of this rush, in its keys
    number: int  # of answers
    accepted: dict[str, str] = field(default_factory=dict)  # id -> kind of answer, or POISON
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def like(self) -> str:
        """What the keys of this rush are like, in SQL."""
        return f"{self.name}-%"

    @contextmanager
    def being_handed_in(self, *, clients: int = 4) -> Iterator[None]:
        """All answers, by several clients at once, while the block lasts and until all are accepted."""
        notebook = self._ask("GET", f"{EXERCISE}notebook/", token=self.tokens[0]).content
        files = {kind: answers.write(kind, release=notebook) for kind in KINDS} | {
            POISON: answers.slow(seconds=7, release=notebook)
        }
        shares = [range(first, self.number, clients) for first in range(clients)]
        threads = [threading.Thread(target=self._hand_in_all, args=[share, files], daemon=True) for share in shares]
        for each in threads:
            each.start()
        yield
        for each in threads:
            each.join(timeout=LONGEST_HANDING_IN)

    def _hand_in_all(self, places: range, files: dict[str, bytes]) -> None:
        for place in places:
            kind = POISON if self._is_poison(place) else KINDS[place % len(KINDS)]
            self.accepted[self._taken(place, content=files[kind])] = kind

    def _is_poison(self, place: int) -> bool:
        """Every eleventh of the first answers, until there are enough: a poison is tried for longer than a minute."""
        return place % 11 == 5 and place // 11 < max(1, self.number // POISONED)

    def _taken(self, place: int, *, content: bytes) -> str:
        """The id under which the site has taken this answer."""
        token = self.tokens[place % len(self.tokens)]
        headers = {"Idempotency-Key": f"{self.name}-{place}", "Content-Type": "application/json"}
        body = b'{"notebook": ' + content + b"}"
        while True:
            answer = self._ask("POST", f"{EXERCISE}submissions/", token=token, data=body, headers=headers)
            if answer.status_code in (200, 201):
                return str(answer.json()["public_id"])
            time.sleep(0.5)

    def _ask(self, method: str, path: str, *, token: str, **more: Any) -> requests.Response:
        """The site's answer, asked again while nobody answers at all."""
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        while True:
            with suppress(requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                answer = requests.request(method, urljoin(self.site.url, path), headers=headers, timeout=30, **more)
                self.statuses[answer.status_code] += 1
                return answer
            time.sleep(0.5)


class Database:
    """The site's database from outside, asked again while it is being restarted."""

    def __init__(self, site: RunningSite) -> None:
        self._url = site.database_url

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What it answers."""
        while True:
            with suppress(psycopg.OperationalError), psycopg.connect(self._url, connect_timeout=2) as connection:
                return connection.execute(sql, parameters).fetchall()
            time.sleep(0.1)


class Killer:
    """Kills processes of the site at random, again and again, and whatever marks a poisoned answer."""

    def __init__(self, site: RunningSite, rush: Rush, *, broker: Valkey | RabbitMQ, seed: int) -> None:
        self._site, self._rush, self._broker = site, rush, broker
        self._chance = random.Random(seed)
        self._database = Database(site)
        self._postmaster = site.stack.folders.server_data("postgres") / "postmaster.pid"
        self._done = threading.Event()
        self.kills: Counter[str] = Counter()
        self.last_at = time.monotonic()

    @contextmanager
    def poison_kills(self) -> Iterator[None]:
        """While the block lasts, poisoned answers kill the processes that mark them."""
        thread = threading.Thread(target=self._be_poison, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join(timeout=30)

    def kill_at_random(self) -> None:
        """Until the rush is nearly over, or that has taken long enough; each program at least once."""
        began = time.monotonic()
        due: list[str] = []
        while not all(self.kills[each] for each in PROGRAMS) or self._goes_on(since=began):
            time.sleep(self._chance.uniform(*PAUSE_SECONDS))
            due = due or self._chance.sample(PROGRAMS, k=len(PROGRAMS))
            if self.kill(due[-1]):
                due.pop()

    def kill(self, program: str) -> bool:
        """One of its processes; False where none runs just now."""
        if program == "broker":
            was_killed = self._broker.kill(self._site)
        else:
            pids = self._pids(program)
            was_killed = bool(pids) and kill(self._chance.choice(pids))
        if was_killed:
            self.kills[program] += 1
            self.last_at = time.monotonic()
        return was_killed

    def _goes_on(self, *, since: float) -> bool:
        if time.monotonic() > since + MOST_SECONDS * self._rush.number / 300:
            return False
        handed_in = len(self._rush.accepted) == self._rush.number
        return not handed_in or open_jobs(self._database, like=self._rush.like) > NEARLY_OVER

    def _be_poison(self) -> None:
        met: set[tuple[Any, ...]] = set()
        while not self._done.wait(0.2):
            poisoned = [name for name, kind in list(self._rush.accepted.items()) if kind == POISON]
            tries = set(self._database.rows(POISONED_TRIES, poisoned))
            slots = self._pids("slot") if tries else []
            marking = [slot for slot in slots if sleeps_in_a_cell(slot)] if TELLS else slots if tries - met else []
            if sum(kill(slot) for slot in marking):
                met |= tries
                self.kills[POISON] += 1
                self.last_at = time.monotonic()

    def _pids(self, program: str) -> list[int]:
        """Of its processes; of a worker the first, which starts the others, of its slots the others."""
        if program == "postgres":
            with suppress(OSError, ValueError):
                return [int(self._postmaster.read_text().split("\n", 1)[0])]
            return []
        if program == "web":
            return self._site.pids("gunicorn")
        first, *slots = sorted(self._site.pids("--queues marking")) or [0]
        return slots if program == "slot" else [first] * bool(first)


def sleeps_in_a_cell(slot: int) -> bool:
    """Whether something that this process has started sleeps by the clock: nothing but an answer does."""
    with suppress(psutil.NoSuchProcess):
        return any("nanosleep" in _waits_in(child.pid) for child in psutil.Process(slot).children(recursive=True))
    return False


def _waits_in(pid: int) -> str:
    with suppress(OSError):  # it has ended
        return Path(f"/proc/{pid}/wchan").read_text()
    return ""


def kill(pid: int) -> bool:
    """Whether there was such a process to kill."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def open_jobs(database: Database, *, like: str) -> int:
    """How many jobs of a rush have not ended."""
    return sum(number for state, number in database.rows(STATES, like) if state in ("queued", "running"))
