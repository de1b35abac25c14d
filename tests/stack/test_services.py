"""PostgreSQL and Valkey for as long as somebody needs them, in real processes."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from tests.running import wait_until
from tests.stack.processes import command_line, everything_gone, leftovers, programs, user
from upskill_stack import services

pytestmark = pytest.mark.stack
SERVERS = {"keeper", "postgres", "supervisord", "valkey"}


def ask(database_url: str, question: str = "SELECT 1") -> list[tuple[object, ...]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


def ping(broker_url: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(unquote(urlsplit(broker_url).path))
        connection.sendall(b"PING\r\n")
        return connection.recv(64)


def test_running_gives_addresses_that_answer_and_leaves_nothing(data: Path):
    with services.running(data, environment={}) as addresses:
        answers = (sorted(addresses), ask(addresses["DATABASE_URL"]), ping(addresses["CELERY_BROKER_URL"]))
        up = programs(data).keys()

    assert answers == (["CELERY_BROKER_URL", "DATABASE_URL"], [(1,)], b"+PONG\r\n")
    assert up == SERVERS
    assert leftovers(data) == []


def test_running_again_finds_the_rows_of_the_first_time(data: Path):
    with services.running(data, environment={}) as addresses:
        ask(addresses["DATABASE_URL"], "CREATE TABLE kept AS SELECT 'here' AS word")

    with services.running(data, environment={}) as addresses:
        kept = ask(addresses["DATABASE_URL"], "TABLE kept")

    assert kept == [("here",)]


def test_database_speaks_utf8_and_sorts_the_same_everywhere(data: Path):
    with services.running(data, environment={}, durable=False) as addresses:
        found = ask(
            addresses["DATABASE_URL"],
            "SELECT current_setting('server_encoding'), current_setting('listen_addresses'), upper('straße ŵ')",
        )

    assert found == [("UTF8", "", "STRASSE Ŵ")] or found == [("UTF8", "", "STRAßE Ŵ")]


@pytest.mark.slow
def test_durable_servers_write_to_disk_before_they_confirm(data: Path):
    question = "SELECT current_setting('fsync'), current_setting('synchronous_commit')"

    with services.running(data, environment={}) as addresses:
        careful = ask(addresses["DATABASE_URL"], question)
    with services.running(data, environment={}, durable=False) as addresses:
        quick = ask(addresses["DATABASE_URL"], question)

    assert (careful, quick) == ([("on", "on")], [("off", "off")])


def test_servers_named_in_the_environment_are_used_and_not_started(data: Path):
    named = {"DATABASE_URL": "postgresql://elsewhere/upskill", "CELERY_BROKER_URL": "redis://elsewhere"}

    with services.running(data, environment=named) as addresses:
        made = data.exists()

    assert (addresses, made) == ({}, False)


@pytest.mark.parametrize(
    ("named", "missing", "started"),
    [
        ("DATABASE_URL", "CELERY_BROKER_URL", SERVERS - {"postgres"}),
        ("CELERY_BROKER_URL", "DATABASE_URL", SERVERS - {"valkey"}),
    ],
)
def test_only_the_server_that_is_not_named_is_started(data: Path, named: str, missing: str, started: set[str]):
    with services.running(data, environment={named: "somewhere"}) as addresses:
        up = programs(data).keys()

    assert (list(addresses), up) == ([missing], started)


def test_a_second_user_joins_the_servers_of_the_first(data: Path):
    with user(data) as first:
        pids = programs(data)

        with services.running(data, environment={}) as addresses:
            same = (addresses["DATABASE_URL"], programs(data))

    assert same == (first.database_url, pids)


@pytest.mark.slow
def test_a_second_user_can_add_the_server_that_the_first_did_not_need(data: Path):
    with services.running(data, environment={"CELERY_BROKER_URL": "somewhere"}):
        before = programs(data).keys()

        with services.running(data, environment={}) as addresses:
            after, answer = programs(data).keys(), ping(addresses["CELERY_BROKER_URL"])

    assert (before, after, answer) == (SERVERS - {"valkey"}, SERVERS, b"+PONG\r\n")


def test_servers_stay_up_when_the_one_who_started_them_leaves_first(data: Path):
    with user(data) as first, user(data) as second:
        pids = programs(data)

        first.leave()

        assert programs(data) == pids
        assert ask(second.database_url) == [(1,)]
        assert second.leave() == 0
    assert leftovers(data) == []


def test_two_who_start_at_once_share_one_set_of_servers(data: Path):
    urls: list[str] = []

    def use() -> None:
        with user(data) as somebody:
            urls.append(somebody.database_url)
            everybody_is_here.wait(timeout=60)

    everybody_is_here = threading.Barrier(3)
    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    everybody_is_here.wait(timeout=60)
    for thread in threads:
        thread.join()

    assert len(urls) == 2
    assert len(set(urls)) == 1


def test_a_killed_user_takes_the_servers_along(data: Path):
    with user(data) as somebody:
        up = programs(data).keys()

        somebody.kill()

    assert up == SERVERS
    assert everything_gone(data)


@pytest.mark.slow
def test_a_killed_user_leaves_the_servers_to_the_others(data: Path):
    with user(data) as first, user(data) as second:
        pids = programs(data)

        first.kill()
        stopped = wait_until(lambda: programs(data) != pids, seconds=3)

        assert stopped is False
        assert ask(second.database_url) == [(1,)]


@pytest.mark.parametrize("name", ["postgres", "valkey", "keeper"])
def test_a_killed_program_is_started_again(data: Path, name: str):
    with services.running(data, environment={}, durable=False) as addresses:
        old = programs(data)[name]

        os.kill(old, signal.SIGKILL)
        back = wait_until(lambda: programs(data).get(name, old) != old, seconds=20)
        answers = wait_until(lambda: _answers(addresses), seconds=20)

    assert (back, answers) == (True, True)


def test_a_killed_database_keeps_what_it_confirmed(data: Path):
    with services.running(data, environment={}) as addresses:
        ask(addresses["DATABASE_URL"], "CREATE TABLE kept AS SELECT generate_series(1, 10000) AS number")

        os.kill(programs(data)["postgres"], signal.SIGKILL)
        wait_until(lambda: _answers(addresses), seconds=20)
        kept = ask(addresses["DATABASE_URL"], "SELECT count(*) FROM kept")

    assert kept == [(10000,)]


def test_a_killed_supervisor_leaves_nothing_behind(data: Path):
    with user(data) as somebody:
        os.kill(programs(data)["supervisord"], signal.SIGKILL)

        gone = wait_until(lambda: not programs(data), seconds=10)
        status = somebody.leave()

    assert (gone, status) == (True, 0)


def test_the_next_start_recovers_from_a_killed_supervisor_and_stale_pid_files(data: Path):
    with user(data) as somebody:
        ask(somebody.database_url, "CREATE TABLE kept AS SELECT 1 AS number")
        os.kill(programs(data)["supervisord"], signal.SIGKILL)
        somebody.kill()
    wait_until(lambda: not programs(data), seconds=10)
    for name in ("postgres", "valkey", "supervisord"):
        (data / "control" / f"{name}.pid").write_text(str(os.getpid()))  # a number that somebody else has by now

    with services.running(data, environment={}) as addresses:
        kept = ask(addresses["DATABASE_URL"], "TABLE kept")

    assert kept == [(1,)]


@pytest.mark.slow
def test_servers_end_when_somebody_deletes_their_data_folder(data: Path):
    with user(data) as somebody:
        data.rename(data.with_name("deleted"))

        gone = everything_gone_but(data, somebody.process.pid)

    assert gone is True


def test_a_path_with_spaces_and_odd_letters_works(place: Path):
    data = place / "a clone, 100% “mine”; #1" / "var"

    with services.running(data, environment={}) as addresses:
        answers = (ask(addresses["DATABASE_URL"]), ping(addresses["CELERY_BROKER_URL"]))

    assert answers == ([(1,)], b"+PONG\r\n")


def test_a_path_too_long_for_a_socket_works_and_its_short_folder_is_removed(place: Path):
    data = place / ("deep/" * 30) / "var"

    with services.running(data, environment={}) as addresses:
        answers = (ask(addresses["DATABASE_URL"]), ping(addresses["CELERY_BROKER_URL"]))
        short = Path(unquote(urlsplit(addresses["CELERY_BROKER_URL"]).path)).parents[1]
        was_there = short.is_dir()

    assert answers == ([(1,)], b"+PONG\r\n")
    assert (was_there, short.exists(), len(str(short)) < 60) == (True, False, True)


def test_a_folder_that_only_its_owner_may_enter_stays_so(place: Path):
    home = place / "home"
    home.mkdir(mode=0o700)

    with services.running(home / "clone" / "var", environment={}) as addresses:
        answers = (ask(addresses["DATABASE_URL"]), ping(addresses["CELERY_BROKER_URL"]))

    assert answers == ([(1,)], b"+PONG\r\n")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_strict_umask_keeps_nobody_out_who_must_get_in(data: Path):
    before = os.umask(0o077)
    try:
        with services.running(data, environment={}) as addresses:
            answers = (ask(addresses["DATABASE_URL"]), ping(addresses["CELERY_BROKER_URL"]))
    finally:
        os.umask(before)

    assert answers == ([(1,)], b"+PONG\r\n")


def test_other_users_of_the_machine_can_not_reach_the_servers(data: Path):
    with services.running(data, environment={}) as addresses:
        sockets = Path(unquote(urlsplit(addresses["CELERY_BROKER_URL"]).path)).parent
        closed = [sockets, sockets.parent / "control", data / "control", data / "log", sockets.parents[1] / "postgres"]
        modes = {stat.S_IMODE(folder.stat().st_mode) for folder in [*closed, sockets.parents[1] / "valkey"]}
        files = {stat.S_IMODE(path.stat().st_mode) for path in (data / "control").glob("*.json")}
        entered = _strangers_who_enter(sockets)

    assert (modes, files, entered) == ({0o700}, {0o600}, [])


def _strangers_who_enter(folder: Path) -> list[str]:
    """Those users that can list the folder. Only root can try on for another user's shoes."""
    strangers = ["nobody", "daemon"] if os.geteuid() == 0 else []
    listing = [sys.executable, "-c", "import os, sys; os.listdir(sys.argv[1])", str(folder)]
    return [name for name in strangers if _try_as(name, listing) == 0]


def _try_as(name: str, command: list[str]) -> int:
    try:
        return subprocess.run(command, user=name, extra_groups=[], cwd="/", capture_output=True).returncode
    except PermissionError:
        return 1


def _answers(addresses: dict[str, str]) -> bool:
    try:
        return (ask(addresses["DATABASE_URL"]), ping(addresses["CELERY_BROKER_URL"])) == ([(1,)], b"+PONG\r\n")
    except (psycopg.OperationalError, OSError):
        return False


def everything_gone_but(data: Path, pid: int) -> bool:
    own = command_line(pid)
    return wait_until(lambda: leftovers(data) == [own], seconds=20)
