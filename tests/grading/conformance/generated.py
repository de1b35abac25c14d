"""Two hundred notebooks: for each number one, always the same, with an answer as honest people give them."""

import random
from dataclasses import dataclass

from nbformat import NotebookNode, v4

from grading.release import release
from tests.grading.conformance.tasks import SCORED, TASKS, Scored, Task

NUMBER = 200
_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
_OWN_CELLS = (
    "helper = lambda x: x",
    "import math\nmath.pi",
    "print('trying things out')",
    "for n in range(3):\n    print(n)",
    "notes = {'done': True}\nnotes",
    "1 / 0",
)


@dataclass(frozen=True)
class Case:
    """An author's notebook and an answer to it."""

    name: str
    source: NotebookNode
    answer: NotebookNode


def case(number: int) -> Case:
    """The notebook of this number."""
    chance = random.Random(number)
    tasks: list[Task | Scored] = [*chance.sample(TASKS, chance.randint(1, 3))]
    if chance.random() < 0.5:
        tasks.append(chance.choice(SCORED))
    cells = [_cell(v4.new_markdown_cell(f"# Exercise {number}"), "heading", locked=True)]
    said: dict[str, str] = {}
    for task in tasks:
        cells += _cells_of(task, chance=chance)
        said[task.name] = _answered(task, chance=chance)
    if chance.random() < 0.3:
        cells.append(_cell(v4.new_markdown_cell("Say why."), "why", solution=True, grade=True, points=2))
        said["why"] = chance.choice(["", "Because it adds up."])
    source = v4.new_notebook(cells=cells)
    return Case(f"generated {number:03}", source, _handed_in(source, said=said, chance=chance))


def _cells_of(task: Task | Scored, *, chance: random.Random) -> list[NotebookNode]:
    cells = []
    if isinstance(task, Task) and task.setup:
        cells.append(_cell(v4.new_code_cell(task.setup), f"setup_{task.name}", locked=True))
    indent = "    " if task.given.endswith(":") else ""
    region = f"{task.given}\n{indent}### BEGIN SOLUTION\n{task.solution}\n{indent}### END SOLUTION"
    cells.append(_cell(v4.new_code_cell(region), task.name, solution=True))
    test, points = task.test, 4.0
    if isinstance(task, Task):
        test = f"{task.test}\n### BEGIN HIDDEN TESTS\n{task.hidden}\n### END HIDDEN TESTS"
        points = chance.choice([1, 2, 3, 0.5])
    cells.append(_cell(v4.new_code_cell(test), f"test_{task.name}", locked=True, grade=True, points=points))
    return cells


def _cell(
    cell: NotebookNode,
    name: str,
    *,
    solution: bool = False,
    locked: bool = False,
    grade: bool = False,
    points: float | None = None,
) -> NotebookNode:
    marks = {"grade_id": name, "solution": solution, "locked": locked, "grade": grade, "task": False}
    marks |= {"schema_version": 3} | ({} if points is None else {"points": points})
    cell["id"], cell["metadata"] = name.replace("_", "-"), {"nbgrader": marks}
    return cell


def _answered(task: Task | Scored, *, chance: random.Random) -> str:
    indent = "    " if task.given.endswith(":") else ""
    said = chance.choices(["right", "other", "untouched", "broken"], weights=[4, 5, 1, 1])[0]
    return {
        "right": f"{task.given}\n{task.solution}",
        "other": f"{task.given}\n{chance.choice(task.answers)}",
        "untouched": "\n".join([task.given, *(indent + line for line in _STUB.split("\n"))]),
        "broken": f"{task.given}\n{task.solution[:-1]}((",
    }[said]


def _handed_in(source: NotebookNode, *, said: dict[str, str], chance: random.Random) -> NotebookNode:
    answer: NotebookNode = release(source)
    cells: list[NotebookNode] = []
    for cell in answer.cells:
        name = cell.metadata["nbgrader"]["grade_id"]
        if name in said:
            cell.source = said[name]
            if chance.random() < 0.25:
                cells.append(v4.new_code_cell(chance.choice(_OWN_CELLS), id=f"own-{len(cells)}"))
        cells.append(cell)
    answer.cells = cells
    return answer
