"""Running notebooks in children of a warm process, and the same notebooks in a real kernel."""

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[3]
LIMIT = 1 << 20


class WarmProcess:
    """The process of warm_process.py. `ready` is what it says of itself before its first notebook."""

    def __init__(self):
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), **threads}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.grading.shell.warm_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**env, "MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR", "/tmp")},  # noqa: S108 (where matplotlib looks)
            text=True,
        )
        assert process.stdin
        assert process.stdout
        self._process, self._orders, self._answers = process, process.stdin, process.stdout
        self.ready = json.loads(self._answers.readline())

    def run(self, *sources, folder, limit=LIMIT, seen=True):
        """The reports on these cells of a notebook, as dicts, and the milliseconds of processor time that each took."""
        job = {"sources": [textwrap.dedent(source) for source in sources], "limit": limit}
        job |= {"folder": str(folder), "seen": seen}
        print(json.dumps(job), file=self._orders, flush=True)
        answer = json.loads(self._answers.readline())
        assert "fault" not in answer, answer["fault"]
        return answer["reports"], answer["milliseconds"]

    def close(self):
        self._orders.close()
        self._process.wait()


def stored(reports):
    """The cells as a notebook file keeps them: (execution_count, outputs), with later cells' updates applied."""
    outputs = {f"cell-{position}": report["outputs"] for position, report in enumerate(reports)}
    for report in reports:
        for update in report["updates"]:
            outputs[update["cell_id"]][update["index"]].update(data=update["data"], metadata=update["metadata"])
    return [(report["execution_count"], report["outputs"]) for report in reports]


def in_a_kernel(sources, *, folder):
    """The same from nbclient with a real ipykernel, which is started once for all of these cells."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(textwrap.dedent(source)) for source in sources]
    )
    client = NotebookClient(
        notebook, kernel_name="python3", allow_errors=True, timeout=60, resources={"metadata": {"path": str(folder)}}
    )
    unwatched = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    client.execute(env=unwatched)  # in a test, ipykernel would leave out what is written past sys.stdout
    return [(cell.execution_count, json.loads(json.dumps(cell.outputs))) for cell in notebook.cells]


_CHANGING = (
    (r"\\u001b\[[\d;]*m", ""),  # colours, which ours never has
    (r"maximum recursion depth exceeded[\w ]*", "maximum recursion depth exceeded"),  # in what, depends on the depth
    (r"0x[0-9a-f]{6,}", "0xADDRESS"),  # where an object lies in memory
    (r"/ipykernel_\d+/", "/ipykernel_PID/"),
    (r"((?:user|sys:|total:|Wall time:) )[\d.e+]+ [nmµμ]?s", r"\1TIME"),
    (r"\bsk-(container-id|estimator-id)-\d+", r"sk-\1-N"),
)
_JOINT = re.compile("The above exception was|During handling of the above exception")
_CELL_FRAME = re.compile(r"Cell In\[\d+\], line \d+")


def comparable(cell):
    """A cell without what differs between two runs of one kernel, and with errors by what ours shares with it.

    Neighbouring pieces of one stream are joined: where a kernel cuts them depends on the moment. Of a traceback, the
    frames in cells count, of the last exception of a chain; how they are drawn is ours.
    """
    count, outputs = cell
    joined: list[dict] = []
    for output in json.loads(_unchanging(json.dumps(outputs, ensure_ascii=False))):
        if output["output_type"] == "error":
            last = _JOINT.split("\n".join(output.pop("traceback")))[-1]
            frames = _CELL_FRAME.findall(last)
            output["cells"] = sorted(set(frames))
        if joined and output["output_type"] == "stream" and joined[-1].get("name") == output["name"]:
            joined[-1]["text"] += output["text"]
        else:
            joined.append(output)
    return count, joined


def _unchanging(text):
    for pattern, instead in _CHANGING:
        text = re.sub(pattern, instead, text)
    return text
