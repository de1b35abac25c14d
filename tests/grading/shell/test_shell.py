"""The shell in a forked child: what reports say, and that no cell can keep the next one from running."""

import json

import pytest

from tests.grading.shell.running import stored

LIMIT = 10_000
ERROR_ROOM = 192 << 10


def outcome(report):
    return report["status"], report["ename"], report["evalue"]


def streams(report):
    return [(output["name"], output["text"]) for output in report["outputs"] if output["output_type"] == "stream"]


def test_warm_process_has_one_thread_no_socket_and_its_own_main_module(warm):
    assert warm.ready["threads"] == 1
    assert warm.ready["sockets"] == []
    assert warm.ready["main_is_kept"]


def test_report_of_a_cell_holds_its_outputs_and_its_number(run):
    first, second = run("print('a')\n1 + 1", "x = 3")

    assert first == {
        "status": "ok",
        "ename": "",
        "evalue": "",
        "traceback": [],
        "execution_count": 1,
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": "a\n"},
            {"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": "2"}, "metadata": {}},
        ],
        "updates": [],
        "truncated": False,
    }
    assert (second["execution_count"], second["outputs"]) == (2, [])


def test_report_of_an_error_is_plain_and_says_where(run):
    (report,) = run("def f(x):\n    return 1 / x\nf(0)")

    assert outcome(report) == ("error", "ZeroDivisionError", "division by zero")
    assert report["traceback"] == [
        "Traceback (most recent call last):",
        "  Cell In[1], line 3",
        "    f(0)",
        "  Cell In[1], line 2, in f",
        "    return 1 / x",
        "ZeroDivisionError: division by zero",
    ]
    assert report["outputs"] == [
        {
            "output_type": "error",
            "ename": "ZeroDivisionError",
            "evalue": "division by zero",
            "traceback": report["traceback"],
        }
    ]


def test_blank_cell_has_neither_number_nor_outputs(run):
    blank, after = run(" \n", "1")

    assert (outcome(blank), blank["execution_count"], blank["outputs"]) == (("ok", "", ""), None, [])
    assert after["execution_count"] == 1


def test_update_of_an_earlier_display_is_reported_by_the_cell_that_makes_it(run):
    reports = run(
        "print('x')\nhandle = display('first', display_id='named')", "handle.update('second')\nhandle.update('third')"
    )

    assert reports[1]["outputs"] == []
    assert reports[1]["updates"] == [
        {"cell_id": "cell-0", "index": 1, "data": {"text/plain": "'third'"}, "metadata": {}}
    ]
    assert stored(reports)[0][1][1]["data"] == {"text/plain": "'third'"}


def test_two_notebooks_know_nothing_of_each_other(run):
    run("x = 1\nimport sys\nsys.path.append('/nowhere')")

    (report,) = run("x")

    assert outcome(report) == ("error", "NameError", "name 'x' is not defined")


def test_chance_differs_between_notebooks(run):
    cell = "import random, numpy\nrandom.random(), numpy.random.rand(), numpy.random.default_rng().random()"

    first, second = run(cell)[0]["outputs"], run(cell)[0]["outputs"]

    assert first != second


