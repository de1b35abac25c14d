"""The lint: each check of an exercise read, and held against all rules."""

from nbformat import NotebookNode

from grading.checks import CheckSpec
from grading.lint.findings import CheckLint, Finding, Severity, cannot
from grading.lint.notebook import Cell, Notebook, notebook
from grading.lint.reliance import Check
from grading.lint.rules import RULES


def lint(source: NotebookNode) -> tuple[CheckLint, ...]:
    """What each check relies on and what is to be said about it, in the order of the notebook.

    Reads the author's notebook and runs none of it. Checks that a person marks are listed without findings.
    Raises AuthorError where `grading.checks.checks` does.
    """
    read = notebook(source)
    return tuple(_linted(spec, cell, read) for spec, cell in read.checks)


def unjudgeable(source: NotebookNode) -> dict[str, tuple[Finding, ...]]:
    """Check -> what keeps it from being judged, for those that cannot be. Raises AuthorError as `lint` does."""
    broken = {
        each.check: tuple(finding for finding in each.findings if finding.severity is Severity.CANNOT)
        for each in lint(source)
    }
    return {check: findings for check, findings in broken.items() if findings}


def _linted(spec: CheckSpec, cell: Cell | None, read: Notebook) -> CheckLint:
    if spec.by_person or cell is None:
        return CheckLint(check=spec.check, title=spec.title)
    if cell.code is None:
        return CheckLint(check=spec.check, title=spec.title, findings=(_unread(cell),))
    check = Check(cell, spec, cell.code, read)
    found = {(finding.code, finding.line): finding for rule in RULES for finding in rule(check)}
    return CheckLint(
        check=spec.check,
        title=spec.title,
        values=tuple(sorted(check.values)),
        calls=tuple(sorted(check.called)),
        handles=tuple(sorted(check.handles)),
        findings=tuple(sorted(found.values(), key=lambda finding: finding.line)),
    )


def _unread(cell: Cell) -> Finding:
    problem = str(cell.unread) if cell.unread else "The code cannot be read."
    line = cell.unread.line if cell.unread else 1
    return cannot("not-python", at=line, problem=problem, cure="Correct the cell, and run it once from the top.")
