"""What `manage.py regrade` says. Learners by the public id of their account, nobody by name."""

import shlex
from collections.abc import Iterator

from upskill.marking import regrades
from upskill.marking.models import Regrade
from upskill.marking.points import in_figures
from upskill.marking.regrades import Change, RegradeLine, RegradeResult

MOST_CHANGES = 50


def heading(regrade: Regrade) -> str:
    """Which regrade it is."""
    what = "Dry run" if regrade.is_dry_run else "Regrade"
    return f"{what} of {regrade.item}, begun on {regrade.started_at:%Y-%m-%d at %H:%M} UTC: {regrade.reason}"


def progress(line: RegradeLine, *, seconds_left: float | None = None) -> str:
    """How far it is, in one line."""
    parts = [f"{line.done} of {line.total} done", f"{line.changed} {'would change' if line.is_dry_run else 'changed'}"]
    if line.failed:
        parts.append(f"{line.failed} failed")
    if line.is_paused:
        parts.append("paused")
    elif line.left and seconds_left is not None:
        parts.append(_time(seconds_left))
    return ", ".join(parts)


def report(regrade: Regrade, *, shows_all: bool) -> Iterator[str]:
    """The lines on what came of it so far."""
    result = regrades.result_of(regrade)
    yield from _figures(result)
    changes = regrades.changes_of(regrade)
    yield from map(_change, regrades.as_changes(changes if shows_all else changes[:MOST_CHANGES]))
    hidden = 0 if shows_all else max(0, changes.count() - MOST_CHANGES)
    if hidden:
        yield f"and {hidden} more: add --all to see them."
    if result.failed:
        yield f"Once the fault is mended, mark those that failed: {command(regrade)} --resume"
    if regrade.is_dry_run:
        yield f"This was a dry run: no mark has changed. To change them: {command(regrade)} --reason {_quoted(regrade)}"


def command(regrade: Regrade) -> str:
    """What to type about this exercise."""
    return f"manage.py regrade {regrade.item}"


def _figures(result: RegradeResult) -> Iterator[str]:
    figures = {
        "the same": result.same,
        "the same points, other words": result.other_words,
        "higher": result.higher,
        "lower": result.lower,
        "refused this time, mark kept": result.refused,
        "failed by a fault of ours, mark kept": result.failed,
        "pass now": result.passes_now,
        "pass no longer": result.passes_no_longer,
    }
    for what, number in figures.items():
        yield f"{number:>8} {what}"


def _change(change: Change) -> str:
    points = f"{in_figures(change.before)} -> {in_figures(change.after)} points"
    if change.passed == change.passes:
        return f"{change.learner} attempt {change.attempt}: {points}"
    return f"{change.learner} attempt {change.attempt}: {points}, passes {'now' if change.passes else 'no longer'}"


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"about {minutes} min left" if minutes else "less than a minute left"


def _quoted(regrade: Regrade) -> str:
    return shlex.quote(regrade.reason)
