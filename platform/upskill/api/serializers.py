"""What the API says, as JSON. Points are numbers with at most two decimals; null while they wait for a person."""

from typing import Any

from upskill.learning.models import Submission
from upskill.marking.models import CheckMark, Job, Mark
from upskill.marking.queries import MarkingState
from upskill.people.models import User
from upskill.people.queries import Roles
from upskill.people.roles import Role


def me(person: User, *, roles: Roles) -> dict[str, Any]:
    """Who is asking, and what they are: a role with its scope in each entry."""
    held: list[dict[str, str]] = [{"role": "learner"}]
    held += [{"role": Role.TRAINER.value, "course": course} for course in sorted(roles.courses)]
    held += [{"role": "line_manager"}] if roles.has_reports else []
    organisations = sorted(organisation.code for organisation in roles.organisations)
    held += [{"role": Role.DEPARTMENT_VIEWER.value, "organisation": code} for code in organisations]
    held += [{"role": Role.OPERATOR.value}] if roles.is_operator else []
    return {"public_id": str(person.public_id), "full_name": person.full_name, "roles": held}


def submission(sent: Submission, *, state: MarkingState) -> dict[str, Any]:
    """A submission with its state and, once there is one, the mark in effect. `reason` is why it was refused."""
    item = sent.exercise.item_version.item
    return {
        "public_id": str(sent.public_id),
        "course": item.course_id,
        "exercise": item.key,
        "attempt": sent.attempt,
        "submitted_at": sent.submitted_at.isoformat(),
        "state": state.job.state,
        "reason": state.job.reason if state.job.state == Job.State.REFUSED else "",
        "mark": _mark(state.mark) if state.mark else None,
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "points": float(mark.points),
        "max_points": float(mark.max_points),
        "waiting_points": float(mark.waiting_points),
        "passed": mark.passed,
        "marked_at": mark.marked_at.isoformat(),
        "decided_by": "person" if mark.given_by_id else "machine",
        "checks": [_check(check) for check in mark.checks.all()],
    }


def _check(check: CheckMark) -> dict[str, Any]:
    return {
        "check": check.slug,
        "title": check.title,
        "status": check.status,
        "points": None if check.points is None else float(check.points),
        "max_points": float(check.max_points),
        "message": check.message,
    }
