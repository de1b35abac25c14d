"""A learner's end and a judge's end in two processes over a socketpair, without confinement."""

import contextlib
import io
import os
import pickle
import signal
import socket
import sys
import tempfile
import types
import warnings
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import nbformat
import pandas  # noqa: F401
import sklearn.ensemble
import sklearn.pipeline  # noqa: F401

from grading.channel.link_judge import Budget, JudgeEnd
from grading.channel.link_learner import LearnerEnd
from grading.channel.prelude import prelude_of
from grading.channel.refusals import ChannelBroken
from grading.channel.testcell import prepare, run_test

LIMIT_SECONDS = 20


def source_notebook(*, setup, solution, tests):
    """An author's notebook: a locked cell, the solution, and test cells."""
    cells = [_cell(setup, "setup", locked=True), _cell(solution, "solution", solution=True)]
    cells += [_cell(test, f"test{number}", locked=True, grade=True) for number, test in enumerate(tests)]
    return nbformat.v4.new_notebook(cells=cells)


def _cell(source, name, *, locked=False, solution=False, grade=False):
    marks = {"grade_id": name, "locked": locked, "solution": solution, "grade": grade, "schema_version": 3}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": marks})


def judged(learner, *tests, setup="", solution=None, end=LearnerEnd, budget=None, serve=None):
    """The reports of these test cells on a learner's cell. `serve(sock, namespace)` replaces the learner's end."""
    notebook = source_notebook(setup=setup, solution=learner if solution is None else solution, tests=tests)
    ours, theirs = socket.socketpair()
    theirs.settimeout(LIMIT_SECONDS)
    serve = serve or (lambda sock, namespace: _serve(end(sock, namespace)))
    with tempfile.TemporaryDirectory() as folder:
        pid = _forked(ours, theirs, lambda: _learn(ours, f"{setup}\n{learner}", Path(folder), serve))
        ours.close()
        try:
            return _answer(theirs, lambda: _judge(theirs, notebook, [learner], tests, budget))
        finally:
            theirs.close()
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _learn(sock, source, folder, serve):
    os.chdir(folder)
    tempfile.tempdir = str(folder)
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with contextlib.suppress(Exception):
            exec(compile(source, "<learner>", "exec"), vars(module))  # noqa: S102
        serve(sock, vars(module))


def _serve(end):
    with contextlib.suppress(ChannelBroken):
        while True:
            end.serve_one()


def _judge(sock, notebook, sources, tests, budget):
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        end = JudgeEnd(sock, budget=budget or Budget())
        end.sources += sources
        prepare(end, prelude_of(notebook))
        reports = [run_test(end, test, name=f"<test {number}>") for number, test in enumerate(tests)]
        os.chdir("/")
    return reports


def _forked(_keep, other, run):
    pid = os.fork()
    if pid == 0:
        try:
            other.close()
            signal.alarm(3 * LIMIT_SECONDS)
            warnings.simplefilter("default")
            run()
        except ChannelBroken:
            pass
        finally:
            os._exit(0)
    return pid


def _answer(sock, run):
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(3 * LIMIT_SECONDS)
            warnings.simplefilter("default")
            with contextlib.redirect_stderr(io.StringIO()):
                answer = run()
        except BaseException as problem:  # noqa: BLE001
            import traceback

            answer = RuntimeError(f"the judge's process failed: {problem!r}\n{traceback.format_exc()}")
        try:
            os.write(writer, pickle.dumps(answer))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        data = file.read()
    os.waitpid(pid, 0)
    answer = pickle.loads(data) if data else RuntimeError("the judge's process died")  # noqa: S301 (our own child's)
    if isinstance(answer, Exception):
        raise answer
    return answer
