"""A backup holds everything, and what was accepted and not yet marked is marked after a restore."""

import datetime as dt
import os
import stat
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connection

from tests.factories import exercises
from tests.factories.marking import MarkFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory
from tests.running import ROOT
from tests.unit.management.commands import run
from upskill import pipeline
from upskill.management import backups
from upskill.marking import jobs
from upskill.marking.models import Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EARLIER = Path(__file__).parent / "data/before-the-fair-queue.dump"
MARK_ALL = """
import django; django.setup()
from upskill.marking.models import Job
long_ago = "2020-01-01T00:00Z"  # its lease has run out, and it has rested
Job.objects.filter(state="running").update(lease_until=long_ago, started_at=long_ago)
from django.utils import timezone
from upskill import pipeline
from upskill.marking import slot
pipeline.sweep(announce=lambda: True)
while pipeline.mark_next(now=timezone.now):
    pass
slot.close()
"""


@pytest.fixture
def empty():
    """The address of a new, empty database on the same server."""
    name, known = f"restored_{uuid.uuid4().hex[:8]}", connection.get_connection_params()
    server = {key: known[key] for key in ("host", "port", "user") if known.get(key)}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    yield f"postgresql://{server['user']}@/{name}?host={quote(str(server['host']), safe='')}"
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def beside(*command: str, database: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own with this database as the site's."""
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "upskill.settings"}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)


def hand_in(exercise, key: str) -> None:
    answer = exercises.answer()
    pipeline.submit(exercise, content=answer, idempotency_key=key, by=PersonFactory(), now=NOON, announce=lambda: None)


@pytest.mark.faults  # F12
def test_what_was_accepted_before_the_backup_is_marked_once_after_the_restore(tmp_path, empty):
    SkillFactory(slug="fairness")
    exercise = exercises.real_exercise()
    MarkFactory(submission__exercise=exercise)
    for key in ("queued", "running"):
        hand_in(exercise, key)
    claim = jobs.claim()
    assert claim
    file = backups.backup(tmp_path, now=NOON)

    restored = beside("manage.py", "restore", str(file), database=empty)
    marking = beside("-c", MARK_ALL, database=empty)

    assert (restored.stderr, restored.returncode, marking.stderr[-500:] * bool(marking.returncode)) == ("", 0, "")
    assert restored.stdout == ("Restored: 3 answers, 1 marks. 2 jobs wait to be done: start the worker.\n")
    with psycopg.connect(empty) as database:
        states = database.execute("select state, count(*) from marking_job group by state").fetchall()
        marks = database.execute("select submission_id, count(*) from marking_mark group by submission_id").fetchall()
    assert states == [("done", 3)]
    assert [number for _, number in marks] == [1, 1, 1]
    assert Job.objects.filter(state=Job.State.DONE).count() == 1  # here, where it came from, nothing has changed


@pytest.mark.faults  # F12
def test_a_backup_of_an_earlier_version_is_brought_up_to_date_and_what_waited_in_it_is_marked_once(empty):
    """The dump: of commit 3c0f3e9, before departments took turns. One answer marked, one queued, one being marked."""
    restored = beside("manage.py", "restore", str(EARLIER), database=empty)
    marking = beside("-c", MARK_ALL, database=empty)

    assert (restored.stderr, restored.returncode, marking.stderr[-500:] * bool(marking.returncode)) == ("", 0, "")
    assert restored.stdout == ("Restored: 3 answers, 1 marks. 2 jobs wait to be done: start the worker.\n")
    with psycopg.connect(empty) as database:
        found = database.execute(
            "select j.state, s.idempotency_key, (select count(*) from marking_mark m where m.submission_id = s.id), "
            "j.learner_id = s.learner_id from marking_job j join learning_submission s on s.id = j.submission_id "
            "where s.idempotency_key in ('queued', 'running') order by 2"
        ).fetchall()
    assert found == [("done", "queued", 1, True), ("done", "running", 1, True)]


def test_the_file_is_readable_by_its_owner_alone_and_named_by_its_moment(tmp_path):
    (said,) = run("backup", str(tmp_path / "kept"))

    (file,) = (tmp_path / "kept").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert said.startswith(f"{file} (")
    assert dt.datetime.strptime(file.name, "upskill-%Y%m%d-%H%M%S.dump")  # noqa: DTZ007 (a name)


def test_nothing_is_restored_over_anything(tmp_path):
    file = backups.backup(tmp_path, now=NOON)

    with pytest.raises(
        CommandError, match=r"tables already, and a restore overwrites nothing\. Make an empty database"
    ):
        run("restore", str(file))


def test_a_file_that_is_no_backup_leaves_the_database_empty(tmp_path, empty):
    file = tmp_path / "notes.dump"
    file.write_bytes(b"PGDMP, but not quite")

    ran = beside("manage.py", "restore", str(file), database=empty)

    assert ran.returncode == 1
    assert ran.stderr.startswith("CommandError: pg_restore failed: ")
    with psycopg.connect(empty) as database:
        assert database.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)


def test_a_folder_that_cannot_be_written_leaves_no_half_of_a_file(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CommandError, match="file"):
        run("backup", str(tmp_path / "file"))

    assert [path.name for path in tmp_path.iterdir()] == ["file"]
