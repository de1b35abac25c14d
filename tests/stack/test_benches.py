"""The benches on a stack of their own: what they say, and that nothing of them is left. Timings fail nothing here."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.repository.tree import ROOT
from tests.running import wait_until
from tests.stack.processes import command_line

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(900)]

SPREAD = {"number": "int", "median": "float", "p95": "float", "worst": "float"}
COST = {
    "seconds": "float",
    "own_processor_seconds": "float",
    "own_share_of_a_core": "float",
    "machine_busy": "float",
}
USED = {"web": "int", "worker": "int", "postgres": "int"}
STEPS = {"click_to_mark": SPREAD, "click_to_page": SPREAD, "queued": SPREAD, "in_a_slot": SPREAD}
IDLE = {**STEPS, "processor_ms": USED, **COST}
BUSY = {"at_once": "int", "per_second": "float", "click_to_mark": SPREAD, **COST}


def shape(found: Any) -> Any:
    """The same, with the kind of each figure in its place."""
    if isinstance(found, dict):
        return {name: shape(each) for name, each in found.items()}
    return [shape(each) for each in found] if isinstance(found, list) else type(found).__name__


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A manage.py command that keeps its own things in `folder`."""
    (folder / "site").mkdir()
    environment = {name: text for name, text in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    environment |= {"UPSKILL_DATA": str(folder / "site"), "TMPDIR": str(folder)}
    environment["UPSKILL_BROWSER_RUNTIME"] = str(Path(os.environ["UPSKILL_DATA"]).resolve() / "browser-runtime")  # kept
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def left_in(folder: Path) -> list[str]:
    """The benches' folders that are still there, and processes that work in one."""
    folders = [path.name for path in folder.glob("upskill-bench-*")]
    lines = [command_line(int(path.name)) for path in Path("/proc").glob("[0-9]*")]
    return folders + [line for line in lines if f"{folder}/upskill-bench-" in line]


def test_bench_of_marking_says_what_was_measured_and_leaves_nothing(tmp_path):
    options = "--people 2 --repeat 2 --seconds 1 --at-once 2 --history 100 --flood 20 --json"

    said, told = start(tmp_path, "bench_marking", *options.split()).communicate()

    assert said, told
    figures = json.loads(said)
    slots, left = figures.pop("slots"), figures["flood"].pop("left")
    del figures["history"]["times_per_second"]  # on a busy machine none may be marked in a second
    ratios = {"median": "float", "p95": "float", "processor": "float"}
    assert shape(figures) == {
        "cores": "int",
        "idle": IDLE,
        "busy": BUSY,
        "history": {
            "made": {"answers": "int", "people": "int", "seconds": "int", "database_gb": "float"},
            "idle": IDLE,
            "busy": BUSY,
            "times": ratios,
        },
        "flood": {"made": {"regrades": "int", "rush": "int"}, "idle": IDLE, "times": ratios},
        "whole_run": COST,
        "wrong": [],
    }
    assert [sorted(slot) for slot in slots] == [["engine_mb", "site_mb"]] * 2
    assert set(left) <= {"interactive", "deadline", "regrade"}
    assert left_in(tmp_path) == []


def test_bench_of_load_says_what_everybody_met_with_and_leaves_nothing(tmp_path):
    options = "--people 4 --seconds 10 --pace 40 --json"

    said, told = start(tmp_path, "bench_load", *options.split()).communicate()

    assert said, told
    figures = json.loads(said)
    assert shape(figures) == {
        "cores": "int",
        "people": "int",
        "requests": {"page": SPREAD, "handing in": SPREAD, "poll": SPREAD, "autosave": SPREAD},
        "requests_per_second": "float",
        "click_to_mark": SPREAD,
        "errors": "int",
        "failed": {},
        "generator": COST,
        "wrong": [],
    }
    assert left_in(tmp_path) == []


@pytest.mark.browser
def test_bench_of_the_page_says_what_both_took_and_leaves_nothing(tmp_path):
    said, told = start(tmp_path, "bench_notebook_page", "--rounds", "1", "--json").communicate()

    assert said, told
    figures = json.loads(said)
    both = {"median": "float", "worst": "float"}
    pages = ["cold", "warm", "pandas", "pandas_warm", "pandas_unforeseen_warm"]
    theirs = ["jupyterlite_cold", "jupyterlite_warm", "jupyterlite_pandas", "jupyterlite_pandas_warm"]
    assert shape(figures) == {
        "cold_s": "float",
        "warm_s": "float",
        "cold_vs_jupyterlite": "float",
        "warm_vs_jupyterlite": "float",
        "pandas_vs_jupyterlite": "float",
        "own_code_kb": "float",
        "detail": {"rounds": "int", **dict.fromkeys([*pages, *theirs], both)},
    }
    assert figures["own_code_kb"] > 100  # the editor alone weighs more
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_bench_that_is_stopped_half_way_leaves_nothing(tmp_path, number):
    bench = start(tmp_path, "bench_load", "--people", "2")
    assert wait_until(lambda: any(tmp_path.glob("upskill-bench-*/data/control/web.json")), seconds=120)

    bench.send_signal(number)
    _said, told = bench.communicate()

    assert (bench.returncode, told.strip().splitlines()[-1]) == (
        130,
        "CommandError: Stopped. Nothing of the bench is left.",
    )
    assert left_in(tmp_path) == []
