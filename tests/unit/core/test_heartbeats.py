"""Signs of life: one row per process, fresh for twenty seconds."""

import datetime as dt

import pytest
from django.utils import timezone

from upskill.core import heartbeats
from upskill.core.models import Heartbeat

pytestmark = pytest.mark.django_db


def age(process: str, *, seconds: int) -> None:
    Heartbeat.objects.filter(pk=process).update(seen_at=timezone.now() - dt.timedelta(seconds=seconds))


def test_newest_sign_of_life_replaces_the_one_before():
    heartbeats.beat("worker@a:1", program="worker", is_working=False, note="Marking is paused.")
    heartbeats.beat("worker@a:1", program="worker", is_working=True, facts={"isolation": "namespace"})

    assert list(Heartbeat.objects.values_list("process", "program", "is_working", "note", "facts")) == [
        ("worker@a:1", "worker", True, "", {"isolation": "namespace"})
    ]


def test_processes_that_take_work_come_first_and_silent_ones_are_not_alive():
    for process, working in [("a", False), ("b", True), ("silent", True)]:
        heartbeats.beat(process, program="worker", is_working=working)
    heartbeats.beat("c", program="housekeeper", is_working=True)
    age("silent", seconds=25)

    assert [row.process for row in heartbeats.alive("worker")] == ["b", "a"]


def test_rows_of_processes_that_ended_long_ago_are_forgotten():
    for process, hours in [("old", 25), ("new", 23)]:
        heartbeats.beat(process, program="worker", is_working=True)
        age(process, seconds=hours * 3600)

    assert heartbeats.forget_dead(now=timezone.now()) == 1
    assert list(Heartbeat.objects.values_list("process", flat=True)) == ["new"]
