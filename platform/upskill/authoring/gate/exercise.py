"""An exercise before the marking engine: everything that it claims is tried."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import nbformat

from grading.checks import checks
from grading.protocol import CheckStatus, Outcome, Verdict
from upskill.authoring.parity.exercises import Exercise
from upskill.authoring.places import line_of_cell
from upskill.catalogue.course_files.mistakes import Mistake

from .engines import Engines
from .known import Known, job_of, jobs_of, known_of, mistakes_in
from .replay import seen_calls
from .trick_code import FOUND
from .tricks import Trick, tricks_of

_STEP = 20  # answers between two lines of progress
Say = Callable[[str], None]


@dataclass(frozen=True)
class Tried:
    """A trick and what it earned."""

    trick: Trick
    verdict: Verdict


@dataclass(frozen=True)
class Examined:
    """What came of one exercise. It is proved where there is no mistake."""

    exercise: Exercise
    known: tuple[Known, ...]
    tried: tuple[Tried, ...]
    guarded: tuple[str, ...]  # the checks with hidden tests, which must give no trick full marks
    mistakes: tuple[Mistake, ...]


def examine(exercise: Exercise, *, engines: Engines, say: Say) -> Examined:
    """Have every known answer and every trick marked. `say` gets a line of progress now and then.

    Raises CourseError and EngineFailed.
    """
    known_jobs = jobs_of(exercise)
    tricks = tricks_of(exercise.content, seen_calls=seen_calls(exercise.content, engines=engines))
    jobs = [job for _, job in known_jobs]
    jobs += [job_of(exercise, answer=trick.notebook, name=f"{trick.kind} {trick.name}") for trick in tricks]

    def told(done: int) -> None:
        if done % _STEP == 0 or done == len(jobs):
            say(f"{exercise.name}: {done} of {len(jobs)} answers marked")

    verdicts = engines.mark_all(jobs, told=told)
    count = len(known_jobs)
    known = known_of(
        exercise, [(name, verdict) for (name, _), verdict in zip(known_jobs, verdicts[:count], strict=True)]
    )
    tried = [Tried(trick, verdict) for trick, verdict in zip(tricks, verdicts[count:], strict=True)]
    guarded = guarded_checks(exercise)
    found = [mistake for each in known for mistake in mistakes_in(each, exercise=exercise)]
    found += _mistakes_of(tried, exercise=exercise, guarded=guarded)
    return Examined(exercise, tuple(known), tuple(tried), guarded, tuple(sorted(set(found))))


def guarded_checks(exercise: Exercise) -> tuple[str, ...]:
    """The checks with hidden tests."""
    specs = checks(nbformat.reads(exercise.content.source, as_version=4))
    return tuple(spec.check for spec in specs if spec.has_hidden and not spec.by_person)


def passes(verdict: Verdict, *, check: str) -> bool:
    """Whether the answer got full marks of this check."""
    return any(result.check == check and result.status is CheckStatus.PASSED for result in verdict.checks)


def _mistakes_of(tried: list[Tried], *, exercise: Exercise, guarded: tuple[str, ...]) -> Iterator[Mistake]:
    script = exercise.folder / "exercise.py"
    for each in tried:
        if each.verdict.outcome is Outcome.FAILED_OURS:  # by the author's: `Engines` raises for its own
            problem = f"The trick '{each.trick.name}' ({each.trick.kind}) stops the marking: {each.verdict.reason}"
            yield Mistake(script, 1, problem, "Let the tests cope with any value that an answer may hold.")
    for check in guarded:
        passed = [each.trick for each in tried if passes(each.verdict, check=check)]
        if passed:
            names = ", ".join(f"'{trick.name}' ({trick.kind})" for trick in passed[:4])
            problem = (
                f"'{check}' gives full marks to {len(passed)} {'trick' if len(passed) == 1 else 'tricks'}: {names}."
            )
            cure = (
                "Ask in the hidden tests for what only the skill can answer, with other values than the visible ones."
            )
            yield Mistake(script, line_of_cell(script, check), problem, cure)
    readers = [each.trick.name for each in tried if any(FOUND in result.message for result in each.verdict.checks)]
    if readers:
        problem = f"Hidden tests can be read by an answer, in {', '.join(readers)}."
        yield Mistake(script, 1, problem, "Take them out of the files and cells that learners get.")
