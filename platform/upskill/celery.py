"""Celery's app: carries "there is work" messages. The truth about work is in the database (marking.Job)."""

import logging
import os

from celery import Celery
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


def _wake_worker(task: str) -> None:
    try:
        app.send_task(task)
    except OperationalError:
        log.warning("The broker cannot be reached. %s runs when beat asks for it next.", task)
