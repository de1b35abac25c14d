"""What a trainer can send: other points for the tests of a mark, and levels for free text."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upskill.catalogue.models import Check
from upskill.marking.models import CheckMark, Mark
from upskill.marking.points import TOP_LEVEL, in_figures
from upskill.marking.services import RubricMark
from upskill.web.govuk import HintedLabel
from upskill.web.reasons import reason_field


class OverrideForm(forms.Form):
    """Points for each test of a mark, and why. `mark` is what the trainer saw when the page was opened."""

    mark = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, mark: Mark, tested: list[CheckMark]) -> None:
        super().__init__(data, initial={"mark": mark.pk})
        self.slugs = {f"points-{check.slug}": check.slug for check in tested}
        for name, check in zip(self.slugs, tested, strict=True):
            self.fields[name] = points_field(check)
        self.fields["reason"] = reason_field(
            label=_("Why do you change this mark?"),
            help_text=_("The learner reads this. It is kept with both marks."),
            missing=_("Say why you change this mark. The learner reads it."),
            rows=4,
        )

    @property
    def points(self) -> dict[str, Decimal]:
        """Check -> points, of a form that is valid."""
        return {slug: self.cleaned_data[name] for name, slug in self.slugs.items()}


class RubricForm(forms.Form):
    """A level for each criterion, and a comment. `mark` is what the trainer saw when the page was opened."""

    label_size = "m"
    mark = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, mark: Mark, spec: Check, before: CheckMark) -> None:
        super().__init__(data, initial={"mark": mark.pk, "comment": before.message if before.rubric_levels else ""})
        self.check = spec.slug
        self.criteria = {f"level-{criterion['id']}": criterion["id"] for criterion in spec.rubric}
        for name, criterion in zip(self.criteria, spec.rubric, strict=True):
            self.fields[name] = level_field(criterion, before=before.rubric_levels.get(criterion["id"]))
        self.fields["comment"] = reason_field(
            label=_("Comment for the learner"),
            help_text=_("Say what is good, and one thing that would make it better."),
            missing=_("Write a comment. The learner reads it beside the points."),
            rows=5,
        )

    @property
    def rubric_mark(self) -> RubricMark:
        """The judgement of a form that is valid."""
        levels = {criterion: self.cleaned_data[name] for name, criterion in self.criteria.items()}
        return RubricMark(check=self.check, levels=levels, comment=self.cleaned_data["comment"])


def points_field(check: CheckMark) -> forms.DecimalField:
    """Points of one test, with what is wrong with them in words. Empty at first where the test is held for a person."""
    title, most = check.title, in_figures(check.max_points)
    out_of_range = _("Points for “%(title)s” must be from 0 to %(most)s.") % {"title": title, "most": most}
    not_a_number = _("Points for “%(title)s” must be a number, such as 2.5.") % {"title": title}
    return forms.DecimalField(
        label=title,
        help_text=_("From 0 to %(most)s.") % {"most": most},
        initial="" if check.points is None else in_figures(check.points),
        min_value=0,
        max_value=check.max_points,
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4", "autocomplete": "off"}),
        error_messages={
            "required": _("Enter the points for “%(title)s”.") % {"title": title},
            "invalid": not_a_number,
            "min_value": out_of_range,
            "max_value": out_of_range,
            "max_digits": out_of_range,
            "max_whole_digits": out_of_range,
            "max_decimal_places": _("Points for “%(title)s” may have at most 2 decimal places.") % {"title": title},
        },
    )


def level_field(criterion: dict[str, Any], *, before: int | None) -> forms.TypedChoiceField:
    """The level of one criterion of a rubric."""
    return forms.TypedChoiceField(
        label=criterion["title"],
        choices=[
            (level, HintedLabel(_("Level %(level)d of %(top)d") % {"level": level, "top": TOP_LEVEL}, hint=words))
            for level, words in enumerate(criterion["levels"])
        ],
        initial=before,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a level for “%(title)s”.") % {"title": criterion["title"]},
            "invalid_choice": gettext_lazy("Choose one of the levels."),
        },
    )
