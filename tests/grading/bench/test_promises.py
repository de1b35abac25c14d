"""What the bench makes of its figures."""

import pytest

from grading.bench.measured import Machine, Measured, Memory, Turn
from grading.bench.promises import TIMES_API, TIMES_COMMAND, Promise, promises
from grading.bench.report import exit_code

MACHINE = Machine(cores=2, python="3.11.7", load_before=0.5, load_after=0.75)
TURNS = (
    Turn(ready=0.030, on_demand=0.060, fork=0.010, api=1.5, command=6.0),
    Turn(ready=0.020, on_demand=0.050, fork=0.010),
    Turn(ready=0.040, on_demand=0.070, fork=0.020, api=2.4, command=8.0),
)


def measured(**found):
    return Measured(isolation="namespace", machine=MACHINE, **found)


def found(promise):
    return promise.name, round(promise.median, 6), round(promise.worst, 6), promise.kept


def test_an_assignment_is_held_against_the_fork_and_against_nbgrader():
    assert list(map(found, promises(measured(turns={"plain": TURNS})))) == [
        ("plain, a pair ready: beyond 1.3 x bare fork", 17.0, 27.0, True),
        ("plain, on demand: beyond 1.3 x bare fork", 47.0, 57.0, True),
        ("plain: faster than NbGraderAPI", 65.0, 48.75, True),
        ("plain: faster than nbgrader autograde", 233.333333, 175.0, True),
    ]


def test_without_turns_of_nbgrader_there_is_no_promise_about_it():
    names = [promise.name for promise in promises(measured(turns={"n23": TURNS[1:2]}))]

    assert names == ["n23, a pair ready: beyond 1.3 x bare fork", "n23, on demand: beyond 1.3 x bare fork"]


def test_probes_slots_and_memory_have_their_limits():
    run = measured(
        probes={"failing_cell": [0.010, 0.090, 0.020], "failing_test": [0.041], "figure": [9.0]},
        jobs_per_second=17.5,
        memory={"plain": Memory(working=64.0, waiting=25.5), "pandas": Memory()},
    )

    assert list(map(found, promises(run))) == [
        ("until the mark: a learner's cell that fails inside pandas", 20.0, 90.0, True),
        ("until the mark: a test that fails", 41.0, 41.0, False),
        ("pandas jobs a second on two slots", 17.5, 17.5, False),
        ("plain: private memory of a working pair", 64.0, 64.0, True),
        ("plain: private memory of a waiting pair", 25.5, 25.5, False),
    ]


@pytest.mark.parametrize(("at_least", "median", "kept"), [(False, 20, True), (False, 20.1, False), (True, 19.9, False)])
def test_a_promise_is_kept_by_its_median(at_least, median, kept):
    assert Promise(name="p", limit=20, unit="ms", median=median, worst=0, at_least=at_least).kept is kept


def test_every_assignment_is_held_against_nbgrader():
    assert set(TIMES_API) == set(TIMES_COMMAND) == {"plain", "pandas", "sklearn", "n23"}


def test_the_exit_code_asks_for_right_marks_and_kept_promises():
    kept, missed = {"plain": TURNS}, {"pandas": [Turn(ready=1, on_demand=1, fork=0.01)]}

    assert [
        exit_code(measured(turns=kept)),
        exit_code(measured(turns=missed)),
        exit_code(measured(turns=kept, wrong=["plain: no"])),
    ] == [0, 1, 1]
