"""What somebody has written in an exercise and not handed in."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from upskill.learning.drafts import NO_REVISION
from upskill.learning.models import Draft
from upskill.marking.answers import MAX_CELL_CHARACTERS, MAX_CELLS

from .fields import Moment


class Cells(serializers.DictField):
    """Texts by the ids of their cells. Too many are refused before any is looked at."""

    def to_internal_value(self, data: Any) -> Any:
        """The texts to keep."""
        if isinstance(data, dict) and len(data) > MAX_CELLS:
            raise serializers.ValidationError(_("Send at most %(most)d cells.") % {"most": MAX_CELLS})
        return super().to_internal_value(data)


class CellText(serializers.CharField):
    """The text of a cell as it was typed, without what no database takes: NUL and halves of characters."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, max_length=MAX_CELL_CHARACTERS, **more)

    def to_internal_value(self, data: Any) -> str:
        """The text to keep."""
        return str(super().to_internal_value(data)).replace("\0", "").encode("utf-8", "replace").decode()


class DraftInSerializer(serializers.Serializer):
    """What to save, and on top of what."""

    revision = serializers.IntegerField(
        min_value=NO_REVISION, max_value=2**31 - 2, help_text="The one that you loaded; 0 where nothing was saved."
    )
    cells = Cells(
        child=CellText(allow_null=True),
        help_text="Id of a cell -> its text; null takes it away. What you leave out stays as it is.",
    )


class DraftSerializer(serializers.Serializer):
    """What was saved last."""

    revision = serializers.IntegerField(min_value=NO_REVISION)
    saved_at = Moment(allow_null=True)
    cells = serializers.DictField(child=serializers.CharField(allow_blank=True))
    earlier_cells = serializers.DictField(
        child=serializers.CharField(allow_blank=True), help_text="Of cells that the exercise has no longer."
    )


def shown(draft: Draft | None, *, open_cells: frozenset[str]) -> dict[str, Any]:
    """A draft for its learner; None: nothing was saved."""
    if draft is None:
        return {"revision": NO_REVISION, "saved_at": None, "cells": {}, "earlier_cells": {}}
    return {
        "revision": draft.revision,
        "saved_at": draft.saved_at,
        "cells": {name: text for name, text in draft.cells.items() if name in open_cells},
        "earlier_cells": {name: text for name, text in draft.cells.items() if name not in open_cells},
    }
