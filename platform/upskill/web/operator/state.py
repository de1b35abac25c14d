"""The state of the service, for those who run it: no learner's name, no mark, no answer."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.core import heartbeats
from upskill.core.models import Heartbeat
from upskill.marking import engines, queue
from upskill.marking.models import Job
from upskill.people import feedback, rules
from upskill.web.person import signed_in

STATES = {
    Job.State.QUEUED: gettext_lazy("Waiting"),
    Job.State.RUNNING: gettext_lazy("Being marked"),
    Job.State.FAILED_OURS: gettext_lazy("Stopped by a fault of ours"),
}
LANES = {
    Job.Lane.INTERACTIVE: gettext_lazy("People at a screen"),
    Job.Lane.DEADLINE: gettext_lazy("People at a screen, very many of one department"),
    Job.Lane.PREVIEW: gettext_lazy("Marks made again to compare"),
    Job.Lane.REGRADE: gettext_lazy("Nobody at a screen"),
}
MOST_STOPPED, MOST_FEEDBACK = 25, 10


@dataclass(frozen=True)
class Summary:
    """The state in a few figures."""

    is_marking: bool
    has_worker: bool  # that gives signs of life, whether or not it takes work
    is_housekeeping: bool
    waiting: int
    stopped: int


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Processes, the queue by state and age, what a fault of ours stopped, and the newest feedback. Seven queries."""
    rules.check_operate(signed_in(request))
    engine, housekeepers, lines = engines.state(), heartbeats.alive(heartbeats.HOUSEKEEPER), queue.lines()
    context = {
        "summary": summary(engine, housekeepers=housekeepers, lines=lines),
        "engine": engine,
        "processes": engine.workers + housekeepers,
        "lines": [(STATES[line.state], LANES[line.lane], line) for line in lines],
        "stopped": queue.stopped(most=MOST_STOPPED),
        "feedback": feedback.newest()[:MOST_FEEDBACK],
        "crumbs": [],
    }
    return render(request, "operator/state.html", context)


def summary(engine: engines.EngineState, *, housekeepers: list[Heartbeat], lines: list[queue.QueueLine]) -> Summary:
    """The state in a few figures, of what has been read already."""
    return Summary(
        is_marking=engine.is_marking,
        has_worker=bool(engine.workers),
        is_housekeeping=any(process.is_working for process in housekeepers),
        waiting=queue.how_many(lines, state=Job.State.QUEUED),
        stopped=queue.how_many(lines, state=Job.State.FAILED_OURS),
    )
