"""What somebody chooses who asks people to learn something, and who exempts somebody."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upskill.catalogue import queries as catalogue
from upskill.people.grades import GRADES
from upskill.people.models import Organisation, User
from upskill.planning.audience import Audience
from upskill.planning.services import MOST_MONTHS, AssignmentRefused
from upskill.skills.roles import levels_for
from upskill.web.govuk import HintedLabel

from .day_field import DayField

REQUIRED, RECOMMENDED = "required", "recommended"
ANYBODY = [("", gettext_lazy("Everybody"))]


class AskForm(forms.Form):
    """A course, by when, and why. Whom it is asked of, a form for a team or for an organisation adds."""

    course = forms.ChoiceField(
        label=gettext_lazy("Which course?"),
        error_messages={
            "required": gettext_lazy("Choose a course."),
            "invalid_choice": gettext_lazy("Choose a course from the list."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Must they do it?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it is required or recommended.")},
    )
    due_on = DayField(
        label=gettext_lazy("By which day?"),
        help_text=gettext_lazy("For example, 27 3 2027. Whoever joins later has 30 days at least."),
        error_messages={"required": gettext_lazy("Enter the day by which it is to be done.")},
    )
    repeat_months = forms.IntegerField(
        label=gettext_lazy("Again after how many months? (optional)"),
        help_text=gettext_lazy("For example, 12 for once a year. Leave it empty if once is enough."),
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("The number of months must be a whole number from 1 to %(most)d.")
            % {"most": MOST_MONTHS}
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Why do you ask for it? (optional)"),
        help_text=gettext_lazy("Everybody whom you ask reads this. Do not write about a person."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(each.version.course_id, each.version.title) for each in catalogue.published()]
        _choices(self.fields["course"], [("", _("Choose a course")), *titles])
        reminded = _("They are reminded by mail, and it can be overdue.")
        kinds = [
            (REQUIRED, HintedLabel(_("It is required"), hint=reminded)),
            (RECOMMENDED, HintedLabel(_("It is recommended"), hint=_("Nobody is reminded."))),
        ]
        _choices(self.fields["kind"], kinds)

    def asked(self) -> dict[str, Any]:
        """What `services.assign` takes, beside the course and the audience, of a form that is valid."""
        said = self.cleaned_data
        return {
            "due_on": said["due_on"],
            "is_required": said["kind"] == REQUIRED,
            "repeat_months": said["repeat_months"],
            "reason": said["reason"],
        }

    def refuse(self, refusal: AssignmentRefused) -> None:
        """Say beside the right field what a service said."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class AskTeamForm(AskForm):
    """Asked of the whole team or of one person of it."""

    field_order = ("course", "person")
    person = forms.ChoiceField(label=gettext_lazy("Whom do you ask?"), required=False)

    def __init__(self, *args: Any, manager: User, reports: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manager, self.reports = manager, {str(each.public_id): each for each in reports}
        whole = ("", _("My whole team, and whoever joins it"))
        _choices(self.fields["person"], [whole, *((key, each.full_name) for key, each in self.reports.items())])

    def audience(self) -> Audience:
        """Who is to be asked, of a form that is valid."""
        return Audience(team_of=self.manager, person=self.reports.get(self.cleaned_data["person"]))


class AskOrganisationForm(AskForm):
    """Asked of everybody in an organisation and below it, or of those with a role, a grade or a profession."""

    field_order = ("course", "role", "grade", "profession")
    role = forms.ChoiceField(label=gettext_lazy("In which role?"), required=False)
    grade = forms.ChoiceField(
        label=gettext_lazy("In which grade?"),
        choices=[*ANYBODY, *((each, each) for each in GRADES)],
        required=False,
    )
    profession = forms.CharField(
        label=gettext_lazy("In which profession? (optional)"),
        help_text=gettext_lazy("As the staff records have it, such as Operational Delivery. Empty for everybody."),
        max_length=80,
        required=False,
        error_messages={"max_length": gettext_lazy("The profession must be 80 characters or fewer.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        levels = levels_for(organisation).order_by("role__name", "position")
        _choices(self.fields["role"], [*ANYBODY, *((each.pk, each.name) for each in levels)])

    def audience(self) -> Audience:
        """Who is to be asked, of a form that is valid."""
        said = {name: self.cleaned_data[name] for name in ("role", "grade", "profession")}
        return Audience(organisation=self.organisation, **said)


class ExemptForm(forms.Form):
    """Why somebody need not do it."""

    reason = forms.CharField(
        label=gettext_lazy("Why need they not do it?"),
        help_text=gettext_lazy(
            "They read this. Do not write about their health or family: “On leave until May” will do."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why they need not do it.")},
    )


class FindForm(forms.Form):
    """Who is to be exempted, by the address that whoever asks knows."""

    email = forms.EmailField(
        label=gettext_lazy("Work email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter the person\u2019s work email address."),
            "invalid": gettext_lazy("Enter an email address in the correct format, like name@example.gov.uk."),
        },
    )


def _choices(field: forms.Field, choices: list[Any]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy: declared above
    field.choices = choices
