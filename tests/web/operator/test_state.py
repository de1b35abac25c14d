"""The state of the service: for operators alone, and without anybody's name or work."""

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone

from grading.runner.orders import Recycled
from tests.factories.catalogue import CERTIFICATE, ExerciseFactory
from tests.factories.marking import (
    DoneJobFactory,
    JobFactory,
    MarkFactory,
    RegradeFactory,
    RegradeJobFactory,
    RegradeResultFactory,
)
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
from upskill.core import heartbeats, outbox
from upskill.core.models import Heartbeat, OutboxMail
from upskill.marking.engines import NO_WORKER
from upskill.marking.models import Job
from upskill.people import feedback
from upskill.people.models import SignInLink
from upskill.web.operator.state import RECYCLED

pytestmark = pytest.mark.django_db
PAGE = "/operator/"
START_IT = "Start the worker; its log says why it stopped. Answers wait and none is lost."
NOT_SWEEPING = (
    "The housekeeper does not sweep: it, beat or the broker is down. Start whichever is down; mail and sign-in links "
    "wait meanwhile."
)


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
    assert listed(page, css="govuk-inset-text") == [f"{NO_WORKER} {START_IT}", NOT_SWEEPING]
    assert [line[1:] for line in rows(page)[1:]] == [["0", "–", "0", "0", "–", "–"]] * 4
    assert "Nobody has sent feedback yet." in said


def test_page_says_what_to_do_while_no_worker_lives(signed_in):
    heartbeats.beat("housekeeper@a:3", program="housekeeper", is_working=True)

    page = signed_in(operator()).get(PAGE)

    assert "Marking No sign of life Mail and sweeper On" in words(main(page))
    assert listed(page, css="govuk-inset-text") == [f"{NO_WORKER} {START_IT}"]


def test_page_says_why_marking_is_paused(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=False, note="Marking is paused: no slot. It waits.")

    page = signed_in(operator()).get(PAGE)

    assert "Marking Paused Mail and sweeper No sign of life" in words(main(page))
    assert listed(page, css="govuk-inset-text") == ["Marking is paused: no slot. It waits.", NOT_SWEEPING]


