"""Django forms drawn as GOV.UK components: `{{ form }}` is enough, no form library is needed.

Which template draws what: `django/forms/govuk_form.html` the fields, `django/forms/govuk_field.html` one field.
The error summary is `components/error_summary.html`, because it stands above the page's heading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input, Widget
from django.utils.safestring import SafeString

# The first line that fits a widget wins, so subclasses stand before what they inherit from.
CLASS_OF_WIDGET: tuple[tuple[type[Widget], str], ...] = (
    (forms.HiddenInput, ""),
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
)
SHOWS_ERROR = {"govuk-input", "govuk-textarea", "govuk-select", "govuk-file-upload"}


class HintedLabel(str):
    """The label of one radio or checkbox with a hint of its own. Use it as the label in `choices`."""

    hint: str

    def __new__(cls, label: str, hint: str = "") -> "HintedLabel":
        """A label that prints as `label` and carries `hint`."""
        new = super().__new__(cls, label)
        new.hint = hint
        return new


@dataclass(frozen=True)
class Option:
    """One radio or checkbox, ready for a template."""

    tag: SafeString
    id: str
    label: str
    hint: str
    hint_id: str


class GovukBoundField(BoundField):
    """A field that knows which GOV.UK component draws it."""

    @property
    def kind(self) -> str:
        """`radios`, `checkboxes`, `checkbox` (one box), `group` (several controls, one question) or `input`."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        return "group" if widget.use_fieldset else "input"

    @property
    def label_size(self) -> str:
        """Size of label or legend: `s` unless the form sets `label_size` (`l` where the question is the page)."""
        return getattr(self.form, "label_size", "s")

    @property
    def is_small(self) -> bool:
        """True for the small radios and checkboxes of a filter, beside the list that it narrows."""
        return getattr(self.form, "small_choices", False)

    @property
    def focus_id(self) -> str:
        """Id of the first control. The error summary links here: a group of radios has no control of its own id."""
        if self.kind in {"radios", "checkboxes", "group"}:
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def options(self) -> Iterator[Option]:
        """The radios or checkboxes of this field, each tied to its own hint."""
        for widget in self.subwidgets:
            yield _option(widget)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Django's attributes (it ties hint and error to the control) with the GOV.UK class and without `required`.

        The browser's own bubbles are not accessible to everybody, so the server checks and the page explains.
        """
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        asked = widget or self.field.widget
        base = next((name for kind, name in CLASS_OF_WIDGET if isinstance(asked, kind)), "")
        error = f"{base}--error" if self.errors and base in SHOWS_ERROR else ""
        classes = " ".join(filter(None, (base, error, asked.attrs.get("class", ""))))
        return {**built, "class": classes} if classes else built


class GovukRenderer(TemplatesSetting):
    """Named in settings.FORM_RENDERER: every form of the site is drawn by the templates named here."""

    form_template_name = "django/forms/govuk_form.html"
    field_template_name = "django/forms/govuk_field.html"
    bound_field_class = GovukBoundField


def _option(widget: BoundWidget) -> Option:
    """One choice of a group; its hint, if it has one, is read out after its label."""
    hint = getattr(widget.choice_label, "hint", "")
    hint_id = f"{widget.id_for_label}_hint"
    if hint:
        widget.data["attrs"]["aria-describedby"] = hint_id
    return Option(
        tag=widget.tag(), id=widget.id_for_label, label=widget.choice_label, hint=hint, hint_id=hint_id if hint else ""
    )
