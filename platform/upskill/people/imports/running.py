"""The steps of an import, in their order. Each piece of work is one transaction: one that is lost is done again.

Checking reads the file, judges the rows and compares them. Carrying out judges and compares anew, because things may
have changed meanwhile; then come people, posts, heads and leavers.
"""

import datetime as dt
import itertools
import logging
from collections.abc import Callable
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.people.models import ImportRow, PeopleImport

from . import applying, comparing, files, judging, staging
from .columns import Codes, FileRefused, Row, headings, row_of
from .files import Limits, Read

log = logging.getLogger(__name__)
State = PeopleImport.State
STEPS = {
    State.CHECKING: ("read", "judge", "compare"),
    State.APPLYING: ("judge", "compare", "people", "posts", "heads", "leavers"),
}
PIECE = 5_000  # rows of one transaction
SURVEYED = 50_000  # rows after which PostgreSQL counts its tables anew: it plans by what it saw last
MOST_TRIES = 3  # after somebody else did meanwhile what a row says, or of a piece that does not end
Source = Callable[[], BinaryIO]


@transaction.atomic
def advance(imported: PeopleImport, *, source: Source, limits: Limits, codes: Codes, now: dt.datetime) -> bool:
    """Do one piece of work; whether there is more to do. `imported` is as it is in the database afterwards.

    Somebody else who works at it meanwhile is waited for. Safe to repeat at any time.
    """
    held = PeopleImport.objects.select_for_update(of=("self",)).defer("content").get(pk=imported.pk)
    if held.state in STEPS:
        try:
            with transaction.atomic():
                _piece(held, source=source, limits=limits, codes=codes, now=now)
        except FileRefused as refusal:
            _end(held, state=State.REFUSED, summary={"refused": str(refusal)}, now=now)
        except IntegrityError:
            _begin_again(held, now=now)
        held.summary.pop("begun", None)
        ended = ["content", "ended_at"] if held.ended_at else []
        held.save(update_fields=["state", "step", "position", "rows", "rows_done", "summary", *ended])
    imported.refresh_from_db(fields=["state", "step", "position", "rows", "rows_done", "summary", "ended_at"])
    return held.state in STEPS


@transaction.atomic
def begin(imported: PeopleImport, *, now: dt.datetime) -> bool:
    """Count, before it is done, a try at the next piece; whether to do it. An import is given up once one piece has
    failed MOST_TRIES times, also by taking its process along: those of others would wait behind it for ever.
    """
    held = PeopleImport.objects.select_for_update(of=("self",)).defer("content").get(pk=imported.pk)
    if held.state not in STEPS:
        return False
    begun = held.summary.get("begun", 0)
    if begun < MOST_TRIES:
        held.summary = {**held.summary, "begun": begun + 1}
        held.save(update_fields=["summary"])
        return True
    _give_up(held, now=now)
    held.save(update_fields=["state", "summary", "content", "ended_at"])
    return False


def next_given() -> PeopleImport | None:
    """The oldest import from a page that has work to do, without its file. Those of the command it does itself."""
    waiting = PeopleImport.objects.filter(state__in=list(STEPS), given_by__isnull=False).defer("content")
    return waiting.order_by("given_at", "pk").first()


def _piece(held: PeopleImport, *, source: Source, limits: Limits, codes: Codes, now: dt.datetime) -> None:
    if held.step != "read" and not _is_staged(held):
        held.step, held.position, held.rows, held.rows_done = "read", 0, 0, 0  # the database lost it in a crash
    if held.step == "read":
        is_over = _read(held, source=source, limits=limits, codes=codes)
    else:
        is_over = _WORK[held.step](held, now)
    if is_over:
        _next_step(held, now=now)


def _is_staged(held: PeopleImport) -> bool:
    """Whether the rows are there. A crash takes all that there were, which may be a part while they are read."""
    staged = ImportRow.objects.filter(imported=held)
    return staged.count() == held.rows if held.step == "judge" else staged.exists()


def _next_step(held: PeopleImport, *, now: dt.datetime) -> None:
    steps = STEPS[State(held.state)]
    number = steps.index(held.step) + 1 if held.step in steps else 0  # "read" while applying: what a crash lost
    held.position = held.rows_done = 0
    if number < len(steps):
        held.step = steps[number]
    elif held.state == State.CHECKING:
        held.state, held.summary = State.CHECKED, _summary(held)
    else:
        said = {name: held.summary[name] for name in ("counts", "errors", "error_count")}
        _end(held, state=State.APPLIED, summary=said, now=now)


def _end(held: PeopleImport, *, state: PeopleImport.State, summary: dict[str, Any], now: dt.datetime) -> None:
    """It is over: the file and its rows are gone."""
    staging.forget(held)
    held.state, held.summary, held.content, held.ended_at = state, summary, None, now
    if state == State.APPLIED:
        audit.record("import.applied", subject=held, by=held.given_by, at=now, **summary.get("counts", {}))
    else:
        audit.record("import.refused", subject=held, by=held.given_by, at=now)


