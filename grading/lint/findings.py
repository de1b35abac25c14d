"""What the lint tells an author about a check."""

import ast
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    CANNOT = "cannot"  # the check would not work: do not publish
    WEAK = "weak"  # the check can be passed without the skill, or judges unfairly
    NOTE = "note"  # good to know


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """One thing to change or to know: what is wrong and how to put it right, a sentence each."""

    line: int  # in the test cell, from 1
    code: str
    problem: str
    cure: str
    severity: Severity


@dataclass(frozen=True, kw_only=True)
class CheckLint:
    """What one check relies on, and what is to be said about it. Names are in alphabetical order."""

    check: str
    title: str
    values: tuple[str, ...] = ()  # names whose value is read from the learner's process
    calls: tuple[str, ...] = ()  # learner's functions and classes that the test calls or hands on
    handles: tuple[str, ...] = ()  # objects that stay with the learner and are asked, such as "model.predict"
    findings: tuple[Finding, ...] = ()


def cannot(code: str, *, at: ast.AST | int, problem: str, cure: str) -> Finding:
    """A finding that has to be put right before the exercise is published."""
    return _finding(code, at=at, problem=problem, cure=cure, severity=Severity.CANNOT)


def weak(code: str, *, at: ast.AST | int, problem: str, cure: str) -> Finding:
    """A finding about a check that can be marked, but proves little or is unfair."""
    return _finding(code, at=at, problem=problem, cure=cure, severity=Severity.WEAK)


def note(code: str, *, at: ast.AST | int, problem: str, cure: str) -> Finding:
    """A finding that an author may leave as it is."""
    return _finding(code, at=at, problem=problem, cure=cure, severity=Severity.NOTE)


def _finding(code: str, *, at: ast.AST | int, problem: str, cure: str, severity: Severity) -> Finding:
    line = at if isinstance(at, int) else getattr(at, "lineno", 1)
    return Finding(code=code, line=line, problem=problem, cure=cure, severity=severity)
