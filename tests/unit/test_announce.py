"""Calls to the marking slots: two messages for each in the broker, however many answers are handed in."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from celery import Celery
from django.conf import settings

from tests.factories import exercises
from tests.factories.marking import SkillFactory
from tests.factories.people import NOON, PersonFactory
from upskill import celery, pipeline, tasks
from upskill.core import heartbeats
from upskill.marking import slot
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    """The queue of the slots, empty before and after, with its name in this broker, which answered lately."""
    monkeypatch.setattr(celery, "_away_until", 0.0)
    with celery.app.connection_for_write() as connection:
        bound = celery.app.amqp.queues[celery.MARKING](connection.default_channel)
        bound.declare()
        bound.purge()
        yield bound
        bound.purge()


def lying(queue) -> int:
    return queue.queue_declare().message_count


@pytest.mark.parametrize(("slots", "messages"), [(0, 2), (1, 2), (3, 6)])
def test_a_flood_of_answers_is_none_of_messages(queue, slots, messages):
    for number in range(slots):
        heartbeats.beat(f"worker@a:{number}", program=heartbeats.WORKER, is_working=True)
    heartbeats.beat("worker@a:paused", program=heartbeats.WORKER, is_working=False)

    for _ in range(20):
        celery.announce()

    assert lying(queue) == messages


@pytest.fixture
def waiting() -> Iterator[list[Job]]:
    """Two jobs that the engine can mark, for which nobody has been called."""
    SkillFactory()
    submit = partial(
        pipeline.submit,
        exercises.real_exercise(),
        content=exercises.answer(),
        idempotency_key="key",
        now=NOON,
        announce=lambda: None,
    )
    sent = [submit(by=PersonFactory()) for _ in range(2)]
    yield [each.jobs.get() for each in sent]
    slot.close()


def states() -> list[str]:
    return sorted(Job.objects.values_list("state", flat=True))


def test_one_call_marks_all_that_is_due_and_asks_for_no_other(queue, waiting):
    tasks.mark_next()

    assert (states(), lying(queue)) == (["done", "done"], 0)


def test_a_call_that_took_long_asks_for_another(queue, waiting, monkeypatch):
    monkeypatch.setattr(tasks, "LONGEST_CALL_SECONDS", -1)

    tasks.mark_next()

    assert (states(), lying(queue)) == (["done", "queued"], 1)


def test_a_call_in_a_worker_that_is_to_end_asks_for_another(queue, waiting, monkeypatch):
    monkeypatch.setattr(celery, "_stopping", b"\x01")

    tasks.mark_next()

    assert (states(), lying(queue)) == (["done", "queued"], 1)


@pytest.fixture
def refused(monkeypatch, caplog):
    """A function: what is logged when a worker is to be woken twice through the broker at this port."""

    def announce_twice(port: int) -> list[str]:
        monkeypatch.delenv("CELERY_BROKER_URL")  # which goes before what Celery is told
        dead = Celery("upskill", broker=f"redis://127.0.0.1:{port}/0")
        dead.conf.task_routes = settings.CELERY_TASK_ROUTES
        dead.conf.broker_transport_options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "max_retries": 0}
        monkeypatch.setattr(celery, "app", dead)
        with caplog.at_level(logging.WARNING):
            celery.announce()
            celery.announce()
        return [record.getMessage() for record in caplog.records]

    return announce_twice


def test_a_broker_that_is_down_is_one_line_in_the_log_and_not_asked_again_at_once(refused):
    assert refused(1) == ["The broker cannot be reached. upskill.tasks.mark_next runs when beat asks for it next."]


def test_nobody_waits_twice_for_a_broker_that_takes_calls_and_never_answers(refused):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        said = refused(listener.getsockname()[1])

    assert said == ["The broker cannot be reached. upskill.tasks.mark_next runs when beat asks for it next."]


def test_while_one_asks_a_broker_that_was_away_nobody_else_waits_for_it(refused, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setattr(celery, "_away_until", time.monotonic() - 1)
        asking = threading.Thread(target=refused, args=[port])
        asking.start()
        listener.accept()
        held = celery._away_until > time.monotonic()
        asking.join()

    assert held


def test_a_broker_that_answers_again_is_asked_each_time(queue, monkeypatch):
    monkeypatch.setattr(celery, "_away_until", time.monotonic() - 1)

    assert [celery._wake_worker("upskill.tasks.mark_next", queue=celery.MARKING, most=2) for _ in range(3)] == [
        True, True, False
    ]  # fmt: skip
    assert celery._away_until == 0
