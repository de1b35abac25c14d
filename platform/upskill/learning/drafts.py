"""What a learner writes in an exercise before they hand it in: theirs alone, and evidence of nothing.

Each save names the revision that it goes on from, so that of two open windows none overwrites what the other saved.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from upskill.catalogue.models import Item
from upskill.core.rules import NotNow
from upskill.people.models import User

from .models import Draft

NO_REVISION = 0  # of an exercise in which nothing was saved yet


class SavedElsewhere(NotNow):
    """Another window, or a program, has saved this exercise since."""


def draft_of(learner: User, *, item: Item) -> Draft | None:
    """What the learner saved last in this exercise. One query."""
    return Draft.objects.filter(learner=learner, item=item).first()


@transaction.atomic
def save(learner: User, *, item: Item, cells: dict[str, str | None], revision: int, now: dt.datetime) -> Draft:
    """The draft with these texts on top of what it held at `revision`; None takes a cell's text away. Safe to repeat.

    A cell that is not named stays as it is. Raises SavedElsewhere, and keeps what is there.
    """
    if revision == NO_REVISION:  # of two windows at once one makes the row
        first = Draft(learner=learner, item=item, cells=_without_none(cells), revision=1, saved_at=now)
        Draft.objects.bulk_create([first], ignore_conflicts=True)
    draft = Draft.objects.select_for_update(no_key=True).filter(learner=learner, item=item).first()
    if draft is None:
        raise _saved_elsewhere()
    texts = _without_none(draft.cells | cells)
    if (draft.revision, draft.cells) == (revision + 1, texts):
        return draft  # saved just now, or before, and the answer did not arrive
    if draft.revision != revision:
        raise _saved_elsewhere()
    draft.cells, draft.revision, draft.saved_at = texts, revision + 1, now
    draft.save(update_fields=["cells", "revision", "saved_at"])
    return draft


def _without_none(cells: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if text is not None}


def _saved_elsewhere() -> SavedElsewhere:
    return SavedElsewhere(
        _("This exercise was saved in another window since. Load what was saved there, then choose which text to keep.")
    )
