"""The nine answers of exercise N23: the author's solution, an empty one, and the seven typical mistakes."""

import json
from dataclasses import dataclass
from pathlib import Path

import jupytext

EXERCISE = Path(__file__).resolve().parents[2] / "courses/ai-ethics-in-practice/modules/bias-audits/audit-referrals"
FULL = {"test_group_rates": 6.0, "test_gap": 4.0, "test_threshold": 4.0}
WAITING = {"reflection": None}  # what was written waits for a person; what was left empty gets nothing
NAMES = ["solution", "empty", *sorted(path.stem for path in (EXERCISE / "wrong").glob("*.py"))]


@dataclass(frozen=True)
class Expected:
    """What an answer must get: points per check (None: waits for a person), and the check that is lost with words of
    its message."""

    points: dict[str, float | None]
    lost: str
    words: str


def expected(name: str) -> Expected:
    """What the answer of this name must get."""
    if name == "solution":
        return Expected(points={**FULL, **WAITING}, lost="", words="")
    if name == "empty":
        return Expected(points=dict.fromkeys([*FULL, "reflection"], 0.0), lost="", words="")
    first_line = (EXERCISE / "wrong" / f"{name}.py").read_text().split("\n", 1)[0]
    lost, words, total = (part.strip() for part in first_line.removeprefix("# expect:").split("|"))
    assert float(total) == sum(FULL.values()) - FULL[lost]
    return Expected(points={**FULL, lost: 0.0, **WAITING}, lost=lost, words=words)


def write(name: str, *, release: bytes) -> bytes:
    """The released notebook as a learner would hand it in with this answer."""
    answer = {"empty": {"group_rates": "# I did not get further than this"}}.get(name) or solution()
    if name not in {"solution", "empty"}:
        answer = {**answer, **tasks_of((EXERCISE / "wrong" / f"{name}.py").read_text())}
    notebook = json.loads(release)
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answer:
            cell["source"] = answer[grade_id]
    return json.dumps(notebook).encode()


def slow(*, seconds: int, release: bytes) -> bytes:
    """The solution with so many seconds of sleep before it: time enough to be killed in."""
    notebook = json.loads(write("solution", release=release))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "group_rates":
            cell["source"] = f"import time\ntime.sleep({seconds})\n" + cell["source"]
    return json.dumps(notebook).encode()


def solution() -> dict[str, str]:
    """The author's answer to each task, and advice in place of the reflection."""
    tasks = tasks_of((EXERCISE / "exercise.py").read_text())
    return {**tasks, "reflection": "I recommend to pause the automatic stop: 19% against 4% of people without a fault."}


def tasks_of(script: str) -> dict[str, str]:
    """Task -> source, for each task cell of a py:percent script, without the marks around solutions."""
    cells = jupytext.reads(script, fmt="py:percent").cells
    return {
        cell.metadata["task"]: "\n".join(line for line in cell.source.split("\n") if "SOLUTION" not in line)
        for cell in cells
        if "task" in cell.metadata
    }
