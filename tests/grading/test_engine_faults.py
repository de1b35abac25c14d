"""When something of ours breaks it is told as ours, nothing is left running, and the next job is marked."""

import os
import signal
import subprocess
import sys
import sysconfig
import threading
import time
import venv
from pathlib import Path

import pytest

from grading.engine import Engine, EngineFailed
from grading.protocol import Outcome
from tests.grading.answering import RIGHT, answered, exercise, job, points

pytestmark = pytest.mark.slow  # each ends a marking process in the middle of a job
SOURCE = exercise("doubling")
FULL = {"test_double": 2.0, "test_long_words": 3.0, "test_share": 2.0, "why": None}
PROJECT = Path(__file__).resolve().parents[2]
SLEEPER = {**RIGHT, "double": "import time\ntime.sleep(7)\n" + RIGHT["double"]}


def right_job():
    return job(SOURCE, answer=answered(SOURCE, **RIGHT))


def sleeping_job():
    return job(SOURCE, answer=answered(SOURCE, **SLEEPER))


def supervisors(owner):
    """The marking processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            status = path.read_text().rpartition(")")[2].split()
            words = path.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(status[1]) == owner and b"grading.runner.serving" in words:
            found.append(int(path.parent.name))
    return found


def descendants(pid):
    """Every process below one, its own number included."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def alive(pids):
    """Which of these processes still run; one that has ended but not been waited for does not."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.add(pid)
    return running


def leaves(pid):
    """The processes of a plain pair below one, the oldest first: the learner's side, then the judge's."""
    return sorted(one for one in descendants(pid) - {pid} if descendants(one) == {one} and _is_plain(one))


def _is_plain(pid):
    return "plain" in words(pid, "cmdline")


def words(pid, name):
    """What a process was started with, its "cmdline" or its "environ"; no words once it has ended or is ending."""
    try:
        return [word.decode() for word in Path(f"/proc/{pid}/{name}").read_bytes().split(b"\0") if word]
    except (FileNotFoundError, ProcessLookupError):
        return []


def gone(pids, *, seconds=10):
    """Whether all of these processes end in time."""
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pids)


def during(engine, *, act):
    """The verdict on a job that takes some seconds, with `act` called on the supervisor in the middle of it."""
    calls = []

    def interfere():
        calls.append(1)
        if len(calls) == 3:  # each call is a second after the one before
            act(supervisors(os.getpid())[0])

    return engine.mark(sleeping_job(), on_wait=interfere)


def test_a_supervisor_that_is_killed_is_our_fault_and_replaced(engine):
    families = []

    def kill(warm):
        families.append(descendants(warm))
        os.kill(warm, signal.SIGKILL)

    verdict = during(engine, act=kill)
    left = gone(families[0])
    after = engine.mark(right_job())

    assert (verdict.job_id, verdict.outcome, verdict.checks) == ("job-1", Outcome.FAILED_OURS, ())
    assert verdict.reason == "The marking process ended."
    assert left
    assert points(after) == FULL


def test_a_warm_process_that_is_killed_is_our_fault_and_the_supervisor_goes_on(engine):
    killed = []

    def kill_child(pid):
        killed.append(pid)
        os.kill(min(descendants(pid) - {pid}), signal.SIGKILL)

    verdict = during(engine, act=kill_child)
    after = engine.mark(right_job())

    assert (verdict.outcome, verdict.by_author, verdict.checks) == (Outcome.FAILED_OURS, False, ())
    assert verdict.reason == "The marking process had to start anew: The warm process ended."
    assert points(after) == FULL
    assert supervisors(os.getpid()) == killed
    assert engine.recycled == {"jobs": 0, "doubt": 0, "fault": 1, "wall": 0}


def test_a_learners_side_that_is_killed_from_outside_costs_only_what_came_after(engine):
    verdict = during(engine, act=lambda pid: os.kill(leaves(pid)[0], signal.SIGKILL))

    assert verdict.outcome is Outcome.MARKED
    assert points(verdict) == {"test_double": 0.0, "test_long_words": 0.0, "test_share": 0.0, "why": None}


def test_a_judges_side_that_is_killed_leaves_its_checks_to_a_person_and_the_warm_process_is_doubted(engine):
    verdict = during(engine, act=lambda pid: os.kill(leaves(pid)[1], signal.SIGKILL))
    after = engine.mark(right_job())

    assert points(verdict) == {"test_double": None, "test_long_words": None, "test_share": None, "why": None}
    assert (points(after), engine.recycled["doubt"]) == (FULL, 1)


def test_what_the_caller_raises_while_waiting_ends_the_job(engine):
    class LeaseLost(Exception):
        pass

    def lose():
        raise LeaseLost

    engine.start()
    family = descendants(supervisors(os.getpid())[0])

    with pytest.raises(LeaseLost):
        engine.mark(sleeping_job(), on_wait=lose)

    assert gone(family)
    assert points(engine.mark(right_job())) == FULL


def test_an_engine_knows_when_its_process_has_died(engine):
    engine.start()
    (warm,) = supervisors(os.getpid())
    before = engine.is_alive()

    os.kill(warm, signal.SIGKILL)

    deadline = time.monotonic() + 10
    while engine.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (before, engine.is_alive()) == (True, False)


def test_threads_wait_for_each_other(engine):
    verdicts = []
    threads = [threading.Thread(target=lambda: verdicts.append(engine.mark(right_job()))) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [points(verdict) for verdict in verdicts] == [FULL] * 2


def test_no_process_of_the_engine_has_the_sites_environment(engine, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "the secret of the site")
    monkeypatch.setenv("PYTHONPATH", "/nonexistent")
    engine.close()
    engine.start()

    (supervisor,) = supervisors(os.getpid())
    others = [names_in_environment(pid) for pid in descendants(supervisor) - {supervisor}]
    folder = Path(f"/proc/{supervisor}/cwd").readlink()

    everywhere = {"HOME", "LANG", "PATH", "PYTHONDONTWRITEBYTECODE", "TZ"}
    of_libraries = {"MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MPLBACKEND", "PYTHONHASHSEED"}
    assert names_in_environment(supervisor) == everywhere
    assert {frozenset(names) for names in others if names} == {frozenset(everywhere | of_libraries)}
    assert folder == Path("/")


def names_in_environment(pid):
    """The names of the variables that a process was started with."""
    return {word.partition("=")[0] for word in words(pid, "environ")}


def test_the_marking_process_may_run_in_another_environment_than_its_owner(tmp_path):
    venv.create(tmp_path / "other", with_pip=False)
    (packages,) = (tmp_path / "other" / "lib").glob("python*/site-packages")
    (packages / "shared.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    python = str(tmp_path / "other" / "bin" / "python")

    others = supervisors(os.getpid())
    with Engine(python=python) as engine:
        verdict = engine.mark(right_job())
        (supervisor,) = set(supervisors(os.getpid())) - set(others)
        commands = [words(pid, "cmdline") for pid in descendants(supervisor)]

    assert points(verdict) == FULL
    assert {command[0] for command in commands if command} == {python}


def test_closing_ends_every_process_and_may_be_repeated(engine):
    engine.mark(right_job())
    family = descendants(supervisors(os.getpid())[0])

    engine.close()
    engine.close()

    assert len(family) > 2
    assert gone(family)
    assert not engine.is_alive()


OWNER = """
import sys
sys.path[:0] = [{project!r}, {project!r} + "/platform"]
from grading.engine import Engine
from tests.grading.test_engine_faults import sleeping_job
engine = Engine()
engine.start()
engine.mark(sleeping_job(), on_wait=lambda: print("waiting", flush=True))
"""


def test_when_the_caller_is_killed_everything_it_started_dies():
    program = [sys.executable, "-c", OWNER.format(project=str(PROJECT))]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "waiting\n"
        family = descendants(owner.pid)

        owner.kill()
        owner.wait(timeout=10)

        assert gone(family)


@pytest.mark.parametrize("isolation", ["none", "UNSAFE-DEV", "namespace,landlock"])
def test_an_isolation_that_nobody_knows_starts_nothing(isolation):
    with pytest.raises(EngineFailed) as failure:
        Engine(isolation=isolation).start()

    assert str(failure.value) == (
        f"GRADER_ISOLATION is {isolation!r}. Use one of: auto, namespace, landlock, external, unsafe-dev."
    )


def test_isolation_comes_from_the_environment_when_nobody_names_it(monkeypatch):
    monkeypatch.setenv("GRADER_ISOLATION", "unsafe-dev")

    with Engine() as engine:
        assert engine.isolation == "unsafe-dev"


@pytest.mark.parametrize(
    ("python", "reason"),
    [("/usr/bin/false", "The marking process ended."), ("/nonexistent/python", "No such file or directory")],
)
def test_a_python_that_cannot_mark_is_our_fault(python, reason):
    engine = Engine(python=python)

    verdict = engine.mark(right_job())

    assert verdict.outcome is Outcome.FAILED_OURS
    assert reason in verdict.reason
    with pytest.raises((EngineFailed, OSError)):
        engine.start()
