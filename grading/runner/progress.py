"""The verdict of one job, built from what its child has said so far: whatever ends the child, nothing said is lost."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from grading.protocol import CheckResult, CheckStatus, Limits, Outcome, Provenance, Verdict
from grading.runner import messages


class Ending(StrEnum):
    """How a child ended, as its parent saw it."""

    ENDED = "ended"
    OUT_OF_TIME = "out_of_time"
    SAID_TOO_MUCH = "said_too_much"


@dataclass
class Progress:
    """What is known about a job while its child runs."""

    job_id: str
    limits: Limits
    plan: Verdict | None = None
    started: bool = False
    results: dict[str, CheckResult] = field(default_factory=dict)
    phases: dict[str, int] = field(default_factory=dict)
    outcome: Outcome | None = None
    reason: str = ""
    detail: str = ""  # for the log only

    def failed(self, reason: str) -> Verdict:
        """The verdict for a fault of ours."""
        provenance = self.plan.provenance if self.plan else Provenance()
        return Verdict(job_id=self.job_id, outcome=Outcome.FAILED_OURS, reason=reason, provenance=provenance)

    def verdict(self, ending: Ending) -> Verdict:
        """The verdict now that the child has ended. Time that learner code used up is its fault, all else ours."""
        if self.outcome is Outcome.REFUSED:
            return Verdict(job_id=self.job_id, outcome=Outcome.REFUSED, reason=self.reason)
        if self.outcome is Outcome.FAILED_OURS:
            return self.failed(self.reason)
        if self.plan is None or (self.outcome is None and not (ending is Ending.OUT_OF_TIME and self.started)):
            return self.failed(f"The marking process ended without a verdict ({ending}).")
        provenance = replace(self.plan.provenance, timings_ms=self.phases)
        return replace(self.plan, checks=self._checks(), provenance=provenance)

    def _checks(self) -> tuple[CheckResult, ...]:
        """Every check of the plan with its result; the first without one failed for time, later ones never ran."""
        assert self.plan is not None  # noqa: S101 (verdict has looked)
        late = messages.too_slow(self.limits.total_seconds)
        checks = []
        for planned in self.plan.checks:
            result = self.results.get(planned.check, planned)
            if result.status is CheckStatus.NOT_RUN and not result.message:
                result = replace(result, message=late)
            checks.append(result)
        return tuple(checks)
