"""A day as GOV.UK asks for one: day, month and year in three fields."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PARTS = ((_("Day"), 2), (_("Month"), 2), (_("Year"), 4))  # name, characters


class DayWidget(forms.MultiWidget):
    """Three fields under one question."""

    template_name = "django/forms/govuk_day.html"
    use_fieldset = True

    def __init__(self) -> None:
        look = [f"govuk-input govuk-date-input__input govuk-input--width-{size}" for _name, size in PARTS]
        super().__init__([forms.TextInput(attrs={"inputmode": "numeric", "class": each}) for each in look])

    def decompress(self, value: dt.date | None) -> list[int | None]:
        """The parts of a day that the form begins with."""
        return [value.day, value.month, value.year] if value else [None] * len(PARTS)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's, with the name of each part."""
        context = super().get_context(name, value, attrs)
        for part, (label, _size) in zip(context["widget"]["subwidgets"], PARTS, strict=True):
            part["label"] = label
        return context


class DayField(forms.Field):
    """A real day of the calendar."""

    widget = DayWidget
    default_error_messages = {"invalid": _("The day must be a real one, such as 27 3 2027.")}

    def clean(self, value: Any) -> dt.date:
        """The day. Raises ValidationError with one sentence, whatever is wrong with which part."""
        parts = [str(part or "").strip() for part in value or []]
        if not any(parts):
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            day, month, year = map(int, parts)
            return dt.date(year, month, day)
        except (ValueError, OverflowError) as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong
