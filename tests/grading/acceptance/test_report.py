"""The lines, the sum and the exit code."""

import json

import pytest

from grading.acceptance.report import Report, Result, line


def result(name="a", *problems, **fields):
    return Result(folder="f", id=name, state="done", seconds=1.25, problems=problems, **fields)


def test_a_case_is_one_line():
    lines = [line(result()), line(result("b", "the TCP was reached", "a\nb")), line(result("c", notes=("weak",)))]

    assert lines == [
        "a                          held    done            1.25 s",
        "b                          BROKEN  done            1.25 s  the TCP was reached; a b",
        "c                          held    done            1.25 s  (weak)",
    ]


def test_plain_nbgrader_stands_beside():
    beside = result("a", stock=result("a", "t earned 5 instead of 0"))

    assert line(beside) == (
        "a                          held    stock BROKEN  done            1.25 s  stock: t earned 5 instead of 0"
    )
    assert Report(results=[beside, result("b", "x", stock=result("b"))]).summary() == (
        "1 of 2 held; plain nbgrader 1 of 2"
    )


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report(results=[result()]), 0),
        (Report(results=[result(), result("b", "x")], problems=["unknown"]), 1),
        (Report(results=[result()], afterwards=["site-packages changed"]), 1),
        (Report(results=[result()], problems=["unknown"]), 2),
    ],
)
def test_the_exit_code_says_whether_all_held_and_was_understood(report, code):
    assert report.exit_code() == code


def test_json_says_everything():
    report = Report(isolation="namespace", results=[result("a", "x", facts={"mode": "namespace"})], problems=["p"])

    assert json.loads(report.to_json()) == {
        "isolation": "namespace",
        "held": 0,
        "of": 1,
        "cases": [
            {
                "folder": "f",
                "id": "a",
                "held": False,
                "state": "done",
                "seconds": 1.25,
                "why": ["x"],
                "notes": [],
                "mode": "namespace",
            }
        ],
        "not_judged": ["p"],
        "afterwards": [],
    }
