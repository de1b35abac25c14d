"""The bench of reports: who asks for what, what counts as kept, and the arithmetic. Timings fail nothing here."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory, RoleGrantFactory
from tests.repository.tree import ROOT
from upskill.management.commands import bench_reports
from upskill.management.commands.bench_reports import figures_of
from upskill.management.page_bench.visits import Caller, NotAnswered, forget_allowances
from upskill.management.report_bench import promises, views
from upskill.management.report_bench.askers import Asker, askers
from upskill.management.report_bench.nights import Night, publish_all
from upskill.management.report_bench.plans import Queries
from upskill.management.report_bench.rounds import Visited
from upskill.management.report_bench.views import View
from upskill.people.models import Organisation
from upskill.people.roles import Role
from upskill.reports.models import Publication
from upskill.web.manager.exports import MOST_EXPORTS

from .populations import make, teach

NIGHTS = [
    Night(seconds=12.34, figures=200, hidden_share=0.25, organisations=7),
    Night(seconds=1.2, figures=20, hidden_share=0.5, organisations=2),
]


@pytest.fixture
def quiet(caplog):
    """Visits in this test's own transaction: a request of gunicorn's would put its connection back."""
    caplog.set_level("ERROR")
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def visited(*milliseconds: float, label: str = "manager:team", path: str = "/manager/team/") -> Visited:
    view = View(label, path, Asker("a manager", PersonFactory.build()))
    return Visited(view, milliseconds=list(milliseconds), processor=[2.0] * len(milliseconds), queries=4)


def figures(**changes: float | None) -> dict[str, float | None]:
    return {"p95_ms": 100.0, "growth_10x": 1.5, "publication_s": 600.0, **changes}


# --- promises --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, [True, True, True]),
        ({"p95_ms": 100.1}, [False, True, True]),
        ({"growth_10x": 1.51}, [True, False, True]),
        ({"publication_s": 601}, [True, True, False]),
        ({"p95_ms": None, "growth_10x": None}, [False, False, True]),
    ],
    ids=["at the limits", "a slow view", "grows with people", "a long night", "nothing measured"],
)
def test_promises_of_reports(changes, kept):
    assert [each.is_kept for each in promises.of_reports(figures(**changes))] == kept


def test_slowest_page_counts_and_what_grows_most_files_apart():
    large = [
        visited(10, 20, 30), visited(50, 60, 90, label="manager:department"),
        visited(300, 310, 320, label="manager:report_pdf", path="/manager/departments/dwp/report.pdf?people=grade:EO"),
    ]  # fmt: skip
    small = [visited(4, 5, 60), visited(50, 60, 90, label="manager:department"), visited(9, label="api:team")]

    found = figures_of(550_000, nights=NIGHTS, large=large, small=small)

    rows = found.pop("views")
    assert found == {
        "people": 550_000,
        "p95_ms": 90,
        "files_p95_ms": 320,
        "growth_10x": 4,
        "files_growth_10x": None,
        "publication_s": 12.3,
        "p95_ms_of_all_visits": 320,
        "p95_ms_of_a_tenth": 90,
        "organisations_shown": 7,
        "figures": 200,
        "hidden_share": 0.25,
        "of_a_tenth": {"organisations_shown": 2, "figures": 20, "hidden_share": 0.5},
    }
    assert [(row["view"], row["median"], row["p95"], row["work"], row["growth"]) for row in rows] == [
        ("manager:report_pdf", 310, 320, 2.0, None),
        ("manager:department", 60, 90, 2.0, 1.0),
        ("manager:team", 20, 30, 2.0, 4.0),
    ]


@pytest.mark.django_db
def test_files_that_may_be_fetched_so_often_an_hour_are_fetched_as_often_as_it_takes(quiet):
    manager = PersonFactory()
    MembershipFactory(line_manager=manager)
    caller = Caller(manager)
    for _ in range(MOST_EXPORTS):
        caller.again("/manager/team/levels.csv")
    with pytest.raises(NotAnswered, match=r"^/manager/team/levels.csv answered 429\.$"):
        caller.again("/manager/team/levels.csv")

    forget_allowances()

    assert caller.again("/manager/team/levels.csv").status == 200


def test_nothing_measured_keeps_nothing():
    found = figures_of(10, nights=NIGHTS, large=[], small=[])

    assert [each.is_kept for each in promises.of_reports(found)] == [False, False, True]


# --- who asks for what -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_heads_managers_and_a_viewer_ask():
    teach()
    make(2000)
    RoleGrantFactory(role=Role.DEPARTMENT_VIEWER, organisation=Organisation.objects.get(code="dwp"))

    found = {asker.name: asker for asker in askers()}

    assert list(found) == [
        "a department viewer", "the largest department", "a department in the middle", "a large directorate",
        "a small one", "who has most reports", "a manager in the middle",
    ]  # fmt: skip
    largest = found["the largest department"]
    assert largest.organisation is not None
    assert (largest.organisation.code, largest.person) == ("mj", largest.organisation.head)
    most, middle = (found[name].person.reports.count() for name in ("who has most reports", "a manager in the middle"))
    assert most > middle > 3


@pytest.mark.django_db
def test_every_report_that_somebody_may_open_is_asked_for(quiet):
    viewer, manager, top = PersonFactory(), PersonFactory(), OrganisationFactory()
    RoleGrantFactory(person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=top)
    MembershipFactory(organisation=top, line_manager=manager)
    MembershipFactory.create_batch(20, organisation=top)
    publish_all(now=NOON)

    seen, live = (
        {view.label for view in views.views(asker, caller=Caller(asker.person))}
        for asker in (Asker("viewer", viewer, top), Asker("manager", manager))
    )

    assert {"manager:department", "manager:department_csv", "api:department"} <= seen
    assert {"manager:team", "manager:team_csv", "api:team"} <= live
    assert (seen & {"manager:team"}, live & {"manager:department"}) == (set(), set())


@pytest.mark.django_db
def test_publication_of_the_bench_has_earlier_ones_to_be_compared_with():
    first, again = publish_all(now=NOON), publish_all(now=NOON)

    assert [(NOON.date() - each.on).days for each in Publication.objects.order_by("on")] == [60, 30, 0]
    assert first.figures == again.figures


@pytest.mark.django_db
def test_dearest_queries_come_with_their_plans():
    queries = Queries()
    with connection.execute_wrapper(queries), connection.cursor() as cursor:
        cursor.execute("SELECT %s", [1])
        cursor.execute("SELECT pg_sleep(%s)", [0.5])
        cursor.execute("SET LOCAL enable_seqscan = on")

    [dearest] = queries.plans(1)

    assert "ms: SELECT pg_sleep(%s)\nResult  (cost=" in dearest
    assert len(queries.slowest) == 2


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"people": 9}, {"repeat": 0}])
def test_bench_refuses_numbers_that_make_no_sense(options, settings):
    settings.DEBUG = True

    with pytest.raises(CommandError, match="whole number of 10 or more, --repeat one of 1 or more"):
        call_command("bench_reports", **options)


def test_bench_refuses_where_debug_is_off(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="needs DEBUG=true"):
        call_command("bench_reports", stdout=io.StringIO())


def test_table_has_a_line_for_each_view_and_promise():
    measured = figures_of(20, nights=NIGHTS, large=[visited(7.0)], small=[visited(7.0)])

    lines = bench_reports._as_table(measured, promises.of_reports(measured)).splitlines()

    assert [" ".join(line.split()) for line in lines] == [
        "20 people, 7 organisations shown, 25.0% of figures hidden",
        "view for queries work median p95 ms growth",
        "manager:team a manager 4 2.0 7.0 7.0 1.0",
        "milliseconds of the slowest page or API answer, p95 at most 100 7 kept",
        "times as long as with a tenth of the people at most 1.5 1 kept",
        "seconds to make the publication at most 600 12.3 kept",
    ]


@pytest.mark.slow
def test_bench_makes_both_populations_and_says_what_is_promised():
    asked = [sys.executable, str(ROOT / "manage.py"), "bench_reports", "--people", "600", "--repeat", "1", "--json"]

    said = subprocess.run(asked, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)

    report = json.loads(said.stdout)
    assert (report["people"], said.returncode in {0, 1}) == (600, True), said.stderr
    assert {"p95_ms", "growth_10x", "publication_s"} <= set(report)
    assert {"manager:team", "manager:department", "api:team", "api:department"} <= {
        row["view"] for row in report["views"]
    }
