"""Writes what is assigned to people, who is exempt, and who finished which course."""

import datetime as dt

import numpy as np

from upskill.people.models import Organisation
from upskill.planning.models import Assignment, Completion, Exemption

from . import copying
from .copying import NULL
from .learned import Moments
from .offers import Teaching
from .staff import Hired
from .trees import Staff
from .work import Work

BY_MANAGERS = 0.02  # of those who lead, how many have assigned something to their team
EXEMPT = 0.001  # of all people
TABLES = (Assignment, Exemption, Completion)


def write(
    staff: Staff, *, hired: Hired, work: Work, teaching: Teaching, now: dt.datetime, rng: np.random.Generator
) -> None:
    """One course a year that each department requires, some that managers ask of their teams, and what is finished."""
    people, today = hired.people, now.date()
    leaders = np.flatnonzero(staff.leads)
    managers = [people[each] for each in rng.permutation(leaders)[: round(BY_MANAGERS * len(leaders))].tolist()]
    written = Organisation.objects.filter(pk__in=hired.units, parent=None).exclude(head=None).order_by("pk")
    heads = dict(written.values_list("pk", "head_id"))
    led = list(heads)
    number = len(led) + len(managers)
    ids = copying.next_ids(Assignment, rows=number)
    columns: dict[str, copying.Column] = {
        "id": ids,
        "course_id": [teaching.courses[each % len(teaching.courses)] for each in range(number)],
        "organisation_id": [*led, *[NULL] * len(managers)],
        "team_of_id": [*[NULL] * len(led), *managers],
        "due_on": [str(today + dt.timedelta(days=days)) for days in rng.integers(-90, 180, number).tolist()],
        "repeat_months": [*[12] * len(led), *[NULL] * len(managers)],
        "made_by_id": [*[heads[top] for top in led], *managers],
        "made_at": str(now - dt.timedelta(days=120)),
    }
    copying.add(Assignment, rows=number, columns=columns)
    _write_exemptions(ids[: len(led)], staff=staff, people=people, now=now, rng=rng)
    _write_completions(work, people=people, teaching=teaching, now=now)


def _write_exemptions(
    assignments: range, *, staff: Staff, people: range, now: dt.datetime, rng: np.random.Generator
) -> None:
    """Some people need not do what a department requires of everybody."""
    number = round(EXEMPT * len(staff)) if assignments else 0
    exempt = rng.permutation(len(staff))[:number].tolist()
    columns: dict[str, copying.Column] = {
        "assignment_id": [assignments[each % len(assignments)] for each in range(number)],
        "person_id": [people[each] for each in exempt],
        "reason": "On long leave.",
        "given_by_id": list(_makers(assignments, number=number)),
        "given_at": str(now - dt.timedelta(days=30)),
    }
    copying.add(Exemption, rows=number, columns=columns)


def _makers(assignments: range, *, number: int) -> list[int]:
    makers = dict(Assignment.objects.filter(pk__in=assignments).values_list("pk", "made_by_id"))
    return [makers[assignments[each % len(assignments)]] for each in range(number)]


def _write_completions(work: Work, *, people: range, teaching: Teaching, now: dt.datetime) -> None:
    person, course, second = work.finished
    columns: dict[str, copying.Column] = {
        "learner_id": [people[each] for each in person.tolist()],
        "course_id": [teaching.courses[each] for each in course.tolist()],
        "finished_at": Moments(now).at(second),
    }
    copying.add(Completion, rows=len(person), columns=columns)
