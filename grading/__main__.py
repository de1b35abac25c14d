"""`python -m grading mark EXERCISE ANSWER.ipynb`: the verdict on one answer, as a table or as JSON."""

import argparse
import sys
from pathlib import Path

import nbformat

from grading.checks import AuthorError, CheckSpec, checks, read_source
from grading.engine import Engine
from grading.protocol import CheckResult, Job, Outcome, Verdict, to_json
from grading.sandbox.slots import SandboxRefused
from grading.scripts import ScriptError, read_script

_EXIT = {Outcome.MARKED: 0, Outcome.REFUSED: 1, Outcome.FAILED_OURS: 2}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 when marked, 1 when the answer is refused, 2 for everything else."""
    options = _parser().parse_args(arguments)
    try:
        source = _read(options.exercise)
        job = Job(
            job_id=options.answer.name,
            source=nbformat.writes(source),
            answer=options.answer.read_bytes().decode("utf-8", "replace"),
            files=_files(options.data) if options.data else {},
            seed=options.seed,
        )
        with Engine() as engine:
            verdict = engine.mark(job)
    except (AuthorError, ScriptError, SandboxRefused, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
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


def _read(path: Path) -> nbformat.NotebookNode:
    text = path.read_text(encoding="utf-8")
    return read_script(text, name=str(path)) if path.suffix == ".py" else read_source(text)


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m grading", description="The marking engine on its own.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    mark = commands.add_parser("mark", help="mark one answer")
    mark.add_argument("exercise", type=Path, help="the exercise: a script (.py) or an nbgrader source notebook")
    mark.add_argument("answer", type=Path, help="the learner's notebook")
    mark.add_argument("--data", type=Path, help="a folder whose files lie beside the notebook")
    mark.add_argument("--seed", type=int, default=0, help="Python's hash seed")
    mark.add_argument("--json", action="store_true", help="print the verdict as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
