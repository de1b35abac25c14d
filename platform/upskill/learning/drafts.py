"""What a learner writes in an exercise before they hand it in: theirs alone, and evidence of nothing.

Each save names the revision that it goes on from, so that of two open windows none overwrites what the other saved.
"""

import datetime as dt

from django.db import IntegrityError, transaction
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


def save(
    learner: User, *, item: Item, cells: dict[str, str], open_cells: frozenset[str], revision: int, now: dt.datetime
) -> Draft:
    """The draft with these texts, in place of what its cells held at `revision`. Safe to repeat.

    Of `open_cells`, which the exercise has now, all that were not sent are empty of the learner's text again. What was
    written in cells that it has no longer stays. Raises SavedElsewhere, and keeps what is there.
    """
    try:
        with transaction.atomic():
            found = Draft.objects.select_for_update(no_key=True).filter(learner=learner, item=item).first()
            if found is None:
                return _first(learner, item=item, cells=cells, revision=revision, now=now)
            texts = {name: text for name, text in found.cells.items() if name not in open_cells} | cells
            return _next(found, cells=texts, revision=revision, now=now)
    except IntegrityError as twice:  # the first save of another window, at this moment
        raise _saved_elsewhere() from twice


def _first(learner: User, *, item: Item, cells: dict[str, str], revision: int, now: dt.datetime) -> Draft:
    if revision != NO_REVISION:
        raise _saved_elsewhere()
    return Draft.objects.create(learner=learner, item=item, cells=cells, revision=1, saved_at=now)


def _next(draft: Draft, *, cells: dict[str, str], revision: int, now: dt.datetime) -> Draft:
    if (draft.revision, draft.cells) == (revision + 1, cells):
        return draft  # saved already, and the answer did not arrive
    if draft.revision != revision:
        raise _saved_elsewhere()
    draft.cells, draft.revision, draft.saved_at = cells, revision + 1, now
    draft.save(update_fields=["cells", "revision", "saved_at"])
    return draft


def _saved_elsewhere() -> SavedElsewhere:
    return SavedElsewhere(
        _("This exercise was saved in another window since. Load what was saved there, then choose which text to keep.")
    )