@pytest.mark.parametrize(
    "ending",
    [
        "exit()",
        "exit",
        "quit()",
        "import sys\nsys.exit(3)",
        "raise SystemExit",
        "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass",
        "import threading, os, signal, asyncio\n"
        "threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()\nawait asyncio.sleep(60)",
        "raise BaseException('base')",
        "raise GeneratorExit",
        "import asyncio\nraise asyncio.CancelledError",
        "import asyncio\nasyncio.current_task().cancel()\nawait asyncio.sleep(1)",
        "get_ipython().run_cell = None\n1/0",
        "type(get_ipython()).run_as_a_kernel_does = 3\n1/0",
        "get_ipython().displayhook.write_format_data = lambda *_: 1/0\n5",
        "get_ipython().display_pub.publish = None\ndisplay(3)",
        "get_ipython().display_formatter = None\n3",
        "get_ipython()._showtraceback = lambda *_: 1/0\nraise ValueError",
        "get_ipython().showtraceback = None\nraise ValueError",
        "import sys\nsys.setrecursionlimit(60)\ndef f(): f()\nf()",
        "class Hostile(BaseException):\n    def __str__(self): raise SystemExit\nraise Hostile",
        "class Named(type):\n    __name__ = property(lambda self: 1/0)\n"
        "class Hostile(Exception, metaclass=Named): pass\nraise Hostile",
        "class Odd(str):\n    def isascii(self): raise ValueError\n"
        "class Hostile(Exception):\n    def __str__(self): return Odd('odd')\nraise Hostile",
        "class Hostile(Exception):\n    def _render_traceback_(self): return 3\nraise Hostile",
        "class Hostile(Exception):\n    def _render_traceback_(self): return ['x' * 10**6] * 10**4\nraise Hostile",
    ],
)
def test_cell_that_ends_badly_is_an_error_and_the_process_goes_on(run, ending):
    bad, after = run(ending, "print('after')" if "get_ipython" not in ending else "")

    assert bad["status"] == "error"
    assert bad["ename"]
    assert len(json.dumps(bad)) < 200_000
    assert after["status"] == "ok"
    assert streams(after) in ([("stdout", "after\n")], [])


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        ("exit()", "SystemExit"),
        ("raise SystemExit", "SystemExit"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass", "KeyboardInterrupt"),
        (
            "import threading, os, signal, asyncio\n"
            "threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()\nawait asyncio.sleep(60)",
            "KeyboardInterrupt",
        ),
    ],
)
def test_cell_that_is_stopped_says_by_what(run, ending, name):
    (report,) = run(ending)

    assert report["ename"] == name
    assert [output["ename"] for output in report["outputs"] if output["output_type"] == "error"] == [name]


def test_interrupt_between_cells_is_ignored(run):
    reports = run(
        "import threading, os, signal, time\nthreading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()",
        *["time.sleep(0.01)"] * 3,
        "print('still here')",
    )

    assert sum(report["ename"] == "KeyboardInterrupt" for report in reports) <= 1
    assert streams(reports[-1]) == [("stdout", "still here\n")]


def test_hook_that_raises_does_not_hide_that_the_cell_went_well(run):
    reports = run("def bad(): raise ValueError('hook')\nget_ipython().events.register('post_execute', bad)", "1", "2")

    assert [report["status"] for report in reports] == ["ok", "ok", "ok"]


@pytest.mark.parametrize(
    "flood",
    [
        "while True: print('x' * 1000)",
        "while True: print()",
        "while True: print('é', flush=True)",
        "import sys\nwhile True: sys.stderr.write('y'); sys.stdout.write('x')",
        "while True: display('z')",
        "from IPython.display import update_display\nn = 0\ndisplay(0, display_id='a')\n"
        "while True:\n    n += 500; update_display('z' * n, display_id='a')",
        "from IPython.display import clear_output\nwhile True:\n    print('x' * 100)\n    clear_output(wait=True)",
        "for _ in range(3000): get_ipython().showtraceback((ValueError, ValueError('v'), None))",
        "print('x' * 10**8)\n5",
    ],
)
def test_output_without_end_neither_grows_memory_nor_the_report(run, flood):
    watch = (
        "import os, resource, signal, threading\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
    )
    bound = 400_000 if "10**8" in flood else 30_000

    report, after = run(
        watch + flood, f"print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < {bound})", limit=LIMIT
    )

    assert len(json.dumps(report["outputs"], ensure_ascii=False)) < 8 * LIMIT + ERROR_ROOM
    assert report["truncated"] or "clear_output" in flood or "showtraceback" in flood
    assert streams(after) == [("stdout", "True\n")]


def test_output_beyond_the_limit_is_cut_and_the_error_after_it_kept(run):
    report, after = run("print('é' * 6000)\nprint('more')\ndisplay(1)\n1/0", "2", limit=LIMIT)

    text = streams(report)[0][1]
    assert text == "é" * 5000
    assert report["truncated"]
    assert [output["output_type"] for output in report["outputs"]] == ["stream", "error"]
    assert not after["truncated"]


