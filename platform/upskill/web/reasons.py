"""The field in which somebody says why, read by whoever it concerns."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from upskill.marking.reasons import MOST_CHARACTERS


def reason_field(*, label: str, help_text: str, missing: str, rows: int = 6) -> forms.CharField:
    """A text of up to 4,000 characters. A longer one comes back whole with a sentence: a browser would cut it off."""
    too_long = _("Write 4,000 characters or fewer.")
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[MaxLengthValidator(MOST_CHARACTERS, message=too_long)],
        error_messages={"required": missing},
    )
