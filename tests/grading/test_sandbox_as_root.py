"""What only root can have: learner code under user ids of its own. Collected where the tests run as root."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grading.sandbox.slots import FIRST_UID, SandboxRefused, take_slot

PROJECT = Path(__file__).resolve().parents[2]


def taken(folder, **options):
    """A slot, which there must be."""
    slot = take_slot(folder, **options)
    assert slot is not None
    return slot


def test_root_becomes_a_user_without_rights(inside):
    user, groups, status = inside("""
        import os
        told = os.getresuid() + os.getresgid(), os.getgroups(), open('/proc/self/status').read()
        told = told[0], told[1], [line for line in told[2].split('\\n') if line[:6] in ('CapEff', 'CapPrm', 'NoNewP')]
        """)

    assert (len(set(user)), user[0] >= FIRST_UID, groups) == (1, True, [])
    assert [line.split()[1].strip("0") for line in status] == ["", "", "1"]


def test_processes_are_bounded(inside):
    made = inside(
        """
        import os, time
        told = 0
        try:
            while told < 500:
                if os.fork() == 0:
                    time.sleep(30)
                    os._exit(0)
                told += 1
        except OSError:
            pass
        """,
        processes=40,
    )

    assert made < 40


def test_two_runners_never_share_a_user(tmp_path):

    first, second = taken(tmp_path), taken(tmp_path)
    os.close(first.lock)
    third = taken(tmp_path)

    os.close(second.lock)
    os.close(third.lock)
    assert [first.uid, second.uid, third.uid] == [FIRST_UID, FIRST_UID + 1, FIRST_UID]


def test_a_slot_folder_of_somebody_else_is_refused(tmp_path):
    os.chown(tmp_path, FIRST_UID, FIRST_UID)

    with pytest.raises(SandboxRefused) as refusal:
        take_slot(tmp_path)

    assert str(refusal.value).endswith("belongs to another user. Delete it, then start again.")


def test_no_slot_is_taken_when_all_are(tmp_path):
    only = taken(tmp_path, slots=1)

    with pytest.raises(SandboxRefused) as refusal:
        take_slot(tmp_path, slots=1)

    os.close(only.lock)
    assert str(refusal.value) == "All 1 slots of this machine are taken. Run fewer workers."


NORMAL_USER = """
import os, sys
from pathlib import Path
sys.path.insert(0, {project!r})
from grading.sandbox import linux, view
linux.unshare(linux.NEW_MOUNTS)
linux.mount("none", Path("/"), flags=linux.PRIVATE | linux.RECURSIVE)
needed = [*view.python_folders(), Path({project!r})]
handles = {{path: os.open(path, os.O_PATH) for path in needed}}
closed = [parent for path in needed for parent in path.parents if not parent.stat().st_mode & 1]
for path in closed[:1]:
    linux.mount("open", path, kind="tmpfs", options="mode=755")
for path, handle in handles.items():
    if not path.exists():
        path.mkdir(parents=True)
        linux.mount(f"/proc/self/fd/{{handle}}", path, flags=linux.BIND | linux.RECURSIVE)
os.setgroups([])
os.setresgid(65533, 65533, 65533)
os.setresuid(65533, 65533, 65533)
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1]])
"""
MARK_AS_USER = """
import sys
sys.path[:0] = [{project!r}, {project!r} + "/platform"]
from grading.engine import Engine
from tests.grading.answering import answered, exercise, job, result_of
source = exercise("telling")
code = "import os\\ntry:\\n    os.kill(-1, 9)\\nexcept OSError: pass\\ntold = str(os.getresuid())"
with Engine(isolation="unsafe-dev") as engine:
    verdict = engine.mark(job(source, answer=answered(source, told=code)))
print(verdict.outcome, result_of(verdict, check="test_told").message)
print(verdict.provenance.isolation)
"""


def test_a_normal_users_jobs_are_walled_in_by_user_namespaces():
    """The same engine started by a user without rights, who can still enter this project's folders."""
    program = [
        sys.executable,
        "-c",
        NORMAL_USER.format(project=str(PROJECT)),
        MARK_AS_USER.format(project=str(PROJECT)),
    ]

    ended = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)

    assert ended.stdout.splitlines() == [
        "marked (65533, 65533, 65533)",
        "unsafe-dev: processes, network, ipc, files, rlimits",
    ], ended.stderr
