"""./run for real: the whole site, its words, its end. The data folder is prepared once and used by every test."""

import os
import re
import shutil
import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests import running
from tests.running import ROOT, RunningSite, free_port, wait_until
from tests.stack.processes import command_line, descendants, everything_gone, leftovers, programs, run
from upskill.celery import NICE

pytestmark = pytest.mark.stack
EVERYTHING = {"beat", "bookkeeper", "housekeeper", "keeper", "postgres", "supervisord", "valkey", "web", "worker"}
PYTHON = ROOT / ".venv" / "bin" / "python"
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def sites() -> Iterator[list[RunningSite]]:
    """The sites that this module has started, all in one data folder, in a path with a space."""
    place = Path(tempfile.mkdtemp(prefix="run-", dir="/tmp"))
    place.chmod(0o755)
    started = [running.start(place / "my data")]
    yield started
    if started[-1].process.poll() is None:
        started[-1].stop()
    assert everything_gone(place)
    shutil.rmtree(place)


@pytest.fixture
def site(sites: list[RunningSite]) -> RunningSite:
    """A whole running site; started again when the test before has ended it."""
    if sites[-1].process.poll() is not None:
        sites.append(running.start(sites[-1].data))
    assert wait_until(lambda: programs(sites[-1].data).keys() == EVERYTHING, seconds=20)
    return sites[-1]


def said(site: RunningSite) -> list[str]:
    return (site.data / "run-output.txt").read_text().splitlines()


def answers(site: RunningSite) -> bool:
    try:
        return requests.get(site.url, timeout=5).ok
    except requests.RequestException:
        return False


def listening_addresses(port: int) -> set[str]:
    """The addresses on which somebody listens to the port, as the kernel lists them."""
    table = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    return set(re.findall(rf": ([0-9A-F]+):{port:04X} [0-9A-F]+:0000 0A", table))


@slow
def test_run_starts_everything_and_says_where_it_is(site: RunningSite):
    port = int(site.url.rsplit(":", 1)[1])

    words = said(site)

    assert words[:3] == ["Starting PostgreSQL", "Starting Valkey", "Starting web, worker and beat"]
    assert words[-3:] == [
        f"Upskill is running at {site.url}/",
        f"Sign in at {site.url}/demo/. Marking begins within half a minute.",
        f"Logs are in {site.data / 'log'}. Press Ctrl-C to stop.",
    ]
    roles = [line.split()[0] for line in words if line.endswith("@example.gov.uk")]
    assert roles == ["learner", "trainer", "reviewer", "manager", "viewer", "administrator", "operator"]
    assert listening_addresses(port) == {"0100007F"}  # 127.0.0.1
    assert stat.S_IMODE((site.data / "secret.key").stat().st_mode) == 0o600


@slow
def test_without_a_way_to_python_for_the_browser_the_site_runs_and_its_log_says_what_to_do(place: Path):
    nowhere = {"UPSKILL_BROWSER_RUNTIME": "", "PACKAGE_INDEX": "http://127.0.0.1:9/simple/"}
    site = running.start(place / "without", settings=nowhere)
    try:
        log = site.data / "log" / "browser-runtime.log"
        cure = "manage.py fetch_browser_runtime --from FOLDER"
        assert running.wait_until(lambda: log.exists() and cure in log.read_text(), seconds=120), log.read_text()
        assert "Python for the browser: 51 MB, which ./run fetches in the background, once" in "\n".join(said(site))
        assert requests.get(f"{site.url}/healthz", timeout=10).status_code == 200
    finally:
        site.stop()


@slow
def test_a_supervisor_killed_in_mid_marking_ends_everything_and_run_says_so(site: RunningSite):
    supervisor = programs(site.data)["supervisord"]
    assert wait_until(lambda: "grading.runner" in " ".join(descendants(supervisor).values()), seconds=60)
    below = descendants(supervisor)

    os.kill(supervisor, signal.SIGKILL)
    status = site.process.wait(timeout=60)
    gone = wait_until(lambda: not any(command_line(pid) == line for pid, line in below.items()), seconds=20)

    assert (status, said(site)[-2:]) == (
        1,
        ["Stopping", "The supervisor was killed, so everything has stopped. Start again with ./run"],
    )
    assert (gone, leftovers(site.data)) == (True, [])


@slow
def test_a_second_run_says_where_the_first_is_and_leaves_it_alone(site: RunningSite):
    before = programs(site.data)

    second = run(ROOT / "run", data=site.data, PORT=str(free_port()))

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        f"Upskill is already running at {site.url}/ with the data folder {site.data}. "
        "Open that address, or stop it with Ctrl-C in its window.\n"
    )
    assert programs(site.data) == before


@slow
def test_another_data_folder_on_the_same_port_is_refused_before_anything_starts(site: RunningSite, place: Path):
    port = int(site.url.rsplit(":", 1)[1])

    second = run(ROOT / "run", data=place / "var", PORT=str(port))

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.startswith(f"Port {port} can not be used (Address already in use). Choose another,")
    assert not (place / "var" / "control").exists()


@slow
def test_manage_py_uses_the_running_servers_and_leaves_them(site: RunningSite):
    before = programs(site.data)

    asked = run(ROOT / "manage.py", "shell", "-v0", "-c", WHERE, data=site.data)

    assert (asked.stdout.strip(), asked.stderr) == (site.database_url, "")
    assert programs(site.data) == before


