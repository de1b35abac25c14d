"""Signs of life: one row per process, fresh for twenty seconds."""

import datetime as dt
import os
import socket
import threading

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from tests.running import wait_until
from upskill import tasks
from upskill.core import heartbeats
from upskill.core.heartbeats import Condition
from upskill.core.models import Allowance, Heartbeat

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


def test_lives_of_a_program_are_its_processes_and_the_seconds_since_the_last_sign(django_assert_num_queries):
    for process, working in [("a", True), ("b", True), ("paused", False), ("silent", True)]:
        heartbeats.beat(process, program="worker", is_working=working)
    heartbeats.beat("c", program="housekeeper", is_working=True)
    age("silent", seconds=30)
    for process in ("a", "b", "paused"):
        age(process, seconds=10)
    age("c", seconds=60)

    with django_assert_num_queries(1):
        lives = heartbeats.lives()

    counts = {
        program: (life.working, life.paused, round(life.silent.total_seconds())) for program, life in lives.items()
    }
    assert counts == {"worker": (2, 1, 10), "housekeeper": (0, 0, 60)}


def test_name_of_a_process_says_program_machine_and_number():
    assert heartbeats.this_process("worker") == f"worker@{socket.gethostname()[:64]}:{os.getpid()}"


@pytest.mark.django_db(transaction=True)
def test_thread_gives_signs_of_life_until_it_is_told_to_stop(monkeypatch):
    monkeypatch.setattr(heartbeats, "EVERY_SECONDS", 0.05)
    states = [Condition(is_working=False, note="Marking is paused."), Condition(is_working=True, facts={"python": "3"})]

    stop = heartbeats.keep_beating("worker", condition=lambda: states.pop(0) if len(states) > 1 else states[0])
    (thread,) = [each for each in threading.enumerate() if each.name == "heartbeat"]
    working = wait_until(lambda: [row.facts for row in heartbeats.alive("worker")] == [{"python": "3"}], seconds=10)
    stop.set()
    thread.join(timeout=10)

    assert (working, thread.daemon, thread.is_alive()) == (True, True, False)
    assert Heartbeat.objects.get().process == heartbeats.this_process("worker")


@pytest.mark.django_db(transaction=True)
def test_thread_outlives_a_database_that_is_down(monkeypatch, caplog):
    monkeypatch.setattr(heartbeats, "EVERY_SECONDS", 0.05)
    there = connections.settings["default"]["HOST"]
    monkeypatch.setitem(connections.settings["default"], "HOST", "/nowhere")

    stop = heartbeats.keep_beating("worker", condition=lambda: Condition(is_working=True))
    complained = wait_until(lambda: "cannot give a sign of life: OperationalError" in caplog.text, seconds=10)
    monkeypatch.setitem(connections.settings["default"], "HOST", there)
    back = wait_until(lambda: bool(heartbeats.alive("worker")), seconds=10)
    stop.set()
    for thread in threading.enumerate():
        if thread.name == "heartbeat":
            thread.join(timeout=10)

    assert (complained, back) == (True, True)


def test_tests_and_web_start_no_thread():
    assert [thread.name for thread in threading.enumerate() if thread.name == "heartbeat"] == []


# --- the tasks that give and forget them -----------------------------------------------------------------------------


def test_sweep_is_the_sign_of_life_of_the_housekeeper():
    tasks.sweep()

    (row,) = heartbeats.alive("housekeeper")
    assert (row.process, row.is_working) == (heartbeats.this_process("housekeeper"), True)


def test_tidy_forgets_dead_processes_and_ended_allowances():
    heartbeats.beat("dead", program="worker", is_working=True)
    age("dead", seconds=25 * 3600)
    Allowance.objects.create(key="0" * 64, used=1, ends_at=timezone.now() - dt.timedelta(seconds=1))

    tasks.tidy()

    assert (Heartbeat.objects.count(), Allowance.objects.count()) == (0, 0)


def test_beat_asks_for_both():
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"upskill.tasks.sweep", "upskill.tasks.tidy"} <= asked
