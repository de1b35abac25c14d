"""Figures for Prometheus: for whoever has the token or asks on this machine, at one price however much there is."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.factories.marking import DoneJobFactory, JobFactory, MarkFactory, SubmissionFactory
from tests.factories.people import PersonFactory
from upskill.core import heartbeats, outbox
from upskill.core.models import Heartbeat, OutboxMail
from upskill.marking import regrading
from upskill.marking.models import Job
from upskill.people.models import SignInLink

pytestmark = pytest.mark.django_db
TOKEN = "t" * 40
REASON = "The test asked for too much."


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = TOKEN


def figures(client) -> dict[str, float]:
    """Sample, as Prometheus writes it -> value."""
    page = client.get("/metrics")
    assert page.status_code == 200
    found = {}
    for family in text_string_to_metric_families(page.content.decode()):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def seconds_ago(number: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(seconds=number)


def about(seconds: float, *, within: float = 8) -> Any:
    """That many seconds, as a machine at work counts them."""
    return pytest.approx(seconds, abs=within)


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "203.0.113.9"}, 404),
        ({"headers": {"x-forwarded-for": "203.0.113.9"}}, 404),
        ({"headers": {"forwarded": "for=203.0.113.9"}}, 404),
        ({"headers": {"host": "rebound.example.com"}}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "headers": {"authorization": f"Bearer {TOKEN}"}}, 200),
        ({"REMOTE_ADDR": "203.0.113.9", "headers": {"authorization": f"bearer {TOKEN}", "host": "10.0.0.7"}}, 200),
        ({"REMOTE_ADDR": "203.0.113.9", "headers": {"authorization": f"Bearer {TOKEN}x"}}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "headers": {"authorization": f"Basic {TOKEN}"}}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "headers": {"authorization": "Bearer "}}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "headers": {"authorization": "Bearer é"}}, 404),
    ],
)
def test_figures_are_for_the_token_and_this_machine(client, how, status):
    if how.get("headers", {}).get("host") == "rebound.example.com":
        status = 400  # the name itself is refused, as on every page
    page = client.get("/metrics", **how)

    assert (page.status_code, b"upskill_jobs" in page.content) == (status, status == 200)


def test_without_a_token_set_no_token_opens_them(client, settings):
    settings.METRICS_TOKEN = ""

    page = client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers={"authorization": "Bearer "})

    assert page.status_code == 404


def test_whoever_may_not_see_them_is_told_what_any_missing_page_tells(client):
    refused = client.get("/metrics", REMOTE_ADDR="203.0.113.9")
    missing = client.get("/nowhere", REMOTE_ADDR="203.0.113.9")

    assert without_paths(refused) == without_paths(missing)


def without_paths(page) -> tuple[int, str]:
    return page.status_code, re.sub(r"(/|%2F)?(metrics|nowhere)", "", page.content.decode())


def test_with_tls_required_a_scraper_needs_none(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/metrics").status_code == 200


# --- what they say ---------------------------------------------------------------------------------------------------


def test_figures_of_an_empty_service(client):
    found = figures(client)

    build = [name for name in found if name.startswith("upskill_build_info")]
    assert len(build) == 1
    assert {value for name, value in found.items() if name not in build} == {0.0}
    assert len(found) == 3 * 4 + 4 + 1 + 3 + 2 + 2 + 4 + 3 + 4 + 1


def test_figures_of_a_busy_service(client):
    JobFactory(queued_at=seconds_ago(30))
    JobFactory(queued_at=seconds_ago(10))
    JobFactory(lane=Job.Lane.REGRADE, queued_at=seconds_ago(99))
    DoneJobFactory(queued_at=seconds_ago(20), started_at=seconds_ago(12), ended_at=seconds_ago(10))
    DoneJobFactory(state="refused", started_at=seconds_ago(12), ended_at=seconds_ago(10))
    DoneJobFactory(state="failed_ours", started_at=seconds_ago(12), ended_at=seconds_ago(10))
    DoneJobFactory(started_at=seconds_ago(4000), ended_at=seconds_ago(3700))
    outbox.add(to=PersonFactory(), subject="A", body="B", at=seconds_ago(40))
    OutboxMail.objects.create(to=PersonFactory(), subject="A", body="B", created_at=seconds_ago(50), tries=10)
    for tries in (0, 5):
        SignInLink.objects.create(
            person=PersonFactory(), requested_at=seconds_ago(7), expires_at=seconds_ago(-900), link_prefix="http://x/",
            tries=tries,
        )  # fmt: skip
    heartbeats.beat("w1", program="worker", is_working=True)
    heartbeats.beat("w2", program="worker", is_working=False, note="Marking is paused.")
    heartbeats.beat("h", program="housekeeper", is_working=True)
    Heartbeat.objects.filter(pk="h").update(seen_at=seconds_ago(25))

    found = {name: value for name, value in figures(client).items() if value and "build" not in name}

    found.pop('upskill_heartbeat_age_seconds{program="worker"}', None)  # it was just now
    assert found == {
        'upskill_jobs{lane="interactive",state="queued"}': about(2),
        'upskill_jobs{lane="interactive",state="failed_ours"}': 1,
        'upskill_jobs{lane="regrade",state="queued"}': 1,
        'upskill_oldest_job_age_seconds{lane="interactive"}': about(30),
        'upskill_oldest_job_age_seconds{lane="regrade"}': about(99),
        'upskill_marks_last_hour{outcome="marked"}': 1,
        'upskill_marks_last_hour{outcome="refused"}': 1,
        'upskill_marks_last_hour{outcome="failed_ours"}': 1,
        'upskill_marking_seconds_last_hour{quantile="0.5"}': about(2, within=0.1),
        'upskill_marking_seconds_last_hour{quantile="0.95"}': about(2, within=0.1),
        'upskill_answer_seconds_last_hour{quantile="0.5"}': about(10, within=0.1),
        'upskill_answer_seconds_last_hour{quantile="0.95"}': about(10, within=0.1),
        "upskill_mail_waiting": 1,
        "upskill_oldest_mail_age_seconds": about(40),
        "upskill_mail_given_up": 1,
        "upskill_mail_given_up_people": 1,
        "upskill_sign_in_links_waiting": 1,
        "upskill_oldest_sign_in_link_age_seconds": about(7),
        "upskill_sign_in_links_given_up": 1,
        'upskill_processes{program="worker",state="working"}': 1,
        'upskill_processes{program="worker",state="paused"}': 1,
        'upskill_heartbeat_age_seconds{program="housekeeper"}': about(25),
    }


def test_figures_say_how_the_engines_worked_and_behind_which_wall(client):
    for isolation, cells in [("namespace", 100), ("namespace", 200), ("landlock", 50)]:
        MarkFactory(provenance=told(isolation, cells=cells), marked_at=seconds_ago(9))
    MarkFactory(provenance=told("namespace", cells=900), marked_at=seconds_ago(3700))
    trainer = PersonFactory()
    MarkFactory(provenance=told("namespace", cells=900), marked_at=seconds_ago(9), given_by=trainer, reason="Fair.")
    heartbeats.beat("w1", program="worker", is_working=True, facts={"recycled": {"jobs": 2, "doubt": 0}})

    found = {name: value for name, value in figures(client).items() if "isolation" in name or "recycled" in name}

    phase = "upskill_marking_phase_seconds_last_hour"
    assert found == {
        'upskill_marks_by_isolation_last_hour{isolation="landlock"}': 1,
        'upskill_marks_by_isolation_last_hour{isolation="namespace"}': 2,
        phase + '{isolation="landlock",phase="cells",quantile="0.5"}': 0.05,
        phase + '{isolation="landlock",phase="cells",quantile="0.95"}': 0.05,
        phase + '{isolation="namespace",phase="cells",quantile="0.5"}': about(0.15, within=0.001),
        phase + '{isolation="namespace",phase="cells",quantile="0.95"}': about(0.195, within=0.001),
        'upskill_engine_recycled_total{cause="doubt",process="w1"}': 0,
        'upskill_engine_recycled_total{cause="jobs",process="w1"}': 2,
    }


def test_figures_say_how_many_answers_of_regrades_a_fault_stopped_and_no_longer_once_another_has_followed(client):
    exercise = MarkFactory().submission.exercise
    regrade = regrading.begin(exercise, reason=REASON, is_dry_run=False, ran_by="root", now=seconds_ago(60))
    regrade.jobs.update(state="failed_ours", started_at=seconds_ago(12), ended_at=seconds_ago(10))
    DoneJobFactory(state="failed_ours", ended_at=seconds_ago(10))  # of somebody who has no mark yet
    before = figures(client)

    regrading.begin(exercise, reason=REASON, is_dry_run=False, ran_by="root", now=seconds_ago(5))

    after = figures(client)
    stopped, first = "upskill_regrade_answers_stopped", 'upskill_jobs{lane="interactive",state="failed_ours"}'
    assert (before[stopped], before[first]) == (1, 1)
    assert (after[stopped], after[first]) == (0, 1)
    assert regrade.jobs.get().state == Job.State.FAILED_OURS


def told(isolation: str, *, cells: int) -> dict[str, object]:
    """A mark's provenance, as far as figures read it."""
    return {"isolation": isolation, "timings_ms": {"cells": cells}}


