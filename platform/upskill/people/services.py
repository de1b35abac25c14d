"""Changes to people, organisations, memberships and roles. Each is atomic, says who did it, and is audited."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from upskill.core import audit

from .models import Membership, Organisation, RoleGrant, User
from .roles import Role


class AlreadyHasRole(Exception):
    """The person holds this role with this scope now."""


class NotSuspendable(Exception):
    """People cannot suspend themselves: nobody could let them in again."""


@transaction.atomic
def add_person(full_name: str, *, email: str, by: User | None, now: dt.datetime) -> User:
    """A new account that can sign in at once. Raises IntegrityError for an e-mail address that is in use."""
    person = User.objects.create(full_name=full_name, email=email.lower(), joined_at=now)
    audit.record("person.added", subject=person, by=by, at=now, about=person)
    return person


@transaction.atomic
def suspend(person: User, *, by: User, now: dt.datetime) -> None:
    """Nobody can sign in to the account, and its sessions end at their next click. Safe to repeat."""
    if person == by:
        raise NotSuspendable(_("You cannot suspend your own account. Ask another operator."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    audit.record("person.suspended", subject=person, by=by, at=now, about=person)


@transaction.atomic
def add_organisation(
    name: str,
    *,
    code: str,
    kind: Organisation.Kind,
    parent: Organisation | None,
    from_on: dt.date,
    by: User | None,
    now: dt.datetime,
) -> Organisation:
    """A new organisation below `parent`, or a department of its own. Raises IntegrityError for a code in use."""
    path = f"{parent.path if parent else ''}{code}/"
    organisation = Organisation.objects.create(
        name=name, code=code, kind=kind, parent=parent, path=path, valid_from=from_on
    )
    audit.record("organisation.added", subject=organisation, by=by, at=now, path=path)
    return organisation


@transaction.atomic
def place(
    person: User,
    *,
    organisation: Organisation,
    line_manager: User | None,
    from_on: dt.date,
    by: User | None,
    now: dt.datetime,
    job_title: str = "",
    grade: str = "",
    profession: str = "",
) -> Membership:
    """The person's new current membership. The one before ends on the day that this one begins, and is kept."""
    Membership.objects.filter(person=person, valid_to=None).update(valid_to=from_on)
    membership = Membership.objects.create(
        person=person,
        organisation=organisation,
        line_manager=line_manager,
        job_title=job_title,
        grade=grade,
        profession=profession,
        valid_from=from_on,
    )
    manager_id = line_manager.pk if line_manager else None
    audit.record(
        "person.placed", subject=membership, by=by, at=now, about=person, path=organisation.path, manager=manager_id
    )
    return membership


@transaction.atomic
def grant_role(
    person: User,
    *,
    role: Role,
    by: User | None,
    now: dt.datetime,
    course: str = "",
    organisation: Organisation | None = None,
) -> RoleGrant:
    """A role with its scope: a trainer's course, a department viewer's organisation, none for an operator."""
    held = RoleGrant.objects.filter(person=person, role=role, course=course, organisation=organisation, ended_at=None)
    if held.exists():
        raise AlreadyHasRole(_("%(name)s has this role already.") % {"name": person.full_name})
    grant = RoleGrant.objects.create(person=person, role=role, course=course, organisation=organisation, granted_at=now)
    audit.record("role.granted", subject=grant, by=by, at=now, about=person, role=role)
    return grant


@transaction.atomic
def end_role(grant: RoleGrant, *, by: User | None, now: dt.datetime) -> None:
    """The role no longer permits anything. The row stays as history; ending it twice keeps the first moment."""
    if RoleGrant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=now):
        audit.record("role.ended", subject=grant, by=by, at=now, about=grant.person, role=grant.role)
