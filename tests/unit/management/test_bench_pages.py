"""The bench of pages: it finds every page by itself, asks as each role, and leaves nothing out in silence."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from tests.factories.marking import MarkFactory
from tests.factories.people import PersonFactory
from tests.repository.tree import ROOT
from tests.web.learner.pages import learner_of, taught
from upskill.management.commands.bench_pages import _as_table, _keep_to
from upskill.management.page_bench import addresses, growth, timings, visits
from upskill.management.page_bench.addresses import Address, Page
from upskill.management.page_bench.timings import NO_RECIPE, NOBODY, Report, Timing
from upskill.people.models import User
from upskill.skills.models import Evidence

# Closed to everybody in the bench: they need processes that beat, and an address to write to.
CLOSED = ("service:readyz", "security_txt")


@login_not_required
def plain(request, number=0):
    return HttpResponse("plain")


MORE = [path("more/<int:number>/", plain, name="more")]
urlpatterns = [
    path("plain/", plain, name="plain"),
    *MORE,
    path("new/", include((MORE, "new"))),
    path("", include("upskill.urls")),
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


def timing(
    *milliseconds: float, page: str = "learner:home", address: str = "/", place: int = 0, queries: int = 3
) -> Timing:
    measured = Timing(page, "learner", address, place, queries)
    measured.milliseconds, measured.processor = list(milliseconds), [2.0] * len(milliseconds)
    return measured


# --- which pages there are -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_that_answers_get_has_a_recipe_for_its_address(quiet):
    """If this fails, a new page has an address that page_bench/addresses.py cannot make. Add one line there."""
    visitor = visits.Caller(PersonFactory())

    without = [page for page in addresses.pages() if not addresses.has_recipe(page) and visitor.answers_get(page)]

    assert without == []


def test_pages_are_found_by_name_with_what_their_addresses_are_made_of():
    found = {page.name: page.parameters for page in addresses.pages()}

    assert found["learner:item"] == ("course", "module", "item")
    assert found["trainer:rubric"] == ("public_id", "check")
    assert found["account:privacy"] == ()


@override_settings(ROOT_URLCONF=__name__)
def test_a_new_page_is_found_and_said_to_be_without_recipe_if_it_needs_one():
    found = {page.name: addresses.has_recipe(page) for page in addresses.pages()}

    assert (found["plain"], found["more"], found["new:more"]) == (True, False, False)


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_page_without_recipe_is_listed_as_not_measured(quiet):
    report = timings.measure(repeat=1)

    assert {page: why for page, why in report.not_measured.items() if "more" in page} == {
        "more": NO_RECIPE,
        "new:more": NO_RECIPE,
    }
    assert "plain" in {each.page for each in report.timings}


def test_addresses_of_one_page_are_told_apart_for_each_role_and_variant():
    page = Page("learner:course", ("course",))
    one, other, narrowed = Address(page, "/one/"), Address(page, "/other/"), Address(page, "/one/?all", "all")

    found = timings.unmeasured([(one, "learner"), (one, "trainer"), (other, "learner"), (narrowed, "learner")])

    assert [(each.page, each.role, each.place, each.address) for each in found] == [
        ("learner:course", "learner", 0, "/one/"),
        ("learner:course", "trainer", 0, "/one/"),
        ("learner:course", "learner", 1, "/other/"),
        ("learner:course all", "learner", 0, "/one/?all"),
    ]


@pytest.mark.django_db
def test_addresses_are_made_from_rows(quiet):
    course = taught()
    page = Page("learner:item", ("course", "module", "item"))

    made = [(each.variant, each.path) for each in addresses.addresses(page)]

    assert made == [
        ("lesson", course.item_url(course.lesson)),
        ("quiz", course.item_url(course.quiz)),
        ("exercise", course.exercise_url),
    ]


@pytest.mark.django_db
def test_addresses_that_only_take_forms_are_left_out(quiet):
    caller = visits.Caller(PersonFactory())
    asked = {page.name: caller.answers_get(page) for page in addresses.pages()}

    assert [name for name in ("learner:enrol", "learner:submit", "account:sign_out") if asked[name]] == []
    assert [name for name in ("learner:home", "trainer:rubric", "api:me", "api:submission") if not asked[name]] == []


# --- what a visit costs ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_visit_counts_the_queries_of_the_whole_request(quiet, django_assert_num_queries):
    caller = visits.Caller(PersonFactory())

    with django_assert_num_queries(3):  # session, person, and their roles for the menu
        answer = caller.ask("/privacy/")

    assert (answer.status, answer.queries) == (200, 3)
    assert answer.milliseconds > 0


@pytest.mark.django_db
def test_role_is_measured_only_on_pages_that_it_may_open(quiet):
    course = taught()
    learner_of(course)

    report = timings.measure(repeat=1)

    assert {each.role for each in report.timings if each.page.startswith("learner:item")} == set()
    assert report.not_measured["learner:item"] == NOBODY
    assert {each.role for each in report.timings if each.page == "account:privacy"} == {"visitor"}


@pytest.mark.django_db
def test_measure_visits_each_page_as_often_as_asked_slowest_first(quiet):
    report = timings.measure(repeat=2)

    assert {len(each.milliseconds) for each in report.timings} == {2}
    assert [each.p95 for each in report.timings] == sorted((each.p95 for each in report.timings), reverse=True)


# --- what is said ----------------------------------------------------------------------------------------------------


def test_figures_of_twenty_visits():
    visited = timing(*range(1, 21))

    assert (visited.median, visited.p95, visited.worst, visited.work) == (10.5, 19, 20, 2.0)


def test_one_visit_is_its_own_p95():
    assert timing(7).p95 == 7


def test_table_has_a_line_for_each_page_and_one_for_each_that_was_not_measured():
    report = Report([timing(10.0, 12.0)], {"new:more": NO_RECIPE})

    lines = [" ".join(line.split()) for line in _as_table(report, 60, 1.2).splitlines()]

    assert lines == [
        "60 people, 2 visits, slowest first",
        "page role queries work median p95 worst ms",
        "learner:home learner 3 2.0 11.0 12.0 12.0",
        f"not measured: new:more ({NO_RECIPE})",
        "at most 1.2 times as long as with a tenth of the people",
    ]


def test_growth_is_that_of_the_page_that_grew_most():
    large = Report([timing(10.0, 12.0, 14.0), timing(9.0, page="new"), timing(9.0, page="same")], {})
    small = Report([timing(5.0, 6.0, 99.0), timing(9.0, page="same"), timing(1.0, page="gone")], {})

    assert timings.growth(large, small) == 2.0
    assert timings.growth(large, Report([], {})) is None


def test_growth_compares_each_address_of_a_page_with_the_same_one():
    large = Report([timing(30.0, place=1), timing(8.0, place=0)], {})
    small = Report([timing(5.0, place=0), timing(25.0, place=1)], {})

    assert timings.growth(large, small) == 1.6


def test_limit_names_the_pages_that_are_over_it():
    report = Report([timing(61, page="slow"), timing(60, page="quick")], {})

    with pytest.raises(CommandError, match=r"^1 pages take longer than 60 ms: slow \(learner\)$"):
        _keep_to(60, report)


def test_files_and_views_of_reports_are_held_to_no_limit_of_pages():
    others = [
        timing(99, page="certificates:pdf", address="/certificates/1/certificate.pdf"),
        timing(99, page="manager:team", address="/manager/team/?skills=all"),
        timing(99, page="api:team", address="/api/v1/team/"),
    ]

    _keep_to(60, Report(others, {}))


def test_without_a_limit_nothing_is_too_slow():
    _keep_to(None, Report([timing(9999)], {}))


@pytest.mark.parametrize("options", [{"repeat": 0}, {"people": 0}])
def test_bench_refuses_numbers_that_make_no_sense(options, settings):
    settings.DEBUG = True

    with pytest.raises(CommandError, match="whole number of 1 or more"):
        call_command("bench_pages", **options)


def test_bench_refuses_where_debug_is_off(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="needs DEBUG=true"):
        call_command("bench_pages", stdout=io.StringIO())


# --- more people -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_twins_have_done_what_the_others_did():
    course = taught()
    learner = learner_of(course)
    mark = MarkFactory(submission__learner=learner, submission__exercise=course.exercise)
    Evidence.objects.create(learner=learner, skill_id="fairness", level=2, mark=mark, earned_at=mark.marked_at)

    people = growth.multiply(3)

    twins = User.objects.exclude(pk=learner.pk).order_by("pk")
    assert (people, [twin.email for twin in twins]) == (3, [f"twin1.{learner.email}", f"twin2.{learner.email}"])
    for twin in twins:
        sent = twin.submissions.get()
        assert (sent.exercise, sent.marks.get().points, sent.jobs.get().state) == (course.exercise, 4, "done")
        assert [piece.mark and piece.mark.submission for piece in twin.evidence.all()] == [sent]
        assert sent.marks.get().checks.count() == 2
    assert learner.submissions.count() == 1


@pytest.mark.django_db
def test_once_the_people_is_as_many_as_there_are():
    PersonFactory()

    assert growth.multiply(1) == 1


# --- the whole of it -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_bench_measures_every_page_on_a_database_of_its_own():
    options = ["--population", "0", "--repeat", "1", "--limit", "99999", "--json"]
    asked = [sys.executable, str(ROOT / "manage.py"), "bench_pages", *options]

    said = subprocess.run(asked, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr
    report = json.loads(said.stdout)
    assert (report["people"], report["not_measured"]) == (661, dict.fromkeys(CLOSED, NOBODY))
    assert {each["role"] for each in report["pages"]} == {
        "visitor", "learner", "trainer", "reviewer", "manager", "viewer", "administrator", "operator",
    }  # fmt: skip
