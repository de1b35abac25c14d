"""Somebody at the page: opens it, hands in, and watches the mark come as the page's script does (static/js/poll.js)."""

import html
import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from upskill.management.visit import CheckFailed, Visit, hidden_value

from . import course

POLL_STEPS = ((3.0, 0.25), (30.0, 1.0), (math.inf, 5.0))  # until so many seconds, one look every so many
LONGEST_WATCH_SECONDS = 300.0
WRONG_EVERY = 3  # every third answer is wrong


@dataclass(frozen=True)
class Answer:
    """One answer as its learner saw it: what it is called, what it deserves, and the seconds since the click."""

    submission: str
    points: float
    handed_in: float  # until the page after the form is there
    seen: float  # until the mark is; 0: nobody looked


@dataclass(frozen=True)
class Asked:
    """One request: what for, and how many seconds until its answer was there."""

    kind: str
    seconds: float


@dataclass
class Learner:
    """One signed-in learner, who does one thing at a time, and what they have met with."""

    number: int
    visit: Visit
    solution: str
    asked: list[Asked] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    token: str = ""  # of a page, without which no script may write
    revision: int = 0  # of the draft

    def open(self, path: str) -> str:
        """The text of the page. Raises CheckFailed."""
        with self._timed("page"):
            return self.visit.page(path)

    def hand_in(self, *, page: str, watch: bool = True) -> Answer:
        """Hand in the next answer from the exercise's page, and watch until its mark is shown. Raises CheckFailed."""
        attempt = len(self.answers)
        is_right = bool((self.number + attempt + 1) % WRONG_EVERY)
        content = course.answer(self.solution, named=f"{self.number}, {attempt}", is_right=is_right)
        data = {"idempotency_key": hidden_value(page, name="idempotency_key")}
        files = {"notebook": ("loans.ipynb", content, "application/x-ipynb+json")}
        clicked = time.monotonic()
        with self._timed("handing in"):
            path = self.visit.send_form(f"{course.EXERCISE_PAGE}submit/", on_page=page, data=data, files=files)
        shown = self.open(path)
        handed_in = time.monotonic() - clicked
        if watch:
            self._watch(shown, since=time.monotonic())
        seen = time.monotonic() - clicked if watch else 0.0
        points = course.RIGHT if is_right else course.WRONG
        answer = Answer(path.rstrip("/").rpartition("/")[2], points, handed_in, seen)
        self.answers.append(answer)
        return answer

    @property
    def has_opened_exercise(self) -> bool:
        """Whether its page was there, from which drafts are saved."""
        return bool(self.token)

    def open_exercise(self) -> str:
        """The text of the exercise's page. Raises CheckFailed."""
        page = self.open(course.EXERCISE_PAGE)
        self.token = hidden_value(page, name="csrfmiddlewaretoken")
        return page

    def save_draft(self) -> None:
        """Save what is in the exercise's cells, as its page, once opened, does while they type. Raises CheckFailed."""
        cells = course.draft(self.solution, named=f"{self.number}, {self.revision}")
        with self._timed("autosave"):
            answer = self.visit.put(course.DRAFT, token=self.token, body={"revision": self.revision, "cells": cells})
        if answer.status_code != 200:
            raise CheckFailed(f"A draft is answered with {answer.status_code}.")
        self.revision = answer.json()["revision"]

    def _watch(self, page: str, *, since: float) -> None:
        polled = re.search(r'data-poll="([^"]+)"', page)
        after = 0.0
        while polled:
            time.sleep(max(after, pause(time.monotonic() - since)))
            with self._timed("poll"):
                answer = self.visit.ask(html.unescape(polled[1]))
            if answer.status_code != 200:
                raise CheckFailed(f"The state of an answer is answered with {answer.status_code}.")
            if answer.headers["X-Poll"] == "done":
                return
            after = float(answer.headers.get("X-Poll-After", 0))
            if time.monotonic() - since > LONGEST_WATCH_SECONDS:
                raise CheckFailed(f"An answer has no mark after {LONGEST_WATCH_SECONDS:g} seconds.")

    @contextmanager
    def _timed(self, kind: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.asked.append(Asked(kind, time.monotonic() - begun))


def pause(age: float) -> float:
    """Seconds that the page waits between two looks, when it is so many seconds old."""
    return next(every for until, every in POLL_STEPS if age < until)


def learners(url: str, *, crowd: dict[str, Any]) -> list[Learner]:
    """Everybody of the crowd, each with a browser of their own."""
    found = []
    for number, session in enumerate(crowd["sessions"]):
        visit = Visit(url)
        visit.as_the_proxy()
        visit.session.cookies.set(crowd["cookie"], session)
        found.append(Learner(number, visit, crowd["solution"]))
    return found
