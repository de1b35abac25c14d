"""A file of staff records is given to be checked, confirmed once it was, or withdrawn."""

import datetime as dt
import io

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.core.turns import wait_for_turn
from upskill.people.models import Organisation, PeopleImport, User

from . import staging
from .columns import FileRefused
from .files import BY_PAGE

State = PeopleImport.State
OPEN = (State.CHECKING, State.CHECKED, State.APPLYING)
WAITS_DAYS = 7  # a checked file that nobody confirms is withdrawn after so long


class ImportUnderWay(Exception):
    """Another file for the same organisation is not over yet."""


class NotChecked(Exception):
    """The import is not checked yet, or over."""


class BeingApplied(Exception):
    """The import is being carried out already, or over."""


@transaction.atomic
def give(
    content: bytes,
    *,
    filename: str,
    organisation: Organisation | None,
    has_leavers: bool,
    by: User,
    now: dt.datetime,
) -> PeopleImport:
    """A file to be checked, for an organisation and all below it, or for the whole service (None). With `has_leavers`,
    whoever is in staff records there and not in the file has left. Raises FileRefused, ImportUnderWay.
    """
    if len(content) > BY_PAGE.size:
        raise FileRefused(
            _("The file has more than %(most)d MB. Divide it, or ask the people who run this service.")
            % {"most": BY_PAGE.size // 2**20}
        )
    wait_for_turn("people imports")
    if PeopleImport.objects.filter(organisation=organisation, state__in=OPEN, given_by__isnull=False).exists():
        raise ImportUnderWay(_("Another file is not done yet. Confirm or withdraw it first."))
    imported = PeopleImport.objects.create(
        filename=_printable(filename), content=content, organisation=organisation, has_leavers=has_leavers,
        on=timezone.localdate(now), given_by=by, given_at=now,
    )  # fmt: skip
    audit.record("import.given", subject=imported, by=by, at=now)
    return imported


@transaction.atomic
def confirm(imported: PeopleImport, *, by: User | None, now: dt.datetime) -> None:
    """What was checked is carried out from now on. Raises NotChecked, also the second time."""
    held = PeopleImport.objects.select_for_update().defer("content").get(pk=imported.pk)
    if held.state != State.CHECKED:
        raise NotChecked(_("This file is not checked yet, or is done already. Nothing was changed."))
    held.state, held.step, held.position, held.rows_done = State.APPLYING, "judge", 0, 0
    held.save(update_fields=["state", "step", "position", "rows_done"])
    audit.record("import.confirmed", subject=held, by=by, at=now)


@transaction.atomic
def withdraw(imported: PeopleImport, *, by: User | None, now: dt.datetime) -> None:
    """Nothing of the file is carried out, and it is deleted. Raises BeingApplied."""
    held = PeopleImport.objects.select_for_update().defer("content").get(pk=imported.pk)
    if held.state not in (State.CHECKING, State.CHECKED):
        raise BeingApplied(_("This file is being carried out, or is done. Nothing was changed."))
    _withdraw(held, by=by, now=now)


@transaction.atomic
def withdraw_forgotten(*, now: dt.datetime) -> int:
    """Withdraw what was checked a week ago and nobody confirmed; returns how many. Safe to repeat."""
    old = PeopleImport.objects.filter(state=State.CHECKED, given_at__lt=now - dt.timedelta(days=WAITS_DAYS))
    found = list(old.select_for_update(skip_locked=True).defer("content"))
    for each in found:
        _withdraw(each, by=None, now=now)
    return len(found)


@transaction.atomic
def begin_command(
    filename: str,
    *,
    organisation: Organisation | None,
    has_leavers: bool,
    on: dt.date,
    now: dt.datetime,
) -> PeopleImport:
    """An import whose file the command itself reads. Earlier ones of the command that never ended are withdrawn: it
    runs once at a time.
    """
    wait_for_turn("people imports")
    for left in PeopleImport.objects.select_for_update().filter(state__in=OPEN, given_by=None):
        _withdraw(left, by=None, now=now)
    imported = PeopleImport.objects.create(
        filename=_printable(filename), organisation=organisation, has_leavers=has_leavers, on=on, given_at=now
    )
    audit.record("import.given", subject=imported, by=None, at=now)
    return imported


def content_of(imported: PeopleImport) -> io.BytesIO:
    """The file. Raises FileRefused where it is gone."""
    content = PeopleImport.objects.filter(pk=imported.pk).values_list("content", flat=True).get()
    if content is None:
        raise FileRefused(_("The file is gone. Give it again."))
    return io.BytesIO(content)


def _withdraw(held: PeopleImport, *, by: User | None, now: dt.datetime) -> None:
    staging.forget(held)
    held.state, held.content, held.summary, held.ended_at = State.WITHDRAWN, None, {}, now
    held.save(update_fields=["state", "content", "summary", "ended_at"])
    audit.record("import.withdrawn", subject=held, by=by, at=now)


def _printable(filename: str) -> str:
    """The name of the file as a page may show it."""
    name = "".join(letter for letter in filename.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    return name[-200:] or "staff"
