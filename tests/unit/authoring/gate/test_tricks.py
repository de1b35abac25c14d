"""The tricks made from an exercise: what is in them, and that the one which reads files would find what lies about."""

import ast
from typing import Any

import nbformat
import pytest

from grading.checks import is_answer
from grading.protocol import CheckResult, CheckStatus, Outcome, Verdict
from tests.unit.authoring.gate.planted import DOUBLE, FILES, SCRIPT, write
from upskill.authoring.gate import table
from upskill.authoring.gate.exercise import Examined, Tried
from upskill.authoring.gate.replay import seen_calls
from upskill.authoring.gate.trick_code import AGREEABLE, FOUND, MEDDLERS, READERS
from upskill.authoring.gate.tricks import Kind, Trick, tricks_of
from upskill.authoring.parity.exercises import Exercise, chosen
from upskill.catalogue.course_files.shape import ExerciseContent


def content(root, *, script: str = FILES[SCRIPT]) -> ExerciseContent:
    """The exercise of the small course, with this script."""
    (exercise,) = chosen(str(write(root, {**FILES, SCRIPT: script}) / DOUBLE), places=[])
    return exercise.content


def answer_of(trick: Trick) -> str:
    """The code in the first answer cell."""
    cells = nbformat.reads(trick.notebook, as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code" and is_answer(cell))


def named(tricks: list[Trick], kind: Kind) -> list[str]:
    return [trick.name for trick in tricks if trick.kind is kind]


def test_there_is_a_trick_of_every_kind_and_each_has_its_own_name(tmp_path):
    tricks = tricks_of(content(tmp_path), seen_calls=["((4,), [])"])

    assert {trick.kind for trick in tricks} == set(Kind)
    assert len({(trick.kind, trick.name) for trick in tricks}) == len(tricks) >= 31


def test_literals_are_those_of_visible_tests_alone(tmp_path):
    tricks = tricks_of(content(tmp_path), seen_calls=None)

    assert named(tricks, Kind.LITERAL) == ["4", "8"]
    assert [answer_of(trick) for trick in tricks if trick.kind is Kind.LITERAL] == [
        f"def double(*given, **named):\n    return {value}" for value in (4, 8)
    ]


def test_names_classes_and_imports_of_a_task_are_kept(tmp_path):
    solution = "import math\n\nclass Pot:\n    size = math.pi\n\nhalf, whole = 1, 2\n"
    old = "    ### BEGIN SOLUTION\n    return 2 * cups\n    ### END SOLUTION\n"
    new = f"    return 2 * cups\n\n### BEGIN SOLUTION\n{solution}### END SOLUTION\n"
    tricks = tricks_of(content(tmp_path, script=FILES[SCRIPT].replace(old, new)), seen_calls=None)

    made = [type(line).__name__ for line in ast.parse(answer_of(tricks[0])).body]

    assert made == ["Import", "FunctionDef", "ClassDef", "Assign", "Assign", "Assign"]


def test_no_trick_but_the_replay_knows_the_solution(tmp_path):
    tricks = tricks_of(content(tmp_path), seen_calls=["((4,), [])"])

    assert {trick.kind for trick in tricks if "2 * cups" in trick.notebook} == {Kind.REPLAY}
    assert [trick.name for trick in tricks if "double(7)" in trick.notebook] == []


def test_call_looks_the_same_to_what_listens_and_to_what_replays(tmp_path, one_engine):
    tricks = tricks_of(content(tmp_path), seen_calls=seen_calls(content(tmp_path), engines=one_engine))
    (replay,) = [trick for trick in tricks if trick.kind is Kind.REPLAY]
    names: dict[str, Any] = {}
    exec(answer_of(replay), names)  # noqa: S102 (our own code)

    assert [names["double"](cups) for cups in (4, 7)] == [8, 8]


def test_table_says_where_no_replay_could_be_made(tmp_path):
    exercise = Exercise("tea-for-teams/basics/double", tmp_path, content(tmp_path))
    results = (CheckResult(check="test_double", status=CheckStatus.FAILED, points=0.0, max_points=4.0),)
    verdict = Verdict(job_id="t", outcome=Outcome.MARKED, checks=results)

    def rows(seen: list[str]) -> list[str]:
        tried = tuple(Tried(trick, verdict) for trick in tricks_of(exercise.content, seen_calls=seen))
        lines = table.of_exercise(Examined(exercise, (), tried, ("test_double",), ())).splitlines()
        return [" ".join(line.split()) for line in lines if Kind.REPLAY in line]

    assert rows([]) == ["right where the tests can be seen not made no call of a visible test could be seen"]
    assert rows(["((4,), [])"]) == ["right where the tests can be seen 1 of 1"]


def test_calls_of_visible_tests_are_found_and_those_of_hidden_ones_are_not(tmp_path, one_engine):
    assert seen_calls(content(tmp_path), engines=one_engine) == ["((4,), [])"]


@pytest.mark.parametrize(("name", "code", "value"), [*AGREEABLE, *READERS, *MEDDLERS], ids=lambda text: text[:30])
def test_code_of_tricks_is_python(name, code, value):
    ast.parse(f"{code}\n{value}")


@pytest.mark.parametrize(("name", "code", "value"), AGREEABLE, ids=[name for name, _, _ in AGREEABLE])
def test_agreeable_values_agree(name, code, value):
    names: dict[str, Any] = {}
    exec(f"{code}\nmade = {value}", names)  # noqa: S102 (our own code)

    assert names["made"] == 14
    assert names["made"] == "tea"


def test_reader_of_files_would_find_a_hidden_test_beside_the_notebook(tmp_path, monkeypatch):
    (tmp_path / "source.py").write_text("### BEGIN HIDDEN " + "TESTS\n")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(READERS[0][1], names)  # noqa: S102 (our own code)

    with pytest.raises(RuntimeError, match=FOUND):
        names["_look"]()
