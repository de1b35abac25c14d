"""Reads of people: what somebody is, and who reports to them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, When
from django.db.models.functions import Now, TruncDate

from .models import Membership, Organisation, RoleGrant, User, in_force
from .roles import Permission, Role, roles_with

TODAY = TruncDate(Now())  # here, by the database's clock: rules ask what somebody is without naming a day


@dataclass(frozen=True)
class Roles:
    """What somebody is, beside a learner."""

    courses: frozenset[str]  # ids of the courses that they train
    organisations: tuple[Organisation, ...]  # whose counts they were given to see, with everything below
    has_reports: bool
    is_operator: bool
    administered: tuple[Organisation, ...] = ()  # whose staff records they keep, with everything below
    led: tuple[Organisation, ...] = ()  # whose head they are: they see counts of these too, with everything below

    @property
    def trains(self) -> bool:
        """True for a trainer of any course."""
        return bool(self.courses)

    @property
    def administers(self) -> bool:
        """True for an administrator of any organisation."""
        return bool(self.administered)

    @property
    def viewed(self) -> tuple[Organisation, ...]:
        """The organisations whose counts they may see, with everything below: given to them, or led by them."""
        return (*self.organisations, *(each for each in self.led if each not in self.organisations))

    @property
    def views_departments(self) -> bool:
        """True for a department viewer or the head of any organisation."""
        return bool(self.organisations or self.led)


NOBODY = Roles(frozenset(), (), has_reports=False, is_operator=False)


def roles_of(person: User) -> Roles:
    """The roles of `person`, none for a suspended account. One query the first time that this object is asked about,
    two for a viewer, a head or an administrator of departments.

    A page asks several times: for its rules, its buttons and its menu. Each request has an object of its own, so what
    was granted or ended counts from the next request on. Services that change roles call `forget_roles`.
    """
    if not person.is_active:
        return NOBODY
    if person.known_roles is None:
        person.known_roles = _read_roles(person)
    return person.known_roles


def forget_roles(person: User) -> None:
    """Have the next question about this object's roles look again."""
    person.known_roles = None


def _read_roles(person: User) -> Roles:
    reports = Membership.objects.filter(in_force(TODAY), line_manager=OuterRef("pk"), person__is_probe=False)
    given = FilteredRelation("role_grants", condition=Q(role_grants__ended_at=None))
    leads = Organisation.objects.filter(head=OuterRef("pk"))
    rows = list(  # one for each grant, or one with nothing of a grant in it
        User.objects.filter(pk=person.pk)
        .annotate(has_reports=Exists(reports), leads=Exists(leads), given=given)
        .values_list("has_reports", "leads", "given__role", "given__course", "given__organisation")
    )
    scopes = {scope for *_, scope in rows if scope}
    known = Organisation.objects.filter(Q(pk__in=scopes) | Q(head=person)).order_by("path")
    places = list(known) if scopes or any(leads for _, leads, *_ in rows) else []

    def where(permission: Permission) -> tuple[Organisation, ...]:
        given = {scope for _, _, role, _, scope in rows if scope and role in roles_with(permission)}
        return tuple(place for place in places if place.pk in given)

    return Roles(
        courses=frozenset(course for _, _, role, course, _ in rows if role in roles_with(Permission.MARK)),
        organisations=where(Permission.SEE_DEPARTMENT),
        administered=where(Permission.MANAGE_PEOPLE),
        led=tuple(place for place in places if place.head_id == person.pk),
        has_reports=any(has_reports for has_reports, *_ in rows),
        is_operator=any(role in roles_with(Permission.OPERATE) for _, _, role, *_ in rows),
    )


def post_of(person: User, *, on: dt.date) -> Membership | None:
    """The person's main post on that day, with the organisation and the line manager. One query."""
    posts = Membership.objects.filter(in_force(on), person=person).select_related("organisation", "line_manager")
    return posts.order_by("-is_main", "-valid_from").first()


def last_place_of(person: User) -> Organisation | None:
    """Where the person has the main post that began last, whether or not it has ended; where none has begun by the
    clock of the database, the first that will. One query.
    """
    ahead = Q(valid_from__gt=Now())
    posts = Membership.objects.filter(person=person, is_main=True).select_related("organisation")
    last = posts.order_by(Case(When(ahead, then=F("valid_from"))).asc(nulls_first=True), "-valid_from").first()
    return last.organisation if last else None


def department_of(person: User, *, on: dt.date) -> str:
    """The code of the department, at the root of the tree, in which the person works on that day; "" for none."""
    post = post_of(person, on=on)
    return post.organisation.path.partition("/")[0] if post else ""


def direct_reports(manager: User, *, on: dt.date) -> "QuerySet[User]":
    """The active people whose line manager is `manager` on that day, by name."""
    reports = Membership.objects.filter(in_force(on), line_manager=manager).values("person")
    return _active_people().filter(pk__in=reports)


def trainers_of(course: str) -> "QuerySet[User]":
    """The active people who train the course with this id, by name."""
    grants = RoleGrant.objects.filter(role=Role.TRAINER, course=course, ended_at=None).values("person")
    return _active_people().filter(pk__in=grants)


def _active_people() -> "QuerySet[User]":
    """Everybody who may sign in, by name. The probe is nobody."""
    return User.objects.filter(is_active=True, is_probe=False).order_by("full_name", "pk")
