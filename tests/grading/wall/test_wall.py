"""What learner code finds behind the wall: Python with its libraries, a folder of its own, and nothing else."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from grading.protocol import Limits
from grading.sandbox import scratch
from grading.sandbox.modes import Mode
from grading.sandbox.slots import WAITING_PAIRS, SandboxRefused
from grading.sandbox.wall import Wall
from tests.grading.wall.conftest import HOST, ONE_THREAD, USERS, ask_host, told_behind

pytestmark = pytest.mark.slow  # starts probes of every kind of host

PROJECT = Path(__file__).resolve().parents[3]


def test_learners_libraries_work(user, mode):
    code = """
        import matplotlib.pyplot, numpy, pandas
        from sklearn.ensemble import RandomForestClassifier
        frame = pandas.DataFrame({"x": numpy.arange(20.0), "y": numpy.arange(20) > 9})
        frame.to_csv("data.csv", index=False)
        model = RandomForestClassifier(5, n_jobs=-1, random_state=0)
        model.fit(pandas.read_csv("data.csv")[["x"]], frame["y"])
        matplotlib.pyplot.plot([1, 2])
        matplotlib.pyplot.savefig("plot.png")
        import json.tool, sqlite3, xml.dom.minidom, zipfile
        picture = open("plot.png", "rb").read(4)[1:].decode()
        told = [float(frame.x.mean()), float(model.score(frame[["x"]], frame["y"])), picture]
        """
    imports = ["numpy", "pandas", "matplotlib.pyplot", "sklearn.ensemble", "IPython"]

    assert told_behind(mode, code, user=user, imports=imports) == [9.5, 1.0, "PNG"]


def test_the_work_folder_is_empty_private_and_gone_afterwards(user, mode):
    code = """
        import os, tempfile
        before = os.listdir()
        os.makedirs("/".join(["deep"] * 200))
        os.mkdir("closed", 0)
        file = tempfile.NamedTemporaryFile(delete=False)
        told = [before, work == os.getcwd(), os.path.dirname(file.name) != work, oct(os.stat("..").st_mode)[-3:]]
        """

    (answer,) = ask_host("run", user=user, mode=mode, codes=[code.replace("\n        ", "\n")])

    assert (answer["told"], answer["left"]) == ([[], True, True, "700"], False)


def test_one_child_leaves_nothing_for_the_next(user, mode):
    leave = """
        import os
        told = []
        for folder in (".", "/tmp", "/var/tmp", "/dev/shm", os.environ["HOME"], os.environ["TMPDIR"]):
            try:
                told += [folder] if os.path.exists(folder + "/left-behind") else []
                open(folder + "/left-behind", "w").close()
            except OSError:
                pass
        """

    answers = ask_host("run", user=user, mode=mode, codes=[leave.replace("\n        ", "\n")] * 2)

    assert [answer["told"] for answer in answers] == [[], []]


def test_the_environment_is_the_same_for_everybody(user, mode):
    told = told_behind(mode, "import os; told = dict(os.environ)", user=user)

    assert sorted(told) == [
        "HOME", "IPYTHONDIR", "LANG", "LOGNAME", "LOKY_MAX_CPU_COUNT", "MPLBACKEND", "NBGRADER_EXECUTION",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "TMPDIR", "TZ", "USER",
    ]  # fmt: skip


def test_of_the_project_only_the_engines_code_can_be_read(user, mode):
    hidden = [PROJECT / "pyproject.toml", PROJECT / "courses", HOST.parent.parent / "exercises" / "doubling.py"]
    code = f"""
        import os
        told = []
        for path in {[str(path) for path in hidden]!r}:
            try:
                told += [os.listdir(path) if os.path.isdir(path) else open(path).read(1)]
            except OSError:
                pass
        import grading.wire
        """

    assert [path for path in hidden if not path.exists()] == []
    assert told_behind(mode, code, user=user) == []


def test_a_private_root_shows_nothing_of_the_project_but_the_way_to_the_engine(user):
    told = told_behind(Mode.NAMESPACE, f"import os; told = sorted(os.listdir({str(PROJECT)!r}))", user=user)

    assert set(told) <= {"grading", Path(sys.prefix).name}


def test_threads_work_and_are_bounded(user, mode):
    code = """
        import threading
        stop, started = threading.Event(), []
        threading.stack_size(1 << 16)
        try:
            while len(started) < 20000:
                started.append(threading.Thread(target=stop.wait))
                started[-1].start()
        except RuntimeError:
            started.pop()
        stop.set()
        told = len(started)
        """

    told = told_behind(mode, code, user=user, limits={"processes": 20, "memory_mb": 4096})

    others = WAITING_PAIRS if user == "root" else 0 if mode is Mode.NAMESPACE else everything_running()
    assert 5 <= told <= 20 + others * 2


def everything_running():
    """The threads of this machine, which the kernel may count together with the child's."""
    return int(Path("/proc/loadavg").read_text().split()[3].split("/")[1])


