"""One test cell, run in the judge's process."""

import ast
import contextlib
import io
import numbers
import traceback
from types import CodeType
from typing import TYPE_CHECKING, Any

from grading.channel.judge_setup import forward_pyplot, install
from grading.channel.magics import needs_ipython
from grading.channel.prelude import Prelude
from grading.channel.raised import is_from_learner
from grading.channel.reports import TestReport, TestStatus
from grading.channel.stops import Hold, Stopped

if TYPE_CHECKING:
    from grading.channel.link_judge import JudgeEnd

__all__ = ["PreludeFailed", "TestReport", "TestStatus", "prepare", "run_test"]

MAX_MESSAGE = 2000  # characters
MAX_STDOUT = 64 << 10
MAX_SOURCE_VALUE = 2000


class PreludeFailed(Exception):
    """The author's imports or constants do not run in the judge's process. Our fault or the author's."""


def prepare(end: "JudgeEnd", prelude: Prelude) -> None:
    """Run the prelude in the judge's namespace, before the first test. Raises PreludeFailed."""
    install(end)
    end.names.share(prelude)
    try:
        exec(compile(prelude.code, "<author>", "exec"), end.names)  # noqa: S102 (the author's own code, confined) # nosec B102
    except Exception as problem:
        raise PreludeFailed(f"{type(problem).__name__}: {problem}") from problem
    end.names.prepared()
    forward_pyplot(end)


def run_test(end: "JudgeEnd", source: str, *, name: str = "<test>") -> TestReport:
    """Run one test cell. Whatever the cell or the learner's process does, the answer is a report."""
    if needs_ipython(source):
        return TestReport(status=TestStatus.UNSUPPORTED, reason="The test has a magic or asks for IPython.")
    try:
        body, last = _compiled(source, name)
    except SyntaxError as problem:
        reason = f"The test is not plain Python: {problem.msg}."
        return TestReport(status=TestStatus.UNSUPPORTED, reason=reason, line=problem.lineno)
    end.begin(source)
    forward_pyplot(end)
    stdout = _Bounded()
    ended: dict[str, Any]
    try:
        with contextlib.redirect_stdout(stdout):
            value = _executed(end, body, last)
        ended = {"status": TestStatus.PASSED, **_scored(value)}
    except BaseException as problem:  # noqa: BLE001 (a test's own SystemExit and the like are a failed test)
        ended = _failed(problem, name)
    return TestReport(**(end.overruled(ended) or ended), stdout=stdout.getvalue(), **end.spent())


def _compiled(source: str, name: str) -> tuple[CodeType, CodeType | None]:
    tree = ast.parse(source, name)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
        return compile(tree, name, "exec"), None
    tree.body.pop()
    return compile(tree, name, "exec"), compile(ast.Expression(last.value), name, "eval")


def _executed(end: "JudgeEnd", body: CodeType, last: CodeType | None) -> object:
    exec(body, end.names)  # noqa: S102 (the author's own test, confined) # nosec B102
    return None if last is None else eval(last, end.names)  # noqa: S307 (the author's own test, confined) # nosec B307


def _scored(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    text = repr(value)[:MAX_SOURCE_VALUE]
    if isinstance(value, numbers.Real | bool) or type(value).__module__ == "numpy":
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            return {"value_text": text, "score": float(value)}  # type: ignore[arg-type]
    return {"value_text": text}


def _failed(problem: BaseException, name: str) -> dict[str, Any]:
    if isinstance(problem, Hold):
        return {"status": TestStatus.HOLD, "reason": _text(problem)}
    if isinstance(problem, Stopped):
        return {"status": TestStatus.STOPPED, "reason": _text(problem), "line": _line(problem, name)}
    return {
        "status": TestStatus.FAILED,
        "error": type(problem).__name__[:100],
        "message": _text(problem),
        "line": _line(problem, name),
        "from_learner": is_from_learner(problem),
    }


def _line(problem: BaseException, name: str) -> int | None:
    frames = traceback.walk_tb(problem.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == name]
    return lines[-1] if lines else None


def _text(problem: BaseException) -> str:
    try:
        text = str(problem)
    except BaseException:  # noqa: BLE001 (a learner's __str__ may raise anything)
        return ""
    return text.encode("utf-8", "replace").decode()[:MAX_MESSAGE]


class _Bounded(io.StringIO):
    """A text that stops growing."""

    def write(self, text: str, /) -> int:
        super().write(text[: max(0, MAX_STDOUT - self.tell())])
        return len(text)
