"""`manage.py smoke` against a site in this process: it ends well only if all is right, and else says what to mend."""

import io
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from tests.factories import exercises
from tests.factories.marking import SkillFactory
from upskill import pipeline
from upskill.core import heartbeats
from upskill.core.heartbeats import Condition
from upskill.core.models import Heartbeat
from upskill.learning.models import Submission
from upskill.management import service_check
from upskill.management.commands.smoke import Command
from upskill.marking import slot
from upskill.marking.models import Job
from upskill.people.models import SignInLink, User

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = [
    "the service is alive",
    "every part of it is ready",
    "the probe account has signed in",
    "it has started the course",
    "it has downloaded the notebook",
    "it has handed in the author's solution",
    "the answer is marked",
    "every automatic check has its full points",
    "the page of the mark shows them",
    "the skills record names the exercise",
    "the probe account has signed out",
]


@dataclass(frozen=True)
class Said:
    """What the command printed, and how it ended."""

    status: int
    steps: list[str]
    reason: str


def smoke(url: str, *arguments: str) -> Said:
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("smoke", "--url", url, *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        status = int(str(ended.code))
    printed = out.getvalue() + err.getvalue()
    assert re.search(r"[A-Za-z0-9_-]{40,}", printed) is None, "a token was printed"
    first, *lines = out.getvalue().splitlines()
    assert first == f"Checking {url}"
    assert [line for line in lines if not re.match(r" *[\d,]+ ms  ", line)] == []
    return Said(status, [line.partition(" ms  ")[2] for line in lines], err.getvalue().strip())


@pytest.fixture
def impatient(monkeypatch) -> None:
    """What is not ready now will not be."""
    monkeypatch.setattr(service_check, "READY_SECONDS", 1)


@pytest.fixture
def alive(impatient) -> None:
    """A worker and a housekeeper that have just said that they live."""
    heartbeats.beat("w", program="worker", is_working=True)
    heartbeats.beat("h", program="housekeeper", is_working=True)


@pytest.fixture
def exercise(settings):
    settings.DEBUG = True  # static files without a manifest
    SkillFactory()
    return exercises.real_exercise()


@pytest.fixture
def marking() -> Iterator[None]:
    """A worker and a housekeeper at work, in threads of this process."""
    stop = threading.Event()
    programs = ("worker", "housekeeper")
    hearts = [heartbeats.keep_beating(name, condition=lambda: Condition(is_working=True)) for name in programs]

    def work() -> None:
        while not stop.wait(0.1):
            pipeline.mark_next(now=timezone.now)
        slot.close()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    for event in (stop, *hearts):
        event.set()
    for each in (thread, *(found for found in threading.enumerate() if found.name == "heartbeat")):
        each.join()


# --- all is right ----------------------------------------------------------------------------------------------------


def test_every_step_is_printed_with_its_time_and_the_probe_leaves_one_marked_answer(live_server, exercise, marking):
    said = smoke(live_server.url)

    assert said == Said(0, [*STEPS, "all is right"], "")
    sent = Submission.objects.get()
    assert (sent.learner.is_probe, sent.marks.get().points, sent.jobs.get().state) == (True, 4, Job.State.DONE)
    assert SignInLink.objects.filter(used_at=None).count() == 0


def test_second_visit_is_the_same_account_and_its_next_attempt(live_server, exercise, marking):
    key = exercise.item_version.item

    ended = [smoke(live_server.url, "--exercise", f"{key.course_id}/{key.key}").status for _ in range(2)]

    assert (ended, User.objects.filter(is_probe=True).count()) == ([0, 0], 1)
    assert list(Submission.objects.order_by("pk").values_list("attempt", flat=True)) == [1, 2]


# --- something is wrong ----------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_nothing_answers():
    url = f"http://127.0.0.1:{free_port()}"

    assert smoke(url) == Said(
        1,
        ["NOT: the service is alive"],
        f"Nothing answers at {url}. Start the service, or name its address with --url.",
    )


@pytest.mark.parametrize("url", ["http://", "nonsense", "http://[::1"])
def test_address_that_is_none(url):
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit):
        call_command("smoke", "--url", url, stdout=out, stderr=err)

    assert err.getvalue().strip().endswith("Start the service, or name its address with --url.")


