"""Reads of planning: what somebody was asked to do, how a manager's team stands, and what an organisation asks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from upskill.people.models import Membership, Organisation, User, in_force
from upskill.people.queries import roles_of
from upskill.people.successions import origins_of, successors_of

from . import audience, dues
from .dues import State
from .models import Assignment, Completion, Exemption

ORDER = {State.OVERDUE: 0, State.DUE: 1, State.DONE: 2, State.EXEMPT: 3}


@dataclass(frozen=True)
class Due:
    """What one person was asked to do, and how they stand with it."""

    assignment: Assignment
    person: User
    state: State
    due_on: dt.date
    done_on: dt.date | None  # when they last finished it
    exemption: Exemption | None

    @property
    def is_open(self) -> bool:
        """Whether something is still to do for it now."""
        return self.state in {State.OVERDUE, State.DUE}


@dataclass(frozen=True)
class TeamAssignment:
    """What people of a team were asked to do, and how each of those whom it means stands, by name."""

    assignment: Assignment
    dues: list[Due]

    def number(self, state: State) -> int:
        """How many people of the team stand so."""
        return sum(due.state == state for due in self.dues)


def due_of(person: User, *, on: dt.date) -> list[Due]:
    """What the person was asked to do, what is overdue first. Four queries, two where nothing is asked of them."""
    posts = audience.posts_of(person, on=on)
    return _dues(posts, assignments=audience.asking(posts, on=on) if posts else [], on=on)


def assignments_of_team(manager: User, *, on: dt.date) -> list[TeamAssignment]:
    """What the manager or an organisation asks of the manager's direct reports in their posts under them, what is due
    first; also what the manager asks of nobody any more. Five queries, however many people and assignments.
    """
    posts = audience.posts_under(manager, on=on)
    own = list(audience.in_effect().filter(team_of=manager))
    assignments = {each.pk: each for each in [*own, *(audience.asking(posts, on=on) if posts else [])]}
    found = _dues(posts, assignments=list(assignments.values()), on=on)
    lists: dict[int, list[Due]] = {pk: [] for pk in assignments}
    for due in sorted(found, key=lambda due: (due.person.full_name, due.person.pk)):
        lists[due.assignment.pk].append(due)
    team = [TeamAssignment(assignments[pk], listed) for pk, listed in lists.items() if listed or assignments[pk] in own]
    return sorted(team, key=lambda each: (each.assignment.due_on, each.assignment.pk))


def overdue_in_team(manager: User, *, on: dt.date) -> list[Due]:
    """What is overdue in the manager's team, longest first. Five queries."""
    found = (due for each in assignments_of_team(manager, on=on) for due in each.dues)
    return sorted((due for due in found if due.state == State.OVERDUE), key=_by_urgency)


def done_this_month(manager: User, *, on: dt.date, team: list[TeamAssignment] | None = None) -> list[Completion]:
    """The courses that direct reports were asked to do and have finished in the month of that day, newest first. What
    people learn of their own accord is not among them. Six queries; one where `team` is what assignments_of_team says.
    """
    found = assignments_of_team(manager, on=on) if team is None else team
    asked = {(due.person.pk, each.assignment.course_id) for each in found for due in each.dues}
    begins = dt.datetime.combine(on.replace(day=1), dt.time(), tzinfo=timezone.get_current_timezone())
    done = completions().filter(finished_at__gte=begins, learner__in={person for person, _course in asked})
    listed = done.select_related("learner", "course__current_version").order_by("-finished_at", "-pk")
    return [each for each in listed if (each.learner_id, each.course_id) in asked]


def completions() -> "QuerySet[Completion]":
    """Those that nothing takes back."""
    return Completion.objects.filter(takes_back=None, taken_back_by=None)


def assignment(public_id: UUID) -> Assignment | None:
    """The assignment, if it has not ended. One query."""
    return Assignment.objects.select_related("course__current_version", "organisation", "team_of", "person").filter(
        public_id=public_id, ended_at=None
    ).first()  # fmt: skip


