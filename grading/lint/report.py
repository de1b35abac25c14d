"""The lint's findings as text for authors."""

from collections import Counter
from collections.abc import Iterable

from grading.lint.findings import CheckLint, Finding, Severity


def table(lints: Iterable[CheckLint]) -> str:
    """A paragraph per check: what it relies on, then its findings. The last line counts them."""
    lints = tuple(lints)
    counts = Counter(finding.severity for lint in lints for finding in lint.findings)
    found = ", ".join(f"{counts[severity]} {severity}" for severity in Severity)
    return "\n\n".join([*map(_paragraph, lints), f"{len(lints)} {'check' if len(lints) == 1 else 'checks'}: {found}"])


def _paragraph(lint: CheckLint) -> str:
    rows = (("reads", lint.values), ("calls", lint.calls), ("asks", lint.handles))
    relies = [f"  {word:7} {', '.join(names)}" for word, names in rows if names]
    return "\n".join([f"{lint.check}: {lint.title}", *relies, *map(_line, lint.findings)])


def _line(finding: Finding) -> str:
    return f"  {finding.severity:7} line {finding.line}: {finding.problem} [{finding.code}]\n          {finding.cure}"
