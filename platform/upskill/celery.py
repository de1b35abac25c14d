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
    try:
        app.send_task("upskill.tasks.mark_next")
    except OperationalError:
        log.warning("The broker cannot be reached. Waiting jobs are announced again by the sweeper.")
