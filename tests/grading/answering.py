"""What a learner would hand in, made from an exercise's release."""

import json
from pathlib import Path

import nbformat

from grading.notebooks import read_script, release
from grading.protocol import CheckResult, Job, Limits, Verdict

EXERCISES = Path(__file__).parent / "exercises"
RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "long_words": "long_words = ['house', 'words']",
    "why": "It saves adding.",
}


def exercise(name):
    """The source notebook of one of the small exercises here."""
    return read_script((EXERCISES / f"{name}.py").read_text(), name=f"{name}.py", exercise=f"tests/{name}")


def released(source):
    """The file a learner downloads, as plain data."""
    return json.loads(nbformat.writes(release(source), split_lines=False))


def answered(source, **answers):
    """The downloaded file with some answer cells filled in, as the text that Jupyter saves."""
    notebook = released(source)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    return json.dumps(notebook)


def job(source, *, answer, **fields):
    """A job with short limits."""
    limits = fields.pop("limits", Limits(cell_seconds=8, total_seconds=30))
    return Job(job_id="job-1", source=nbformat.writes(source), answer=answer, limits=limits, **fields)


def points(verdict: Verdict):
    """The points of each check."""
    return {result.check: result.points for result in verdict.checks}


def result_of(verdict: Verdict, *, check: str) -> CheckResult:
    """One check's result."""
    return next(result for result in verdict.checks if result.check == check)
