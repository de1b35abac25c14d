"""What an administrator can send."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from upskill.people import rules, staff
from upskill.people.imports.columns import LONGEST, Wrong, day_of
from upskill.people.models import Membership, Organisation, User
from upskill.people.roles import Role
from upskill.skills.models import CapabilityRole, RoleLevel
from upskill.skills.role_codes import level_names

MOST_NAMED = 20  # staff numbers in one message
WIDE, NARROW = {"autocomplete": "off"}, {"autocomplete": "off", "class": "govuk-input--width-10"}
MOST_NUMBERS = 5_000


class DayField(forms.CharField):
    """A day, such as 27/11/2026."""

    def __init__(self, *, on: dt.date, **options: Any) -> None:
        options.setdefault("help_text", _("For example, 27/11/2026."))
        super().__init__(max_length=30, widget=forms.TextInput(attrs=NARROW), initial=f"{on:%d/%m/%Y}", **options)
        self.on = on
        self.error_messages["required"] = _("Enter a day.")

    def clean(self, value: Any) -> dt.date:
        """The day. It may be a year ahead at most."""
        try:
            return day_of(super().clean(value), on=self.on)
        except Wrong as wrong:
            raise ValidationError(_("Enter a day such as 27/11/2026, at most a year ahead.")) from wrong


class PersonField(forms.CharField):
    """Somebody whose staff record the administrator keeps, by staff number or e-mail address."""

    def __init__(self, *, for_: User, kept: User | None = None, **options: Any) -> None:
        """`kept`: who it is already. They may stay, also where they have left or work elsewhere."""
        options.setdefault("help_text", _("Their staff number or e-mail address."))
        super().__init__(max_length=254, widget=forms.TextInput(attrs=WIDE), **options)
        self.for_, self.kept = for_, kept
        self.error_messages["required"] = _("Enter a staff number or an e-mail address.")

    def clean(self, value: Any) -> User | None:
        """The person; None where nothing was entered and nothing is needed."""
        told = str(super().clean(value)).strip()
        found = staff.known_as(told) if told else None
        if found and found == self.kept:
            return found
        if told and (found is None or not found.is_active or not rules.can_keep_record(self.for_, of=found)):
            raise ValidationError(_("Nobody in your organisation has this staff number or e-mail address."))
        return found


class UnitField(forms.CharField):
    """An organisation whose staff records the administrator keeps, by its code."""

    def __init__(self, *, for_: User, **options: Any) -> None:
        options.setdefault("help_text", _("Its code, as it stands under its name."))
        super().__init__(max_length=50, widget=forms.TextInput(attrs=NARROW), **options)
        self.for_ = for_
        self.error_messages["required"] = _("Enter the code of an organisation.")

    def clean(self, value: Any) -> Organisation | None:
        """The organisation; None where nothing was entered and nothing is needed."""
        told = str(super().clean(value)).strip().lower()
        found = staff.unit(told) if told else None
        if told and (found is None or not rules.can_administer(self.for_, organisation=found)):
            raise ValidationError(_("None of your organisations has this code."))
        return found


def _text(label: Any, longest: int, *, required: bool = False, **options: Any) -> forms.CharField:
    field = forms.CharField(
        label=label, max_length=longest, required=required, widget=forms.TextInput(attrs=WIDE), **options
    )
    field.error_messages["required"] = _("Fill this in.")
    return field


class PostForm(forms.Form):
    """A post from a day on."""

    def __init__(
        self, data: Any = None, *, for_: User, held: Membership | None, levels: Iterable[RoleLevel], on: dt.date
    ) -> None:
        super().__init__(data)
        manager = held.line_manager if held else None
        self.fields["organisation"] = UnitField(for_=for_, label=_("Organisation"))
        self.fields["from_on"] = DayField(
            on=on, label=_("From"), help_text=_("The day may be past: posts before and after it stay as they are.")
        )
        self.fields["line_manager"] = PersonField(for_=for_, kept=manager, required=False, label=_("Line manager"))
        for name, label in (("job_title", _("Job title")), ("grade", _("Grade")), ("profession", _("Profession"))):
            self.fields[name] = _text(label, LONGEST[name])
        for name, field in _role_fields(levels, held=held).items():
            self.fields[name] = field
        if held:
            self.initial = {
                name: getattr(held, name) for name in ("job_title", "grade", "profession", "role", "persona")
            }
            self.initial["organisation"] = held.organisation.code
            self.initial["line_manager"] = (manager.staff_number or manager.email or "") if manager else ""


class ManagerForm(forms.Form):
    """Another line manager from a day on."""

    def __init__(self, data: Any = None, *, for_: User, on: dt.date) -> None:
        super().__init__(data)
        self.fields["line_manager"] = PersonField(
            for_=for_,
            required=False,
            label=_("Line manager"),
            help_text=_("Their staff number or e-mail address, or nothing."),
        )
        self.fields["from_on"] = DayField(on=on, label=_("From"))


class LeaveForm(forms.Form):
    """The first day on which somebody works here no more."""

    def __init__(self, data: Any = None, *, on: dt.date) -> None:
        super().__init__(data)
        self.fields["on"] = DayField(on=on, label=_("From"))


class PartForm(forms.Form):
    """A new part of an organisation."""

    def __init__(self, data: Any = None, *, on: dt.date) -> None:
        super().__init__(data)
        self.fields["name"] = _text(_("Name"), 200, required=True)
        self.fields["code"] = _code()
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=[("agency", _("Agency")), ("directorate", _("Directorate")), ("team", _("Team"))],
            widget=forms.RadioSelect, initial="team",
        )  # fmt: skip
        self.fields["from_on"] = DayField(on=on, label=_("From"))


class UnitForm(forms.Form):
    """What an organisation is called, and who leads it."""

    def __init__(self, data: Any = None, *, for_: User, organisation: Organisation) -> None:
        head = organisation.head
        super().__init__(
            data, initial={"name": organisation.name, "head": (head.staff_number or head.email or "") if head else ""}
        )
        self.fields["name"] = _text(_("Name"), 200, required=True)
        self.fields["head"] = PersonField(
            for_=for_, kept=head, required=False, label=_("Who leads it"),
            help_text=_("Their staff number or e-mail address, or nothing. They see its figures."),
        )  # fmt: skip


class SplitForm(forms.Form):
    """Two organisations in place of one."""

    def __init__(self, data: Any = None, *, organisation: Organisation, on: dt.date) -> None:
        super().__init__(data)
        self.organisation = organisation
        parts = list(staff.parts_of(organisation, on=on))
        self.fields["first_name"] = _text(_("Name of the first"), 200, required=True)
        self.fields["first_code"] = _code(_("Code of the first"))
        self.fields["second_name"] = _text(_("Name of the second"), 200, required=True)
        self.fields["second_code"] = _code(_("Code of the second"))
        if parts:
            self.fields["parts"] = forms.MultipleChoiceField(
                label=_("Parts that go to the second"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(str(part.pk), part.name) for part in parts],
            )  # fmt: skip
        self.fields["people"] = forms.CharField(
            label=_("People who go to the second"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("Staff numbers, one on each line. Everybody else goes to the first."), max_length=250_000,
        )  # fmt: skip
        self.fields["on"] = DayField(on=on, label=_("From"))

    @property
    def numbers(self) -> list[str]:
        """The staff numbers of a form that is valid."""
        return str(self.cleaned_data["people"]).split()

    def clean_people(self) -> str:
        """As they were entered, if there are not too many."""
        told = str(self.cleaned_data["people"])
        if len(told.split()) > MOST_NUMBERS:
            raise ValidationError(_("Enter %(most)d staff numbers or fewer.") % {"most": MOST_NUMBERS})
        return told

    def clean(self) -> dict[str, Any]:
        """Everybody who is named has a post there: whoever is not would go to the first, and it cannot be undone."""
        said = self.cleaned_data
        if said.get("people") and said.get("on"):
            known = staff.numbers_in(self.organisation, on=said["on"])
            unknown = [number for number in dict.fromkeys(self.numbers) if number not in known]
            if unknown:
                named = ", ".join(unknown[:MOST_NAMED]) + (", …" if len(unknown) > MOST_NAMED else "")
                told = _("Nobody in this organisation has these staff numbers: %(numbers)s. Correct or remove them.")
                self.add_error("people", told % {"numbers": named})
        return said


class CloseForm(forms.Form):
    """The day from which an organisation exists no more, and who goes on with its work."""

    def __init__(self, data: Any = None, *, for_: User, on: dt.date) -> None:
        super().__init__(data)
        self.fields["successor"] = UnitField(
            for_=for_, required=False, label=_("Who goes on with its work"),
            help_text=_("The code of an organisation, which gets its people and parts. Nothing, if it has neither."),
        )  # fmt: skip
        self.fields["on"] = DayField(on=on, label=_("From"))


class SureForm(forms.Form):
    """Asks nothing: its button says that somebody is sure."""


class GrantForm(forms.Form):
    """Access to an organisation, for somebody in it."""

    def __init__(self, data: Any = None, *, for_: User) -> None:
        super().__init__(data)
        self.fields["person"] = PersonField(for_=for_, label=_("Person"))
        self.fields["role"] = forms.ChoiceField(
            label=_("Access"), widget=forms.RadioSelect,
            choices=[
                (Role.DEPARTMENT_VIEWER.value, _("Department viewer: sees figures and no name")),
                (Role.DEPARTMENT_ADMIN.value, _("Administrator: keeps staff records and sees no level")),
            ],
            error_messages={"required": _("Choose what they get access to.")},
        )  # fmt: skip


class ImportForm(forms.Form):
    """A file of staff records."""

    def __init__(self, data: Any = None, uploaded: Any = None, *, scopes: list[Organisation], whole: bool) -> None:
        super().__init__(data, uploaded)
        own = [(scope.code, scope.name) for scope in scopes]
        choices = [("", str(_("The whole service"))), *own] if whole else own
        self.only = choices[0][0] if len(choices) == 1 else None
        if self.only is None:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("Whose people are in it"), choices=choices, widget=forms.RadioSelect, initial=choices[0][0],
                required=not whole, error_messages={"required": _("Choose an organisation.")},
            )  # fmt: skip
        self.fields["file"] = forms.FileField(
            label=_("File"), help_text=_("CSV (UTF-8) of up to 15 MB, or XLSX of up to 20,000 rows."),
            error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        )  # fmt: skip
        self.fields["leavers"] = forms.BooleanField(
            label=_("Whoever is not in the file has left: their posts and access end and their accounts are closed"),
            required=False,
        )

    @property
    def code(self) -> str:
        """The code of the organisation of a form that is valid; "" for the whole service."""
        return self.only if self.only is not None else str(self.cleaned_data["organisation"])


def _code(label: Any = None) -> forms.RegexField:
    wrong = {"required": _("Enter a code."), "invalid": _("Use small letters, digits and dashes.")}
    return forms.RegexField(
        r"^[a-z0-9-]+$", label=label or _("Code"), max_length=50, error_messages=wrong,
        help_text=_("Small letters, digits and dashes. It never changes."), widget=forms.TextInput(attrs=NARROW),
    )  # fmt: skip


def _role_fields(levels: Iterable[RoleLevel], *, held: Membership | None) -> dict[str, forms.ChoiceField]:
    """A list of names for the role level and one for the persona. What the post has already stays a choice."""
    named: dict[str, dict[str, str]] = {kind: {} for kind in CapabilityRole.Kind}
    for level in levels:
        named[level.role.kind][level.code] = level.name
    now = {"role": held.role, "persona": held.persona} if held else {}
    kept = level_names(now.values())
    said = {"role": (_("Role level"), _("Choose a role level from the list."))}
    said["persona"] = (_("Persona"), _("Choose a persona from the list."))
    fields = {}
    for kind, (label, error) in said.items():
        code = now.get(kind, "")
        choices = {"": _("None")} | ({code: kept.get(code, code)} if code else {}) | named[kind]
        fields[kind] = forms.ChoiceField(
            label=label, choices=list(choices.items()), required=False, error_messages={"invalid_choice": error}
        )
    return fields
