"""What a person sends to each address that changes something, and which tables may change by it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import exercises
from upskill.learning.models import Submission

from .world import Side

AUDIT = "+core.AuditEntry"


@dataclass(frozen=True)
class Form:
    """What is sent, for the values in the address, and what may change.

    A form is complete: it names every field that it has, also those that may be left out. In `changes`, "+" stands
    before the name of a table with new rows, "~" of one with changed rows, "-" of one that has lost some.
    """

    data: Callable[[Side, dict[str, Any]], dict[str, Any]]
    changes: frozenset[str]
    as_json: bool = False


def _nothing(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {}


def _mark(values: dict[str, Any]) -> int:
    """The mark that a trainer saw, as the form says."""
    mark = Submission.objects.get(public_id=values["public_id"]).marks.order_by("-pk").first()
    assert mark
    return mark.pk


def _points(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"mark": _mark(values), "points-test_double": "3.5", "reason": "Rounding was fine."}


def _levels(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"mark": _mark(values), "level-finding": "3", "level-advice": "3", "comment": "Say who decides."}


def _notebook(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    file = SimpleUploadedFile("double.ipynb", exercises.answer(reflection="A new one."))
    return {"idempotency_key": "00000000-0000-4000-8000-00000000000a", "notebook": file}


# A mark that passes earns evidence and completes the item.
PASSED = {"+skills.Evidence", "~learning.ItemProgress"}
MARKED = frozenset({AUDIT, "+marking.Mark", "+marking.CheckMark", "+core.OutboxMail", *PASSED})
FORMS: dict[str, Form] = {
    "account:demo_sign_in": Form(lambda side, values: {"role": "learner"}, frozenset()),
    "account:sign_in": Form(
        lambda side, values: {"email": side.learner.email, "next": "/courses/"}, frozenset({"+people.SignInLink"})
    ),
    "account:sign_out": Form(_nothing, frozenset()),
    "account:use_link": Form(_nothing, frozenset({AUDIT, "~people.SignInLink", "~people.User"})),
    "learner:complete": Form(_nothing, frozenset({"~learning.ItemProgress"})),
    "learner:enrol": Form(_nothing, frozenset({AUDIT, "+learning.Enrolment"})),
    "learner:quiz_answer": Form(
        lambda side, values: {"one-of-two": "this", "how-many": "3"},
        frozenset({AUDIT, "+learning.QuizAttempt", *PASSED}),
    ),
    "learner:submit": Form(
        _notebook, frozenset({AUDIT, "+core.Blob", "+learning.Submission", "+marking.Job"})
    ),
    "trainer:override": Form(_points, MARKED),
    "trainer:rubric": Form(_levels, MARKED),
}  # fmt: skip
