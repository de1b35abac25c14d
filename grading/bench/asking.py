"""A child process that answers one line of JSON with another, so that what it imports and changes stays its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_ROOT = Path(__file__).resolve().parents[2]
Answering = Callable[[dict[str, Any]], dict[str, Any]]


class ChildFailed(Exception):
    """A child of the bench could not do what it was asked, or ended; the message says which and why."""


class Child:
    """A module's `main` in a process of its own, started by exec with the caller's environment and `variables`."""

    def __init__(self, module: str, *, variables: dict[str, str], log: Path) -> None:
        """What the child says beside its answers goes to `log`."""
        boot = f"import sys; sys.path.append({str(_ROOT)!r}); from {module} import main; main()"
        self._name, self._log = module.rpartition(".")[2], log
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-c", boot],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                env={**os.environ, **variables},
                cwd=log.parent,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, **request: object) -> dict[str, Any]:
        """The answer to one request. Raises ChildFailed."""
        assert self._process.stdin is not None  # noqa: S101 (both are pipes)
        assert self._process.stdout is not None  # noqa: S101
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._failed("It has ended.") from None
        line = self._process.stdout.readline()
        if not line:
            raise self._failed("It has ended.")
        answer: dict[str, Any] = json.loads(line)
        if "problem" in answer:
            raise self._failed(answer["problem"])
        return answer

    def close(self) -> None:
        """End the child. Safe to repeat."""
        self._process.kill()
        self._process.communicate()

    def _failed(self, problem: str) -> ChildFailed:
        last = "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])
        return ChildFailed(f"The {self._name} of the bench failed: {problem}\n{last}".rstrip())


def answer_lines(answering: Answering) -> None:
    """The child's side: answer each line of standard input until it ends.

    Whatever else writes to standard output, a notebook's kernel included, lands in the log.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            answer = answering(json.loads(line))
        except Exception as problem:  # noqa: BLE001 (the process begins here: the asker raises it)
            answer = {"problem": f"{type(problem).__name__}: {problem}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
