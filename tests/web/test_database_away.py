"""While the database does not answer, people and programs are told so, and when to try again; never of a fault."""

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.people import PersonFactory
from upskill.api import problems
from upskill.people.models import User
from upskill.web.fault_reports import FaultReporter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somebody():
    """A browser in which somebody is signed in, and what fails is answered as on a real server."""
    client = Client(raise_request_exception=False)
    client.force_login(PersonFactory())
    return client


@pytest.fixture
def away(monkeypatch, somebody):
    """From now on no database."""
    connections["default"].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's own
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
    monkeypatch.setitem(connections["default"].settings_dict["OPTIONS"], "pool", None)


def test_a_report_of_that_fault_asks_the_database_nothing():
    people = User.objects.order_by("pk")  # a report would show it, and ask for it
    try:
        raise OperationalError(str(people.query))
    except OperationalError as fault:
        reporter = FaultReporter(None, type(fault), fault, fault.__traceback__)
    with CaptureQueriesContext(connection) as asked:
        said = reporter.get_traceback_html() + reporter.get_traceback_text()

    assert (said, len(asked)) == ("", 0)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("path", ["/", "/courses/", "/skills/"])
def test_a_page_says_that_it_passes_and_when_to_come_again(somebody, away, settings, path, debug):
    settings.DEBUG = debug

    page = somebody.get(path)

    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "Sorry, the service is not available just now" in page.content.decode()
    assert "psycopg" not in page.content.decode()


def test_the_api_says_the_same_as_problem_details(somebody, away):
    answer = somebody.get("/api/v1/me/")

    sentence = "The service cannot reach its database. Send this again, with the same key, after Retry-After seconds."
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (503, "10", problems.MEDIA_TYPE)
    assert answer.json()["detail"] == sentence


def test_another_fault_stays_a_fault(somebody):
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE people_rolegrant RENAME TO lost")
    try:
        page = somebody.get("/")
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute("ALTER TABLE lost RENAME TO people_rolegrant")

    assert page.status_code == 500
    assert "Sorry, there is a problem with the service" in page.content.decode()
