"""What the API says, as JSON. Points are texts with two decimals, so that no client rounds them by accident."""

from typing import Any

from rest_framework import serializers

from upskill.learning.models import Submission
from upskill.marking.models import CheckMark
from upskill.marking.queries import MarkingState
from upskill.people.models import User
from upskill.people.roles import Role
from upskill.people.rules import Roles


def me(person: User, *, roles: Roles) -> dict[str, Any]:
    """Who is asking, and what they are: a role with its scope in each entry."""
    held: list[dict[str, str]] = [{"role": "learner"}]
    held += [{"role": Role.TRAINER.value, "course": course} for course in sorted(roles.courses)]
    held += [{"role": "line_manager"}] if roles.has_reports else []
    organisations = sorted(organisation.code for organisation in roles.organisations)
    held += [{"role": Role.DEPARTMENT_VIEWER.value, "organisation": code} for code in organisations]
    held += [{"role": Role.OPERATOR.value}] if roles.is_operator else []
    return {"public_id": str(person.public_id), "full_name": person.full_name, "roles": held}


class CheckMarkSerializer(serializers.ModelSerializer[CheckMark]):
    """The result of one check."""

    check = serializers.CharField(source="slug")

    class Meta:
        model = CheckMark
        fields = ["check", "title", "status", "points", "max_points", "message"]


def submission(sent: Submission, *, state: MarkingState) -> dict[str, Any]:
    """A submission with its state and, once there is one, the mark in effect."""
    mark, item = state.mark, sent.exercise.item_version
    return {
        "public_id": str(sent.public_id),
        "course": item.item.course_id,
        "exercise": item.item.key,
        "attempt": sent.attempt,
        "submitted_at": sent.submitted_at.isoformat(),
        "state": state.job.state,
        "reason": state.job.reason if state.job.state == "refused" else "",
        "decided_by": None if mark is None else "person" if mark.given_by_id else "machine",
        "passed": mark.passed if mark else None,
        "points": str(mark.points) if mark else None,
        "max_points": str(mark.max_points) if mark else None,
        "waiting_points": str(mark.waiting_points) if mark else None,
        "checks": CheckMarkSerializer(mark.checks.all(), many=True).data if mark else [],
    }
