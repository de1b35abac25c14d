"""A warm process as the engine's, without the wall: makes a shell, then forks one child per notebook on its stdin.

Started by exec (see running.py), so that pytest's own streams, warning filters and threads are not in it. Reads lines
of JSON {"sources": [...], "limit": bytes, "folder": path, "seen": bool} and answers each with one line.
"""

import dataclasses
import gc
import importlib
import json
import os
import sys
import time
import traceback

for name in ("matplotlib.pyplot", "numpy", "pandas", "sklearn.linear_model"):
    importlib.import_module(name)

imported = time.perf_counter()
from grading.runner.rehearsal import rehearse  # noqa: E402
from grading.runner.shell import make_shell  # noqa: E402

shell_imported = time.perf_counter()
shell = make_shell()
rehearse()
made = time.perf_counter()


def notebook(job, *, answer):
    os.chdir(job["folder"])
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    rehearse()  # as a child that waits
    shell.stay_warm()
    shell.begin(output_limit=job["limit"], is_seen=job["seen"])
    reports, milliseconds = [], []
    for position, source in enumerate(job["sources"]):
        before = time.process_time()
        report = shell.run(source, cell_id=f"cell-{position}")
        milliseconds.append((time.process_time() - before) * 1000)
        reports.append(dataclasses.asdict(report))
    with open(answer, "w") as stream:
        json.dump({"reports": reports, "milliseconds": milliseconds}, stream)


def fork_for(job):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            notebook(job, answer=writing)
        except BaseException:  # noqa: BLE001 (this process begins here)
            os.write(writing, json.dumps({"fault": traceback.format_exc()}).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as stream:
        answer = stream.read()
    os.waitpid(child, 0)
    return answer or json.dumps({"fault": "the child ended without a word"})


def main():
    gc.collect()
    gc.freeze()  # as the engine's warm process does
    ready = {
        "threads": len(os.listdir("/proc/self/task")),
        "sockets": [end for end in descriptors() if end.startswith(("socket:", "anon_inode:"))],
        "import_milliseconds": (shell_imported - imported) * 1000,
        "make_milliseconds": (made - shell_imported) * 1000,
        "main_is_kept": sys.modules["__main__"].__dict__ is globals(),
    }
    print(json.dumps(ready), flush=True)
    for line in sys.stdin:
        print(fork_for(json.loads(line)), flush=True)


def descriptors():
    for name in os.listdir("/proc/self/fd"):
        try:
            yield os.readlink(f"/proc/self/fd/{name}")
        except FileNotFoundError:
            continue


if __name__ == "__main__":
    main()
