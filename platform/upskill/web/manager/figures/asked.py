"""What an address asks for after its question mark: whose figures, of which skill, and what stands side by side.
People and skills that are not there get a sentence.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upskill.people.grades import GradeBand
from upskill.reports.unit_figures import EVERYBODY, Slice, slice_of

PARTS = "organisation"
SIDES = {  # what can stand side by side: the parts, or the slices of a kind
    PARTS: (gettext_lazy("By organisation"), gettext_lazy("Organisation")),
    "grade": (gettext_lazy("By grade"), gettext_lazy("Grade")),
    "profession": (gettext_lazy("By profession"), gettext_lazy("Profession")),
}
BANDS = {
    GradeBand.ADMINISTRATIVE.value: gettext_lazy("Grades AA and AO"),
    GradeBand.EXECUTIVE.value: gettext_lazy("Grade EO"),
    GradeBand.HIGHER_EXECUTIVE.value: gettext_lazy("Grades HEO and SEO"),
    GradeBand.SENIOR_MANAGEMENT.value: gettext_lazy("Grades 7 and 6"),
    GradeBand.SENIOR_CIVIL_SERVICE.value: gettext_lazy("Senior Civil Service"),
    GradeBand.OTHER.value: gettext_lazy("Other grades, or none on record"),
}


class Narrowing(forms.Form):
    """Which people. `unknown` is the sentence for people that are not offered."""

    people = forms.ChoiceField(label=gettext_lazy("Show figures of"), required=False)

    def __init__(self, data: Any, *, offered: Iterable[Slice]) -> None:
        super().__init__(data)
        bands = [(each.word, name_of(each)) for each in offered if each.kind == "grade"]
        professions = [(each.word, name_of(each)) for each in offered if each.kind == "profession"]
        groups = [(_("Grade"), bands), (_("Profession"), professions)]
        self._field("people").choices = [("", _("Everybody")), *((name, each) for name, each in groups if each)]
        self._field("people").error_messages["invalid_choice"] = _(
            "There are no figures about these people here. Choose from the list."
        )

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        return field

    @property
    def slice(self) -> Slice:
        """Whose figures to show: everybody's where the address asks for people that are not offered."""
        self.full_clean()
        return slice_of(self.cleaned_data.get("people", "")) or EVERYBODY


class SkillNarrowing(Narrowing):
    """Which people, and which skill."""

    skill = forms.ChoiceField(label=gettext_lazy("Skill"), required=False)
    field_order = ["skill", "people"]

    def __init__(self, data: Any, *, offered: Iterable[Slice], skills: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, offered=offered)
        self._field("skill").choices = skills
        self._field("skill").error_messages["invalid_choice"] = _(
            "There are no figures about this skill. Choose from the list."
        )


def query_of(slice_: Slice, **more: str) -> str:
    """What stands after the question mark, with it; "" for everybody and nothing more."""
    asked = {**more, "people": slice_.word}
    known = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(known)}" if known else ""


def name_of(slice_: Slice) -> str:
    """Whose figures these are, in words."""
    if slice_.kind == "grade":
        return str(BANDS.get(slice_.value, slice_.value))
    if slice_.kind == "profession":
        return slice_.value
    return _("Everybody")
