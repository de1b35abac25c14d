"""Where somebody sees themselves: a form and a list on their own skills page, for nobody else."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upskill.skills.models import Level, Skill
from upskill.web.templatetags.words import level as level_name


class SelfViewForm(forms.Form):
    """One skill, and the level at which its person sees themselves."""

    skill = forms.ChoiceField(
        label=gettext_lazy("Skill"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose a skill from the list.")),
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Where do you see yourself?"),
        coerce=lambda rank: Level(int(rank)),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose a level from the list.")),
    )

    def __init__(self, data: Any = None, *, skills: Iterable[Skill]) -> None:
        super().__init__(data)
        self.known = {skill.pk: skill for skill in skills}
        self._offer("skill", [(skill.pk, skill.name) for skill in self.known.values()])
        self._offer("level", [(str(int(level)), level_name(level)) for level in Level])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy: declared above
        field.choices = [("", _("Choose")), *choices]
