"""When something is due, and how somebody stands who finished it on some days. Days alone, no rows.

A repeated assignment is due on its first day and then every so many months, counted from the first: 31 January, the
last of February, 31 March. Each stretch of time from one due day to the next takes one finish. Who has missed a due
day owes one, however many they missed; whatever they finish next pays for that, and only then for the stretch they are
in. The first stretch begins as long before the first due day as the others last.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from upskill.skills.validity import months_after

BEGIN = dt.timedelta(days=30)  # that somebody has at least who was not asked when others were
AGAIN = dt.timedelta(days=60)  # before a due day that comes again; until then, who did the last one is done


class State(StrEnum):
    """How somebody stands with what they were asked to do."""

    OVERDUE = "overdue"
    DUE = "due"
    DONE = "done"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class Standing:
    """The due day that counts now, whether it was missed or is done already, and when they last finished for it or for
    the one before.
    """

    due_on: dt.date
    is_done: bool
    done_on: dt.date | None = None


def standing(first: dt.date, *, repeat_months: int | None, finished: Iterable[dt.date], on: dt.date) -> Standing:
    """How somebody stands on that day who finished on these days. `first`: the first due day."""
    days = sorted(day for day in finished if day <= on)
    if repeat_months is None:
        return Standing(first, is_done=bool(days), done_on=days[-1] if days else None)
    begins, due, number = months_after(first, months=-repeat_months), first, 0
    owed, done_on = None, None
    while True:
        done = [day for day in days if begins < day <= due]
        done_on = done[-1] if done else done_on
        if owed and done:
            owed, done = None, done[1:]
        if due >= on:  # the stretch that the day lies in
            return Standing(owed or due, is_done=bool(done) and not owed, done_on=done_on)
        owed = owed or (None if done else due)
        begins, number = due, number + 1
        due = months_after(first, months=number * repeat_months)


def asked_later(found: Standing, *, since: dt.date) -> Standing:
    """The same for somebody who is asked since a later day than others: they have time to begin."""
    return replace(found, due_on=max(found.due_on, since + BEGIN))


def state(found: Standing, *, on: dt.date, is_required: bool) -> State:
    """What is recommended is never overdue."""
    rests = found.done_on is not None and found.due_on - on > AGAIN
    if found.is_done or rests:
        return State.DONE
    return State.OVERDUE if is_required and on > found.due_on else State.DUE
