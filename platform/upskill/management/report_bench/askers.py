"""Who asks for reports: those for whom there is most to show, and some for whom there is little."""

from dataclasses import dataclass

from django.db.models import Count

from upskill.people.models import Membership, Organisation, RoleGrant, User
from upskill.people.roles import Role

CURRENT = {"valid_to": None, "is_main": True}


@dataclass(frozen=True)
class Asker:
    """Somebody who asks, what to know them by, and the organisation that they lead, if it has figures to show."""

    name: str
    person: User
    organisation: Organisation | None = None


def askers() -> list[Asker]:
    """A department viewer; heads of the largest department, of one in the middle, of a large and a small directorate;
    managers with most direct reports and with a middling number.
    """
    return [*_viewers(), *_heads(), *_managers()]


def _viewers() -> list[Asker]:
    """Whoever was first given to see a whole department: the demo's viewer, of the largest."""
    grants = RoleGrant.objects.filter(role=Role.DEPARTMENT_VIEWER, ended_at=None, organisation__parent=None)
    return [
        Asker("a department viewer", grant.person, grant.organisation)
        for grant in grants.select_related("person", "organisation").order_by("pk")[:1]
    ]


def _heads() -> list[Asker]:
    led = Organisation.objects.filter(parent=None, valid_to=None).exclude(head=None).order_by("pk")
    departments = sorted(led, key=lambda each: (-_people(each), each.pk))
    if not departments:
        return []
    found = [Asker("the largest department", _head(departments[0]), departments[0])]
    middle = departments[len(departments) // 2]
    found.append(Asker("a department in the middle", _head(middle), middle))
    parts = Organisation.objects.filter(path__startswith=departments[0].path, valid_to=None).exclude(head=None)
    directorates = list(parts.filter(kind=Organisation.Kind.DIRECTORATE).order_by("path")[:40])
    if directorates:
        large, small = max(directorates, key=_people), min(directorates, key=_people)
        found += [Asker("a large directorate", _head(large), large), Asker("a small one", _head(small), small)]
    return found


def _managers() -> list[Asker]:
    posts = Membership.objects.filter(**CURRENT, person__is_active=True).exclude(line_manager=None)
    by_reports = list(
        posts.values_list("line_manager").annotate(reports=Count("pk")).order_by("-reports", "line_manager")
    )
    if not by_reports:
        return []
    most, middle = by_reports[0][0], by_reports[len(by_reports) // 2][0]
    people = User.objects.in_bulk([most, middle])
    return [Asker("who has most reports", people[most]), Asker("a manager in the middle", people[middle])]


def _people(organisation: Organisation) -> int:
    return Membership.objects.filter(**CURRENT, organisation__path__startswith=organisation.path).count()


def _head(organisation: Organisation) -> User:
    assert organisation.head is not None  # noqa: S101 - those without are left out
    return organisation.head
