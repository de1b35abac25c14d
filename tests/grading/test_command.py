"""`python -m grading mark`: the engine as a tool of its own."""

import nbformat
import pytest

from grading.__main__ import main, table
from grading.checks import checks
from grading.protocol import CheckResult, CheckStatus, Outcome, Provenance, Verdict, from_json
from tests.grading.answering import EXERCISES, RIGHT, answered, exercise, points

SOURCE = exercise("doubling")


@pytest.fixture
def answer(tmp_path):
    """A file with a right answer."""
    path = tmp_path / "answer.ipynb"
    text = answered(SOURCE, **RIGHT).replace("tests/doubling", "doubling")
    path.write_text(text)
    return path


def result(name, status, *, points, max_points, message=""):
    return CheckResult(check=name, status=CheckStatus(status), points=points, max_points=max_points, message=message)


def test_a_table_has_a_line_per_check_and_the_sum():
    verdict = Verdict(
        job_id="1",
        outcome=Outcome.MARKED,
        checks=(
            result("test_double", "failed", points=0.0, max_points=2.0, message="Two times two is 4.\nLook again."),
            result("test_long_words", "passed", points=3.0, max_points=3.0),
            result("test_share", "partial", points=0.5, max_points=2.0, message="You earned 0.5 of 2 points."),
            result("why", "waiting", points=None, max_points=4.0),
        ),
        provenance=Provenance(isolation="landlock"),
    )

    text = table(verdict, specs=checks(SOURCE))

    assert text.splitlines() == [
        "failed       0 / 2     Double it",
        "    Two times two is 4.",
        "    Look again.",
        "passed       3 / 3     Count the long words",
        "partial    0.5 / 2     A share of the points",
        "    You earned 0.5 of 2 points.",
        "waiting      - / 4     Say why",
        "3.5 of 7 points, 4 more wait for a person (landlock)",
    ]


def test_a_refusal_is_one_line():
    verdict = Verdict(job_id="1", outcome=Outcome.REFUSED, reason="This file is not a notebook.")

    assert table(verdict, specs=()) == "refused: This file is not a notebook."


def test_a_right_answer_is_marked_and_printed(answer, capsys):
    code = main(["mark", str(EXERCISES / "doubling.py"), str(answer)])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[:4] == [
        "passed       2 / 2     Double it",
        "passed       3 / 3     Count the long words",
        "passed       2 / 2     A share of the points",
        "waiting      - / 4     Say why",
    ]
    main(["prove", "--brief"])
    mode = capsys.readouterr().out.strip()
    assert lines[4] == f"7 of 7 points, 4 more wait for a person ({mode})"


def test_a_notebook_is_an_exercise_too_and_json_is_a_whole_verdict(tmp_path, capsys):
    source = exercise("reading_files")
    (tmp_path / "exercise.ipynb").write_text(nbformat.writes(source))
    (tmp_path / "answer.ipynb").write_text(answered(source, lines="lines = open('notes/today.txt').read().split()"))
    (tmp_path / "data" / "notes").mkdir(parents=True)
    (tmp_path / "data" / "notes" / "today.txt").write_text("one two")

    code = main(
        [
            "mark",
            str(tmp_path / "exercise.ipynb"),
            str(tmp_path / "answer.ipynb"),
            "--data",
            str(tmp_path / "data"),
            "--seed",
            "5",
            "--json",
        ]
    )

    (line,) = capsys.readouterr().out.splitlines()
    verdict = from_json(Verdict, line)
    assert code == 0
    assert (verdict.job_id, points(verdict), verdict.provenance.seed) == ("answer.ipynb", {"test_lines": 1.0}, 5)


def test_a_file_that_is_no_answer_exits_with_one(tmp_path, capsys):
    (tmp_path / "answer.ipynb").write_text("print(1)")

    code = main(["mark", str(EXERCISES / "doubling.py"), str(tmp_path / "answer.ipynb")])

    assert code == 1
    assert capsys.readouterr().out.startswith("refused: This file is not a notebook.")


@pytest.mark.parametrize(
    ("exercise_text", "problem"),
    [
        ("print(1)", ":1: The script has no cell."),
        (None, "No such file or directory"),
    ],
)
def test_an_exercise_that_cannot_be_read_exits_with_two(answer, tmp_path, capsys, exercise_text, problem):
    path = tmp_path / "exercise.py"
    if exercise_text is not None:
        path.write_text(exercise_text)

    code = main(["mark", str(path), str(answer)])

    assert code == 2
    assert problem in capsys.readouterr().err


def test_an_isolation_that_nobody_knows_marks_nothing(answer, capsys, monkeypatch):
    monkeypatch.setenv("GRADER_ISOLATION", "none")

    code = main(["mark", str(EXERCISES / "doubling.py"), str(answer)])

    assert code == 2
    assert "GRADER_ISOLATION is 'none'. Use one of: auto, namespace" in capsys.readouterr().err


def test_an_unknown_command_is_explained(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["grade"])

    assert ended.value.code == 2
    assert "mark" in capsys.readouterr().err
