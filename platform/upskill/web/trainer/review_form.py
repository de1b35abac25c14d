"""What a trainer sends about a doubted mark: it stays, or other points and levels; and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from upskill.catalogue.models import Check
from upskill.marking.models import CheckMark, Mark, ReviewDecision
from upskill.marking.reviews import Change
from upskill.web.govuk import HintedLabel
from upskill.web.reasons import reason_field

from .forms import level_field, points_field

UPHELD, CHANGED = ReviewDecision.Outcome.UPHELD.value, ReviewDecision.Outcome.CHANGED.value


@dataclass(frozen=True)
class Judged:
    """A free-text answer that has levels, and its rubric."""

    check: CheckMark
    spec: Check


class DecideForm(forms.Form):
    """The decision about a review. `mark` is the one in effect when the page was opened."""

    mark = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, mark: Mark, tested: list[CheckMark], judged: list[Judged]) -> None:
        super().__init__(data, initial={"mark": mark.pk})
        self.before: dict[str, Decimal | int | None] = {}
        self.tests = {f"points-{check.slug}": check.slug for check in tested}
        self.criteria = {
            _level_name(each, criterion["id"]): (each.check.slug, criterion["id"])
            for each in judged
            for criterion in each.spec.rubric
        }
        self.fields["outcome"] = _outcome_field(can_change=bool(self.tests or self.criteria))
        for name, check in zip(self.tests, tested, strict=True):
            self.fields[name] = points_field(check)
            self.before[name] = check.points
        for each in judged:
            self._add_levels(each)
        self.fields["reason"] = reason_field(
            label=_("Why do you decide so?"),
            help_text=_("The learner reads this, and so does whoever gave the mark."),
            missing=_("Say why you decide so. The learner reads it."),
        )

    def clean(self) -> dict[str, Any]:
        """Changed points beside "the mark stays" contradict each other: one sentence instead of a guess."""
        changed = [name for name, old in self.before.items() if self.cleaned_data.get(name, old) != old]
        if self.cleaned_data.get("outcome") == UPHELD and changed:
            self.add_error(
                "outcome", _("You have changed points or levels. Choose “Change the mark”, or put them back.")
            )
        return self.cleaned_data

    def changing(self) -> Iterator[BoundField]:
        """The fields that count only where the mark changes."""
        return (self[name] for name in [*self.tests, *self.criteria])

    @property
    def change(self) -> Change | None:
        """What a valid form changes; None where the mark stays."""
        if self.cleaned_data["outcome"] == UPHELD:
            return None
        levels: dict[str, dict[str, int]] = {}
        for name, (slug, criterion) in self.criteria.items():
            levels.setdefault(slug, {})[criterion] = self.cleaned_data[name]
        return Change(points={slug: self.cleaned_data[name] for name, slug in self.tests.items()}, levels=levels)

    def _add_levels(self, each: Judged) -> None:
        for criterion in each.spec.rubric:
            name, before = _level_name(each, criterion["id"]), each.check.rubric_levels.get(criterion["id"])
            self.fields[name] = level_field(criterion, before=before)
            self.before[name] = before


def _level_name(each: Judged, criterion: str) -> str:
    return f"level-{each.check.slug}-{criterion}"


def _outcome_field(*, can_change: bool) -> forms.ChoiceField:
    stays = (UPHELD, HintedLabel(_("The mark stays"), hint=_("You agree with it.")))
    changes = (CHANGED, HintedLabel(_("Change the mark"), hint=_("Give other points or levels below.")))
    return forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[stays, changes] if can_change else [stays],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the mark stays or changes.")},
    )
