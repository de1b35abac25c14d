"""One visit of the probe account to the running service, from signing in to the skills record, step by step."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from django.utils import timezone

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Item, ItemVersion
from upskill.core import blobs, heartbeats
from upskill.learning.rules import can_hand_in
from upskill.marking.model_answer import model_answer
from upskill.marking.models import Job
from upskill.people import services as people
from upskill.people import signin

from .visit import CheckFailed, Visit, hidden_value

READY_SECONDS = 60  # a service that has just been started on a busy machine needs half of that
CURES = {
    "database": "Start PostgreSQL; its log says why it stopped.",
    "broker": "Start the broker; its log says why it stopped.",
    heartbeats.WORKER: "Start the worker; its log says why it stopped.",
    heartbeats.HOUSEKEEPER: "Start housekeeper and beat; their logs say why they stopped.",
}
Step = tuple[str, Callable[[], None]]


class ServiceCheck:
    """What is checked at `url`, with the exercise `wanted` (course/module/item; empty: the first there is)."""

    def __init__(self, url: str, *, wanted: str, seconds: float) -> None:
        self.visit, self.wanted, self.seconds = Visit(url), wanted, seconds
        self.item: ItemVersion
        self.notebook = b""
        self.submission = ""
        self.mark: dict[str, Any] = {}

    def steps(self) -> Iterator[Step]:
        """Each step with its name, in order. A step raises CheckFailed."""
        yield "the service is alive", self._alive
        yield "every part of it is ready", self._ready
        yield "the probe account has signed in", self._sign_in
        yield "it has started the course", self._start_course
        yield "it has downloaded the notebook", self._download
        yield "it has handed in the author's solution", self._hand_in
        yield "the answer is marked", self._wait_for_mark
        yield "every automatic check has its full points", self._check_points
        yield "the page of the mark shows them", self._read_mark
        yield "the skills record names the exercise", self._read_skills
        yield "the probe account has signed out", self._sign_out

    def _alive(self) -> None:
        answer = self.visit.ask("/healthz")
        if (answer.status_code, answer.text.strip()) != (200, "ok"):
            raise CheckFailed(f"What answers at {self.visit.url} is not this service. Correct --url or PORT.")

    def _ready(self) -> None:
        deadline = time.monotonic() + min(self.seconds, READY_SECONDS)
        while failing := self._not_ready():
            if time.monotonic() > deadline:
                raise CheckFailed(" ".join(failing))
            time.sleep(0.5)

    def _not_ready(self) -> list[str]:
        """What is not well, each with its cure."""
        try:
            checks = self.visit.ask("/readyz").json()["checks"]
        except (ValueError, KeyError, TypeError) as problem:
            raise CheckFailed(f"What answers at {self.visit.url} is not this service. Correct --url.") from problem
        failing = [name for name, check in checks.items() if not check["ok"]]
        if "database" in failing:  # the others follow from it, or are not known
            failing = ["database"]
        return [f"{checks[name]['detail']} {self._cure(name)}".strip() for name in failing]

    def _cure(self, name: str) -> str:
        slots = heartbeats.alive(heartbeats.WORKER) if name == heartbeats.WORKER else []
        if slots:
            return f"The worker says: {slots[0].facts.get('problem')}" if slots[0].facts.get("problem") else ""
        return CURES.get(name, "")

    def _sign_in(self) -> None:
        probe = people.probe_account(by=None, now=timezone.now())
        link = f"/sign-in/{signin.token_for_probe(probe, now=timezone.now())}/"
        answer = self.visit.ask(link)
        if answer.status_code == 410:
            raise CheckFailed(
                f"{self.visit.url} does not know the link that was just made: it has another database or SECRET_KEY "
                "than this command. Run the command with the settings of the site."
            )
        self.visit.send_form(link, on_page=self.visit.page(link))
        if probe.full_name not in self.visit.page("/skills/"):
            raise CheckFailed("The site has taken the link, but nobody is signed in afterwards. Are cookies kept?")

    def _start_course(self) -> None:
        self.item = _exercise(self.wanted)
        course = f"/courses/{quote(self.item.item.course_id)}/"
        self.visit.send_form(f"{course}enrol/", on_page=self.visit.page(course))

    def _download(self) -> None:
        self.notebook = self.visit.ask(f"{self._exercise_path}notebook.ipynb").content
        if self.notebook != blobs.read(self.item.exercise.release_sha256):
            raise CheckFailed("The notebook that the site gives is not the published one. Is its code of this release?")

    def _hand_in(self) -> None:
        page = self.visit.page(self._exercise_path)
        content = model_answer(self.item.exercise, release=self.notebook)
        path = self.visit.send_form(
            f"{self._exercise_path}submit/",
            on_page=page,
            data={"idempotency_key": hidden_value(page, name="idempotency_key")},
            files={"notebook": (self.item.exercise.filename, content, "application/x-ipynb+json")},
        )
        self.submission = path.rstrip("/").rpartition("/")[2]

    def _wait_for_mark(self) -> None:
        deadline = time.monotonic() + self.seconds
        while (said := self._state())["state"] in {"queued", "running"}:
            if time.monotonic() > deadline:
                raise CheckFailed(f"There is no mark after {self.seconds:g} seconds: {self._standing()}")
            if not heartbeats.alive(heartbeats.WORKER):
                raise CheckFailed(f"No marking worker gives signs of life any more. {CURES[heartbeats.WORKER]}")
            time.sleep(0.6)  # the API answers 120 requests a minute
        if said["state"] != "done":
            raise CheckFailed(f"The author's own solution got no mark: {self._standing()}")
        self.mark = said["mark"]

    def _state(self) -> dict[str, Any]:
        answer = self.visit.ask(f"/api/v1/submissions/{self.submission}/")
        if answer.status_code != 200:
            raise CheckFailed(f"The API answers {answer.status_code} for what was handed in. The log of web says why.")
        said: dict[str, Any] = answer.json()
        return said

    def _standing(self) -> str:
        """How the job stands, for operators."""
        job = Job.objects.get(submission__public_id=self.submission, rerun_of=None)
        slots = heartbeats.alive(heartbeats.WORKER)
        working = sum(slot.is_working for slot in slots)
        stands = (
            f"its job is {job.state}, tried {job.tries} times; marking slots that take work: {working} of {len(slots)}."
        )
        return f"{stands} {job.reason or 'The log of the worker says more.'}"

    def _check_points(self) -> None:
        short = [
            f"{check['check']} {check['points']:g} of {check['max_points']:g}"
            for check in self.mark["checks"]
            if check["points"] is not None and check["points"] != check["max_points"]
        ]
        if short:
            raise CheckFailed(
                f"The author's own solution of {self.item.item.key} lost points: {', '.join(short)}. "
                "The exercise or the engine has changed: have it published again, or look at the worker's log."
            )
        by_person = set(self.item.exercise.checks.filter(by_person=True).values_list("slug", flat=True))
        waiting = [check["check"] for check in self.mark["checks"] if check["points"] is None]
        held = [check for check in waiting if check not in by_person]
        if held:
            raise CheckFailed(
                f"The engine held {', '.join(held)} of the author's own solution for a person. "
                "Look at the worker's log, and run `python -m grading lint` on the exercise."
            )
        if len(waiting) == len(self.mark["checks"]):
            raise CheckFailed("No check of this exercise is automatic. Choose another with --exercise.")

    def _read_mark(self) -> None:
        page = self.visit.page(f"/submissions/{self.submission}/")
        if self.item.title not in page or "data-poll=" in page or f"{self.mark['points']:g}" not in page:
            raise CheckFailed("The page of the mark does not show it, though the API has it. The log of web says more.")

    def _read_skills(self) -> None:
        if self.mark["passed"] and self.item.skills and self.submission not in self.visit.page("/skills/"):
            raise CheckFailed("The mark passes, but the skills record has no evidence of it. Look at the worker's log.")

    def _sign_out(self) -> None:
        self.visit.send_form("/sign-out/", on_page=self.visit.page("/skills/"))
        if self.visit.ask("/skills/").status_code == 200:
            raise CheckFailed("The site shows a person's page after signing out. Look at its session store.")

    @property
    def _exercise_path(self) -> str:
        return f"/courses/{quote(self.item.item.course_id)}/{quote(self.item.item.key)}/"


def _exercise(wanted: str) -> ItemVersion:
    """The published exercise of this name, or the first that can be handed in. Raises CheckFailed."""
    there = {
        f"{item.item.course_id}/{item.item.key}": item
        for outline in catalogue.outlines()
        for item in outline.items
        if item.item.kind == Item.Kind.EXERCISE
    }
    if not there:
        raise CheckFailed("No exercise is published. Load one with: manage.py sync_courses")
    if wanted and wanted not in there:
        raise CheckFailed(f"There is no exercise {wanted}. Choose one of: {', '.join(there)}")
    open_ones = {row.item_version_id for row in catalogue.checked_exercises() if can_hand_in(row)}
    found = there[wanted] if wanted else next((item for item in there.values() if item.pk in open_ones), None)
    if found is None or found.pk not in open_ones:
        raise CheckFailed("The exercise is not checked: nobody can hand it in. Check it with: manage.py check_course")
    return found
