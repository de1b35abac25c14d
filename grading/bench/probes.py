"""What single things cost: each probe is marked beside an exercise that differs in that one thing."""

from dataclasses import dataclass

from grading.bench.assignments import Assignment, from_script
from grading.bench.scripts import big_table, probe

_LOCALLY = "(lambda table: table.assign(number=table['number'] * 2))"
TITLES = {
    "failing_cell": "a learner's cell that fails inside pandas",
    "failing_test": "a test that fails",
    "fifty_calls": "50 calls of a learner's function from a test",
    "table": "a table of 100,000 rows to a learner's function and back",
    "figure": "a figure drawn as the learner sees it",
}
FAILING = ("failing_cell", "failing_test")  # those under a promise


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One thing to measure. Its cost is the time of `marked` less the time of `beside`."""

    name: str  # of TITLES
    marked: Assignment
    beside: Assignment


def probes() -> tuple[Probe, ...]:
    """One probe for each of TITLES."""
    nothing = from_script("nothing", probe())
    missing = probe(answered='pd.DataFrame({"a": [1]})["b"]')
    wrong = probe(tested='assert same(2) == 3, "Return what you are given."')
    calls = probe(tested="for number in range(50):\n    assert same(number) == number")
    figure = probe(answered="plt.plot([1, 2])\nplt.show()")
    return (
        _probe("failing_cell", missing, beside=nothing),
        _probe("failing_test", wrong, beside=nothing, lost="test_probe"),
        _probe("fifty_calls", calls, beside=nothing),
        _probe(
            "table",
            probe(tested=big_table("doubled")),
            beside=from_script("table_at_home", probe(tested=big_table(_LOCALLY))),
        ),
        _probe("figure", figure, beside=nothing),
    )


def _probe(name: str, script: str, *, beside: Assignment, lost: str = "") -> Probe:
    marked = from_script(name, script, lost=frozenset({lost}))
    return Probe(name=name, marked=marked, beside=beside)
