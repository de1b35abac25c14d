"""Whom an assignment means: a manager's direct reports, or an organisation with everything below it; of these only who
has the role, grade and profession that are given. Worked out from memberships in force on a day. What was asked of an
organisation that was split or merged since is asked of those in which its work goes on.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from upskill.people.models import Membership, Organisation, User, in_force
from upskill.people.successions import origins_of, successors_of

from .models import Assignment

Places = dict[int, tuple[str, ...]]  # organisation id -> the paths below which is asked what is asked of it


@dataclass(frozen=True)
class Audience:
    """Who is to be asked, as somebody chose it: a team, one person of it, or an organisation."""

    team_of: User | None = None
    person: User | None = None
    organisation: Organisation | None = None
    role: str = ""
    grade: str = ""
    profession: str = ""


def posts_of(person: User, *, on: dt.date) -> list[Membership]:
    """Where the person works on that day, main post or not. One query."""
    posts = Membership.objects.filter(in_force(on), person=person)
    return list(posts.select_related("organisation", "person").order_by("pk"))


def posts_under(manager: User, *, on: dt.date) -> list[Membership]:
    """The posts of the manager's direct reports under them on that day, by name. One query."""
    posts = _of_active_people(on=on).filter(line_manager=manager)
    return list(posts.select_related("organisation", "person").order_by("person__full_name", "person_id", "pk"))


def asking(posts: Iterable[Membership], *, on: dt.date) -> list[Assignment]:
    """The assignments in force of a published course that may mean somebody in these posts on that day, what is due
    first. One query of two halves, each with an index of its own: an organisation is found by the codes on the way up
    from a post.
    """
    listed = list(posts)
    codes = {code for post in listed for code in post.organisation.path.split("/") if code}
    managers = {post.line_manager_id for post in listed if post.line_manager_id}
    people = {post.person_id for post in listed}
    of_team = in_effect().filter(Q(person=None) | Q(person__in=people), team_of__in=managers)
    found = of_team.union(in_effect().filter(organisation__in=origins_of(codes, on=on)), all=True)
    return sorted(found, key=lambda each: (each.due_on, each.pk))


def in_effect() -> "QuerySet[Assignment]":
    """Assignments that have not ended, of courses that are published, with what is said of them."""
    asked = Assignment.objects.filter(ended_at=None, course__current_version__isnull=False)
    return asked.select_related("course__current_version", "organisation", "made_by", "person")


def places(assignments: Iterable[Assignment], *, on: dt.date) -> Places:
    """Where the organisations that these ask are on that day. Two queries if one of them is closed, none otherwise."""
    asked = [each.organisation for each in assignments if each.organisation]
    return {pk: tuple(each.path for each in successors) for pk, successors in successors_of(asked, on=on).items()}


def means(assignment: Assignment, post: Membership, *, places: Places) -> bool:
    """Whether it means whoever is in this post. `places` are those of the assignment; `post.organisation` is read."""
    if assignment.team_of_id:
        who = post.line_manager_id == assignment.team_of_id and assignment.person_id in {None, post.person_id}
    else:
        assert assignment.organisation_id is not None  # noqa: S101 - the table holds that
        who = post.organisation.path.startswith(places[assignment.organisation_id])
    wanted = ((assignment.role, post.role), (assignment.grade, post.grade), (assignment.profession, post.profession))
    return who and all(not asked or asked == has for asked, has in wanted)


def posts_meant(assignment: Assignment, *, on: dt.date) -> "QuerySet[Membership]":
    """The same for everybody: the posts in force on that day of the active people whom it means."""
    posts = _of_active_people(on=on)
    if assignment.organisation:
        below = Q()
        for path in places([assignment], on=on)[assignment.organisation.pk]:
            below |= Q(organisation__path__startswith=path)
        posts = posts.filter(below)
    else:
        posts = posts.filter(line_manager=assignment.team_of)
    if assignment.person_id:
        posts = posts.filter(person=assignment.person_id)
    asked = {name: getattr(assignment, name) for name in ("role", "grade", "profession")}
    return posts.filter(**{name: value for name, value in asked.items() if value})


def _of_active_people(*, on: dt.date) -> "QuerySet[Membership]":
    return Membership.objects.filter(in_force(on), person__is_active=True, person__is_probe=False)
