"""What Celery runs: each task is one call. Messages carry no id, so losing or doubling one does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from upskill import pipeline
from upskill.celery import announce, is_stopping
from upskill.core import allowances, heartbeats, outbox
from upskill.marking.slot import MarkingPaused
from upskill.people import sessions, signin

log = logging.getLogger(__name__)


@shared_task(name="upskill.tasks.mark_next")
def mark_next() -> None:
    """Mark the job that is due next, and ask for the one after it. Safe to run at any time, any number of times."""
    try:
        if pipeline.mark_next(now=timezone.now, is_stopping=is_stopping):
            announce()
    except MarkingPaused as paused:
        log.warning("%s", paused)


@shared_task(name="upskill.tasks.sweep")
def sweep() -> None:
    """Queue again what was lost on the way. That it was done shows that beat, the broker and the housekeeper live."""
    pipeline.sweep(announce=announce)
    heartbeats.beat(heartbeats.this_process(heartbeats.HOUSEKEEPER), program=heartbeats.HOUSEKEEPER, is_working=True)


@shared_task(name="upskill.tasks.tidy")
def tidy() -> None:
    """Forget sessions, signs of life and allowances that have ended: nobody needs to know them any more."""
    sessions.forget_expired(now=timezone.now())
    heartbeats.forget_dead(now=timezone.now())
    allowances.forget_ended(now=timezone.now())


@shared_task(name="upskill.tasks.send_mail")
def send_mail() -> None:
    """Send the mail that waits."""
    outbox.send_due(now=timezone.now())


@shared_task(name="upskill.tasks.send_sign_in_links")
def send_sign_in_links() -> None:
    """Mail the sign-in links that were asked for."""
    signin.send_due(now=timezone.now())
