"""Reruns: an automatic mark made again, to see that it comes out the same. Those of a regrade are in regrading.py."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grading.protocol import CheckResult, Outcome, Verdict
from upskill.core import audit
from upskill.people.models import User

from . import chain, jobs, rules, versions
from .models import CheckMark, Job, Mark, Rerun
from .points import HUNDREDTH, in_figures


@transaction.atomic
def ask_rerun(mark: Mark, *, by: User, now: dt.datetime) -> Job:
    """A queued job that makes the mark again. Raises what rules.check_rerun raises."""
    chain.hold(mark.submission_id)
    rules.check_rerun(by, mark=mark)
    return jobs.enqueue_rerun(mark, by=by, now=now)


def record_rerun(mark_id: int, *, job_id: int, verdict: Verdict, now: dt.datetime) -> Rerun:
    """What came of it, beside the mark, which stays as it is; in the caller's transaction, which ends the job."""
    mark = Mark.objects.select_related("submission__learner").prefetch_related("checks").get(pk=mark_id)
    results = other_results(mark, verdict=verdict, without=chain.decided_by_people(mark))
    provenance = versions.provenance(verdict, submission=mark.submission, tests=versions.tests_of(mark))
    return add(mark, job_id=job_id, results=results, provenance=provenance, now=now)


def add(
    mark: Mark, *, job_id: int, results: list[str], provenance: dict[str, Any], now: dt.datetime, **given: Any
) -> Rerun:
    """The rerun of this mark, which came out the same if there are no sentences on other results."""
    rerun = Rerun.objects.create(
        job_id=job_id,
        mark=mark,
        is_same=not results,
        differences=[*results, *_changes_since(mark.provenance, now=provenance)],
        provenance=provenance,
        finished_at=now,
        **given,
    )
    audit.record("rerun.finished", subject=rerun, by=None, at=now, about=mark.submission.learner, same=rerun.is_same)
    return rerun


def other_results(mark: Mark, *, verdict: Verdict, without: set[str]) -> list[str]:
    """A sentence for each check that came out otherwise, but for those `without`, which a person decided."""
    if verdict.outcome == Outcome.REFUSED:
        return [_("This time the answer could not be marked: %(reason)s") % {"reason": verdict.reason}]
    now = {result.check: result for result in verdict.checks if result.check not in without}
    before = {check.slug: check for check in mark.checks.all() if check.slug not in without}
    sentences = [_other_result(check, now=now.get(slug)) for slug, check in before.items()]
    sentences += [_("“%(check)s” was not checked then.") % {"check": slug} for slug in now if slug not in before]
    return [sentence for sentence in sentences if sentence]


def _other_result(check: CheckMark, *, now: CheckResult | None) -> str:
    """One sentence on what is otherwise, "" where nothing is."""
    if now is None:
        return _("“%(check)s” was not checked this time.") % {"check": check.title}
    points = None if now.points is None else Decimal(str(now.points)).quantize(HUNDREDTH)
    if (check.status, check.points) != (now.status, points):
        old = _result(check.status, points=check.points, most=check.max_points)
        new = _result(now.status, points=points, most=check.max_points)
        return _("“%(check)s”: %(old)s then, %(new)s now.") % {"check": check.title, "old": old, "new": new}
    if check.message != now.message:
        return _("“%(check)s” gives the same points but says now: %(words)s") % {
            "check": check.title,
            "words": now.message or _("nothing"),
        }
    return ""


def _result(status: str, *, points: Decimal | None, most: Decimal) -> str:
    words = {
        CheckMark.Status.PASSED: _("passed"),
        CheckMark.Status.PARTIAL: _("partly right"),
        CheckMark.Status.FAILED: _("not passed"),
        CheckMark.Status.WAITING: _("waiting for a person"),
        CheckMark.Status.NOT_RUN: _("not run"),
    }[CheckMark.Status(status)]
    if points is None:
        return words
    figures = {"words": words, "points": in_figures(points), "most": in_figures(most)}
    return _("%(words)s with %(points)s of %(most)s points") % figures


def _changes_since(before: dict[str, Any], *, now: dict[str, Any]) -> list[str]:
    """A sentence for each thing behind a mark that is not what it was."""
    names = {
        "engine_version": _("The marker"),
        "python": _("Python"),
        "isolation": _("The protection"),
    }
    pairs = [(name, before.get(key, ""), now[key]) for key, name in names.items()]
    old, new = before.get("libraries", {}), now["libraries"]
    pairs += [(name, old.get(name, ""), new.get(name, "")) for name in sorted({*old, *new})]
    sentences = [_change(name, before=was, now=now_is) for name, was, now_is in pairs if was != now_is]
    if before.get("tests_sha256", "") != now["tests_sha256"]:
        sentences.append(_("The tests are not those of then."))
    return sentences


def _change(name: str, *, before: str, now: str) -> str:
    words = {"name": name, "before": before or _("missing"), "now": now or _("missing")}
    return _("%(name)s was %(before)s, and is %(now)s now.") % words
