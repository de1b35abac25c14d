"""`python -m grading bench`, but for the minutes of a whole run."""

import argparse

import pytest

from grading.commands import bench


def parsed(*words):
    parser = argparse.ArgumentParser()
    bench.add(parser.add_subparsers())
    return parser.parse_args(["bench", *words])


def test_the_whole_bench_is_fifteen_rounds_of_which_five_with_nbgrader():
    options = parsed()

    assert (options.rounds, options.peer_rounds, options.only, options.json) == (15, 5, None, False)


@pytest.mark.parametrize("words", [["--rounds", "0"], ["--peer-rounds", "-1"], ["--only", "everything"]])
def test_what_cannot_be_measured_is_refused(words, capsys):
    with pytest.raises(SystemExit):
        parsed(*words)

    assert words[1] in capsys.readouterr().err


def test_without_an_engine_nothing_is_measured(monkeypatch, capsys):
    monkeypatch.setenv("GRADER_ISOLATION", "nonsense")

    code = bench.run(parsed("--only", "plain"))

    assert (code, capsys.readouterr().out) == (2, "")
