"""Staff records as administrators read them: parts, people, posts and roles of an organisation. No levels."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from upskill.core import audit

from .models import Membership, Organisation, PeopleImport, RoleGrant, User, in_force
from .queries import roles_of
from .roles import Role

MOST_FOUND = 50  # people of one search
GIVEN_HERE = (Role.DEPARTMENT_VIEWER, Role.DEPARTMENT_ADMIN)


def unit(code: str) -> Organisation | None:
    """The organisation with this code, with whoever leads it and the one above. One query."""
    return Organisation.objects.filter(code=code).select_related("head", "parent").first()


def parts_of(organisation: Organisation, *, on: dt.date) -> "QuerySet[Organisation]":
    """The parts that exist on that day, by name, each with `people`: how many have their main post directly in it."""
    here = Q(memberships__is_main=True, memberships__valid_from__lte=on) & (
        Q(memberships__valid_to=None) | Q(memberships__valid_to__gt=on)
    )
    parts = organisation.children.filter(Q(valid_to=None) | Q(valid_to__gt=on))
    return parts.annotate(people=Count("memberships", filter=here)).order_by("name", "code")


def posts_in(organisation: Organisation, *, on: dt.date) -> "QuerySet[Membership]":
    """The posts that people hold directly in the organisation on that day, by name."""
    held = Membership.objects.filter(in_force(on), organisation=organisation, person__is_probe=False)
    return held.select_related("person", "line_manager").order_by("person__full_name", "pk")


def found_in(organisation: Organisation, *, words: str, on: dt.date) -> "QuerySet[Membership]":
    """The first main posts in the organisation and below whose people have these words in their name, or this staff
    number.
    """
    said = Q(person__staff_number=words)
    named = Q()
    for word in words.split():
        named &= Q(person__full_name__icontains=word)
    below = Membership.objects.filter(in_force(on), is_main=True, organisation__path__startswith=organisation.path)
    held = below.filter(said | named, person__is_probe=False).select_related("person", "line_manager", "organisation")
    return held.order_by("person__full_name", "pk")[:MOST_FOUND]


def known_as(told: str) -> User | None:
    """Whoever has this staff number or e-mail address. One query."""
    return User.objects.filter(Q(staff_number=told) | Q(email=told.lower()), is_probe=False).first()


def person(public_id: UUID) -> User | None:
    """The person with this id. One query."""
    return User.objects.filter(public_id=public_id).first()


def ids_of(numbers: Iterable[str]) -> list[int]:
    """Ids of the people with these staff numbers. One query."""
    return list(User.objects.filter(staff_number__in=set(numbers)).values_list("pk", flat=True))


def numbers_in(organisation: Organisation, *, on: dt.date) -> set[str]:
    """The staff numbers of everybody with a post in the organisation itself on that day or later. One query."""
    held = Membership.objects.filter(organisation=organisation).exclude(valid_to__lte=on)
    return {number for number in held.values_list("person__staff_number", flat=True) if number}


def posts_of(someone: User) -> "QuerySet[Membership]":
    """Every post of a person, the newest first."""
    posts = Membership.objects.filter(person=someone).select_related("organisation", "line_manager")
    return posts.order_by("-valid_from", "-is_main", "-pk")


def further_post(someone: User, number: int) -> Membership | None:
    """The further post of this person with this number, also one that has ended. One query."""
    held = Membership.objects.filter(person=someone, pk=number, is_main=False)
    return held.select_related("organisation", "person").first()


def grants_in(organisation: Organisation) -> "QuerySet[RoleGrant]":
    """Who sees figures or keeps staff records of exactly this organisation now."""
    grants = RoleGrant.objects.filter(organisation=organisation, role__in=GIVEN_HERE, ended_at=None)
    return grants.select_related("person", "organisation").order_by("role", "person__full_name", "pk")


def grant(number: int) -> RoleGrant | None:
    """The grant, also one that has ended. One query."""
    return RoleGrant.objects.filter(pk=number).select_related("person", "organisation").first()


def imports_for(someone: User) -> "QuerySet[PeopleImport]":
    """The imports that this person may see, the newest first, without their files."""
    roles = roles_of(someone)
    theirs = Q(organisation=None) if roles.is_operator else Q(pk=None)
    for scope in roles.administered:
        theirs |= Q(organisation__path__startswith=scope.path)
    given = PeopleImport.objects.filter(theirs).defer("content", "summary")
    return given.select_related("organisation", "given_by").order_by("-given_at", "-pk")


def import_of(public_id: UUID) -> PeopleImport | None:
    """The import with this id, without its file. One query."""
    found = PeopleImport.objects.filter(public_id=public_id).defer("content")
    return found.select_related("organisation", "given_by").first()


@transaction.atomic
def record_view(someone: User, *, by: User, now: dt.datetime) -> None:
    """That an administrator opened the staff record of a person: in that person's trail."""
    audit.record("staff_record.viewed", subject=someone, by=by, at=now, about=someone)
