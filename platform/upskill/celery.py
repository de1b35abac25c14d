"""Celery's app: carries "there is work" messages. The truth about work is in the database (marking.Job)."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upskill.settings")

app = Celery("upskill")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["upskill"])


def announce() -> None:
    """Tell a worker that there is marking to do. A broker that is down does no harm: the sweeper asks again."""
    _wake_worker("upskill.tasks.mark_next")


def announce_sign_in() -> None:
    """Tell a worker that somebody waits for a sign-in link. With the broker down, beat asks again."""
    _wake_worker("upskill.tasks.send_sign_in_links")


def broker_answers() -> bool:
    """Whether the broker takes a new connection now. Waits about a second for each step of it."""
    quickly = {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 0}
    with app.connection_for_write(connect_timeout=1, transport_options=quickly) as connection:
        kinds: list[type[BaseException]] = [OSError, OperationalError]
        refusals = (*kinds, *connection.connection_errors, *connection.channel_errors)
        try:
            connection.connect()  # with Redis and Valkey, that is a PING as well
        except refusals:
            return False
    return True


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

    if slot.QUEUE in app.amqp.queues.consume_from:
        heartbeats.keep_beating(heartbeats.WORKER, condition=slot.condition)


def _wake_worker(task: str) -> None:
    try:
        app.send_task(task)
    except OperationalError:
        log.warning("The broker cannot be reached. %s runs when beat asks for it next.", task)
