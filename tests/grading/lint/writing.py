"""Exercises written in a line or two, to be held against the lint."""

from nbformat.v4 import new_code_cell, new_notebook

from grading.lint import lint


def cell(source, name, **marks):
    """A code cell with nbgrader's metadata."""
    known = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False, "grade_id": name}
    return new_code_cell(source, metadata={"nbgrader": {**known, **marks}})


def setup(source, *, locked=False, name="setup"):
    """A cell of the author's that is no test."""
    return cell(source, name, locked=True) if locked else new_code_cell(source)


def answer(source, name="answer"):
    """A cell that learners write, with the author's solution."""
    return cell(source, name, solution=True)


def check(source, name="check", *, points=2.0):
    """A test cell."""
    return cell(source, name, grade=True, locked=True, points=points)


def linted(*cells):
    """What the lint says of the last check of these cells."""
    return lint(new_notebook(cells=list(cells)))[-1]


def found(test, solution="def f(x):\n    return x", *, before="", points=2.0):
    """(severity, code, line) of each finding about a test of this solution. `before` is an unlocked setup cell."""
    lint_of = linted(setup(before), answer(solution), check(test, points=points))
    return [(str(finding.severity), finding.code, finding.line) for finding in lint_of.findings]
