"""The state of the service: for operators alone, and without anybody's name or work."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.marking import JobFactory, MarkFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.web.learner.pages import listed, main, words
from tests.web.tables import rows
from upskill.core import heartbeats
from upskill.core.models import Heartbeat
from upskill.marking.models import Job
from upskill.people import feedback

pytestmark = pytest.mark.django_db
PAGE = "/operator/"


def stopped(**fields) -> Job:
    return JobFactory(**{"state": Job.State.FAILED_OURS, "ended_at": NOON, "reason": "The engine broke", **fields})


def manager():
    return MembershipFactory(line_manager=PersonFactory()).line_manager


@pytest.mark.parametrize(
    "person",
    [PersonFactory, lambda: trainer_of("ethics"), lambda: viewer_of(OrganisationFactory()), manager],
    ids=["learner", "trainer", "viewer", "manager"],
)
def test_page_is_refused_to_everybody_else(signed_in, person):
    stopped(reason="Marker")

    page = signed_in(person()).get(PAGE)

    assert (page.status_code, "Marker" in page.content.decode()) == (403, False)
    assert "This page is for the people who run this service." in words(main(page))
    assert "If you think you should have access, ask the people who run this service in your department." in words(
        main(page)
    )


def test_visitor_signs_in_first(client):
    assert client.get(PAGE).url == "/sign-in/?next=/operator/"


def test_quiet_service_says_so_in_words(signed_in):
    page = signed_in(operator()).get(PAGE)

    said = words(main(page))
    assert (
        "Marking No sign of life Mail and sweeper No sign of life Answers waiting 0 Stopped by a fault of ours 0"
        in said
    )
    assert "No worker and no housekeeper has given a sign of life in the last 20 seconds." in said
    assert "Nothing waits, nothing is being marked" in said
    assert "Nobody has sent feedback yet." in said


def test_page_says_what_to_do_while_no_worker_lives(signed_in):
    heartbeats.beat("housekeeper@a:3", program="housekeeper", is_working=True)

    page = signed_in(operator()).get(PAGE)

    assert "Marking No sign of life Mail and sweeper On" in words(main(page))
    assert listed(page, css="govuk-inset-text") == [
        "No marking worker gives signs of life. Start the worker; its log says why it stopped. "
        "Answers wait and none is lost."
    ]


def test_page_says_why_marking_is_paused(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=False, note="Marking is paused: no slot. It waits.")

    page = signed_in(operator()).get(PAGE)

    assert "Marking Paused Mail and sweeper No sign of life" in words(main(page))
    assert listed(page, css="govuk-inset-text") == ["Marking is paused: no slot. It waits."]


def test_page_gives_no_reason_while_marking_is_on(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    heartbeats.beat("worker@a:2", program="worker", is_working=False, note="Marking is paused: no slot.")

    assert listed(signed_in(operator()).get(PAGE), css="govuk-inset-text") == []


def test_processes_are_listed_with_isolation_and_the_reason_of_a_pause(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=True, facts={"isolation": "landlock"})
    heartbeats.beat("worker@a:2", program="worker", is_working=False, note="Marking is paused: no slot.")
    heartbeats.beat("housekeeper@a:3", program="housekeeper", is_working=True)
    heartbeats.beat("worker@a:9", program="worker", is_working=True)
    Heartbeat.objects.filter(pk="worker@a:9").update(seen_at=timezone.now() - dt.timedelta(minutes=1))

    found = rows(signed_in(operator()).get(PAGE))

    assert [line[:3] for line in found] == [
        ["Process", "State", "Isolation"],
        ["worker@a:1", "Takes work", "landlock"],
        ["worker@a:2", "Paused Marking is paused: no slot.", "–"],
        ["housekeeper@a:3", "Takes work", "–"],
    ]


def test_queue_is_shown_by_state_with_what_waits_longest(signed_in):
    JobFactory()
    JobFactory(lane=Job.Lane.REGRADE)
    JobFactory(lane=Job.Lane.DEADLINE)
    job = stopped(submission__exercise__item_version__title="Audit")

    page = signed_in(operator()).get(PAGE)

    assert rows(page)[1:] == [
        ["Waiting", "People at a screen", "1", "23 November 2026 at midday"],
        ["Waiting", "People at a screen, very many of one department", "1", "23 November 2026 at midday"],
        ["Waiting", "Nobody at a screen", "1", "23 November 2026 at midday"],
        ["Stopped by a fault of ours", "People at a screen", "1", "23 November 2026 at midday"],
    ]
    assert rows(page, table=1)[1:] == [[str(job.pk), "Audit", "23 November 2026 at midday", "The engine broke"]]
    assert "python manage.py release_jobs" in words(main(page))
    assert "Answers waiting 3 Stopped by a fault of ours 1" in words(main(page))


def test_feedback_is_shown_without_who_sent_it(signed_in):
    alice = PersonFactory(full_name="Alice Marker", email="marker@example.gov.uk")
    feedback.send("It is <b>slow</b>.", page="/skills/", by=alice, now=NOON)

    page = signed_in(operator()).get(PAGE)

    assert listed(page, css="app-entry__what") == ["It is <b>slow</b>."]
    assert "23 November 2026 at midday, about /skills/" in listed(page, css="app-meta")
    assert "marker" not in page.content.decode().lower()


def test_no_learners_name_and_no_work_is_on_the_page(signed_in):
    alice = PersonFactory(full_name="Alice Marker")
    stopped(submission__learner=alice)
    JobFactory(submission__learner=alice)
    MarkFactory(submission__learner=alice, checks__answer="Marker wrote this")

    assert "Marker" not in signed_in(operator()).get(PAGE).content.decode()


def load(count: int) -> None:
    for number in range(count):
        heartbeats.beat(f"worker@a:{number}", program="worker", is_working=True)
        stopped()
        JobFactory()
        feedback.send("Hello", page="", by=None, now=NOON)


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_with_one_row_of_each_and_with_three(signed_in, django_assert_num_queries, count):
    load(count)
    client = signed_in(operator())

    with django_assert_num_queries(9):
        client.get(PAGE)