def test_a_pool_of_threads_works_where_the_child_has_shared_memory(user):
    code = "from multiprocessing.pool import ThreadPool\ntold = ThreadPool(2).map(abs, [-1, 2])"

    assert told_behind(Mode.NAMESPACE, code, user=user) == [1, 2]


def test_a_child_counts_one_processor(user, mode):
    code = "import os; told = len(os.sched_getaffinity(0))"

    assert told_behind(mode, code, user=user) == 1


def test_data_beside_the_notebook_and_copies_of_it_can_be_written(user, mode):
    code = """
        import shutil
        with open("data", "wb") as file:
            file.write(bytes(1000))
        shutil.copyfile("data", "copy")
        told = len(open("copy", "rb").read())
        """

    assert told_behind(mode, code, user=user) == 1000


@pytest.mark.parametrize(
    ("code", "status"),
    [
        pytest.param("import os\nos.kill(os.getpid(), 0)\nos._exit(5)", 5, id="leaves early"),
        pytest.param("import ctypes\nctypes.CDLL(None).syscall(0x40000000 | 39)", -signal.SIGSYS, id="x32 call"),
        pytest.param("import ctypes\nctypes.string_at(1)", -signal.SIGSEGV, id="crash"),
    ],
)
def test_a_child_that_ends_itself_says_nothing(user, mode, code, status):
    if "0x40000000" in code and os.uname().machine != "x86_64":
        pytest.skip("Only x86_64 has a second kind of calls with the same numbers.")

    (answer,) = ask_host("run", user=user, mode=mode, codes=[code])

    assert answer == {"status": status, "left": False}


@pytest.mark.slow
def test_processor_time_is_bounded_for_the_first_process_of_a_namespace_too(user, mode):
    (answer,) = ask_host("run", user=user, mode=mode, codes=["while True: pass"], limits={"total_seconds": 1})

    assert answer["status"] in (-signal.SIGKILL, -signal.SIGXCPU)


def test_everything_ends_with_the_warm_process(user, mode):
    name = f"left-behind-{os.getpid()}"
    code = f"import time\nchannel.send(b'x')\ntime.sleep(100)  # {name}"
    wishes = json.dumps({"user": user, "mode": mode, "codes": [code]})
    before = scratch_folders()
    process = subprocess.Popen([sys.executable, str(HOST), "run", wishes], env={**os.environ, **ONE_THREAD})
    wait_until(lambda: len(processes_named(name)) >= (3 if mode is Mode.NAMESPACE else 2))

    process.kill()

    process.wait()
    wait_until(lambda: not processes_named(name))
    for folder in scratch_folders() - before:  # the next warm process of the same user would do this
        scratch.remove_parent(folder)


def scratch_folders():
    return set(Path(tempfile.gettempdir()).glob("upskill-learner-*"))


def processes_named(name):
    """The processes of this machine with a word in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if name.encode() in words:
            found.append(path.parent.name)
    return found


def wait_until(condition, *, seconds=30):
    """Raises AssertionError when it has not come true by then."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_process_with_threads_is_refused(user):
    code = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"

    answer = ask_host("run", user=user, mode=Mode.UNSAFE_DEV, codes=[], first=code)

    assert answer["refused"].startswith("The marking process has threads and cannot fork safely.")


def test_root_must_give_a_child_a_user_of_its_own_and_nobody_else_can():
    wrong = None if USERS[0] == "root" else 64100

    with pytest.raises(SandboxRefused) as refusal:
        Wall(Mode.LANDLOCK).confine(keep=[], uid=wrong, limits=Limits())

    assert "user id of its own" in str(refusal.value)


@pytest.mark.skipif(USERS[0] != "root", reason="Only root may enter folders that are closed to others.")
def test_python_may_lie_where_nobody_but_root_may_go(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed" / "python").symlink_to(sys.base_prefix)  # as tools that manage several Pythons do
    venv = tmp_path / "closed" / "venv"
    base = tmp_path / "closed" / "python" / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    subprocess.run([base, "-m", "venv", "--without-pip", venv], check=True)
    (next(venv.glob("lib/python*/site-packages")) / "learners_library.py").write_text("answer = 42")
    (venv / "notes.txt").write_text("the project itself may lie here")
    code = f"""
        import os, colorsys, learners_library
        told = [learners_library.answer, os.path.exists({str(venv / "notes.txt")!r}), os.getuid() > 0]
        """

    told = told_behind(Mode.NAMESPACE, code, user="root", closed=True, python=venv / "bin" / "python")

    assert told == [42, False, True]
