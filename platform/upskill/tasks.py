"""What Celery runs: each task is one call. Messages carry no id, so losing or doubling one does no harm."""

import logging
import time
from functools import partial

from celery import shared_task
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from upskill import digests, pipeline
from upskill.celery import announce, announce_import, is_stopping
from upskill.core import allowances, heartbeats, outbox
from upskill.marking.slot import MarkingPaused
from upskill.people import sessions, signin, weekly_mail
from upskill.people.imports import giving, running
from upskill.people.imports.files import BY_PAGE
from upskill.people.models import User
from upskill.planning import reminders
from upskill.reports import publication, published, saved_views
from upskill.reports.models import SavedView
from upskill.skills.role_codes import role_codes

log = logging.getLogger(__name__)
LONGEST_IMPORT_SECONDS = 30  # of one call: the nightly figures wait behind it
LONGEST_CALL_SECONDS = 60  # of one call: a broker would think that a worker which keeps it much longer has died


@shared_task(name="upskill.tasks.mark_next")
def mark_next() -> None:
    """Mark the jobs that are due, one after the other; after a minute ask to be called for the rest.

    Safe to run at any time, any number of times.
    """
    end = time.monotonic() + LONGEST_CALL_SECONDS
    try:
        while pipeline.mark_next(now=timezone.now, is_stopping=is_stopping):
            if is_stopping() or time.monotonic() > end:
                announce()
                break
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
    giving.withdraw_forgotten(now=timezone.now())


@shared_task(name="upskill.tasks.send_mail")
def send_mail() -> None:
    """Send the mail that waits."""
    outbox.send_due(now=timezone.now())


@shared_task(name="upskill.tasks.send_sign_in_links")
def send_sign_in_links() -> None:
    """Mail the sign-in links that were asked for."""
    signin.send_due(now=timezone.now())


@shared_task(name="upskill.tasks.import_people")
def import_people() -> None:
    """Go on with the oldest file of staff records, piece by piece; after half a minute ask to be called for the rest.

    Safe to run at any time, any number of times.
    """
    end = time.monotonic() + LONGEST_IMPORT_SECONDS
    while imported := running.next_given():
        if running.begin(imported, now=timezone.now()):
            running.advance(
                imported,
                source=partial(giving.content_of, imported),
                limits=BY_PAGE,
                codes=role_codes([imported.organisation] if imported.organisation else None),
                now=timezone.now(),
            )
        if is_stopping() or time.monotonic() > end:
            announce_import()
            break


@shared_task(name="upskill.tasks.write_digests")
def write_digests() -> None:
    """Write the weekly mail of those who asked for it and for whom there is news. Safe to run at any time, any number
    of times.
    """
    digests.write_due(now=timezone.now(), service=settings.SERVICE_ADDRESS, stop_link=_stop_link)


@shared_task(name="upskill.tasks.publish_figures")
def publish_figures() -> None:
    """Make the figures of today that wider views show, unless there are some. Safe to run at any time, any number of
    times. It takes minutes: the bookkeeper does it, so that mail and the sweeper need not wait.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    newest = published.newest()
    if newest is None or newest.on < today:
        publication.publish(today, now=now)


@shared_task(name="upskill.tasks.write_reminders")
def write_reminders() -> None:
    """Write the weekly digest of required learning that is due soon or overdue. Safe to run at any time, any number of
    times.
    """
    own, team = (f"{settings.SERVICE_ADDRESS}{reverse(page)}" for page in ("learner:asked", "planning:team"))
    reminders.put_down(now=timezone.now())
    reminders.write_due(now=timezone.now(), links=reminders.Links(own=own, team=team))


def _stop_link(person: User) -> str:
    """Where this person switches the weekly mail off. On one's own machine, without SERVICE_ADDRESS, its path alone."""
    path = reverse("account:stop_weekly_mail", args=[weekly_mail.token_of(person)])
    return f"{settings.SERVICE_ADDRESS}{path}"


@shared_task(name="upskill.tasks.write_saved_views")
def write_saved_views() -> None:
    """Write the mail about saved views whose day it is. Safe to run at any time, any number of times."""
    saved_views.write_due(now=timezone.now(), link=_view_link)


def _view_link(view: SavedView) -> str:
    """The address of a saved view, which leads its owner to the figures."""
    return f"{settings.SERVICE_ADDRESS}{reverse('manager:open_view', args=[view.public_id])}"
