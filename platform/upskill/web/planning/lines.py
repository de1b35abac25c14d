"""What the pages about assigned learning say in a word or two: states, days, and who is asked."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.people.models import User
from upskill.planning.dues import State
from upskill.planning.models import Assignment
from upskill.planning.queries import Due, TeamAssignment
from upskill.skills.models import RoleLevel

COLOURS = {State.OVERDUE: "red", State.DUE: "blue", State.DONE: "green", State.EXEMPT: "grey"}


@dataclass(frozen=True)
class AssignmentLine:
    """One assignment in words. `url` leads to the course. `was_of` is the organisation of which it was asked before
    another one went on with its work, `may_end` whether the reader may end it.
    """

    public_id: str
    title: str
    url: str
    kind: str
    day: str
    repeats: str
    asked_by: str
    reason: str
    whom: str
    was_of: str = ""
    may_end: bool = True


@dataclass(frozen=True)
class DueLine:
    """How one person stands with one assignment. `exempt_url` is empty where the reader may not exempt them."""

    name: str
    state: str
    colour: str
    day: str
    done: str
    why_exempt: str
    exempt_url: str
    asked: AssignmentLine


def assignment_line(asked: Assignment, *, roles: dict[str, str] | None = None) -> AssignmentLine:
    """`roles`: names of role levels by code, where the reader is shown who is asked."""
    return AssignmentLine(
        public_id=str(asked.public_id),
        title=asked.title,
        url=reverse("learner:course", args=[asked.course_id]),
        kind=_("Required") if asked.is_required else _("Recommended"),
        day=_day(asked.due_on),
        repeats=repeats(asked.repeat_months),
        asked_by=asked.organisation.name if asked.organisation else asked.made_by.full_name,
        reason=asked.reason,
        whom=_whom(asked, roles=roles or {}),
    )


def due_line(due: Due, *, reader: User) -> DueLine:
    """One person's line. Only somebody else is offered to exempt them."""
    values = [due.assignment.public_id, due.person.public_id]
    return DueLine(
        name=due.person.full_name,
        state=state(due.state),
        colour=COLOURS[due.state],
        day=_day(due.due_on),
        done=_day(due.done_on) if due.done_on else "",
        why_exempt=due.exemption.reason if due.exemption else "",
        exempt_url=reverse("planning:exempt", args=values) if due.person != reader else "",
        asked=assignment_line(due.assignment),
    )


def state(found: State) -> str:
    """How somebody stands, in a word."""
    return {
        State.OVERDUE: _("Overdue"),
        State.DUE: _("To do"),
        State.DONE: _("Done"),
        State.EXEMPT: _("Exempt"),
    }[found]


def repeats(months: int | None) -> str:
    """How often it is due again, "" for once."""
    if months is None:
        return ""
    if months == 12:
        return _("Again every year")
    return ngettext("Again every month", "Again every %(n)d months", months) % {"n": months}


def counts(asked: TeamAssignment) -> str:
    """How a team stands with one assignment: 2 of 5 people done, 1 overdue."""
    people = len(asked.dues)
    if not people:
        return _("Nobody in your team is asked now.")
    done = ngettext("%(done)d of %(n)d person has done it.", "%(done)d of %(n)d people have done it.", people)
    said = done % {"done": asked.number(State.DONE), "n": people}
    overdue = asked.number(State.OVERDUE)
    if overdue:
        said += " " + ngettext("For %(n)d it is overdue.", "For %(n)d it is overdue.", overdue) % {"n": overdue}
    return said


def role_names(assignments: list[Assignment]) -> dict[str, str]:
    """Code -> name of the roles that these ask for. One query, or none where they ask for no role."""
    codes = {each.role for each in assignments if each.role}
    return dict(RoleLevel.objects.filter(pk__in=codes).values_list("pk", "name"))


def _whom(asked: Assignment, *, roles: dict[str, str]) -> str:
    if asked.person:
        return asked.person.full_name
    said = [roles.get(asked.role, asked.role), asked.grade, asked.profession]
    return ", ".join(filter(None, said)) or (_("Everybody") if asked.organisation_id else _("Your whole team"))


def _day(day: dt.date) -> str:
    return date_format(day, "j F Y")