def _give_up(held: PeopleImport, *, now: dt.datetime) -> None:
    """What was carried out before stays: each piece is whole."""
    log.error("Import %s was given up at step %s: it does not end.", held.pk, held.step)
    if held.state == State.CHECKING:
        why = _("This file could not be checked. Nothing is changed. Save it as “CSV UTF-8” and give it again.")
    else:
        why = _("This file could not be carried out to its end. What was done stays. Give it again.")
    _end(held, state=State.REFUSED, summary={"refused": why, "given_up": True}, now=now)


def _begin_again(held: PeopleImport, *, now: dt.datetime) -> None:
    """Somebody did meanwhile what a row says, such as open an account with its address: judge anew. A fault that stays
    is no such chance.
    """
    tries = held.summary.get("tries", 0) + 1
    if tries > MOST_TRIES:
        _give_up(held, now=now)
        return
    held.summary = {**held.summary, "tries": tries}
    held.step, held.position, held.rows_done = "judge", 0, 0


def _read(held: PeopleImport, *, source: Source, limits: Limits, codes: Codes) -> bool:
    """Stage the next rows: PIECE of them, or all of a workbook, which cannot be read from its middle."""
    with source() as stream:
        most = limits.sheet_rows + 1 if files.is_workbook(stream) else PIECE
        number = held.summary["number"] if held.position else 0  # of the last row of the file that was read
        found = files.rows(stream, limits=limits, number=number, position=held.position)
        if held.position == 0:
            staging.forget(held)
            heading = next(found, None)
            columns = headings(heading.cells if heading else [])
            last = heading
        else:
            columns, last = held.summary["columns"], None
        reads = _Counted(itertools.islice(found, most), last=last)
        staged = staging.stage(held, rows=_rows(reads, columns=columns, codes=codes, on=held.on))
    held.rows = held.rows_done = held.rows + staged
    held.position = reads.last.end if reads.last else held.position
    held.summary = {**held.summary, "columns": columns, "number": reads.last.number if reads.last else number}
    if reads.count < most and not held.rows:
        raise FileRefused("The file has a heading and no row. Choose another one.")
    return reads.count < most


class _Counted:
    """Rows as they come, with their number and the last one."""

    def __init__(self, reads: Any, *, last: Read | None) -> None:
        self._reads, self.last, self.count = reads, last, 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> Read:
        read: Read = next(self._reads)
        self.last = read
        self.count += 1
        return read


def _rows(reads: _Counted, *, columns: list[str], codes: Codes, on: dt.date) -> Any:
    made: Any = (row_of(read.cells, columns=columns, number=read.number, codes=codes, on=on) for read in reads)
    return (row for row in made if isinstance(row, Row))


def _judge(held: PeopleImport, now: dt.datetime) -> bool:
    judging.judge(held.pk, scope=comparing.scope_of(held), on=held.on, by=held.given_by_id)
    return True


def _compare(held: PeopleImport, now: dt.datetime) -> bool:
    low, high = _stretch(held)
    comparing.compare(held.pk, on=held.on, low=low, high=high)
    is_over = _done(held, high=high)
    if is_over and held.state == State.APPLYING:
        held.summary = {**held.summary, **_summary(held)}
    return is_over


def _people(held: PeopleImport, now: dt.datetime) -> bool:
    low, high = _stretch(held)
    applying.apply_people(held, low=low, high=high, now=now)
    return _done(held, high=high)


def _posts(held: PeopleImport, now: dt.datetime) -> bool:
    low, high = _stretch(held)
    applying.apply_posts(held, low=low, high=high, survey=low % SURVEYED == 0, now=now)
    return _done(held, high=high)


def _heads(held: PeopleImport, now: dt.datetime) -> bool:
    applying.apply_heads(held, now=now)
    return True


def _leavers(held: PeopleImport, now: dt.datetime) -> bool:
    ended = applying.apply_leavers(held, scope=comparing.scope_of(held), most=PIECE, now=now)
    held.rows_done += ended
    return ended < PIECE


_WORK: dict[str, Callable[[PeopleImport, dt.datetime], bool]] = {
    "judge": _judge,
    "compare": _compare,
    "people": _people,
    "posts": _posts,
    "heads": _heads,
    "leavers": _leavers,
}


def _summary(held: PeopleImport) -> dict[str, Any]:
    return comparing.summary(held, scope=comparing.scope_of(held))


def _stretch(held: PeopleImport) -> tuple[int, int]:
    return held.position, held.position + PIECE


def _done(held: PeopleImport, *, high: int) -> bool:
    held.position = high
    held.rows_done = min(held.rows, high)
    return not ImportRow.objects.filter(imported=held, number__gt=high).exists()
