"""bench_notebook_page but for the browser: sums, what is promised of them, the course, the weight, and refusals."""

import io
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import nbformat
import pytest
from django.core.management import CommandError, call_command

from upskill.catalogue.course_files.library import read_library
from upskill.management.bench_stack.stack import BenchProblem
from upskill.management.commands.bench_notebook_page import as_table
from upskill.management.notebook_bench import course, jupyterlite, sums, weight
from upskill.management.notebook_bench.servers import served
from upskill.management.notebook_bench.visits import Visit, browsers


def taken(*, cold: float, pandas: float = 2.0, lite: float = 10.0) -> sums.Round:
    """A round in which our page took so long, and JupyterLite a fixed time."""
    return sums.Round(
        cold=Visit(cold, pandas),
        warm=Visit(cold / 2, pandas / 2),
        unforeseen=Visit(cold / 2, pandas),
        lite_cold=Visit(lite, 4.0),
        lite_warm=Visit(lite / 2, 3.0),
    )


# --- sums ------------------------------------------------------------------------------------------------------------


def test_figures_are_ratios_of_medians_and_the_worst_of_each_is_told():
    rounds = [taken(cold=4.0), taken(cold=9.0, pandas=8.0), taken(cold=3.0, pandas=1.0)]

    assert sums.figures(rounds, own_code_kb=200.5) == {
        "cold_s": 4.0,
        "warm_s": 2.0,
        "cold_vs_jupyterlite": 0.4,
        "warm_vs_jupyterlite": 0.2,
        "pandas_vs_jupyterlite": 0.5,
        "own_code_kb": 200.5,
        "detail": {
            "rounds": 3,
            "cold": {"median": 4.0, "worst": 9.0},
            "warm": {"median": 2.0, "worst": 4.5},
            "pandas": {"median": 2.0, "worst": 8.0},
            "pandas_warm": {"median": 1.0, "worst": 4.0},
            "pandas_unforeseen_warm": {"median": 2.0, "worst": 8.0},
            "jupyterlite_cold": {"median": 10.0, "worst": 10.0},
            "jupyterlite_warm": {"median": 5.0, "worst": 5.0},
            "jupyterlite_pandas": {"median": 4.0, "worst": 4.0},
            "jupyterlite_pandas_warm": {"median": 3.0, "worst": 3.0},
        },
    }


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, [True, True, True, True]),
        ({"own_code_kb": 250.1}, [False, True, True, True]),
        ({"cold_vs_jupyterlite": 0.51}, [True, False, True, True]),
        ({"warm_vs_jupyterlite": 0.36}, [True, True, False, True]),
        ({"pandas_vs_jupyterlite": 0.71}, [True, True, True, False]),
    ],
    ids=["at its limit", "too heavy", "slow at first", "slow again", "slow with pandas"],
)
def test_each_promise_has_its_limit(change, kept):
    at_the_limit = {
        "own_code_kb": 250.0,
        "cold_vs_jupyterlite": 0.5,
        "warm_vs_jupyterlite": 0.35,
        "pandas_vs_jupyterlite": 0.7,
    }

    assert [promise.is_kept for promise in sums.promised(at_the_limit | change)] == kept


def test_table_has_every_figure_and_says_what_is_not_kept():
    said = as_table(sums.figures([taken(cold=6.0)], own_code_kb=200.5)).splitlines()

    assert [line.split() for line in said[:2]] == [
        ["seconds,", "1", "rounds", "median", "worst"],
        ["cold", "6.0", "6.0"],
    ]
    assert [line.split("  ")[-1] for line in said[-4:]] == ["kept", "NOT KEPT", "kept", "kept"]


# --- what both pages run ---------------------------------------------------------------------------------------------


def test_course_of_the_bench_is_one_that_authors_could_have_written(tmp_path):
    course.write(tmp_path)

    library = read_library([tmp_path])

    assert {folder.name: str(error) for folder, error in library.refused.items()} == {}
    (module,) = library.courses[0].modules
    assert [item.slug for item in module.items] == [course.FORESEEN, course.UNFORESEEN]


def test_notebook_for_jupyterlite_is_one_and_has_the_same_cells():
    notebook = nbformat.reads(course.notebook(), as_version=4)

    nbformat.validate(notebook)
    assert [cell.source for cell in notebook.cells] == [course.PRINTS, course.SHOWS]


def test_jupyterlite_lists_the_notebook_that_it_is_given(tmp_path):
    jupyterlite._lay_notebook(tmp_path, "{}")

    listing = json.loads((tmp_path / "api" / "contents" / "all.json").read_text())
    assert [each["path"] for each in listing["content"]] == [jupyterlite.NOTEBOOK]
    assert (tmp_path / "files" / jupyterlite.NOTEBOOK).read_text() == "{}"


# --- what our code weighs --------------------------------------------------------------------------------------------


def test_each_script_of_ours_counts_once_and_the_files_of_python_do_not():
    asked = ["http://x/static/b.js", "http://x/static/a.css", "http://x/browser-runtime/0/pyodide.mjs"]

    assert weight.own([*asked, *asked]) == ["http://x/static/a.css", "http://x/static/b.js"]


class Packed(BaseHTTPRequestHandler):
    """Twelve bytes that say that they are packed."""

    def do_GET(self) -> None:
        """As http.server has it."""
        self.send_response(200 if self.path == "/there.js" else 404)
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(b"twelve bytes")

    def log_message(self, *_said: object) -> None:
        """Nothing is said."""


@pytest.fixture
def address():
    with HTTPServer(("127.0.0.1", 0), Packed) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_weight_is_what_comes_over_the_wire(address):
    assert weight.kilobytes([f"{address}/there.js"]) == 0.0
    assert weight._served(f"{address}/there.js") == 12


def test_script_that_has_gone_is_named(address):
    with pytest.raises(BenchProblem, match=r"/gone\.js was loaded by the page and now answers 404\.$"):
        weight.kilobytes([f"{address}/gone.js"])


# --- refusals --------------------------------------------------------------------------------------------------------


def test_bench_refuses_no_round_at_all():
    with pytest.raises(CommandError, match=r"^--rounds needs 1 or more\.$"):
        call_command("bench_notebook_page", rounds=0)


def test_bench_refuses_where_this_site_does_without_python_in_the_browser(settings):
    settings.BROWSER_RUNTIME_DIR = None

    with pytest.raises(CommandError, match=r"^UPSKILL_BROWSER_RUNTIME is off"):
        call_command("bench_notebook_page", stderr=io.StringIO())


def test_browser_that_is_not_there_is_named_with_the_cure():
    with (
        pytest.raises(BenchProblem, match=r"^Chromium does not start from /nowhere/chromium: install it .* CHROMIUM\."),
        browsers("/nowhere/chromium"),
    ):
        pass


def test_jupyterlite_that_cannot_be_had_is_said_with_the_cure(tmp_path):
    index = (tmp_path / "no-index").as_uri()

    with pytest.raises(
        BenchProblem, match=r"^JupyterLite could not be installed from the package index\. .*HTTPS_PROXY"
    ):
        jupyterlite.build(tmp_path / "folder", runtime=tmp_path, notebook="{}", index=index)


def test_server_that_does_not_start_shows_its_log(tmp_path):
    told = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}

    with (
        pytest.raises(BenchProblem, match=r"(?s)^A server of the bench did not start\. Its log ends:"),
        served("no_such_module", environment=told, log=tmp_path / "log"),
    ):
        pass
