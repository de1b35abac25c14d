"""What only root can have: learner code under user ids of its own. Collected where the tests run as root."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grading.sandbox import view
from grading.sandbox.slots import FIRST_UID, SandboxRefused, take_slot


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


def marked_on_another_host(user, *, walls, code):
    """The outcome, what the code told or why not, and the isolation, where the host is another."""
    program = [sys.executable, str(Path(__file__).with_name("on_another_host.py")), user, walls, code]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)
    assert len(ended.stdout.splitlines()) == 3, ended.stderr
    return tuple(ended.stdout.splitlines())


def test_a_normal_users_jobs_are_walled_in_by_user_namespaces():
    code = "import os\ntry:\n    os.kill(-1, 9)\nexcept OSError: pass\ntold = str(os.getresuid())"

    told = marked_on_another_host("nobody", walls="namespaces", code=code)

    assert told == (
        "marked",
        "(65533, 65533, 65533)",
        "unsafe-dev: processes, network, ipc, files, rlimits",
    )


def test_a_normal_user_on_a_host_without_namespaces_is_told_how_little_holds():
    code = "import os; told = str((os.getresuid(), 'SECRET_KEY' in os.environ))"

    told = marked_on_another_host("nobody", walls="none", code=code)

    assert told == ("marked", "((65533, 65533, 65533), False)", "unsafe-dev: rlimits")


def test_root_on_a_host_without_namespaces_still_gives_up_its_rights_or_marks_nothing():
    """Whether it can mark depends on this machine: on its Python being where everybody may go."""
    closed = [parent for path in view.python_folders() for parent in path.parents if not parent.stat().st_mode & 1]

    outcome, told, isolation = marked_on_another_host("root", walls="none", code="import os; told = str(os.getuid())")

    if closed:
        assert (outcome, isolation) == ("failed_ours", "")
        assert told.startswith("The user id that runs learner code cannot read ")
        assert told.endswith(" Let everybody read it (chmod -R go+rX).")
    else:
        assert (outcome, isolation) == ("marked", "unsafe-dev: uid, rlimits")
        assert int(told) >= FIRST_UID


def test_learner_code_of_the_same_user_cannot_open_the_process_that_reports_the_results():
    code = (
        "import os; told = [path for path in (f'/proc/{os.getppid()}/mem', f'/proc/{os.getppid()}/fd/1') "
        "if os.access(path, os.R_OK)]"
    )

    told = marked_on_another_host("nobody", walls="none", code=code)

    assert told == ("marked", "[]", "unsafe-dev: rlimits")
