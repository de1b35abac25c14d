"""Databases on the same server that hold the demo and a population: made once, kept for the next bench."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from upskill.management.page_bench.database import load
from upskill.marking import slot
from upskill.people import demo

from . import colleagues, making
from .making import Say

PREFIX = "upskill_population"
HALF_MADE = "_half"  # added to the name until all is there


class Refused(Exception):
    """The population cannot be made here. The message says why."""


def check_only_demo() -> None:
    """Raises Refused where there is anybody but the demo's people, its colleagues and the probe."""
    if demo.others().exists() or demo.invented().count() > len(demo.cast()) + sum(colleagues.COUNTS.values()):
        raise Refused(
            "There are people here who are not the demo's. Make the population in a database of its own: "
            "manage.py make_population --database NAME"
        )


def name_for(people: int, *, seed: int) -> str:
    """What the database of this population is called as long as tables, courses and what makes it stay the same."""
    return f"{PREFIX}_{people}_{seed}_{_fingerprint()}"


def exists(name: str) -> bool:
    """Whether the server has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.fetchone()[0])


def ready(people: int, *, seed: int, now: dt.datetime, say: Say) -> str:
    """The name of the database of this population, which is made if it is not there. Those of the same size that are
    out of date are dropped.
    """
    name = name_for(people, seed=seed)
    if exists(name):
        return name
    for old in _names_like(f"{PREFIX}_{people}_{seed}_"):
        say(f"{old} is out of date: dropped")
        _drop(old)
    make(name, people=people, seed=seed, now=now, say=say)
    return name


def make(name: str, *, people: int, seed: int, now: dt.datetime, say: Say) -> None:
    """A new database with courses, demo and population. It has its name only once all is there. Raises Refused."""
    if exists(name):
        raise Refused(f"There is a database {name} already. Choose another name, or drop it.")
    half = f"{name[:58]}{HALF_MADE}"
    _drop(half)
    _run("CREATE DATABASE {}", half)
    with using(half):
        call_command("migrate", verbosity=0)
        load(times=1, now=now)
        say("Courses and demo are there")
        made = making.civil_service(people, seed=seed, now=now, say=say)
        making.refresh_statistics()
        say(f"{made.people:,} people in {made.seconds:.0f} s")
    _run("ALTER DATABASE {} RENAME TO {}", half, name)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Everything in here asks this database. Marking that was started in it ends with it."""
    ours = connection.settings_dict["NAME"]
    _connect(name)
    try:
        yield
    finally:
        slot.close()
        _connect(ours)


def _connect(name: str) -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _fingerprint() -> str:
    """Changes with the tables, the courses, and what makes a population."""
    files = [path for app in apps.get_app_configs() if app.name.startswith("upskill.")
             for path in Path(app.path, "migrations").glob("*.py")]  # fmt: skip
    files += [*Path(__file__).parent.glob("*.py"), *(demo.DATA).glob("*.csv")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:8]


def _names_like(beginning: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1", [beginning])
        return [name for (name,) in cursor.fetchall()]


def _drop(name: str) -> None:
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _run(statement: str, *names: str) -> None:
    """A statement about databases, which runs in no transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)).as_string(cursor.connection))
