"""Celery's app: carries "there is work" messages. The truth about work is in the database (marking.Job)."""

import logging
import os
from functools import cache
from multiprocessing.sharedctypes import RawValue
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init, worker_shutting_down
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upskill.settings")

MESSAGES_PER_SLOT = 2
MARKING = "marking"  # whoever takes this queue is a marking slot

_stopping = RawValue("b", 0)  # shared with the processes that the worker forks; no lock that one could die with

app = Celery("upskill")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["upskill"])


def announce() -> None:
    """Tell a worker that there is marking to do. A broker that is down does no harm: the sweeper asks again.

    Nothing is sent while two messages for each slot lie in the broker: a slot that has marked one job asks for the next
    itself, so that a flood of answers is none of messages.
    """
    from upskill.core import heartbeats  # models: not before Django is set up

    try:
        with app.producer_or_acquire() as producer:
            declared: Any = app.amqp.queues[MARKING].queue_declare(channel=producer.channel)
            if declared.message_count < MESSAGES_PER_SLOT * max(1, heartbeats.working(heartbeats.WORKER)):
                app.send_task("upskill.tasks.mark_next", producer=producer)
    except _refusals():
        log.warning("The broker cannot be reached. upskill.tasks.mark_next runs when beat asks for it next.")


def announce_sign_in() -> None:
    """Tell a worker that somebody waits for a sign-in link. With the broker down, beat asks again."""
    _wake_worker("upskill.tasks.send_sign_in_links")


def broker_answers() -> bool:
    """Whether the broker takes a new connection now. Waits about a second for each step of it."""
    quickly = {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 0}
    with app.connection_for_write(connect_timeout=1, transport_options=quickly) as connection:
        try:
            connection.connect()  # with Redis and Valkey, that is a PING as well
        except _refusals():
            return False
    return True


def is_stopping() -> bool:
    """Whether this worker was told to end: what takes long is handed back rather than finished."""
    return bool(_stopping.value)


@worker_shutting_down.connect
def _tell_the_processes(**_: Any) -> None:
    """In the worker's first process, on SIGTERM; its marking processes look at the same byte."""
    _stopping.value = 1


@worker_init.connect
def _log_with_the_request(**_: Any) -> None:
    """In a worker, every event carries the id of the request that caused its task."""
    from django_structlog.celery.steps import DjangoStructLogInitStep  # a web process needs none of this

    app.steps["worker"].add(DjangoStructLogInitStep)


@worker_process_init.connect
def _give_signs_of_life(**_: Any) -> None:
    """Each process that takes marking jobs says that it lives, and whether it marks."""
    from upskill.core import heartbeats  # models: not before Django is set up
    from upskill.marking import slot

    if MARKING in app.amqp.queues.consume_from:
        heartbeats.keep_beating(heartbeats.WORKER, condition=slot.condition)


@cache
def _refusals() -> tuple[type[BaseException], ...]:
    """What is raised where the broker cannot be reached, whichever it is."""
    connection = app.connection_for_write()
    kinds: list[type[BaseException]] = [OSError, OperationalError]
    return (*kinds, *connection.connection_errors, *connection.channel_errors)


def _wake_worker(task: str) -> None:
    try:
        app.send_task(task)
    except OperationalError:
        log.warning("The broker cannot be reached. %s runs when beat asks for it next.", task)
