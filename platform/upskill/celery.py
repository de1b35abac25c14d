"""Celery's app: carries "there is work" messages. The truth about work is in the database (marking.Job)."""

import logging
import os
import time
from functools import cache
from mmap import mmap
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init, worker_shutting_down
from django.db import Error
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upskill.settings")

MESSAGES_PER_SLOT = 2
AWAY_SECONDS = 5.0  # after a broker that did not answer: as long as the sweep leaves between two calls of its own
LONGEST_ANSWER_SECONDS = 15.0  # until a broker that hangs is known to hang, over all steps
NICE = 3  # a slot has half of what others get where both want a core; no more, as cells are limited by the clock
MARKING = "marking"  # whoever takes this queue is a marking slot

_away_until = 0.0  # by time.monotonic: nobody at a screen waits for the broker again before
_stopping = mmap(-1, 1)  # a byte that is shared with the processes that the worker forks, without any lock

app = Celery("upskill")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["upskill"])


def announce() -> bool:
    """Tell a worker that there is marking to do; whether a call was sent. A broker that is down does no harm: the
    sweeper asks again.

    Nothing is sent while two messages for each slot lie in the broker: a slot that has marked one job takes the next by
    itself, so that a flood of answers is none of messages. One query. Several callers at once may send one more each.
    """
    return _wake_worker("upskill.tasks.mark_next", queue=MARKING, most=MESSAGES_PER_SLOT * _slots())


def announce_sign_in() -> None:
    """Tell a worker that somebody waits for a sign-in link. With the broker down, beat asks again."""
    _wake_worker("upskill.tasks.send_sign_in_links")


def announce_import() -> None:
    """Tell a worker that there is a file of staff records to read. With the broker down, beat asks again."""
    _wake_worker("upskill.tasks.import_people")


def broker_answers() -> bool:
    """Whether the broker takes a new connection now. Waits about a second for each step of it."""
    quickly = {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 0}
    quickly |= {"connect_timeout": 1, "read_timeout": 1, "write_timeout": 1}  # RabbitMQ's names
    with app.connection_for_write(connect_timeout=1, transport_options=quickly) as connection:
        try:
            connection.connect()  # with Redis and Valkey, that is a PING as well
        except _refusals():
            return False
    return True


def is_stopping() -> bool:
    """Whether this worker was told to end: what takes long is handed back rather than finished."""
    return _stopping[0] == 1


@worker_shutting_down.connect
def _tell_the_processes(**_: Any) -> None:
    """In the worker's first process, on SIGTERM; its marking processes look at the same byte."""
    _stopping[0] = 1


@worker_init.connect
def _log_with_the_request(**_: Any) -> None:
    """In a worker, every event carries the id of the request that caused its task."""
    from django_structlog.celery.steps import DjangoStructLogInitStep  # a web process needs none of this

    app.steps["worker"].add(DjangoStructLogInitStep)


@worker_process_init.connect
def _let_others_go_first(**_: Any) -> None:
    """On a machine that they share, pages and the database come before marking processes and what these run.

    Stands before whatever starts a thread: each has its own priority from the one that started it.
    """
    if MARKING in app.amqp.queues.consume_from:
        os.nice(NICE)


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
    told = (*connection.connection_errors, *connection.channel_errors)
    return (*kinds, *(kind for kind in told if kind is not KeyError))  # kombu lists it for Redis: it may be our own bug


def _slots() -> int:
    """How many marking slots work, at least one. What the database cannot say now must not undo what was committed."""
    from upskill.core import heartbeats  # models: not before Django is set up

    try:
        return max(1, heartbeats.working(heartbeats.WORKER))
    except Error:
        return 1


def _lying(queue: str, producer: Any) -> int:
    """How many messages lie in the queue. A connection that has died meanwhile is made anew."""

    def asked() -> Any:
        return app.amqp.queues[queue].queue_declare(channel=producer.channel)

    declared = producer.connection.ensure(producer, asked, **app.conf.task_publish_retry_policy)()
    return int(declared.message_count)


def _wake_worker(task: str, *, queue: str = "", most: int = 0) -> bool:
    """Send the task, unless as many messages as `most` lie in the queue already or the broker did not answer lately."""
    global _away_until
    if time.monotonic() < _away_until:
        return False
    if _away_until:  # it was away: one of us asks again, the others need not wait for an answer that may not come
        _away_until = time.monotonic() + LONGEST_ANSWER_SECONDS
    try:
        sent = _send(task, queue=queue, most=most)
    except _refusals():
        _away_until = time.monotonic() + AWAY_SECONDS
        log.warning("The broker cannot be reached. %s runs when beat asks for it next.", task)
        return False
    _away_until = 0.0
    return sent


def _send(task: str, *, queue: str, most: int) -> bool:
    """Whether the task was sent. A connection on which an answer is missing is given up: the answer may come yet, and
    would be taken for that to the next question.
    """
    with app.producer_or_acquire() as producer:
        try:
            if queue and _lying(queue, producer) >= most:
                return False
            app.send_task(task, producer=producer)
        except _refusals():
            producer.connection.collect()
            raise
    return True
