"""`manage.py import_people` is a dry run unless told otherwise, and ends the same when it is killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories.people import OrganisationFactory, PersonFactory
from tests.running import ROOT
from tests.unit.management.commands import run
from tests.unit.people.imports.files import as_csv, everything, row
from upskill.people.models import ImportRow, Membership, Organisation, PeopleImport, RoleGrant, User

HEADS = 11_000  # people of the file: more than two pieces of each step
DAY = "2026-03-01"


@pytest.fixture
def staff(tmp_path) -> Path:
    file = tmp_path / "staff.csv"
    file.write_bytes(as_csv(row(1, day=DAY), row(2, manager="s1", day=DAY), row(3, unit="nowhere")))
    return file


@pytest.mark.django_db
def test_dry_run_says_what_would_change_and_apply_changes_it(staff):
    OrganisationFactory(code="dep")

    said = run("import_people", str(staff))
    before = User.objects.count()
    done = run("import_people", str(staff), "--apply", "--leavers", "--organisation", "dep")

    assert said == [
        "3 rows: 1 with errors, 0 as they are.",
        "        2 new",
        "          row 2: Person 1: dep",
        "          row 3: Person 2: dep",
        "        0 without a post until now",
        "        0 moved",
        "        0 changed",
        "        0 left",
        "Row 4: There is no organisation nowhere now. Give the code of one, or add it first.",
        "Nothing was changed. Carry it out with --apply.",
    ]
    assert (before, done[-1], Membership.objects.count()) == (0, "Carried out.", 2)
    assert list(PeopleImport.objects.order_by("pk").values_list("state", "content")) == [
        ("withdrawn", None), ("applied", None),
    ]  # fmt: skip


@pytest.mark.django_db
def test_command_says_what_it_cannot_do(tmp_path, staff):
    with pytest.raises(CommandError, match="There is no file"):
        run("import_people", str(tmp_path / "gone.csv"))
    with pytest.raises(CommandError, match="There is no organisation nowhere"):
        run("import_people", str(staff), "--organisation", "nowhere")
    staff.write_bytes(b"salary\n1\n")
    with pytest.raises(CommandError, match="“salary” is unknown"):
        run("import_people", str(staff))


@pytest.mark.django_db
def test_first_department_and_its_first_administrator_are_made_by_commands():
    PersonFactory(email="ada@example.gov.uk", full_name="Ada")

    said = [
        *run("add_organisation", "dep", "Department", "--from", "2026-01-01"),
        *run("add_organisation", "team", "Team", "--kind", "team", "--parent", "dep"),
        *run("grant_role", "Ada@example.gov.uk", "department_admin", "--organisation", "dep"),
    ]

    assert said == ["Department: dep/", "Team: dep/team/", "Ada: Department Admin given."]
    grant = RoleGrant.objects.get()
    assert grant.organisation
    assert (grant.role, grant.organisation.code, grant.ended_at) == ("department_admin", "dep", None)
    with pytest.raises(CommandError, match="has this access already"):
        run("grant_role", "ada@example.gov.uk", "department_admin", "--organisation", "dep")
    assert run("grant_role", "ada@example.gov.uk", "department_admin", "--organisation", "dep", "--end") == [
        "Ada: Department Admin ended."
    ]
    with pytest.raises(CommandError, match="organisation with the code dep already"):
        run("add_organisation", "dep", "Department")


# --- Killed in the middle ---


def many() -> bytes:
    """People in teams, each below somebody, and three rows that cannot be."""
    rows = [row(n, unit=f"team-{n % 7}", manager=f"s{n // 9}" if n > 9 else "", day=DAY) for n in range(1, HEADS + 1)]
    return as_csv(*rows, row(HEADS + 1, unit="nowhere"), row(HEADS + 2), row(HEADS + 2))


def begun(file: Path) -> subprocess.Popen[bytes]:
    """The command in a process of its own, on the database of this test."""
    known = connection.get_connection_params()
    address = f"postgresql://{known['user']}@/{known['dbname']}?host={quote(str(known['host']), safe='')}"
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "import_people", str(file), "--apply"],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": address}, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def ended(file: Path) -> int:
    """How the whole command ended. One that does not end holds its locks no longer than this."""
    process = begun(file)
    try:
        return process.wait(timeout=300)
    finally:
        process.kill()


def teams() -> None:
    dep: Organisation = OrganisationFactory(code="dep")
    for number in range(7):
        OrganisationFactory(code=f"team-{number}", parent=dep)


def moments(process: subprocess.Popen[bytes], *, model) -> Iterator[int]:
    """How many rows there are, again and again while the process runs."""
    while process.poll() is None:
        yield model.objects.count()
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_import_that_is_killed_among_people_and_among_posts_and_run_again_ends_as_one_run(tmp_path):
    file = tmp_path / "staff.csv"
    file.write_bytes(many())
    teams()
    assert ended(file) == 0
    wanted = everything()
    call_command("flush", interactive=False, verbosity=0)
    teams()

    for model in (User, Membership):
        process = begun(file)
        caught = next(number for number in moments(process, model=model) if number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert 0 < caught < HEADS, "It was killed too late to be in the middle."
    assert ended(file) == 0

    assert len(wanted["posts"]) == HEADS
    assert everything() == wanted
    assert ImportRow.objects.count() == 0
