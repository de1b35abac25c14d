"""The answers that an author knows, marked by the engine under the exercise's own limits: each twice, by other chance.

The engine fixes the hash of texts for every answer, here and in service, so that nothing can hang on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.protocol import CheckResult, CheckStatus, Job, Limits, Outcome, Verdict
from upskill.authoring.parity.answers import answers_of, wrong_answers_of
from upskill.authoring.parity.exercises import Exercise
from upskill.authoring.places import line_of_cell
from upskill.catalogue.course_files.certificate import SOLUTION, UNTOUCHED
from upskill.catalogue.course_files.mistakes import Mistake
from upskill.catalogue.course_files.wrong_answers import WrongAnswer

SEEDS = (0, 1)
MOST_SECONDS = 5.0  # that a solution may take


@dataclass(frozen=True)
class Known:
    """One answer that the author knows, marked once with each seed. `wrong` says what a wrong answer should meet."""

    name: str
    verdicts: tuple[Verdict, ...]
    wrong: WrongAnswer | None = None

    @property
    def points(self) -> float:
        """What the tests gave it the first time."""
        return sum(result.points or 0 for result in self.verdicts[0].checks)

    @property
    def seconds(self) -> float:
        """How long marking it took, the quicker time: others may have used the machine."""
        return min(sum(verdict.provenance.timings_ms.values()) for verdict in self.verdicts) / 1000


def job_of(exercise: Exercise, *, answer: str, name: str, seed: int = 0) -> Job:
    """The job of marking an answer to the exercise, as in service."""
    content = exercise.content
    return Job(
        job_id=f"{exercise.name} {name} {seed}",
        source=content.source,
        answer=answer,
        files=content.files,
        limits=Limits(**content.limits),
        seed=seed,
        hidden_messages=content.hidden_messages,
    )


def jobs_of(exercise: Exercise) -> list[tuple[str, Job]]:
    """The name of each known answer, once with each seed, and the job of marking it. Raises CourseError."""
    return [
        (answer.name, job_of(exercise, answer=answer.notebook, name=answer.name, seed=seed))
        for answer in answers_of(exercise.content, folder=exercise.folder)
        for seed in SEEDS
    ]


def known_of(exercise: Exercise, marked: list[tuple[str, Verdict]]) -> list[Known]:
    """The known answers with their verdicts, the solution first. Raises CourseError."""
    wrong = {answer.name: answer for answer in wrong_answers_of(exercise.folder)}
    names = list(dict.fromkeys(name for name, _ in marked))
    return [Known(name, tuple(v for other, v in marked if other == name), wrong.get(name)) for name in names]


def mistakes_in(known: Known, *, exercise: Exercise) -> Iterator[Mistake]:
    """What is not as the author says: of the exercise or of the wrong answer."""
    script = exercise.folder / "exercise.py"
    first, *others = known.verdicts
    for verdict in known.verdicts:
        if verdict.outcome is not Outcome.MARKED:
            problem = f"The answer '{known.name}' cannot be marked: {verdict.reason}"
            yield Mistake(script, 1, problem, "Run the notebook once from the top, then correct what it says.")
            return
    for verdict in others:
        for one, other in zip(first.checks, verdict.checks, strict=True):
            if (one.points, one.message) != (other.points, other.message):
                problem = f"'{one.check}' marks the answer '{known.name}' otherwise the second time."
                cure = "Give every source of chance in the tests a seed, and let no message depend on time."
                yield Mistake(script, line_of_cell(script, one.check), problem, cure)
    by_tests = [result for result in first.checks if not _is_by_person(result, exercise=exercise)]
    if known.name == SOLUTION:
        yield from _about_solution(known, by_tests, script=script)
    elif known.name == UNTOUCHED:
        yield from _about_untouched(by_tests, script=script)
    elif known.wrong:
        file = exercise.folder / "wrong" / f"{known.name}.py"
        yield from (Mistake(file, 1, *words) for words in _about_wrong(known.wrong, by_tests))


def _is_by_person(result: CheckResult, *, exercise: Exercise) -> bool:
    return any(check.slug == result.check and check.by_person for check in exercise.content.checks)


def _about_solution(known: Known, results: list[CheckResult], *, script: Path) -> Iterator[Mistake]:
    for result in results:
        if result.status is not CheckStatus.PASSED:
            problem = f"The solution loses points of '{result.check}': {result.message or result.status}"
            cure = "Correct the solution or the test."
            yield Mistake(script, line_of_cell(script, result.check), problem, cure)
    if known.seconds > MOST_SECONDS:
        problem = f"Marking the solution takes {known.seconds:.1f} seconds, more than {MOST_SECONDS:g}."
        yield Mistake(script, 1, problem, "Use less data or fewer repetitions: everybody waits for it.")


def _about_untouched(results: list[CheckResult], *, script: Path) -> Iterator[Mistake]:
    for result in results:
        if result.points:
            problem = f"The untouched notebook gets {result.points:g} points of '{result.check}'."
            cure = "Let the test ask for something that the learner has to write."
            yield Mistake(script, line_of_cell(script, result.check), problem, cure)


def _about_wrong(wrong: WrongAnswer, results: list[CheckResult]) -> Iterator[tuple[str, str]]:
    lost = [result.check for result in results if result.points != result.max_points]
    if lost != [wrong.check]:
        found = ", ".join(lost) or "none"
        problem = f"This wrong answer should lose '{wrong.check}' alone. It loses: {found}."
        yield problem, "Let the test catch this mistake, and no other test fail for it."
        return
    result = next(each for each in results if each.check == wrong.check)
    if wrong.words not in result.message:
        problem = f"The words '{wrong.words}' are not in what learners read: {' '.join(result.message.split())}"
        yield problem, "Give the mistake an assert of its own that names it, or correct the first line."
    left = sum(each.points or 0 for each in results)
    if left != wrong.points:
        problem = f"This wrong answer keeps {left:g} points, and its first line says {wrong.points:g}."
        yield problem, "Correct the points in the first line."