def test_programs_are_refused_and_the_cell_goes_on(run):
    piped, captured, script = run("!pip install x\nprint('on')", "out = !ls\nout", "%%bash\nls")

    refused = "Commands of the operating system cannot be run here: "
    assert streams(piped) == [("stdout", "on\n"), ("stderr", f"{refused}pip install x\n")]
    assert captured["outputs"][-1]["data"] == {"text/plain": "[]"}
    assert streams(script) == [("stderr", f"{refused}%%bash\n")]
    assert [outcome(report) for report in (piped, captured, script)] == [("ok", "", "")] * 3


def test_window_toolkits_are_refused_in_words(run):
    (report,) = run("get_ipython().enable_gui('qt')")

    assert outcome(report) == (
        "error",
        "UsageError",
        "There is no screen here for windows of 'qt'. Use %matplotlib inline.",
    )


def test_breakpoint_goes_on(run):
    (report,) = run("breakpoint()\nprint('on')")

    assert (outcome(report), streams(report)) == (("ok", "", ""), [("stdout", "on\n")])


def test_output_between_cells_goes_nowhere(run):
    reports = run("async def later():\n    print('late')\nimport asyncio\ntask = asyncio.create_task(later())", "1")

    assert [streams(report) for report in reports] == [[("stdout", "late\n")], []]


def test_traceback_shows_lines_of_own_files_and_none_of_libraries(run):
    _, own, library = run(
        "open('own.py', 'w').write('def f():\\n    raise KeyError(1)')",
        "import own\nown.f()",
        "import json\njson.loads('{')",
    )

    assert own["traceback"][1:] == [
        "  Cell In[2], line 2",
        "    own.f()",
        "  File own.py:2, in f",
        "    raise KeyError(1)",
        "KeyError: 1",
    ]
    places = [line.strip() for line in library["traceback"]]
    assert places[1:3] == ["Cell In[3], line 2", "json.loads('{')"]
    assert [line.partition(":")[0] for line in places[3:-1]] == ["File json/__init__.py"] + ["File json/decoder.py"] * 2


def test_traceback_of_a_deep_recursion_is_short(run):
    (report,) = run("def again(): again()\nagain()")

    assert report["ename"] == "RecursionError"
    assert len(report["traceback"]) < 40


def test_warnings_and_names_are_those_of_a_notebook(run):
    reports = run(
        "import warnings\nwarnings.warn('careful')",
        "import pickle\nclass P: pass\ntype(pickle.loads(pickle.dumps(P()))) is P, __name__, P.__module__",
    )

    assert ": UserWarning: careful\n  warnings.warn('careful')\n" in streams(reports[0])[0][1]
    assert reports[1]["outputs"][0]["data"] == {"text/plain": "(True, '__main__', '__main__')"}


def test_a_table_that_nobody_will_see_is_not_written_out_but_kept(run):
    cells = ("import pandas as pd\ntable = pd.DataFrame({'a': [1]})\ntable", "Out[1] is table and _ is table")

    seen, unseen = run(*cells), run(*cells, seen=False)

    assert "<table" in seen[0]["outputs"][0]["data"]["text/html"]
    assert unseen[0]["outputs"][0]["data"] == {"text/plain": ""}
    assert unseen[1]["outputs"] == seen[1]["outputs"]


def test_what_code_can_look_at_is_the_same_where_nobody_sees_it(run):
    cells = (
        "%%capture shown\nimport pandas as pd\nfrom IPython.display import display\n"
        "display(pd.DataFrame({'a': [1]}))\npd.Series([1])",
        "[output.data['text/plain'] for output in shown.outputs]",
        "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\nplt.show()",
        "[tick.get_text() for tick in axes.get_xticklabels()][:2]",  # written by drawing
    )

    assert [report["outputs"] for report in run(*cells, seen=False)] == [report["outputs"] for report in run(*cells)]


def test_a_transformer_that_learners_add_is_asked_as_often_as_in_a_kernel(run):
    asked = "get_ipython().input_transformers_post.append(lambda lines: seen.append(1) or lines)"

    reports = run(f"seen = []\n{asked}", "x = 1", "len(seen)")

    assert reports[2]["outputs"][0]["data"]["text/plain"] == "4"  # twice for each cell that awaits nothing
