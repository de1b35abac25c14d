"""People, organisations and roles. The cast: Alice learns, Terry trains, Mary manages, Dev views a department."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from upskill.people.models import Membership, Organisation, RoleGrant, User
from upskill.people.roles import Role

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
FIRST_DAY = dt.date(2026, 1, 1)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = User

    full_name = factory.Sequence(lambda n: f"Person {n:05d}")
    email = factory.Sequence(lambda n: f"person{n}@example.gov.uk")
    joined_at = NOON


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Department {n:05d}")
    code = factory.Sequence(lambda n: f"department-{n:05d}")
    kind = Organisation.Kind.DEPARTMENT
    parent = None
    path = factory.LazyAttribute(lambda o: f"{o.parent.path if o.parent else ''}{o.code}/")
    valid_from = FIRST_DAY


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    line_manager = None
    valid_from = FIRST_DAY


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    person = factory.SubFactory(PersonFactory)
    granted_at = NOON


def trainer_of(course: str, **fields) -> User:
    """A person who trains this course."""
    return RoleGrantFactory(role=Role.TRAINER, course=course, **fields).person


def viewer_of(organisation: Organisation, **fields) -> User:
    """A person who sees the counts of this organisation."""
    return RoleGrantFactory(role=Role.DEPARTMENT_VIEWER, organisation=organisation, **fields).person


def operator(**fields) -> User:
    """A person who keeps the service running."""
    return RoleGrantFactory(role=Role.OPERATOR, **fields).person


def member_of(code: str) -> User:
    """Somebody who works in a new department with this code."""
    post = MembershipFactory(organisation=OrganisationFactory(code=code, path=f"{code}/"))
    person: User = post.person
    return person