def due_by(asked: Assignment, *, person: User, on: dt.date) -> Due | None:
    """How this person stands with this assignment; None where it does not mean them. Three queries at most."""
    return next(iter(_dues(audience.posts_of(person, on=on), assignments=[asked], on=on)), None)


def assignments_of_organisation(organisation: Organisation, *, on: dt.date) -> list[Assignment]:
    """What is asked of the whole organisation, or of some of it, also since it goes on with the work of another one by
    that day; what is due first. One query.
    """
    asked = audience.in_effect().filter(organisation__in=origins_of([organisation.code], on=on))
    return list(asked.order_by("due_on", "pk"))


def organisations_asked(assignment: Assignment, *, on: dt.date) -> list[Organisation]:
    """Those in force on that day of which it is asked; more than one where the organisation was split. Two queries if
    the organisation is closed, none otherwise.
    """
    found = successors_of([assignment.organisation], on=on).values() if assignment.organisation else []
    return [each for successors in found for each in successors if each.is_in_force(on)]


def organisations_planned_by(person: User, *, on: dt.date) -> list[Organisation]:
    """The organisations in force that the person leads or administers, by name: what is below each they plan for too.

    One query, and those of roles_of.
    """
    administered = [each.pk for each in roles_of(person).administered]
    found = Organisation.objects.filter(in_force(on)).filter(Q(head=person) | Q(pk__in=administered))
    return list(found.order_by("name", "code")) if person.is_active else []


def _dues(posts: list[Membership], *, assignments: list[Assignment], on: dt.date) -> list[Due]:
    """How everybody in these posts stands with those of the assignments that mean them. Two queries at most, and those
    of audience.places.
    """
    places = audience.places(assignments, on=on)
    asked = {  # the post that somebody has had longest counts where two are meant
        (each.pk, post.person_id): (each, post)
        for post in sorted(posts, key=lambda post: post.valid_from, reverse=True)
        for each in assignments
        if audience.means(each, post, places=places)
    }
    if not asked:
        return []
    days = _finished(asked.values())
    exempt = _exempt(asked.values())
    found = [
        _due(each, post, finished=days.get((post.person_id, each.course_id), []), exemption=exempt.get(key), on=on)
        for key, (each, post) in asked.items()
    ]
    return sorted(found, key=_by_urgency)


def _due(
    asked: Assignment, post: Membership, *, finished: list[dt.date], exemption: Exemption | None, on: dt.date
) -> Due:
    found = dues.standing(asked.due_on, repeat_months=asked.repeat_months, finished=finished, on=on)
    if not found.is_done and post.valid_from > timezone.localdate(asked.made_at):
        found = dues.asked_later(found, since=post.valid_from)
    state = State.EXEMPT if exemption else dues.state(found, on=on, is_required=asked.is_required)
    return Due(asked, post.person, state, due_on=found.due_on, done_on=found.done_on, exemption=exemption)


def _finished(asked: Iterable[tuple[Assignment, Membership]]) -> dict[tuple[int, str], list[dt.date]]:
    """(person, course) -> the days on which they finished it. One query."""
    listed = list(asked)
    done = completions().filter(
        learner__in={post.person_id for _each, post in listed}, course__in={each.course_id for each, _post in listed}
    )
    days: dict[tuple[int, str], list[dt.date]] = {}
    for person, course, moment in done.values_list("learner", "course", "finished_at"):
        days.setdefault((person, course), []).append(timezone.localdate(moment))
    return days


def _exempt(asked: Iterable[tuple[Assignment, Membership]]) -> dict[tuple[int, int], Exemption]:
    """(assignment, person) -> the exemption in force. One query."""
    listed = list(asked)
    given = Exemption.objects.filter(
        ended_at=None,
        assignment__in={each.pk for each, _post in listed},
        person__in={post.person_id for _each, post in listed},
    )
    return {(each.assignment_id, each.person_id): each for each in given.select_related("given_by")}


def _by_urgency(due: Due) -> tuple[int, bool, dt.date, str, int, int]:
    by_name = (due.person.full_name, due.person.pk, due.assignment.pk)
    return (ORDER[due.state], not due.assignment.is_required, due.due_on, *by_name)
