"""What a person chooses for a new access token, in plain words."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upskill.people.models import TokenScope, User
from upskill.people.tokens import MOST_DAYS
from upskill.reports import rules
from upskill.web.govuk import HintedLabel


class TokenForm(forms.Form):
    """A name, what the token may do, and for how many days. Offers no scope that the person's roles give nothing in."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("A name to know it by, such as “Notebook on my laptop”."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter what the token is for."),
            "max_length": gettext_lazy("What it is for must be 80 characters or fewer."),
        },
    )
    scopes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("What may it do?"),
        help_text=gettext_lazy("Choose as little as your program needs. It can never do more than you may."),
        coerce=TokenScope,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one thing that the token may do.")},
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days?"),
        help_text=gettext_lazy("From 1 to %(most)d. After that it no longer works, and you make a new one.")
        % {"most": MOST_DAYS},
        min_value=1,
        max_value=MOST_DAYS,
        initial=30,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter for how many days it works."),
            **dict.fromkeys(
                ("invalid", "min_value", "max_value"),
                gettext_lazy("The number of days must be a whole number from 1 to %(most)d.") % {"most": MOST_DAYS},
            ),
        },
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [TokenScope.READ, TokenScope.LEARN]
        offered += [TokenScope.TEAM] if rules.can_see_team(person) else []
        offered += [TokenScope.DEPARTMENT] if rules.can_see_departments(person) else []
        choices = [(scope.value, HintedLabel(scope_name(scope), hint=_hint(scope))) for scope in offered]
        field = self.fields["scopes"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for mypy: declared above
        field.choices = choices


def scope_name(scope: TokenScope) -> str:
    """What a scope allows, in a few words."""
    return {
        TokenScope.READ: _("Read my record and the courses"),
        TokenScope.LEARN: _("Start courses and hand in work"),
        TokenScope.TEAM: _("Read the levels of my team, and what they were asked to learn"),
        TokenScope.DEPARTMENT: _("Read department figures"),
    }[scope]


def _hint(scope: TokenScope) -> str:
    return {
        TokenScope.READ: _("Your skills, certificates and marks, who looked at them, and what each exercise asks for."),
        TokenScope.LEARN: _("In your name, as if you did it yourself."),
        TokenScope.TEAM: _("By name. Each look is written down, as on the page."),
        TokenScope.DEPARTMENT: _("Counts only, never a name."),
    }[scope]