WHERE = "import os; from django.db import connection; connection.ensure_connection(); print(os.environ['DATABASE_URL'])"


@slow
def test_marking_lets_pages_and_the_database_go_first(site: RunningSite):
    wait_until(lambda: len(site.pids("--queues marking")) == 3, seconds=30)
    wait_until(lambda: len(site.engine_pids()) == 2, seconds=30)
    first, *slots = sorted(site.pids("--queues marking"))
    looked_at = [programs(site.data)["web"], first, *slots, *site.engine_pids()]

    assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in looked_at] == [0, 0, *[NICE] * 4]


@slow
@pytest.mark.parametrize("name", ["web", "worker", "housekeeper", "bookkeeper", "beat"])
def test_a_killed_part_of_the_site_is_started_again_and_said_so(site: RunningSite, name: str):
    old = programs(site.data)[name]
    wait_until(lambda: False, seconds=2)  # ./run looks once a second; let it see the first life

    os.kill(old, signal.SIGKILL)
    back = wait_until(lambda: programs(site.data).get(name, old) != old, seconds=20)
    told = wait_until(lambda: said(site)[-1].startswith(f"{name} had stopped"), seconds=10)

    assert (back, told) == (True, True)
    assert said(site)[-1] == f"{name} had stopped and was started again. Its log is {site.data / 'log' / name}.log"
    assert wait_until(lambda: answers(site), seconds=30)


@slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_stop_stops_everything_and_says_so(site: RunningSite, number: signal.Signals):
    site.process.send_signal(number)

    status = site.process.wait(timeout=60)

    assert (status, said(site)[-2:]) == (0, ["Stopping", "Everything has stopped."])
    assert leftovers(site.data) == []


@slow
def test_a_killed_run_leaves_nothing_behind(site: RunningSite):
    site.process.kill()
    site.process.wait()

    assert everything_gone(site.data, seconds=30)


@slow
def test_a_site_that_can_not_start_shows_why_and_stops(place: Path):
    failed = run(ROOT / "run", data=place / "var", PORT=str(free_port()), DEBUG="perhaps")

    assert failed.returncode == 1
    assert "DEBUG is 'perhaps'. Set it to true or false." in failed.stderr
    assert failed.stderr.splitlines()[-1] == (
        "The database could not be prepared: the lines above say why. Put it right and start again."
    )
    assert failed.stdout.splitlines()[-1] == "Stopping"


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_no_port_is_said_in_one_sentence(data: Path, port: str):
    refused = run(ROOT / "run", data=data, PORT=port)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"PORT is “{port}”. Set it to a number between 1 and 65535, for example: PORT=8080 ./run\n"
    )


def test_a_port_that_another_program_uses_is_said_before_anything_starts(data: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        refused = run(ROOT / "run", data=data, PORT=str(port))

    assert (refused.returncode, refused.stdout, (data / "control").exists()) == (1, "", False)
    assert refused.stderr.startswith(f"Port {port} can not be used (Address already in use). Choose another,")


def test_a_data_folder_that_can_not_be_made_is_said_in_one_sentence(place: Path):
    (place / "file").write_text("")

    refused = run(ROOT / "run", data=place / "file" / "var", PORT=str(free_port()))

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"{place}/file is a file where a folder is needed. Move it away, or set UPSKILL_DATA to another folder.\n"
    )


def test_manage_py_starts_the_servers_for_its_own_time(data: Path):
    asked = run(ROOT / "manage.py", "shell", "-v0", "-c", WHERE, data=data)

    assert (asked.stdout.strip(), asked.stderr) == (f"postgresql://upskill@/upskill?host={_quoted(data)}", "")
    assert leftovers(data) == []


def _quoted(data: Path) -> str:
    return str(data / "sockets" / "servers").replace("/", "%2F")


@pytest.mark.parametrize("word", ["help", "version", "--help", "--version"])
def test_manage_py_needs_no_servers_to_help(data: Path, word: str):
    told = run(ROOT / "manage.py", word, data=data)

    assert (told.returncode, told.stdout != "", data.exists()) == (0, True, False)


def test_manage_py_finds_the_projects_python_by_itself(data: Path):
    plain = shutil.which("python3", path="/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    assert plain

    told = run(plain, "-S", ROOT / "manage.py", "version", data=data)

    assert re.fullmatch(r"5\.2\.\d+\n", told.stdout)


def test_with_passes_the_commands_words_and_status_on(data: Path):
    command = ["-c", "import os, sys; print(sorted({'DATABASE_URL', 'SECRET_KEY'} & os.environ.keys())); sys.exit(3)"]

    ended = run(
        ROOT / ".venv/bin/python", "-m", "upskill_stack", "with", ROOT / ".venv/bin/python", *command, data=data
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "['DATABASE_URL', 'SECRET_KEY']\n", "")
    assert leftovers(data) == []


@pytest.mark.parametrize("arguments", [[], ["away"], ["with"]])
def test_an_unknown_order_is_answered_with_the_known_ones(data: Path, arguments: list[str]):
    told = run(PYTHON, "-m", "upskill_stack", *arguments, data=data)

    assert (told.returncode, told.stdout, "python -m upskill_stack run" in told.stderr) == (2, "", True)
