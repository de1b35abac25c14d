"""What acceptance asks of a marking engine, and what travels to and from the process that holds it."""

from dataclasses import dataclass
from typing import Protocol

from grading.engine import Engine
from grading.feedback import render
from grading.protocol import Job, Trial, TrialJob, Verdict


class Subject(Protocol):
    """A marking engine with the page that it draws. One job at a time."""

    def start(self) -> None:
        """Be ready. Raises SandboxRefused or EngineFailed where code cannot be run as it must be."""

    def close(self) -> None:
        """Stop everything that it started."""

    def mark(self, job: Job) -> Verdict:
        """The verdict on one answer."""

    def trial(self, job: TrialJob) -> Trial:
        """What becomes of code that runs alone, confined as an answer is."""

    def feedback(self, outputs: str) -> str:
        """Outputs, as JSON text that learners' code wrote, as the HTML that somebody's browser gets."""


class OurEngine(Engine):
    """The engine of this package as a Subject."""

    def feedback(self, outputs: str) -> str:
        """The HTML that the site shows."""
        return render(outputs)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request to the process that holds the engine: mark `job` with `answer`, try `trial`, or draw `outputs`."""

    job: Job | None = None
    answer: bytes = b""  # the file as it was handed in
    trial: TrialJob | None = None
    outputs: str | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """The reply. `fault` says why there is none."""

    fault: str = ""
    refused: bool = False  # the fault is SandboxRefused
    verdict: Verdict | None = None
    trial: Trial | None = None
    page: str = ""
