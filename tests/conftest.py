"""What every test may use. Rows come from tests/factories; the moment is an argument, never the clock."""

import datetime as dt
import gc
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from xdist.scheduler import LoadFileScheduling

from upskill.core.models import AuditEntry
from upskill.people.models import User

from . import running

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


STACKS = {"browser", "journeys", "stack", "tour"}  # folders of tests that start the real stack
MINUTES = {"test_courses_that_ship", "test_check_parity", "test_schemathesis"}  # files of which each takes minutes


class StacksTogether(LoadFileScheduling):
    """Chaos, the other faults and all other stacks stay together each, parity is by itself; the rest is shared file by
    file.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = PurePath(nodeid.partition("::")[0])
        if file.parent.name == "faults":
            return "chaos" if file.stem == "test_chaos" else "faults"  # each takes minutes, the long ones of chaos most
        if file.stem == "test_courses_that_ship":
            return nodeid.partition("[")[0]  # takes minutes, in the browser's Python and in the engine
        return "real stacks" if file.parent.name in STACKS else str(file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> StacksTogether:
    """Asked by xdist for how to share the tests out."""
    return StacksTogether(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What pytest is asked besides."""
    parser.addoption("--full", action="store_true", help="the faults at the size of a release: takes an hour")


@pytest.hookimpl(trylast=True)  # behind pytest-django, which puts the tests with a database first
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Asked by pytest for the order. Real stacks begin first, then faults: they take longest, and wait for most of it,
    so that others have the processors meanwhile and nobody waits for them at the end. Chaos is short where the rest is.
    Then single files that take minutes: at the end, one process would work at them and the others at nothing.
    """
    items.sort(
        key=lambda item: (
            item.path.parent.name not in STACKS,
            item.path.parent.name != "faults" or item.path.stem == "test_chaos",
            item.path.stem not in MINUTES,
        )
    )


def pytest_collection_finish() -> None:
    """Asked by pytest once all tests are found, some hundred thousand objects: the collector of garbage need not look
    through them again and again while the tests run.
    """
    gc.collect()
    gc.freeze()


def pytest_report_header() -> list[str]:
    """What is left out here."""
    from .faults.brokers import RABBITMQ

    missing = "The faults are tried without RabbitMQ: it is not installed (sudo apt-get install rabbitmq-server)."
    return [] if RABBITMQ else [missing]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What faults have measured stands at the end of the run."""
    for report in terminalreporter.stats.get("passed", []):
        if figures := dict(report.user_properties):
            terminalreporter.write_line(f"{report.nodeid}: {figures}")


@pytest.fixture
def is_full(request: pytest.FixtureRequest) -> bool:
    """Whether faults are tried at the size of a release."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database. At the end whoever is still connected is sent away and comes not back: a thread of
    live_server outlives its test by a moment, and PostgreSQL drops no database that is in use.
    """
    assert connection.settings_dict["NAME"].startswith("test_"), "Mark them django_db: they would use the site."
    yield
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@pytest.fixture
def noon() -> dt.datetime:
    return NOON


@pytest.fixture
def signed_in(client: Client):
    """A function: the test client, signed in as this person."""

    def sign_in(person: User) -> Client:
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def audit_trail(db):
    """A function: every audit entry so far as (event, by, details), oldest first."""

    def entries() -> list[tuple[str, User | None, dict]]:
        return [(e.event, e.by, e.details) for e in AuditEntry.objects.select_related("by").order_by("pk")]

    return entries


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.RunningSite]:
    """The real stack, started once for all journeys and browser stories."""
    started = running.start(Path(tmp_path_factory.mktemp("site")))
    yield started
    started.stop()
