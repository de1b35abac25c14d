"""What a person sends to each address that changes something, and which tables may change by it."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import exercises
from upskill.catalogue.models import Item
from upskill.learning.models import Submission

from .markers import STAFF
from .world import DRAFT_CELL, Side

AUDIT = "+core.AuditEntry"
JSON = "application/json"


@dataclass(frozen=True)
class Form:
    """What is sent, for the values in the address, and what may change.

    A form is complete: it names every field that it has, also those that may be left out. In `changes`, "+" stands
    before the name of a table with new rows, "~" of one with changed rows, "-" of one that has lost some.
    """

    data: Callable[[Side, dict[str, Any]], dict[str, Any]]
    changes: frozenset[str]
    as_json: str = ""  # as this type of content; "": as a form


def _nothing(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {}


def _mark(values: dict[str, Any]) -> int:
    """The mark that a trainer saw, as the form says."""
    mark = Submission.objects.get(public_id=values["public_id"]).marks.order_by("-pk").first()
    assert mark
    return mark.pk


def _points(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"mark": _mark(values), "points-test_double": "3.5", "reason": "Rounding was fine."}


def _ask(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    """Whom it is asked of is added: nobody of whom the same was asked before."""
    due = timezone.localdate() + dt.timedelta(days=30)
    day = {"due_on_0": str(due.day), "due_on_1": str(due.month), "due_on_2": str(due.year)}
    return {"course": side.course.pk, "kind": "required", **day, "repeat_months": "12", "reason": "By law."}


def _ask_team(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return _ask(side, values) | {"person": str(side.people["colleague-1"].public_id)}


def _ask_organisation(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return _ask(side, values) | {"role": "", "grade": "", "profession": side.marked(STAFF)}


def _levels(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"mark": _mark(values), "level-finding": "3", "level-advice": "3", "comment": "Say who decides."}


def _notebook(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    file = SimpleUploadedFile("double.ipynb", exercises.answer(reflection="A new one."))
    return {"idempotency_key": "00000000-0000-4000-8000-00000000000a", "notebook": file}


def _view(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Gaps in fairness", "every": "week"}


def _text(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    key = "00000000-0000-4000-8000-00000000000b"
    return {"idempotency_key": key, "revision": "1", "text": "I advise a pause until May."}


def _decision(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"mark": _mark(values), "outcome": "changed", "points-test_double": "3.5", "reason": "Rounding was fine."}


def _token(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"name": "My script", "scopes": ["read"], "days": "7"}


def _answer(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"notebook": json.loads(exercises.answer(reflection="A new one."))}


def _draft(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"revision": 1, "cells": {DRAFT_CELL: "x = 1"}}


def _named(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Porter", "family": "Buildings", "description": "Opens the doors."}


def _recalled(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    """The questions of every quiz, whoever passed it: each learner is asked those of their own."""
    quizzes = Item.objects.filter(kind=Item.Kind.QUIZ)
    return {f"q{quiz.pk}-{name}": said for quiz in quizzes for name, said in QUIZ.items()}


def _email(side: Side, role: str) -> str:
    return side.people[role].email or ""


def _today() -> str:
    return f"{timezone.localdate():%d/%m/%Y}"


def _post(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    told = dict.fromkeys(("job_title", "grade", "profession", "role", "persona"), "")
    return told | {"organisation": side.department.code, "from_on": _today(), "line_manager": _email(side, "trainer")}


def _halves(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    names = {"first_name": "One", "first_code": "one", "second_name": "Two", "second_code": "two"}
    return names | {"people": side.learner.staff_number or "", "parts": [], "on": _today()}


def _staff_file(side: Side, values: dict[str, Any]) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("staff.csv", b"staff_number\n"), "leavers": ""}


QUIZ = {"one-of-two": "this", "how-many": "3"}
REPORT = {"csp-report": {"effective-directive": "script-src", "blocked-uri": "inline", "document-uri": "https://x/"}}
# A mark that passes earns evidence, which makes its tally anew, and completes the item.
PASSED = {"+skills.Evidence", "+skills.LevelTally", "-skills.LevelTally", "~learning.ItemProgress"}
MARKED = frozenset({AUDIT, "+marking.Mark", "+marking.CheckMark", "+core.OutboxMail", *PASSED})
MOVED = frozenset({AUDIT, "+people.Membership", "~people.Membership"})
CLOSED = MOVED | {"~people.Organisation", "+people.Succession"}
FORMS: dict[str, Form] = {
    "administrator:add_part": Form(
        lambda side, values: {"name": "Part", "code": "new-part", "kind": "team", "from_on": _today()},
        frozenset({AUDIT, "+people.Organisation"}),
    ),
    "administrator:change": Form(
        lambda side, values: {"name": "Renamed", "head": _email(side, "manager")},
        frozenset({AUDIT, "~people.Organisation"}),
    ),
    "administrator:add_grant": Form(
        lambda side, values: {"person": _email(side, "learner"), "role": "department_viewer"},
        frozenset({AUDIT, "+people.RoleGrant"}),
    ),
    "administrator:end_grant": Form(_nothing, frozenset({AUDIT, "~people.RoleGrant"})),
    "administrator:split": Form(_halves, CLOSED | {"+people.Organisation"}),
    "administrator:close": Form(lambda side, values: {"successor": side.department.code, "on": _today()}, CLOSED),
    "administrator:move": Form(_post, MOVED),
    "administrator:add_post": Form(_post, frozenset({AUDIT, "+people.Membership"})),
    "administrator:end_post": Form(lambda side, values: {"on": _today()}, frozenset({AUDIT, "~people.Membership"})),
    "administrator:line_manager": Form(
        lambda side, values: {"line_manager": _email(side, "trainer"), "from_on": _today()}, MOVED
    ),
    "administrator:leave": Form(
        lambda side, values: {"on": _today()},
        frozenset({AUDIT, "~people.Membership", "~people.User", "-people.AccessToken"}),
    ),
    "administrator:imports": Form(_staff_file, frozenset({AUDIT, "+people.PeopleImport"})),
    "administrator:confirm": Form(_nothing, frozenset({AUDIT, "~people.PeopleImport"})),
    "administrator:withdraw": Form(_nothing, frozenset({AUDIT, "~people.PeopleImport", "-people.ImportRow"})),
    "account:demo_sign_in": Form(lambda side, values: {"role": "learner"}, frozenset()),
    "account:sign_in": Form(
        lambda side, values: {"email": side.learner.email, "next": "/courses/"}, frozenset({"+people.SignInLink"})
    ),
    "account:sign_out": Form(_nothing, frozenset()),
    "account:feedback": Form(
        lambda side, values: {"text": "The search found it.", "page": "/courses/"},
        frozenset({"+people.Feedback"}),  # as it is sent by somebody who is not signed in
    ),
    "account:new_token": Form(_token, frozenset({AUDIT, "+people.AccessToken"})),
    "account:revoke_token": Form(_nothing, frozenset({AUDIT, "-people.AccessToken"})),
    "account:weekly_mail": Form(lambda side, values: {"wanted": "yes"}, frozenset({AUDIT, "+people.WeeklyMail"})),
    "account:stop_weekly_mail": Form(_nothing, frozenset({AUDIT, "-people.WeeklyMail"})),
    "api:enrolment": Form(_nothing, frozenset({AUDIT, "+learning.Enrolment"}), as_json=JSON),
    "api:draft": Form(_draft, frozenset({"~learning.Draft"}), as_json=JSON),
    "api:submit": Form(_answer, frozenset({AUDIT, "+core.Blob", "+learning.Submission", "+marking.Job"}), as_json=JSON),
    "api:token": Form(_nothing, frozenset({AUDIT, "-people.AccessToken"}), as_json=JSON),
    "api:tokens": Form(_token, frozenset({AUDIT, "+people.AccessToken"}), as_json=JSON),
    "planning:ask_team": Form(_ask_team, frozenset({AUDIT, "+planning.Assignment"})),
    "planning:ask_organisation": Form(_ask_organisation, frozenset({AUDIT, "+planning.Assignment"})),
    "planning:end": Form(_nothing, frozenset({AUDIT, "~planning.Assignment"})),
    "planning:find_exempt": Form(lambda side, values: {"email": side.learner.email or ""}, frozenset()),
    "planning:exempt": Form(lambda side, values: {"reason": "On leave."}, frozenset({AUDIT, "+planning.Exemption"})),
    "planning:end_exemption": Form(_nothing, frozenset({AUDIT, "~planning.Exemption"})),
    "certificates:certificate": Form(_nothing, frozenset({AUDIT, "+skills.Certificate"})),
    "certificates:withdraw": Form(_nothing, frozenset({AUDIT, "-skills.Certificate"})),
    "csp_report": Form(lambda side, values: REPORT, frozenset(), as_json="application/csp-report"),
    "learner:ask_review": Form(
        lambda side, values: {"mark": _mark(values), "reason": "I think that it is right."},
        frozenset({AUDIT, "+marking.Review", "+core.OutboxMail"}),
    ),
    "operator:release": Form(_nothing, frozenset({AUDIT, "~marking.Job"})),
    "operator:give_up_alike": Form(_nothing, frozenset({AUDIT, "~marking.Job"})),
    "operator:release_alike": Form(_nothing, frozenset({AUDIT, "~marking.Job"})),
    "manager:save_view": Form(_view, frozenset({AUDIT, "+reports.SavedView"})),
    "manager:change_view": Form(_view, frozenset({AUDIT, "~reports.SavedView"})),
    "manager:delete_view": Form(_nothing, frozenset({AUDIT, "-reports.SavedView"})),
    "receipts:mark_again": Form(_nothing, frozenset({AUDIT, "+marking.Job"})),
    "trainer:decide_review": Form(_decision, MARKED | {"+marking.ReviewDecision"}),
    "account:use_link": Form(_nothing, frozenset({AUDIT, "~people.SignInLink", "~people.User"})),
    "learner:complete": Form(_nothing, frozenset({"~learning.ItemProgress"})),
    "learner:enrol": Form(_nothing, frozenset({AUDIT, "+learning.Enrolment"})),
    "learner:find_start": Form(
        lambda side, values: QUIZ,
        frozenset({"~learning.DiagnosticResult", "~learning.ItemProgress"}),
    ),
    "learner:follow_path": Form(_nothing, frozenset({AUDIT, "~learning.FollowedPath"})),  # of B, who followed another
    "learner:stop_path": Form(_nothing, frozenset({AUDIT, "-learning.FollowedPath"})),
    "learner:quiz_answer": Form(
        lambda side, values: QUIZ,
        frozenset({AUDIT, "+learning.QuizAttempt", *PASSED}),
    ),
    "learner:recall": Form(_recalled, frozenset({"+learning.Recall"})),
    "learner:self_view": Form(
        lambda side, values: {"skill": "fairness", "level": "2"}, frozenset({AUDIT, "+skills.SelfAssessment"})
    ),
    "roles:roles": Form(_named, frozenset({AUDIT, "+skills.CapabilityRole"})),
    "roles:role": Form(_named, frozenset({AUDIT, "+skills.RoleLevel"})),
    "roles:level": Form(lambda side, values: {"asks-fairness": "2"}, frozenset({AUDIT, "~skills.Requirement"})),
    "roles:end": Form(_nothing, frozenset({AUDIT, "~skills.CapabilityRole"})),
    "learner:submit": Form(
        _notebook, frozenset({AUDIT, "+core.Blob", "+learning.Submission", "+marking.Job"})
    ),
    "learner:write": Form(_text, frozenset({AUDIT, "+core.Blob", "+learning.Submission", "+marking.Job"})),
    "trainer:override": Form(_points, MARKED),
    "trainer:rubric": Form(_levels, MARKED | {"-marking.Waiting"}),
}  # fmt: skip
