"""The state of the service, for those who run it: no learner's name, no mark, no answer."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue
from upskill.core import heartbeats, outbox
from upskill.core.models import Heartbeat
from upskill.marking import engines, figures, queue, regrades, stopped
from upskill.marking.figures import Ended
from upskill.marking.models import Job
from upskill.people import feedback, rules, signin
from upskill.web.exercise_checks import CheckedExercise, checked_exercises
from upskill.web.person import signed_in

LANES = {
    Job.Lane.INTERACTIVE: gettext_lazy("People at a screen"),
    Job.Lane.DEADLINE: gettext_lazy("Very many of one department, or released"),
    Job.Lane.PREVIEW: gettext_lazy("Marks made again to compare"),
    Job.Lane.REGRADE: gettext_lazy("Nobody at a screen"),
}
PEOPLE_WAIT = {Job.Lane.INTERACTIVE, Job.Lane.DEADLINE}
LATE_SECONDS = 60  # for people at a screen: the alert UpskillPeopleWait has the same
RECYCLED = {  # routine: the engine had marked its number of answers
    "jobs": gettext_lazy("routine"),
    "doubt": gettext_lazy("doubt"),
    "fault": gettext_lazy("fault"),
    "wall": gettext_lazy("another wall"),
}
HOUR = dt.timedelta(hours=1)
MOST_CAUSES, MOST_STOPPED, MOST_FEEDBACK, MOST_UNSURE = 10, 5, 10, 10


@dataclass(frozen=True)
class Summary:
    """The state in a few figures."""

    is_marking: bool
    has_worker: bool  # that gives signs of life, whether or not it takes work
    is_housekeeping: bool
    waiting: int
    stopped: int


@dataclass(frozen=True)
class LaneLine:
    """One lane: what waits and since when, what is being marked, and what was done in the last hour."""

    name: Promise
    waiting: int
    oldest_seconds: float
    is_late: bool
    running: int
    done: Ended | None


@dataclass(frozen=True)
class Slot:
    """A marking slot, and how often its engine was replaced, by cause."""

    worker: Heartbeat
    recycled: list[tuple[Promise | str, int]]


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Marking, lanes, regrades, slots, what a fault of ours stopped, exercises that are not
    checked or were by another engine, mail, and the newest feedback. Ten queries.
    """
    rules.check_operate(signed_in(request))
    now = timezone.now()
    engine, housekeepers, lines = engines.state(), heartbeats.alive(heartbeats.HOUSEKEEPER), queue.lines()
    unsure = _unsure(engine)
    context = {
        "summary": summary(engine, housekeepers=housekeepers, lines=lines),
        "engine": engine,
        "lanes": lanes(lines, done=figures.done_by_lane(since=now - HOUR), now=now),
        "slots": [Slot(worker, _recycled(worker)) for worker in engine.workers],
        "regrades": regrades.open_regrades(),
        "causes": stopped.by_cause(most_causes=MOST_CAUSES, most_jobs=MOST_STOPPED),
        "mail": outbox.waiting(),
        "links": signin.waiting(now=now),
        "unsure": unsure[:MOST_UNSURE],
        "more_unsure": max(0, len(unsure) - MOST_UNSURE),
        "feedback": feedback.newest()[:MOST_FEEDBACK],
        "crumbs": [],
    }
    return render(request, "operator/state.html", context)


def _unsure(engine: engines.EngineState) -> list[CheckedExercise]:
    """The exercises that no certificate speaks for, and those that another engine or library was checked with."""
    lines = checked_exercises(catalogue.checked_exercises(), versions=engine.versions)
    return [line for line in lines if not line.certificate or line.others]


def summary(engine: engines.EngineState, *, housekeepers: list[Heartbeat], lines: list[queue.QueueLine]) -> Summary:
    """The state in a few figures, of what has been read already."""
    return Summary(
        is_marking=engine.is_marking,
        has_worker=bool(engine.workers),
        is_housekeeping=any(process.is_working for process in housekeepers),
        waiting=queue.how_many(lines, state=Job.State.QUEUED),
        stopped=queue.how_many(lines, state=Job.State.FAILED_OURS),
    )


def lanes(lines: list[queue.QueueLine], *, done: dict[str, Ended], now: dt.datetime) -> list[LaneLine]:
    """A line for each lane, in the order of their shares."""
    return [_lane(lane, [line for line in lines if line.lane == lane], done=done.get(lane), now=now) for lane in LANES]


def _lane(lane: Job.Lane, lines: list[queue.QueueLine], *, done: Ended | None, now: dt.datetime) -> LaneLine:
    queued = next((line for line in lines if line.state == Job.State.QUEUED), None)
    oldest = max(0.0, (now - queued.oldest_at).total_seconds()) if queued else 0.0
    return LaneLine(
        name=LANES[lane],
        waiting=queue.how_many(lines, state=Job.State.QUEUED),
        oldest_seconds=oldest,
        is_late=lane in PEOPLE_WAIT and oldest > LATE_SECONDS,
        running=queue.how_many(lines, state=Job.State.RUNNING),
        done=done,
    )


def _recycled(worker: Heartbeat) -> list[tuple[Promise | str, int]]:
    said = worker.facts.get("recycled", {})
    return [(RECYCLED.get(cause, cause), number) for cause, number in said.items() if number]
