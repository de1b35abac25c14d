"""`python -m grading lint EXERCISE`."""

import argparse
import json

import nbformat
import pytest

from grading.checks import AuthorError
from grading.commands import lint as command
from grading.scripts import ScriptError
from tests.grading.answering import EXERCISES
from tests.grading.lint.writing import answer, check


def run(*arguments):
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers())
    options = parser.parse_args(["lint", *map(str, arguments)])
    return options.run(options)


@pytest.fixture
def notebook(tmp_path):
    """An exercise with a check that cannot be judged."""
    path = tmp_path / "exercise.ipynb"
    cells = [answer("def f(x): return x"), check("assert f(1) == 1\nassert In[-1]", "test_f")]
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    return path


def test_a_paragraph_per_check_and_the_counts_are_printed(notebook, capsys):
    code = run(notebook)

    assert (code, capsys.readouterr().out.splitlines()) == (
        1,
        [
            "test_f: F",
            "  calls   f",
            "  cannot  line 2: The test uses In, which belongs to the notebook session and not to Python. [ipython]",
            "          Write the test in plain Python.",
            "",
            "1 check: 1 cannot, 0 weak, 0 note",
        ],
    )


def test_an_exercise_without_a_finding_that_forbids_it_exits_with_zero(capsys):
    code = run(EXERCISES / "reading_files.py")

    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 check: 0 cannot, 0 weak, 1 note"


def test_json_is_a_list_of_checks(notebook, capsys):
    code = run(notebook, "--json")

    (each,) = json.loads(capsys.readouterr().out)
    assert code == 1
    assert each == {
        "check": "test_f",
        "title": "F",
        "values": [],
        "calls": ["f"],
        "handles": [],
        "findings": [
            {
                "line": 2,
                "code": "ipython",
                "problem": "The test uses In, which belongs to the notebook session and not to Python.",
                "cure": "Write the test in plain Python.",
                "severity": "cannot",
            }
        ],
    }


@pytest.mark.parametrize(
    ("name", "text", "refusal"), [("e.py", "print(1)", ScriptError), ("e.ipynb", "no notebook", AuthorError)]
)
def test_what_cannot_be_read_is_refused_for_the_caller_to_print(tmp_path, name, text, refusal):
    (tmp_path / name).write_text(text)

    with pytest.raises(refusal):
        run(tmp_path / name)
