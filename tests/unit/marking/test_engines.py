"""What is said of the engines: on, paused or silent, how answers are confined, and the limits that hold."""

import datetime as dt

import pytest
from django.utils import timezone

from grading.answers import MAX_BYTES
from grading.protocol import Limits
from upskill.core import heartbeats
from upskill.core.models import Heartbeat
from upskill.marking import engines

pytestmark = pytest.mark.django_db
FACTS = {
    "isolation": "namespace",
    "engine_version": "1.2.3",
    "python": "3.11.7",
    "libraries": {"pandas": "3.0.1", "nbgrader": "0.9.6"},
}


def test_no_sign_of_life_is_no_marking():
    state = engines.state()

    assert (state.workers, state.is_marking, state.isolation, state.is_confined) == ([], False, "", False)
    assert state.why_not == "No marking worker gives signs of life."


def test_worker_that_takes_work_says_how_answers_are_confined_and_by_what(django_assert_num_queries):
    heartbeats.beat("worker@a:1", program="worker", is_working=False, note="Paused")
    heartbeats.beat("worker@a:2", program="worker", is_working=True, facts=FACTS)
    heartbeats.beat("housekeeper@a:3", program="housekeeper", is_working=True)

    with django_assert_num_queries(1):
        state = engines.state()

    assert [worker.process for worker in state.workers] == ["worker@a:2", "worker@a:1"]
    assert (state.is_marking, state.isolation, state.is_confined) == (True, "namespace", True)
    assert state.why_not == ""
    assert state.versions == {"Marker": "1.2.3", "Python": "3.11.7", "nbgrader": "0.9.6", "pandas": "3.0.1"}


@pytest.mark.parametrize(
    ("isolation", "is_confined"),
    [("namespace", True), ("landlock", True), ("external", True), ("unsafe-dev", False), ("", False), ("none", False)],
)
def test_answers_are_confined_where_a_wall_was_proved(isolation, is_confined):
    heartbeats.beat("worker@a:1", program="worker", is_working=True, facts={"isolation": isolation})

    assert engines.state().is_confined is is_confined


def test_worker_that_is_paused_does_not_mark():
    heartbeats.beat("worker@a:1", program="worker", is_working=False, note="The engine does not start")

    state = engines.state()

    assert (state.is_marking, state.isolation, state.is_confined) == (False, "", False)
    assert state.why_not == "The engine does not start"


def test_worker_that_fell_silent_does_not_count():
    heartbeats.beat("worker@a:1", program="worker", is_working=True, facts=FACTS)
    Heartbeat.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=1))

    assert (engines.state().is_marking, engines.state().versions) == (False, {})


@pytest.mark.parametrize("facts", [{}, {"libraries": ["pandas"]}, {"isolation": None, "python": ""}])
def test_worker_that_says_little_is_believed_no_more_than_it_says(facts):
    heartbeats.beat("worker@a:1", program="worker", is_working=True, facts=facts)

    assert (engines.state().is_marking, engines.state().versions) == (True, {})


def test_limits_are_those_of_the_engine():
    assert engines.usual_limits() == Limits()
    assert engines.LARGEST_NOTEBOOK_MB * 1_000_000 == MAX_BYTES
