"""What learner code can reach: looked at from inside a real job, and from outside afterwards."""

import os
import socket
import stat
import sys
import time
from pathlib import Path

from grading.sandbox import view

PROJECT = Path(__file__).resolve().parents[2]


def test_a_job_knows_nothing_of_the_sites_environment(inside, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "the secret of the site")

    names = inside("import os; told = sorted(name for name in os.environ if not name.startswith(('PYDEVD', 'JPY')))")

    shell = {"CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GIT_PAGER", "PAGER", "TERM"}  # set by the kernel
    assert set(names) - shell == {
        "HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "LANG", "LOGNAME", "MPLBACKEND", "NBGRADER_EXECUTION",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "TMPDIR",
        "TZ", "USER",
    }  # fmt: skip


def test_no_parent_can_be_asked_for_the_sites_environment(inside, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "the secret of the site")

    found = inside("""
        import glob
        told = []
        for path in glob.glob('/proc/*/environ'):
            try:
                told += [path] if b'the secret of' in open(path, 'rb').read() else []
            except OSError:
                pass
        """)

    assert found == []


def test_a_job_cannot_reach_this_machines_network(inside, claimed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        problem = inside(f"""
            import socket
            try:
                socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), 2)
                told = "connected"
            except OSError as problem:
                told = problem.strerror
            """)

    assert ("network" in claimed, problem) in [(True, "Network is unreachable"), (False, "connected")]


def test_a_job_sees_no_process_but_its_own(inside, claimed):
    parent, seen = inside("import os; told = os.getppid(), len([n for n in os.listdir('/proc') if n.isdigit()])")

    assert ("processes" in claimed) == (parent == 1)
    assert seen <= 3 or "processes" not in claimed


def test_killing_everything_in_reach_leaves_the_job_and_the_engine_alone(inside, claimed):
    targets = (1, -1) if "processes" in claimed else ()  # without that wall these tests would end themselves

    told = inside(f"""
        import os
        told = []
        for target in {targets!r}:
            try:
                os.kill(target, 9)
                told.append("sent")
            except OSError:
                told.append("refused")
        """)

    assert len(told) == len(targets)
    assert inside("told = 'the next job runs'") == "the next job runs"


def test_the_project_and_its_neighbours_are_out_of_sight(inside, claimed):
    folders = [str(PROJECT), "/home", "/tmp", "/var", "/run", "/dev/shm"]  # noqa: S108
    seen = inside(f"""
        import os
        told = {{path: os.listdir(path) for path in {folders!r} if os.path.isdir(path)}}
        """)

    scratch, here = seen.pop("/tmp"), seen.pop(str(PROJECT), [])  # noqa: S108
    way_to_python = {path.name for path in PROJECT.parents} | {PROJECT.name}  # the clone itself may lie in /tmp
    hidden = (len(set(scratch) - way_to_python), set(here) <= {Path(sys.prefix).name}, any(seen.values())) == (
        1,
        True,
        False,
    )
    assert hidden == ("files" in claimed)


def test_exercises_with_their_hidden_tests_cannot_be_read_from_disk(inside, claimed):
    exercise_file = Path(__file__).parent / "exercises" / "doubling.py"

    found = inside(f"import os; told = os.path.exists({str(exercise_file)!r})")

    assert exercise_file.exists()
    assert found != ("files" in claimed)


def test_nothing_outside_the_scratch_folder_can_be_written(inside, claimed):
    own = [str(Path(sys.prefix) / "left-behind")] if "files" in claimed else []
    targets = [*own, "/etc/left-behind", "/usr/lib/left-behind", "/left-behind"]

    written = inside(f"""
        told = []
        for path in {targets!r}:
            try:
                open(path, 'w').close()
                told.append(path)
            except OSError:
                pass
        """)

    assert written == []
    assert [path for path in targets if Path(path).exists()] == []


def test_one_job_leaves_no_file_for_the_next(inside, claimed):
    leave = """
        import os
        told = []
        for folder in ('.', '/tmp', '/var/tmp', '/dev/shm', os.environ['HOME'], os.environ['TMPDIR']):
            try:
                told += [os.path.join(folder, 'left-behind')] if os.path.exists(folder + '/left-behind') else []
                open(folder + '/left-behind', 'w').close()
            except OSError:
                pass
        """

    found = inside(leave), inside(leave)

    assert found == ([], []) or "files" not in claimed


def test_no_scratch_folder_stays_behind(inside):
    here = inside("import os; os.makedirs('a/b'); open('a/b/c', 'w').write('x'); os.chmod('a', 0); told = os.getcwd()")

    assert Path(here).name == "work"
    assert not Path(here).parent.exists()


def test_files_are_bounded_one_by_one_and_together(inside, claimed):
    one, together = inside(
        """
        import os
        def write(name, megabytes):
            try:
                with open(name, 'wb') as file:
                    for _ in range(megabytes):
                        file.write(bytes(1 << 20))
                return 'written'
            except OSError as problem:
                return problem.strerror
        told = write('one', 9), [write(str(number), 3) for number in range(4)][-1]
        """,
        files_mb=8,
    )

    assert one in ("File too large", "No space left on device")
    assert together == "No space left on device" or "files" not in claimed


def test_limits_hold_for_the_learners_process(inside):
    limits = inside(
        """
        import resource
        names = ('AS', 'CPU', 'FSIZE', 'NOFILE', 'CORE')
        told = {name: resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[1] for name in names}
        """,
        memory_mb=1500,
        files_mb=16,
        total_seconds=20,
    )

    assert limits == {"AS": 1500 << 20, "CPU": 26, "FSIZE": 16 << 20, "NOFILE": 256, "CORE": 0}


def test_a_process_left_behind_ends_with_the_job(inside):
    name = f"left-behind-{os.getpid()}"
    inside(f"""
        import os, sys
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)', '{name}'])
            os._exit(0)
        told = 'started'
        """)

    deadline = time.monotonic() + 5
    while (running := processes_named(name)) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert running == []


def processes_named(name):
    """The processes of this machine with a word in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if name.encode() in words and path.parent.name != str(os.getpid()):
            found.append(path.parent.name)
    return found


def test_python_needs_no_folder_twice_and_every_folder_exists():
    folders = view.python_folders()

    assert [path for path in folders if not path.is_dir()] == []
    assert [path for path in folders if any(other in path.parents for other in folders)] == []
    assert any(Path(sys.executable).absolute().is_relative_to(path) for path in folders)


def test_folders_nobody_else_may_enter_are_covered_from_the_outside_in(tmp_path):
    (tmp_path / "mine" / "deep" / "venv").mkdir(parents=True)
    (tmp_path / "mine").chmod(0o700)
    (tmp_path / "mine" / "deep").chmod(0o700)

    covered = view.covers([tmp_path / "mine" / "deep" / "venv"])

    nearest = [path for path in covered if path == tmp_path / "mine" or path in tmp_path.parents]
    assert len(nearest) == 1
    assert tmp_path / "mine" / "deep" not in covered
    assert is_covered(PROJECT, by=covered)


def test_a_needed_folder_is_never_covered():
    assert PROJECT not in view.covers([PROJECT])
    assert PROJECT not in view.covers([PROJECT.parent])
    assert is_covered(PROJECT, by=view.covers([PROJECT / ".venv"]))


def is_covered(path, *, by):
    return any(path.is_relative_to(cover) for cover in by)


def test_the_private_folders_of_this_machine_are_as_they_were(inside):
    before = {path: stat.S_IMODE(Path(path).stat().st_mode) for path in ("/tmp", "/var", "/dev/shm")}  # noqa: S108
    mounts = Path("/proc/self/mounts").read_text()

    inside("told = 1")

    assert Path("/proc/self/mounts").read_text() == mounts
    assert {path: stat.S_IMODE(Path(path).stat().st_mode) for path in before} == before
