"""The service in figures, for Prometheus. Read from the database at each scrape, so any process can answer for all."""

import datetime as dt
import hmac
import platform
from collections.abc import Iterable, Iterator

import django
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from upskill.core import heartbeats, outbox
from upskill.marking import figures, queue, regrades
from upskill.marking.models import Job
from upskill.people import signin
from upskill.web.account.visitors import is_on_this_machine

HOUR = dt.timedelta(hours=1)
OUTCOMES = {Job.State.DONE: "marked", Job.State.REFUSED: "refused", Job.State.FAILED_OURS: "failed_ours"}
QUANTILES = ("0.5", "0.95")


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever has the token or asks on this machine; for anybody else there is no such page.

    Eight queries, however much there is. 503 while PostgreSQL does not answer.
    """
    if not (_has_token(request) or _asks_here(request)):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(now=timezone.now()))
    try:
        text = generate_latest(registry)
    except Error:
        return HttpResponse("PostgreSQL does not answer.\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    """Every figure as it is at one moment."""

    def __init__(self, *, now: dt.datetime) -> None:
        self._now = now

    def describe(self) -> Iterable[Metric]:
        """Nothing: what there is, is known when it is read."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures, read now."""
        build = {"release": settings.RELEASE, "python": platform.python_version(), "django": django.__version__}
        yield InfoMetricFamily("upskill_build", "What runs here.", build)
        yield from _queue(now=self._now)
        yield from _last_hour(since=self._now - HOUR)
        yield from _engine(since=self._now - HOUR)
        yield from _mail(now=self._now)
        yield from _links(now=self._now)
        yield from _programs()


def _queue(*, now: dt.datetime) -> Iterator[Metric]:
    jobs = _gauge("upskill_jobs", "Jobs that wait, run, or were stopped by a fault of ours.", labels=["lane", "state"])
    age = _gauge("upskill_oldest_job_age_seconds", "Since when the oldest queued job waits.", labels=["lane"])
    found = {(row.lane, row.state): row for row in queue.lines()}
    for lane in Job.Lane:
        for state in queue.NOT_DONE:
            row = found.get((lane, state))
            jobs.add_metric([lane, state], row.number if row else 0)
        waiting = found.get((lane, Job.State.QUEUED))
        age.add_metric([lane], _age(waiting.oldest_at if waiting else None, now=now))
    yield from (jobs, age)
    yield GaugeMetricFamily(
        "upskill_regrade_answers_stopped",
        "Answers of regrades that a fault of ours stopped.",
        regrades.answers_stopped(),
    )


def _last_hour(*, since: dt.datetime) -> Iterator[Metric]:
    ended = figures.ended(since=since)
    number = _gauge("upskill_marks_last_hour", "Answers whose marking ended in the last hour.", labels=["outcome"])
    for state, outcome in OUTCOMES.items():
        number.add_metric([outcome], ended[state].number if state in ended else 0)
    yield number
    marked = ended.get(Job.State.DONE, figures.Ended(0, (0.0, 0.0), (0.0, 0.0)))
    yield _quantiles("upskill_marking_seconds_last_hour", "Seconds at work, of marks.", marked.marking_seconds)
    yield _quantiles("upskill_answer_seconds_last_hour", "Seconds from handing in, of marks.", marked.total_seconds)


def _engine(*, since: dt.datetime) -> Iterator[Metric]:
    """What the engines did, by the wall that they did it behind."""
    walls = _gauge("upskill_marks_by_isolation_last_hour", "Automatic marks by their wall.", labels=["isolation"])
    seconds = _gauge(
        "upskill_marking_phase_seconds_last_hour",
        "Seconds of one phase of marking.",
        labels=["isolation", "phase", "quantile"],
    )
    numbers: dict[str, int] = {}
    for phase in figures.phases(since=since):
        numbers[phase.isolation] = max(phase.number, numbers.get(phase.isolation, 0))
        for quantile, value in zip(QUANTILES, phase.seconds, strict=True):
            seconds.add_metric([phase.isolation, phase.name, quantile], value)
    for isolation, number in numbers.items():
        walls.add_metric([isolation], number)
    recycled = CounterMetricFamily(
        "upskill_engine_recycled", "Times that an engine replaced its warm processes.", labels=["process", "cause"]
    )
    for worker in heartbeats.alive(heartbeats.WORKER):
        for cause, number in worker.facts.get("recycled", {}).items():
            recycled.add_metric([worker.process, cause], number)
    yield from (walls, seconds, recycled)


def _mail(*, now: dt.datetime) -> Iterator[Metric]:
    mail = outbox.waiting()
    yield GaugeMetricFamily("upskill_mail_waiting", "Mail to send.", mail.number)
    yield GaugeMetricFamily(
        "upskill_oldest_mail_age_seconds", "Since when the oldest waits.", _age(mail.oldest_at, now=now)
    )
    yield GaugeMetricFamily("upskill_mail_given_up", "Mail that was tried too often.", mail.given_up)
    yield GaugeMetricFamily(
        "upskill_mail_given_up_people", "People whose mail was tried too often.", mail.people_given_up
    )


def _links(*, now: dt.datetime) -> Iterator[Metric]:
    links = signin.waiting(now=now)
    yield GaugeMetricFamily("upskill_sign_in_links_waiting", "Sign-in links to mail.", links.number)
    yield GaugeMetricFamily(
        "upskill_oldest_sign_in_link_age_seconds", "Since when the oldest waits.", _age(links.oldest_at, now=now)
    )
    yield GaugeMetricFamily(
        "upskill_sign_in_links_given_up", "Sign-in links that were tried too often.", links.given_up
    )


def _programs() -> Iterator[Metric]:
    alive = _gauge("upskill_processes", "Processes that give signs of life.", labels=["program", "state"])
    silent = _gauge("upskill_heartbeat_age_seconds", "Since the last sign of life; absent: none.", labels=["program"])
    lives = heartbeats.lives()
    for program in (heartbeats.WORKER, heartbeats.HOUSEKEEPER):
        life = lives.get(program)
        alive.add_metric([program, "working"], life.working if life else 0)
        alive.add_metric([program, "paused"], life.paused if life else 0)
        if life:
            silent.add_metric([program], life.silent.total_seconds())
    yield from (alive, silent)


def _gauge(name: str, says: str, *, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, labels=labels)


def _quantiles(name: str, says: str, values: tuple[float, float]) -> GaugeMetricFamily:
    family = _gauge(name, says, labels=["quantile"])
    for quantile, value in zip(QUANTILES, values, strict=True):
        family.add_metric([quantile], value)
    return family


def _age(since: dt.datetime | None, *, now: dt.datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _has_token(request: HttpRequest) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), wanted.encode())


def _asks_here(request: HttpRequest) -> bool:
    """A program on this machine, which named it as such: a page elsewhere that a browser here shows could not."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return is_on_this_machine(request)
