"""The bench's page and its JSON."""

import json

from grading.bench.measured import Memory
from grading.bench.report import page, to_json
from tests.grading.bench.test_promises import TURNS, measured

RUN = measured(
    turns={"plain": TURNS},
    memory={"plain": Memory(working=22.25, waiting=6.0)},
    probes={"fifty_calls": [0.004, 0.006, 0.005]},
    jobs_per_second=21.4,
)


def test_json_has_every_figure_under_its_name():
    told = json.loads(to_json(RUN))

    assert {key: told[key] for key in told if key != "promises"} == {
        "isolation": "namespace",
        "all_ok": True,
        "wrong": [],
        "machine": {"cores": 2, "python": "3.11.7", "load_before": 0.5, "load_after": 0.75},
        "assignments": {
            "plain": {
                "over_fork_ratio": 3.0,
                "over_fork_ms": 17.0,
                "over_fork_on_demand_ms": 47.0,
                "vs_api": 65.0,
                "vs_command": 233.333,
                "times": {
                    "pair_ready": {"rounds": 3, "median_ms": 30.0, "worst_ms": 40.0},
                    "on_demand": {"rounds": 3, "median_ms": 60.0, "worst_ms": 70.0},
                    "bare_fork": {"rounds": 3, "median_ms": 10.0, "worst_ms": 20.0},
                    "nbgraderapi": {"rounds": 2, "median_ms": 1950.0, "worst_ms": 2400.0},
                    "nbgrader_autograde": {"rounds": 2, "median_ms": 7000.0, "worst_ms": 8000.0},
                },
                "working_pair_mb": 22.25,
                "waiting_pair_mb": 6.0,
            }
        },
        "probes": {"fifty_calls": {"rounds": 3, "median_ms": 5.0, "worst_ms": 6.0}},
        "jobs_per_second": 21.4,
    }
    assert told["promises"][0] == {
        "promise": "plain, a pair ready: beyond 1.3 x bare fork",
        "limit": 20.0,
        "unit": "ms",
        "at_least": False,
        "median": 17.0,
        "worst": 27.0,
        "kept": True,
    }


def test_json_without_nbgrader_says_null():
    told = json.loads(to_json(measured(turns={"plain": TURNS[1:2]})))

    plain = told["assignments"]["plain"]
    assert (plain["vs_api"], plain["vs_command"], plain["working_pair_mb"]) == (None, None, None)


def test_a_wrong_mark_makes_not_all_ok_and_is_shown():
    run = measured(turns={"plain": TURNS}, wrong=["plain: {'test': 0.0} instead of {'test': 1.0}"])

    assert json.loads(to_json(run))["all_ok"] is False
    assert page(run).endswith("\n1 marks WRONG:\nplain: {'test': 0.0} instead of {'test': 1.0}")


def test_the_page_has_a_line_per_assignment_probe_and_promise():
    lines = page(RUN).splitlines()

    assert lines[0] == "isolation namespace, Python 3.11.7, 2 cores, load 0.5 before and 0.8 after"
    assert [line.split()[0] for line in lines if line.startswith(("kept", "MISSED"))] == ["kept"] * 7
    assert [" ".join(line.split()) for line in lines if line.startswith(("plain", "50 calls"))] == [
        "plain (3 rounds) 30.0 / 40.0 60.0 / 70.0 10.0 / 20.0 1950.0 / 2400.0 7000.0 / 8000.0",
        "50 calls of a learner's function from a test 5.0 / 6.0",
    ]
    assert lines[-1] == "every mark right"


def test_the_page_says_what_could_not_be_measured():
    run = measured(turns={"plain": TURNS}, memory={"plain": Memory(working=20.0)})

    assert any(line.startswith("not measured: memory") for line in page(run).splitlines())