def test_page_gives_no_reason_while_all_is_on(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    heartbeats.beat("worker@a:2", program="worker", is_working=False, note="Marking is paused: no slot.")
    heartbeats.beat("housekeeper@a:3", program="housekeeper", is_working=True)

    assert listed(signed_in(operator()).get(PAGE), css="govuk-inset-text") == []


def test_slots_are_listed_with_their_engine_and_the_reason_of_a_pause(signed_in):
    facts = {"isolation": "landlock", "engine_version": "0.9", "recycled": {"jobs": 2, "doubt": 0, "fault": 1}}
    heartbeats.beat("worker@a:1", program="worker", is_working=True, facts=facts)
    heartbeats.beat("worker@a:2", program="worker", is_working=False, note="Marking is paused: no slot.")
    heartbeats.beat("housekeeper@a:3", program="housekeeper", is_working=True)
    heartbeats.beat("worker@a:9", program="worker", is_working=True)
    Heartbeat.objects.filter(pk="worker@a:9").update(seen_at=timezone.now() - dt.timedelta(minutes=1))

    found = rows(signed_in(operator()).get(PAGE), table=1)

    assert [line[:5] for line in found] == [
        ["Slot", "State", "Isolation", "Engine", "Engine replaced"],
        ["worker@a:1", "Takes work", "landlock", "0.9", "routine: 2, fault: 1"],
        ["worker@a:2", "Paused Marking is paused: no slot.", "–", "–", "–"],
    ]


def test_every_cause_of_a_replaced_engine_has_words():
    assert set(RECYCLED) == set(Recycled)


def ago(seconds: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(seconds=seconds)


def running(**fields) -> Job:
    held = {"token": uuid.uuid4(), "lease_until": NOON, "started_at": NOON}
    return JobFactory(state=Job.State.RUNNING, **held, **fields)


def test_each_lane_says_what_waits_how_long_and_how_long_its_answers_took(signed_in):
    for seconds in (20, 41):
        JobFactory(queued_at=ago(seconds))
    JobFactory(lane=Job.Lane.REGRADE, queued_at=ago(7200))
    running()
    for waited in (2, 4):
        DoneJobFactory(queued_at=ago(waited + 60), started_at=ago(61), ended_at=ago(60))

    page = signed_in(operator()).get(PAGE)

    heading, *lines = rows(page)
    assert heading == [
        "Who waits", "Waiting", "The oldest for", "Being marked", "Done in the last hour", "Half of them within",
        "95% within",
    ]  # fmt: skip
    assert re.fullmatch(r"4\d seconds", lines[0].pop(2))
    assert lines == [
        ["People at a screen", "2", "1", "2", "3.0 seconds", "3.9 seconds"],
        ["Very many of one department, or released", "0", "–", "0", "0", "–", "–"],
        ["Marks made again to compare", "0", "–", "0", "0", "–", "–"],
        ["Nobody at a screen", "1", "2 hours", "0", "0", "–", "–"],
    ]
    assert "Answers waiting 3 Stopped by a fault of ours 0" in words(main(page))


def test_only_people_who_wait_longer_than_a_minute_are_late(signed_in):
    JobFactory(queued_at=ago(45))
    JobFactory(queued_at=ago(3600), lane=Job.Lane.DEADLINE)
    JobFactory(queued_at=ago(7200), lane=Job.Lane.REGRADE)

    assert listed(signed_in(operator()).get(PAGE), css="govuk-tag--red") == ["1 hour"]


def test_what_a_fault_stopped_stands_by_cause_with_what_an_operator_needs(signed_in):
    job = stopped(
        submission__exercise__item_version__title="Audit", tries=5, request_id="87ba", started_at=NOON,
        reason="The engine broke\nMarker",
    )  # fmt: skip
    other = stopped(submission__exercise__item_version__title="Rates", tries=1)
    third = stopped(
        submission__exercise__item_version__title="Why", tries=5, ended_at=NOON - dt.timedelta(hours=1), reason=""
    )

    page = signed_in(operator()).get(PAGE)

    assert listed(page, css="govuk-summary-card__title") == [
        "The engine broke",
        "Nothing was said about the cause.",
    ]
    when, again = "23 Nov 12:00:00", "Mark it again (job {})".format
    assert listed(page, css="app-entry") == [
        f"Job {other.pk}: Rates Handed in {when}, stopped {when} after 1 try {again(other.pk)}",
        f"Job {job.pk}: Audit Handed in {when}, last tried {when}, stopped {when} after 5 tries "
        f"Request id 87ba {again(job.pk)}",
        f"Job {third.pk}: Why Handed in {when}, stopped 23 Nov 11:00:00 after 5 tries {again(third.pk)}",
    ]
    assert [label for label in listed(page, css="app-button--small") if "it again" not in label] == [
        "Mark all 2 again",
        "Mark them by the newest tests",
        "Give them up",
        "Mark them by the newest tests",
        "Give them up",
    ]
    assert "Stopped by a fault of ours 3" in words(main(page))
    assert "Marker" not in page.content.decode()


def test_of_many_that_one_cause_stopped_the_newest_are_shown(signed_in):
    for _ in range(7):
        stopped()

    page = signed_in(operator()).get(PAGE)

    buttons = ["Mark all 7 again", "Mark them by the newest tests", "Give them up"]
    assert (len(listed(page, css="app-entry")), listed(page, css="app-button--small")[-3:]) == (5, buttons)
    assert "These are the newest 5." in words(main(page))


def test_mail_that_waits_and_that_was_given_up_is_counted(signed_in):
    outbox.add(to=PersonFactory(), subject="Marker", body="Marker", at=NOON)
    for _ in range(2):
        OutboxMail.objects.create(to=PersonFactory(), subject="A", body="B", created_at=NOON, tries=outbox.MAX_TRIES)
    for tries in (0, 5, 5, 5):
        SignInLink.objects.create(
            person=PersonFactory(), requested_at=ago(7), expires_at=ago(-900), link_prefix="http://x/", tries=tries
        )

    page = signed_in(operator()).get(PAGE)

    said = words(main(page))
    assert "Sign-in links waiting 1 Sign-in links given up 3 Other mail waiting 1 Other mail given up 2" in said
    assert "Marker" not in page.content.decode()


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
        RegradeJobFactory()
        feedback.send("Hello", page="", by=None, now=NOON)
        ExerciseFactory(clearance=False)


def test_regrades_are_shown_with_how_far_they_are(signed_in):
    regrade = RegradeFactory(newest__item_version__title="Audit a model", is_dry_run=True)
    RegradeJobFactory(regrade=regrade)
    RegradeResultFactory(regrade=regrade, points=2)
    paused = RegradeFactory(newest__item_version__title="Count loans", paused_at=NOON)
    RegradeJobFactory(regrade=paused, state="paused")
    failed = RegradeFactory(newest__item_version__title="Draw a line")
    RegradeJobFactory(regrade=failed, state="failed_ours", ended_at=NOON, reason="The engine was lost.")

    page = signed_in(operator()).get(PAGE)

    assert rows(page, table=1) == [
        ["Exercise", "State", "Done", "Changed", "Failed", "Begun"],
        ["Audit a model (dry run)", "Going on", "1 of 2", "1", "0", "23 November 2026 at midday"],
        ["Count loans", "Paused", "0 of 1", "0", "0", "23 November 2026 at midday"],
        ["Draw a line", "Waits for you", "0 of 1", "0", "1", "23 November 2026 at midday"],
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_with_one_row_of_each_and_with_three(signed_in, django_assert_num_queries, count):
    load(count)
    client = signed_in(operator())

    with django_assert_num_queries(13):
        client.get(PAGE)


def test_exercises_to_have_checked_are_named_with_the_reason(signed_in):
    facts = {"engine_version": "0.1.0", "libraries": {"numpy": "2.5.0"}}
    heartbeats.beat("worker@a:1", program="worker", is_working=True, facts=facts)
    titled = {"item_version__module__course_version__title": "Tea"}
    ExerciseFactory(item_version__title="Pour", clearance=False, **titled)
    ExerciseFactory(item_version__title="Brew", **titled)  # with numpy 2.4.3
    ExerciseFactory(item_version__title="Sip", clearance={**CERTIFICATE, "libraries": {"numpy": "2.5.0"}}, **titled)

    page = signed_in(operator()).get(PAGE)

    entries = listed(page, css="app-entry")
    assert [entry.split(".")[0] for entry in entries] == [
        "Tea: Pour Not checked Learners can work on it, and not hand it in",
        "Tea: Brew Catches 1 known mistake, 4 tricks held",
    ]
    assert "Another version marks now numpy 2.4.3 then, 2.5.0 now. Marks count as before." in entries[1]


def test_of_very_many_exercises_to_have_checked_the_first_ten_are_named(signed_in):
    for _ in range(12):
        ExerciseFactory(clearance=False)

    page = signed_in(operator()).get(PAGE)

    assert len(listed(page, css="app-entry")) == 10
    assert "And 2 more." in words(main(page))
