"""The lint reads whatever authors write, and never fails over it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading.checks import AuthorError
from grading.lint import Severity, lint
from grading.scripts import read_script
from tests.grading.answering import EXERCISES, exercise
from tests.grading.lint.writing import answer, check, linted, setup

ROOT = Path(__file__).parents[3]
COURSES = sorted((ROOT / "courses").rglob("exercise.py"))
REAL = [
    line for path in sorted(Path(__file__).parent.glob("test_*_rules.py")) for line in path.read_text().splitlines()
]
PIECES = st.sampled_from([
    "f", "g", "f(1)", "assert", "(", ")", "[", "]", "==", "x", "=", "lambda:", "if", "else", "for", "in", "with", "as",
    "try:", "except:", "pass", "await", "async", "def", "class", ":", "plt.gcf()", "np.random.rand()", "patch('a.b')",
    "del", "global", "yield", "return", "*a", "**k", "{", "}", ",", ".", "0", "-1", "'a'", "f'{f(1)}'", ":=", "%", "!",
    "?", "\\", "match", "_", "case", "import", "from", "pickle.loads(f)", "@", "|", "~", "not", "is", "None",
    "score +=", "\n", "\n    ", "\n### BEGIN HIDDEN TESTS\n",
])  # fmt: skip
SOURCES = st.one_of(
    st.text(),
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(st.sampled_from(REAL), max_size=12).map("\n".join),
    st.lists(st.sampled_from([line.strip() for line in REAL]), max_size=12).map("\n".join),
)


@settings(max_examples=200, deadline=None)
@given(before=SOURCES, solution=SOURCES, test=SOURCES, locked=st.booleans())
def test_any_text_in_any_cell_is_linted(before, solution, test, locked):
    cells = (
        setup(before, locked=locked),
        answer(solution),
        check(test),
        answer(before, "more"),
        check(solution, "last"),
    )

    assert len(lint(new_notebook(cells=list(cells)))) == 2


DEEP = [
    "(" * 500 + ")" * 500,
    "x = " + "[" * 150 + "]" * 150,
    "x = " + " + ".join(["1"] * 3000),
    "x = " + "-" * 2000 + "1",
    "f" + "()" * 2000,
    "\n".join(" " * depth + "if f:" for depth in range(95)) + "\n" + " " * 95 + "pass",
    "if f: pass\n" + "elif f: pass\n" * 800,
    "a\0b",
    "x = " + "9" * 5000,
    "'\ud800'",
    "return 1",
    "nonlocal x",
    "def f(a, a): pass",
    "from __future__ import annotations, nonsense",
    "assert ('a', 'b') is 'a\\d'",
]


@pytest.mark.parametrize("source", DEEP, ids=range(len(DEEP)))
def test_code_at_the_edge_of_python_is_linted_in_every_place(source):
    cells = (setup(source), setup(source, locked=True), answer(source), check(source))

    assert linted(*cells).check == "check"


def test_a_test_that_python_cannot_read_is_one_finding():
    findings = linted(answer("x = 1"), check("x = 1\nassert (x == 1")).findings

    assert [(finding.code, finding.line, finding.severity) for finding in findings] == [("not-python", 2, "cannot")]


@pytest.mark.parametrize("path", COURSES, ids=[path.parent.name for path in COURSES])
def test_bundled_courses_have_nothing_to_put_right(path):
    lints = lint(read_script(path.read_text(), name=str(path)))

    found = [finding for each in lints for finding in each.findings]
    assert [each for each in found if each.severity != Severity.NOTE] == []


@pytest.mark.parametrize("name", sorted(path.stem for path in EXERCISES.glob("*.py")))
def test_every_small_exercise_can_be_judged(name):
    findings = [finding for each in lint(exercise(name)) for finding in each.findings]

    assert "cannot" not in {finding.severity for finding in findings}


def test_what_a_person_marks_is_listed_without_findings():
    manual = new_markdown_cell(
        "Words", metadata={"nbgrader": answer("").metadata["nbgrader"] | {"grade": True, "points": 3}}
    )
    code = answer("import pickle\npickle.loads(b'')", "essay")
    code.metadata["nbgrader"] |= {"grade": True, "points": 2}

    lints = lint(new_notebook(cells=[manual, code]))

    assert [(each.check, each.findings) for each in lints] == [("answer", ()), ("essay", ())]


def test_a_notebook_that_is_no_exercise_is_refused_as_everywhere():
    with pytest.raises(AuthorError, match=r"used twice"):
        lint(new_notebook(cells=[check("assert True"), check("assert True"), new_code_cell("")]))