@pytest.fixture
def other_server() -> Iterator[Callable[[dict[str, tuple[int, str]]], str]]:
    """A function: the address of another server, which answers these paths so."""
    servers = []

    def start(answers: dict[str, tuple[int, str]]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, text = answers.get(self.path, (404, "no"))
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", text)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                return

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_another_program_answers(other_server):
    url = other_server({"/healthz": (200, "<html>Welcome")})

    assert smoke(url) == Said(
        1,
        ["NOT: the service is alive"],
        f"What answers at {url} is not this service. Correct --url or PORT.",
    )


def test_no_worker_gives_signs_of_life(live_server, alive):
    Heartbeat.objects.filter(program="worker").delete()

    assert smoke(live_server.url) == Said(
        1,
        [STEPS[0], "NOT: every part of it is ready"],
        "No marking worker gives signs of life. Start the worker; its log says why it stopped.",
    )
    assert Submission.objects.count() == 0


def test_marking_is_paused(live_server, alive):
    Heartbeat.objects.filter(program="worker").update(
        is_working=False, note="Marking is paused: the engine does not start.", facts={"problem": "No such file: /x"}
    )

    assert smoke(live_server.url).reason == (
        "Marking is paused: the engine does not start. The worker says: No such file: /x"
    )


def test_several_things_are_down(live_server, alive):
    Heartbeat.objects.all().delete()

    assert smoke(live_server.url).reason == (
        "No marking worker gives signs of life. Start the worker; its log says why it stopped. "
        "The housekeeper does not sweep: it, beat or the broker is down. "
        "Start housekeeper and beat; their logs say why they stopped."
    )


def test_database_is_down(other_server, impatient):
    checks = {
        "database": {"ok": False, "detail": "PostgreSQL does not answer."},
        "worker": {"ok": False, "detail": "Not known while PostgreSQL does not answer."},
    }
    said = json.dumps({"ok": False, "checks": checks})

    ended = smoke(other_server({"/healthz": (200, "ok"), "/readyz": (503, said)}))

    assert ended.reason == "PostgreSQL does not answer. Start PostgreSQL; its log says why it stopped."


READY = {"/healthz": (200, "ok"), "/readyz": (200, '{"ok": true, "checks": {}}')}


def test_site_has_another_database(other_server, monkeypatch):
    monkeypatch.setattr("upskill.people.signin.token_for_probe", lambda probe, *, now: "token-of-another-site-1234")
    url = other_server({**READY, "/sign-in/token-of-another-site-1234/": (410, "Gone")})

    assert smoke(url).reason == (
        f"{url} does not know the link that was just made: it has another database or SECRET_KEY than this command. "
        "Run the command with the settings of the site."
    )


def test_site_wants_https(other_server, monkeypatch):
    link = "/sign-in/token-of-a-site-behind-tls/"
    monkeypatch.setattr("upskill.people.signin.token_for_probe", lambda probe, *, now: link.split("/")[2])
    url = other_server({**READY, link: (301, f"https://127.0.0.1{link}")})

    assert smoke(url).reason == ("The site wants to be visited over https. Give its address with --url https://...")


def test_site_does_not_answer_to_this_name(live_server, alive, settings):
    settings.ALLOWED_HOSTS = ["skills.example.gov.uk"]

    assert smoke(live_server.url).reason == (
        "The site does not answer to the name localhost. Add it to ALLOWED_HOSTS, or change --url."
    )


def test_exercise_is_not_there(live_server, alive, exercise):
    key = exercise.item_version.item

    assert smoke(live_server.url, "--exercise", "a/b/c").reason == (
        f"There is no exercise a/b/c. Choose one of: {key.course_id}/{key.key}"
    )


def test_no_exercise_is_published(live_server, alive, settings):
    settings.DEBUG = True

    assert smoke(live_server.url).reason == "No exercise is published. Load one with: manage.py sync_courses"


def test_no_mark_comes_in_time(live_server, alive, exercise):
    said = smoke(live_server.url, "--seconds", "0.5")

    assert (said.status, said.steps[-1]) == (1, "NOT: the answer is marked")
    assert said.reason == (
        "There is no mark after 0.5 seconds: its job is queued, tried 0 times; marking slots that take work: 1 of 1. "
        "The log of the worker says more."
    )


def test_worker_stops_while_the_probe_waits(live_server, alive, exercise):
    def worker_stops() -> None:
        Heartbeat.objects.filter(program="worker").delete()
        connections.close_all()

    stop = threading.Timer(2, worker_stops)
    stop.start()

    said = smoke(live_server.url, "--seconds", "30")
    stop.join()

    assert (said.status, said.steps[-1]) == (1, "NOT: the answer is marked")
    assert said.reason == (
        "No marking worker gives signs of life any more. Start the worker; its log says why it stopped."
    )


def test_too_many_answers_of_the_probe_wait(live_server, alive, exercise):
    for _ in range(5):
        smoke(live_server.url, "--seconds", "0")

    assert smoke(live_server.url, "--seconds", "0").reason.startswith(
        "The site refuses what was sent: 5 of your answers still wait for their marks."
    )


def test_solution_that_loses_points_is_told_with_the_check(live_server, exercise, marking, monkeypatch):
    wrong = exercises.answer(exercises.WRONG)
    monkeypatch.setattr(service_check, "model_answer", lambda exercise, *, release: wrong)

    said = smoke(live_server.url)

    assert (said.status, said.steps[-1]) == (1, "NOT: every automatic check has its full points")
    assert said.reason.startswith(
        f"The author's own solution of {exercise.item_version.item.key} lost points: test_double 0 of 4. "
    )


@pytest.mark.parametrize("port", ["8080", ""])
def test_default_address_is_this_machine_at_the_port_of_run(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    parser = Command().create_parser("manage.py", "smoke")

    assert parser.parse_args([]).url == f"http://127.0.0.1:{port or 8000}"
