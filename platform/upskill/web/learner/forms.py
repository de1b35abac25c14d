"""What a learner can send: a notebook, and the answers to a quiz."""

import hashlib
import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upskill.learning.quizzes import Answers, read_number

# More than the engine takes: it refuses by size what is larger than its own limit, and we never hold more than this.
MOST_BYTES_READ = 11 * 1024 * 1024


class UploadForm(forms.Form):
    """A notebook to hand in. The key makes it harmless to send the same form twice."""

    idempotency_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages=dict.fromkeys(
            ("required", "invalid"),
            gettext_lazy("This form is incomplete. Reload the page, then choose your file again."),
        ),
    )
    notebook = forms.FileField(
        label=gettext_lazy("Upload your notebook"),
        help_text=gettext_lazy("The file ends in .ipynb and can be up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".ipynb,application/x-ipynb+json,application/json"}),
        error_messages={
            "required": gettext_lazy("Choose the notebook that you want to hand in."),
            "empty": gettext_lazy("This file is empty. Save your notebook in Jupyter, then upload it again."),
            "missing": gettext_lazy("Choose the notebook that you want to hand in."),
            "invalid": gettext_lazy("The file did not arrive. Choose it again and upload it."),
        },
    )

    def content(self) -> bytes:
        """The file's bytes, cut off where it is certainly too large."""
        return bytes(self.cleaned_data["notebook"].read(MOST_BYTES_READ))

    def key(self, content: bytes) -> str:
        """One key for this form with this file: going back and choosing another file is another submission."""
        return f"{self.cleaned_data['idempotency_key'].hex}:{hashlib.sha256(content).hexdigest()[:40]}"


INCOMPLETE = gettext_lazy("This form is incomplete. Copy your text, reload the page, then paste it there.")


class ReflectionForm(forms.Form):
    """A text to save for later or to send. The key makes it harmless to send the same form twice; `revision` is that of
    the draft which the page was opened with.

    What the text may be is said by the service: a draft may be empty.
    """

    label_size = "m"
    idempotency_key = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE)
    )
    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), INCOMPLETE),
    )
    text = forms.CharField(
        label=gettext_lazy("Your text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "govuk-js-character-count"}),
    )

    def __init__(self, *args: Any, words: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _("Write up to %(most)d words.") % {"most": words}

    def key(self) -> str:
        """One key for this form with this text: changing it and sending it again is another answer."""
        digest = hashlib.sha256(self.cleaned_data["text"].encode()).hexdigest()
        return f"{self.cleaned_data['idempotency_key'].hex}:{digest[:40]}"


@dataclass(frozen=True)
class Step:
    """One step of a question about order, with the select for its place."""

    html: SafeString
    field: BoundField


@dataclass(frozen=True)
class Question:
    """One question as its template draws it."""

    number: int
    id: str
    type: str
    html: SafeString
    hints: list[SafeString]
    fields: list[BoundField]
    steps: list[Step]

    @property
    def errors(self) -> list[str]:
        """What is wrong with the answer, each sentence once."""
        return list(dict.fromkeys(str(error) for field in self.fields for error in field.errors))


class QuizForm(forms.Form):
    """All questions of a quiz in one form. HTML in `content` was made safe when the course was read."""

    def __init__(self, *args: Any, content: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content["questions"]
        for number, question in enumerate(self.content, 1):
            for name, field in _fields(question, number=number):
                self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """The answers; steps that share a place, and numbers that are none, are refused in words."""
        for number, question in enumerate(self.content, 1):
            if question["type"] == "order":
                self._check_places(question, number=number)
            elif question["type"] == "number":
                self._check_number(question["id"], number=number)
        return self.cleaned_data

    def answers(self) -> Answers:
        """Question id -> answer, as learning.quizzes reads it."""
        return {question["id"]: self._answer(question) for question in self.content}

    def questions(self) -> Iterator[Question]:
        """The questions in the quiz's order."""
        for number, question in enumerate(self.content, 1):
            fields = [self[name] for name, _field in _fields(question, number=number)]
            yield Question(
                number=number,
                id=question["id"],
                type=question["type"],
                html=mark_safe(question["html"]),  # noqa: S308 - made safe when the course was read # nosec B308 B703
                hints=[mark_safe(hint) for hint in question["hints"]],  # noqa: S308 - made safe when the course was read # nosec B308 B703
                fields=fields,
                steps=[Step(_html(option), self[_place(question, option)]) for option in _steps(question)],
            )

    def _answer(self, question: dict[str, Any]) -> Any:
        if question["type"] == "order":
            ids = [option["id"] for option in question["options"]]
            places = {option["id"]: int(self.cleaned_data[_place(question, option)]) for option in question["options"]}
            return sorted(ids, key=places.__getitem__)
        value = self.cleaned_data[question["id"]]
        return [value] if question["type"] == "single" else value

    def _check_places(self, question: dict[str, Any], *, number: int) -> None:
        """One sentence for the whole question, at the first step that needs a look."""
        names = [_place(question, option) for option in question["options"]]
        places = [self.cleaned_data.get(name) for name in names]
        empty = [name for name in names if self.cleaned_data.get(name) == ""]
        if len(empty) == len(names):
            self.add_error(names[0], _("Answer question %(number)d.") % {"number": number})
        elif empty:
            self.add_error(empty[0], _("Question %(number)d: give every step a number.") % {"number": number})
        elif None not in places and len(set(places)) < len(names):
            self.add_error(names[0], _("Question %(number)d: give each step a different number.") % {"number": number})

    def _check_number(self, name: str, *, number: int) -> None:
        if name in self.cleaned_data and math.isnan(read_number(self.cleaned_data[name])):
            self.add_error(name, _("Question %(number)d: enter a number, such as 12.5.") % {"number": number})


def _fields(question: dict[str, Any], *, number: int) -> list[tuple[str, forms.Field]]:
    """The fields of one question: name and field. A question about order has one for each step."""
    required = {"required": _("Answer question %(number)d.") % {"number": number}}
    choices = [(option["id"], _html(option)) for option in question["options"]]
    label = _("Question %(number)d") % {"number": number}
    match question["type"]:
        case "single":
            field: forms.Field = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, label=label)
        case "multiple":
            field = forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, label=label)
        case "number":
            attrs = {"class": "govuk-input--width-5", "inputmode": "decimal", "autocomplete": "off"}
            field = forms.CharField(max_length=40, widget=forms.TextInput(attrs=attrs), label=label)
        case _:
            return [(_place(question, option), _place_field(question)) for option in question["options"]]
    field.error_messages |= required
    return [(question["id"], field)]


def _place_field(question: dict[str, Any]) -> forms.ChoiceField:
    """Not required by itself: QuizForm.clean says once for all steps what is missing."""
    places = [(str(place), str(place)) for place in range(1, len(question["options"]) + 1)]
    return forms.ChoiceField(choices=[("", ""), *places], required=False)


def _place(question: dict[str, Any], option: dict[str, Any]) -> str:
    """The name of the field that holds an option's place in the order."""
    return f"{question['id']}.{option['id']}"


def _steps(question: dict[str, Any]) -> list[dict[str, Any]]:
    return list(question["options"]) if question["type"] == "order" else []


def _html(option: dict[str, Any]) -> SafeString:
    return mark_safe(option["html"])  # noqa: S308 - made safe when the course was read # nosec B308 B703
