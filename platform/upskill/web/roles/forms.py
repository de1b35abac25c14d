"""What an administrator writes: a role, a level of it, and what that level asks for."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upskill.skills.models import Level, Skill
from upskill.web.templatetags.words import level as level_name

LONGEST_NAME, LONGEST_TEXT = 120, 1_000


def _name(label: Any, *, missing: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": missing,
            "max_length": gettext_lazy("The name must be 120 characters or fewer."),
        },
    )


def _text(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": gettext_lazy("The description must be 1,000 characters or fewer.")},
    )


class RoleForm(forms.Form):
    """A new role."""

    name = _name(gettext_lazy("Name of the role"), missing=gettext_lazy("Enter the name of the role."))
    family = forms.CharField(
        label=gettext_lazy("Family (optional)"),
        help_text=gettext_lazy("What stands together in lists, such as Operational delivery."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": gettext_lazy("The family must be 120 characters or fewer.")},
    )
    description = _text(gettext_lazy("What people in this role do (optional)"))


class LevelForm(forms.Form):
    """A new level, above those that there are."""

    name = _name(gettext_lazy("Name of the level"), missing=gettext_lazy("Enter the name of the level."))
    description = _text(gettext_lazy("What people at this level do (optional)"))


class RequirementsForm(forms.Form):
    """A level for each skill that is listed, and perhaps another skill."""

    def __init__(self, data: Any = None, *, skills: Iterable[Skill], asked: Mapping[str, int]) -> None:
        super().__init__(data)
        self.skills = {skill.pk: skill for skill in skills}
        listed = [skill for skill in self.skills.values() if skill.framework_id is None or skill.pk in asked]
        self.listed = {f"asks-{skill.pk}": skill for skill in listed}
        for name, skill in self.listed.items():
            self.fields[name] = _level_field(skill.name, initial=asked.get(skill.pk, 0))
        others = [(skill.pk, skill.name) for skill in self.skills.values() if skill not in listed]
        if others:
            self.fields["other"] = forms.ChoiceField(
                label=_("Another skill, of a framework"), choices=[("", _("None")), *others], required=False,
                error_messages={"invalid_choice": _("Choose another skill from the list.")},
            )  # fmt: skip
            self.fields["other_level"] = _level_field(_("Level of that skill"), initial=0)

    def clean(self) -> dict[str, Any]:
        """Another skill is asked for with its level, or not at all."""
        cleaned = super().clean() or self.cleaned_data
        if {"other", "other_level"} <= cleaned.keys() and bool(cleaned["other"]) != bool(cleaned["other_level"]):
            self.add_error("other_level" if cleaned["other"] else "other", _("Choose both a skill and its level."))
        return cleaned

    def wanted(self) -> list[tuple[Skill, Level]]:
        """The skills with the levels that were chosen, of a form that is valid."""
        chosen = [(skill, self.cleaned_data[name]) for name, skill in self.listed.items()]
        other = self.skills.get(self.cleaned_data.get("other", ""))
        return [*chosen, (other, self.cleaned_data["other_level"])] if other else chosen


def _level_field(label: str, *, initial: int) -> forms.TypedChoiceField:
    names = [("0", _("Not asked for")), *((str(int(level)), level_name(level)) for level in Level if level)]
    return forms.TypedChoiceField(
        label=label,
        choices=names,
        initial=str(initial),
        coerce=lambda rank: Level(int(rank)),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a level from the list.")),
    )
