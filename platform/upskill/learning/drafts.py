"""What a learner writes in an exercise before they hand it in: theirs alone, and evidence of nothing.

Each save names the revision that it goes on from, so that of two open windows none overwrites what the other saved.
"""

import datetime as dt
import json
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from upskill.catalogue.models import Item
from upskill.core.rules import NotNow
from upskill.people.models import User

from .models import Draft

NO_REVISION = 0  # of an exercise in which nothing was saved yet
_SAVE = """
UPDATE learning_draft SET cells = (cells || %(texts)s) - %(gone)s::text[], revision = revision + 1, saved_at = %(now)s
WHERE learner_id = %(learner)s AND item_id = %(item)s AND revision = %(revision)s
RETURNING cells, revision
"""


class SavedElsewhere(NotNow):
    """Another window, or a program, has saved this exercise since."""


def draft_of(learner: User, *, item: Item) -> Draft | None:
    """What the learner saved last in this exercise. One query."""
    return Draft.objects.filter(learner=learner, item=item).first()


def save(learner: User, *, item: Item, cells: dict[str, str | None], revision: int, now: dt.datetime) -> Draft:
    """The draft with these texts on top of what it held at `revision`; None takes a cell's text away. Safe to repeat.

    A cell that is not named stays as it is. Raises SavedElsewhere, and keeps what is there. One query, but for the
    first save and for one that was made before.
    """
    texts = _without_none(cells)
    row: dict[str, Any] = {"texts": Jsonb(texts), "gone": list(cells.keys() - texts.keys()), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, {**row, "learner": learner.pk, "item": item.pk, "revision": revision})
        saved: tuple[str, int] | None = cursor.fetchone()
        if saved:
            held, number = saved
            return Draft(learner=learner, item=item, cells=json.loads(held), revision=number, saved_at=now)
    return _save_first_or_again(learner, item=item, cells=cells, revision=revision, now=now)


def _save_first_or_again(
    learner: User, *, item: Item, cells: dict[str, str | None], revision: int, now: dt.datetime
) -> Draft:
    if revision == NO_REVISION:  # of two windows at once one makes the row
        first = Draft(learner=learner, item=item, cells=_without_none(cells), revision=1, saved_at=now)
        Draft.objects.bulk_create([first], ignore_conflicts=True)
    draft = draft_of(learner, item=item)
    if draft and (draft.revision, draft.cells) == (revision + 1, _without_none(draft.cells | cells)):
        return draft  # saved just now, or before, and the answer did not arrive
    raise _saved_elsewhere()


def _without_none(cells: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if text is not None}


def _saved_elsewhere() -> SavedElsewhere:
    return SavedElsewhere(
        _("This exercise was saved in another window since. Load what was saved there, then choose which text to keep.")
    )
