"""Calls to the marking slots: two messages for each in the broker, however many answers are handed in."""

import logging

import pytest
from celery import Celery

from upskill import celery
from upskill.core import heartbeats

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queue():
    """The queue of the slots, empty before and after; with its name in this broker."""
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


def test_a_broker_that_is_down_is_a_line_in_the_log(monkeypatch, caplog):
    monkeypatch.delenv("CELERY_BROKER_URL")  # which goes before what Celery is told
    dead = Celery("upskill", broker="redis://127.0.0.1:1/0")
    dead.conf.task_routes = {"upskill.tasks.mark_next": {"queue": "marking"}}
    dead.conf.broker_transport_options = {"max_retries": 0}
    monkeypatch.setattr(celery, "app", dead)

    with caplog.at_level(logging.WARNING):
        celery.announce()

    assert [record.getMessage() for record in caplog.records] == [
        "The broker cannot be reached. upskill.tasks.mark_next runs when beat asks for it next."
    ]
