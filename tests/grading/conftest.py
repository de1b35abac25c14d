"""One warm marking process for all tests of a module, and a way to look around inside its jobs."""

import ast
import os
import textwrap

import pytest

from grading.engine import Engine
from grading.protocol import Limits
from tests.grading.answering import answered, exercise, job, result_of

collect_ignore = [] if os.geteuid() == 0 else ["test_sandbox_as_root.py"]  # only root can give up root's rights
SOURCE = exercise("telling")


@pytest.fixture(scope="module")
def engine():
    with Engine(isolation="unsafe-dev") as running:
        yield running


@pytest.fixture
def inside(engine):
    """Run lines of code as a learner and get the value of `told`, told through a visible test."""

    def run(code, **limits):
        told = f"{textwrap.dedent(code)}\ntold = repr(told)[:590]"
        bounds = Limits(**{"cell_seconds": 8, "total_seconds": 20, **limits})
        verdict = engine.mark(job(SOURCE, answer=answered(SOURCE, told=told), limits=bounds))
        return ast.literal_eval(result_of(verdict, check="test_told").message)

    return run


@pytest.fixture(scope="module")
def claimed(engine):
    """What a verdict claims to have been reached on this machine."""
    verdict = engine.mark(job(SOURCE, answer=answered(SOURCE, told="told = 1")))
    return set(verdict.provenance.isolation.removeprefix("unsafe-dev: ").split(", "))
