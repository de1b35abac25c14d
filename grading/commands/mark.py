"""`python -m grading mark EXERCISE ANSWER.ipynb`: the verdict on one answer, as a table or as JSON."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from grading.checks import CheckSpec, checks, read_source
from grading.engine import Engine
from grading.protocol import CheckResult, Job, Outcome, Verdict, to_json
from grading.release import is_released
from grading.scripts import read_script

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_AS_LEARNERS_GET_IT = "This exercise is as learners get it, without hidden tests: a mark by it means less."
_EXIT = {Outcome.MARKED: 0, Outcome.REFUSED: 1, Outcome.FAILED_OURS: 2}


def add(commands: "Commands") -> None:
    """Describe the command's arguments."""
    mark = commands.add_parser("mark", help="mark one answer")
    mark.add_argument("exercise", type=Path, help="the exercise: a script (.py) or an nbgrader source notebook")
    mark.add_argument("answer", type=Path, help="the learner's notebook")
    mark.add_argument("--data", type=Path, help="a folder whose files lie beside the notebook")
    mark.add_argument("--seed", type=int, default=0, help="of chance, where the answer sets none")
    mark.add_argument("--json", action="store_true", help="print the verdict as JSON")
    mark.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """The exit code is 0 when marked, 1 when the answer is refused, 2 when the marking failed."""
    source = read_exercise_file(options.exercise)
    if is_released(source):
        print(_AS_LEARNERS_GET_IT, file=sys.stderr)
    job = Job(
        job_id=options.answer.name,
        source=nbformat.writes(source),
        answer=options.answer.read_bytes().decode("utf-8", "replace"),
        files=_files(options.data) if options.data else {},
        seed=options.seed,
    )
    with Engine() as marker:
        verdict = marker.mark(job)
    print(to_json(verdict) if options.json else table(verdict, specs=checks(source)))
    return _EXIT[verdict.outcome]


def table(verdict: Verdict, *, specs: tuple[CheckSpec, ...]) -> str:
    """A line per check, and the sum of the points that are decided."""
    if verdict.outcome is not Outcome.MARKED:
        return f"{verdict.outcome}: {verdict.reason}"
    titles = {spec.check: spec.title for spec in specs}
    lines = [_line(result, title=titles[result.check]) for result in verdict.checks]
    decided = [result for result in verdict.checks if result.points is not None]
    total = f"{sum(result.points or 0 for result in decided):g} of {sum(result.max_points for result in decided):g}"
    waiting = sum(result.max_points for result in verdict.checks if result.points is None)
    rest = f", {waiting:g} more wait for a person" if waiting else ""
    return "\n".join([*lines, f"{total} points{rest} ({verdict.provenance.isolation})"])


def _line(result: CheckResult, *, title: str) -> str:
    points = "-" if result.points is None else f"{result.points:g}"
    message = "".join(f"\n    {line}" for line in result.message.splitlines())
    return f"{result.status:8} {points:>5} / {result.max_points:<5g} {title}{message}"


def read_exercise_file(path: Path) -> nbformat.NotebookNode:
    """The exercise in a script (.py) or a source notebook. Raises AuthorError, ScriptError, OSError."""
    text = path.read_text(encoding="utf-8")
    return read_script(text, name=str(path)) if path.suffix == ".py" else read_source(text)


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