def test_what_the_probe_hands_in_is_in_no_figure(client):
    before = figures(client)

    probe = PersonFactory(email=None, is_probe=True)
    submission = SubmissionFactory(learner=probe)
    MarkFactory(submission=submission, provenance=told("namespace", cells=1), marked_at=seconds_ago(9))
    JobFactory(submission=SubmissionFactory(learner=probe), queued_at=seconds_ago(99))
    DoneJobFactory(submission=SubmissionFactory(learner=probe), started_at=seconds_ago(12), ended_at=seconds_ago(10))
    DoneJobFactory(submission=SubmissionFactory(learner=probe), state="failed_ours", ended_at=seconds_ago(10))

    assert figures(client) == before


def test_figures_name_nobody(client):
    learner = PersonFactory(full_name="Marker Name", email="marker@example.gov.uk")
    JobFactory(submission=SubmissionFactory(learner=learner))
    outbox.add(to=learner, subject="Marker", body="Marker", at=seconds_ago(1))

    assert b"marker" not in client.get("/metrics").content.lower()


@pytest.mark.parametrize("rows", [1, 3])
def test_figures_cost_eight_queries_however_much_there_is(client, django_assert_num_queries, rows):
    for _ in range(rows):
        JobFactory()
        DoneJobFactory(ended_at=seconds_ago(5))
        MarkFactory(provenance=told("namespace", cells=1))
        heartbeats.beat(f"w{_}", program="worker", is_working=True)

    with django_assert_num_queries(8):
        client.get("/metrics")


def test_names_follow_prometheus_conventions(client):
    text = client.get("/metrics").content.decode()

    families = list(text_string_to_metric_families(text))
    assert [family.name for family in families if not re.fullmatch(r"upskill_[a-z_]+", family.name)] == []
    assert [family.name for family in families if not family.documentation] == []
    assert [name for name in (f.name for f in families) if "age" in name and not name.endswith("_seconds")] == []


@pytest.mark.django_db(transaction=True)
def test_database_that_is_down_is_told_as_503(client, monkeypatch):
    connections["default"].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's own
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
    monkeypatch.setitem(connections["default"].settings_dict["OPTIONS"], "pool", None)

    page = client.get("/metrics")

    assert (page.status_code, page.content) == (503, b"PostgreSQL does not answer.\n")
