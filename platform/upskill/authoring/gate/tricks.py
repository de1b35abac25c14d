"""Tricks: answers made from an exercise itself that know nothing of what it teaches, and try to earn points.

No check with hidden tests may give one of them full marks. Whether the engine can be cheated is tried elsewhere
(`python -m grading attack`); here the question is whether this exercise can.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import nbformat

from grading.checks import gives_points, hidden_lines, is_answer, nbgrader_metadata
from upskill.catalogue.course_files.shape import ExerciseContent
from upskill.marking.model_answer import answered, solutions_of, without_marks

from . import trick_code
from .forging import forged


class Kind(StrEnum):
    """What a trick does instead of answering."""

    CONSTANT = "functions that return a constant"
    LITERAL = "values typed in from the visible tests"
    REPLAY = "right where the tests can be seen"
    AGREEABLE = "values that agree with everything"
    READER = "readers of hidden tests"
    MEDDLER = "answers that change what judges them"
    FORGERY = "notebooks with other tests"


@dataclass(frozen=True)
class Trick:
    """One notebook as somebody might hand it in."""

    kind: Kind
    name: str
    notebook: str


@dataclass(frozen=True)
class Task:
    """What an answer cell has to make: functions, classes and other names, and the lines that import."""

    name: str
    imports: tuple[str, ...]
    functions: tuple[str, ...]
    classes: tuple[str, ...]
    values: tuple[str, ...]


_CONSTANTS = ("None", "True", "0", "1", "''", "[]", "{}", "float('nan')", "(given or (None,))[0]")
_MOST_LITERALS = 12


def tricks_of(exercise: ExerciseContent, *, seen_calls: list[str] | None) -> list[Trick]:
    """Every trick against an exercise. `seen_calls`: what `replay.seen_calls` knows of the visible tests."""
    source = nbformat.reads(exercise.source, as_version=4)
    tasks = [_task(cell) for cell in source.cells if cell.cell_type == "code" and is_answer(cell)]
    made = _Maker(exercise, tasks)
    found = [made(Kind.CONSTANT, value, value=value) for value in _CONSTANTS]
    found += [made(Kind.LITERAL, text, value=text) for text in _literals(source)]
    found += [made(Kind.AGREEABLE, name, value=value, first=code) for name, code, value in trick_code.AGREEABLE]
    for kind, codes in ((Kind.READER, trick_code.READERS), (Kind.MEDDLER, trick_code.MEDDLERS)):
        found += [made(kind, name, value=value, first=code) for name, code, value in codes]
    if seen_calls:
        found.append(_replay(exercise, tasks, solutions=solutions_of(source), seen=seen_calls))
    nothing = made(Kind.CONSTANT, "None", value="None").notebook
    return found + [Trick(Kind.FORGERY, name, notebook) for name, notebook in forged(nothing)]


class _Maker:
    """Makes notebooks in which every task is answered with one value."""

    def __init__(self, exercise: ExerciseContent, tasks: list[Task]) -> None:
        self._exercise, self._tasks = exercise, tasks

    def __call__(self, kind: Kind, name: str, *, value: str, first: str = "") -> Trick:
        """The trick in which functions return `value`, and names have it. `first` runs before all else."""
        codes = {task.name: _code(task, value=value) for task in self._tasks}
        if first and self._tasks:
            codes[self._tasks[0].name] = f"{first}\n\n{codes[self._tasks[0].name]}"
        return Trick(kind, name, _notebook(self._exercise, codes))


def _notebook(exercise: ExerciseContent, codes: Mapping[str, str]) -> str:
    return answered(exercise.source, release=exercise.release, instead=codes)


def _task(cell: nbformat.NotebookNode) -> Task:
    name = str(nbgrader_metadata(cell)["grade_id"])
    try:
        body = ast.parse(without_marks(cell.source)).body
    except SyntaxError:  # a magic, which only the kernel can read: no name of it is known
        body = []
    targets = [target for line in body for target in _targets(line)]
    return Task(
        name=name,
        imports=tuple(ast.unparse(line) for line in body if isinstance(line, ast.Import | ast.ImportFrom)),
        functions=tuple(line.name for line in body if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef)),
        classes=tuple(line.name for line in body if isinstance(line, ast.ClassDef)),
        values=tuple(dict.fromkeys(each.id for each in targets)),
    )


def _targets(line: ast.stmt) -> Iterator[ast.Name]:
    """The names that a line gives a value to."""
    if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for node in ast.walk(line):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node


def _code(task: Task, *, value: str) -> str:
    lines = [*task.imports]
    lines += [f"def {name}(*given, **named):\n    return {value}" for name in task.functions]
    lines += [trick_code.EMPTY_CLASS.format(name=name, value=value) for name in task.classes]
    lines += ["given = ()", *(f"{name} = {value}" for name in task.values)] if task.values else []
    return "\n".join(lines) or "pass"


def _literals(source: nbformat.NotebookNode) -> list[str]:
    """What visible tests compare answers with, as Python; the first dozen that is none of the constants."""
    found: dict[str, None] = {}
    for cell in source.cells:
        if cell.cell_type == "code" and gives_points(cell):
            found |= dict.fromkeys(_compared(visible_part(cell.source)))
    return [text for text in found if text not in _CONSTANTS][:_MOST_LITERALS]


def visible_part(test: str) -> str:
    """The lines of a test cell that learners see."""
    region = hidden_lines(test)
    return "\n".join(line for number, line in enumerate(test.split("\n"), 1) if number not in region)


def _compared(test: str) -> Iterator[str]:
    try:
        tree = ast.parse(test)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                yield from _literal_parts(side)


def _literal_parts(node: ast.expr) -> Iterator[str]:
    """The literal itself, or those that a difference is taken with, as in abs(share - 3 / 5) < 1e-9."""
    if _is_literal(node):
        yield ast.unparse(node)
    elif isinstance(node, ast.Call):
        for argument in node.args:
            yield from _literal_parts(argument)
    elif isinstance(node, ast.BinOp):
        yield from _literal_parts(node.right)


def _is_literal(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, int | float | str)
        case ast.UnaryOp(operand=inner):
            return _is_literal(inner)
        case ast.BinOp(left=left, right=right):
            return _is_literal(left) and _is_literal(right)
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
            return bool(elts) and all(map(_is_literal, elts))
        case ast.Dict(keys=keys, values=values):
            return (
                bool(keys)
                and all(key is not None and _is_literal(key) for key in keys)
                and all(map(_is_literal, values))
            )
    return False


def _replay(exercise: ExerciseContent, tasks: list[Task], *, solutions: dict[str, str], seen: list[str]) -> Trick:
    """The solution, but only for what the visible tests ask; anything else gets the first answer again."""
    codes = {}
    for number, task in enumerate(tasks):
        wrapped = "\n".join(f"{name} = _only_seen({name})" for name in task.functions)
        emptied = "" if task.functions else "\n".join(f"{name} = None" for name in task.values)
        parts = [solutions[task.name], wrapped, emptied]
        if number == 0:
            known = trick_code.ONLY_SEEN.replace("SEEN_CALLS", repr(sorted(seen)))
            parts = [f"{trick_code.CALL_KEY}\n\n{known}\n\n", *parts]
        codes[task.name] = "\n".join(part for part in parts if part)
    return Trick(Kind.REPLAY, "the solution, for visible calls only", _notebook(exercise, codes))
