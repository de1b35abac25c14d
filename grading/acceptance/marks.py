"""Whether a marking gave what a notebook case may earn. The same rules for our engine and for plain nbgrader."""

from dataclasses import dataclass, field

from grading.acceptance.manifest import NotebookCase
from grading.protocol import Outcome, Verdict

_LISTED_ONLY = ("cheat", "control", "fidelity")  # classes in which a check that is not listed earns nothing
_HONEST = ("control", "fidelity")


@dataclass(frozen=True, kw_only=True)
class Marking:
    """What a marking ended with."""

    outcome: str  # marked, refused or failed
    reason: str = ""
    points: dict[str, float | None] = field(default_factory=dict)  # None: waits for a person
    max_points: dict[str, float] = field(default_factory=dict)


def marking_of(verdict: Verdict) -> Marking:
    """An engine's verdict in these words."""
    outcome = "failed" if verdict.outcome is Outcome.FAILED_OURS else str(verdict.outcome)
    return Marking(
        outcome=outcome,
        reason=verdict.reason,
        points={result.check: result.points for result in verdict.checks},
        max_points={result.check: result.max_points for result in verdict.checks},
    )


def wrong_marks(case: NotebookCase, marking: Marking) -> list[str]:
    """What is wrong with the marks; empty when the case earned exactly what it may."""
    if marking.outcome == "refused":
        return [] if case.may_be_refused else [f"refused: {marking.reason}"]
    if marking.outcome != "marked":
        return [f"not marked: {marking.reason}"]
    if case.points is None and case.kind in _HONEST:
        return [f"the manifest names no points for a case of class {case.kind}"]
    expected = _expected(case, marking)
    wrong = [problem for check, points in expected.items() if (problem := _wrong(case, marking, check, points))]
    for check, points in marking.points.items():
        most = marking.max_points.get(check, 0.0)
        if points is not None and not 0 <= points <= most:
            wrong.append(f"{check} earned {points:g} of {most:g}")
        elif points and check not in expected and case.kind in _LISTED_ONLY:
            wrong.append(f"{check} earned {points:g} instead of nothing")
    return wrong


def _expected(case: NotebookCase, marking: Marking) -> dict[str, float]:
    if case.points is not None:
        return case.points
    return dict.fromkeys(marking.points, 0.0) if case.kind == "cheat" else {}


def _wrong(case: NotebookCase, marking: Marking, check: str, points: float) -> str:
    if check not in marking.points:
        return f"{check} has no mark"
    earned = marking.points[check]
    if earned is None:
        excused = case.may_wait or (points == 0 and case.kind not in _HONEST)
        return "" if excused else f"{check} waits for a person instead of {points:g}"
    return "" if abs(earned - points) < 1e-9 else f"{check} earned {earned:g} instead of {points:g}"
