"""Every page costs the same number of queries with one row of everything and with three."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.world import World
from upskill.management.page_bench import addresses
from upskill.management.page_bench.addresses import Address
from upskill.people.models import User

pytestmark = pytest.mark.django_db
MOST = 20  # queries of any page: each costs one to two milliseconds of the 60 that a page may take
SHOWN = {200, 410}  # the page, and the one about a link that is over
Costs = dict[tuple[str, str], int]  # (page, role) -> queries

# Pages that the little world has nothing for, with the place where their cost is pinned instead.
ELSEWHERE = {
    "api:exercise": "for whoever takes the course: tests/api/test_exercises.py",
    "manager:open_view": "leads to a page of figures: tests/web/manager/test_saved_views.py",
    "manager:department_csv": "the figures of the page that it stands on: tests/web/manager/test_departments.py",
    "manager:department_xlsx": "the same",
    "manager:report_pdf": "the same",
    "roles:role": "for whoever administers a department: tests/web/roles/test_roles.py",
    "roles:level": "the same",
    "roles:end": "no list: one role",
    "administrator:end_post": "no list: one post",
    "learner:find_start": "leads to the page of the diagnostic: tests/web/learner/test_diagnostic.py",
    "api:file": "no list: one file, one read",
    "api:notebook": "no list: one file, one read",
    "learner:figure": "no list: one picture, one read",
    "learner:file": "no list: one file, one read",
    "api:nowhere": "no page: an address that leads nowhere",
    "service:readyz": "no list, and over a connection of its own: tests/web/service",
}


@pytest.fixture
def world(settings) -> World:
    settings.DEMO_SIGNIN, settings.CONTACT_EMAIL = True, "skills@example.gov.uk"
    return World()


def made(world: World) -> list[Address]:
    """Addresses of all pages, made before the world grows: the same are asked again."""
    return [each for page in addresses.pages() if addresses.has_recipe(page) for each in addresses.addresses(page)]


def costs(pages: list[Address], *, people: dict[str, User | None]) -> Costs:
    """What each page costs each role that gets it."""
    found = {}
    for role, person in people.items():
        client = Client()
        if person:
            client.force_login(person)
        for page in pages:
            queries = cost(client, page.path)
            if queries is not None:
                found[page.label, role] = queries
    return found


def cost(client: Client, path: str) -> int | None:
    """The queries of the second visit (the first one may keep a place); None if the page is refused."""
    if client.get(path).status_code not in SHOWN:
        return None
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_no_page_costs_more_with_three_rows_of_everything_than_with_one_or_more_than_it_has_time_for(world, settings):
    """If a page is not counted: give the world a row that it can show, and a recipe for its address."""
    settings.API_REQUESTS_PER_MINUTE = 10_000
    pages = made(world)
    one = costs(pages, people=world.people)
    client = Client()
    client.force_login(world.operator)
    readable = {page.name for page in addresses.pages() if answers_get(client, page)}

    world.grow()
    world.grow()
    three = costs(pages, people=world.people)

    assert readable - {page.partition(" ")[0] for page, _role in one} - ELSEWHERE.keys() == set()
    assert {page: (queries, three.get(page)) for page, queries in one.items() if queries != three.get(page)} == {}
    assert {page: queries for page, queries in three.items() if queries > MOST} == {}


def answers_get(client: Client, page: addresses.Page) -> bool:
    return client.get(addresses.placeholder(page)).status_code != 405
