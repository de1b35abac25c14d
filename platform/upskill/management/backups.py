"""Backups: everything that the service keeps is in PostgreSQL, notebooks included, so a dump of it is all."""

import datetime as dt
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from upskill.learning.models import Submission
from upskill.marking.models import Job, Mark
from upskill_stack.binaries import postgres_client

_LAST_LINES = 5


class BackupFailed(Exception):
    """Nothing was kept, or nothing was restored; the message says why, and what to do."""


@dataclass(frozen=True)
class Contents:
    """What a database holds, as far as somebody who restores it wants to know."""

    submissions: int
    waiting: int  # accepted and still to be marked; marks that are made again are none
    marks: int


def backup(folder: Path, *, now: dt.datetime) -> Path:
    """The new file in `folder`, readable by this user alone, whole or not at all. Raises BackupFailed.

    The dump is of one moment, while the service goes on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"upskill-{now:%Y%m%d-%H%M%S}.dump"
    half = file.with_suffix(".half")
    half.touch(mode=0o600)
    try:
        _run("pg_dump", "--format=custom", f"--file={half}", "--no-owner", "--no-privileges")
        _run("pg_restore", "--list", str(half), connects=False)  # it can be read as a whole
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.rename(file)
    finally:
        half.unlink(missing_ok=True)
    return file


def restore(file: Path) -> Contents:
    """What the database holds now that `file` is restored into it and its tables are as this version wants them.

    All or nothing. Raises BackupFailed, also where the database is not empty: nothing is ever overwritten.
    """
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}. Name one that manage.py backup has made.")
    if tables := connection.introspection.table_names():
        raise BackupFailed(
            f"The database holds {len(tables)} tables already, and a restore overwrites nothing. Make an empty "
            "database and give its address in DATABASE_URL."
        )
    connection.close()
    _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", str(file))
    call_command("migrate", verbosity=0, interactive=False)
    return contents()


def contents() -> Contents:
    """Of the database as it is. Three queries."""
    return Contents(
        submissions=Submission.objects.count(),
        waiting=Job.objects.filter(rerun_of=None, state__in=[Job.State.QUEUED, Job.State.RUNNING]).count(),
        marks=Mark.objects.count(),
    )


def _run(program: str, *arguments: str, connects: bool = True) -> None:
    """Run a program of PostgreSQL's on our database. The password goes in the environment, where no list shows it."""
    known = connection.get_connection_params()
    names = ("dbname", "user", "host", "port")
    address = make_conninfo(**{name: str(known[name]) for name in names if known.get(name)})
    password = {"PGPASSWORD": str(known["password"])} if known.get("password") else {}
    command = [str(postgres_client(program)), *([f"--dbname={address}"] if connects else []), *arguments]
    ran = subprocess.run(command, env={**os.environ, **password}, capture_output=True, text=True)
    if ran.returncode:
        said = "\n".join(ran.stderr.strip().splitlines()[-_LAST_LINES:])
        raise BackupFailed(f"{program} failed: {said}")
