"""The author's lint: before an exercise is published, what each check relies on and how well it can be judged.

Tests run in a process of their own, apart from the learner's code. Most tests notice nothing of that; the lint finds
those that would, and those that prove less than they seem to.
"""

from grading.lint.findings import CheckLint, Finding, Severity
from grading.lint.linting import lint, unjudgeable
from grading.lint.report import table

__all__ = ["CheckLint", "Finding", "Severity", "lint", "table", "unjudgeable"]
