"""Changes to people, organisations, memberships and roles. Each is atomic, says who did it, and is audited.

Moves told afterwards, further posts and line managers: posts.py. Splits, mergers and heads: organisations.py. Leavers:
leaving.py.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.core.turns import wait_for_turn

from . import sessions
from .closing import refuse_end_on
from .models import Membership, Organisation, RoleGrant, User
from .queries import forget_roles
from .roles import GRANTED, Role, Scope
from .tokens import revoke_all

TREE = "organisation tree"  # the turn of whoever changes where organisations stand in it
PROBE_NAME = "Service check (nobody)"  # labels what it hands in, wherever an operator meets it


class EmailInUse(Exception):
    """Another account has this e-mail address."""


class CodeInUse(Exception):
    """Another organisation has this code."""


class AlreadyHasRole(Exception):
    """The person holds this role with this scope now."""


class WrongScope(Exception):
    """The role needs another scope: a course, an organisation, or none."""


class NotSuspendable(Exception):
    """People cannot suspend themselves: nobody could let them in again."""


class PlacedSince(Exception):
    """The person began their present post on that day or later."""


class MovedBelowItself(Exception):
    """An organisation cannot be a part of its own parts."""


class StillInUse(Exception):
    """The organisation has people or parts that would be left without a place."""


@transaction.atomic
def add_person(full_name: str, *, email: str, by: User | None, now: dt.datetime) -> User:
    """A new account that can sign in at once. Raises EmailInUse."""
    address = email.lower()
    if User.objects.filter(email=address).exists():
        raise EmailInUse(_("There is an account with the address %(email)s already.") % {"email": address})
    person = User.objects.create(full_name=full_name, email=address, joined_at=now)
    audit.record("person.added", subject=person, by=by, at=now, about=person)
    return person


@transaction.atomic
def probe_account(*, by: User | None, now: dt.datetime) -> User:
    """The account as which `manage.py smoke` visits the service, made at the first visit. Safe to repeat.

    It has no address, so nobody can ask for a link to it; it is in no list and no figure.
    """
    wait_for_turn("probe account")
    probe = User.objects.filter(is_probe=True).order_by("pk").first()
    if probe is None:
        probe = User.objects.create(full_name=PROBE_NAME, email=None, joined_at=now, is_probe=True)
        audit.record("person.added", subject=probe, by=by, at=now, about=probe, probe=True)
    return probe


@transaction.atomic
def suspend(person: User, *, by: User, now: dt.datetime) -> None:
    """Nobody can sign in to the account; its sessions and access tokens are over, also when it is reinstated.

    Safe to repeat.
    """
    if person == by:
        raise NotSuspendable(_("You cannot suspend your own account. Ask another operator."))
    if User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        audit.record("person.suspended", subject=person, by=by, at=now, about=person)
        revoke_all(person, by=by, now=now)
    sessions.end_all(person)
    person.is_active = False


@transaction.atomic
def reinstate(person: User, *, by: User, now: dt.datetime) -> None:
    """A suspended account can sign in again. Safe to repeat."""
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        audit.record("person.reinstated", subject=person, by=by, at=now, about=person)
    person.is_active = True


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
    """A new organisation below `parent`, or a department of its own. Raises CodeInUse."""
    if Organisation.objects.filter(code=code).exists():
        raise CodeInUse(_("There is an organisation with the code %(code)s already.") % {"code": code})
    wait_for_turn(TREE)  # while the path above is read, nobody may move it
    if parent:  # nor close it
        parent = Organisation.objects.select_for_update(no_key=True).get(pk=parent.pk)
    path = f"{parent.path if parent else ''}{code}/"
    organisation = Organisation.objects.create(
        name=name, code=code, kind=kind, parent=parent, path=path, valid_from=from_on
    )
    audit.record("organisation.added", subject=organisation, by=by, at=now, path=path)
    return organisation


@transaction.atomic
def move_organisation(
    organisation: Organisation, *, parent: Organisation | None, by: User | None, now: dt.datetime
) -> None:
    """The organisation, with all below it, is now a part of `parent` (or of nothing). Raises MovedBelowItself.

    Nobody who is placed elsewhere meanwhile waits for it.
    """
    wait_for_turn(TREE)
    named = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    held = named.in_bulk([organisation.pk, *([parent.pk] if parent else [])])
    moved = held[organisation.pk]
    above = held[parent.pk].path if parent else ""
    if above.startswith(moved.path):
        raise MovedBelowItself(
            _("%(name)s cannot move below itself. Choose another place.") % {"name": organisation.name}
        )
    old, new = moved.path, f"{above}{moved.code}/"
    Organisation.objects.filter(pk=moved.pk).update(parent=parent)
    Organisation.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    organisation.refresh_from_db()
    audit.record("organisation.moved", subject=organisation, by=by, at=now, old=old, new=new)


@transaction.atomic
def close_organisation(organisation: Organisation, *, on: dt.date, by: User | None, now: dt.datetime) -> None:
    """From `on`, today or earlier, the organisation exists no more; its history stays.

    Raises closing.DayOutOfRange, and StillInUse while it has people or parts on that day or later.
    """
    refuse_end_on(Organisation.objects.select_for_update().get(pk=organisation.pk), on=on, now=now)
    posts = Membership.objects.filter(organisation=organisation).exclude(valid_to__lte=on)
    has_people = posts.exclude(
        is_main=False, person__is_active=False
    ).exists()  # nobody comes to a leaver's planned one
    if has_people or organisation.children.exclude(valid_to__lte=on).exists():
        raise StillInUse(
            _("%(name)s has people or parts on that day or later. Move them first, or choose a later day.")
            % {"name": organisation.name}
        )
    organisation.valid_to = on
    organisation.save(update_fields=["valid_to"])
    audit.record("organisation.closed", subject=organisation, by=by, at=now, on=on.isoformat())


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
    role: str = "",
    persona: str = "",
    is_main: bool = True,
) -> Membership:
    """The person's new current membership. The main one before ends on the day that this one begins, and is kept; one
    that is not the main one ends none. `role` and `persona` are codes of skills.RoleLevel.

    Raises PlacedSince for a day that is not after the beginning of the one before. For days of the past: posts.move.
    """
    if is_main:
        _end_membership(person, on=from_on)
    if line_manager:
        forget_roles(line_manager)
    membership = Membership.objects.create(
        person=person,
        organisation=organisation,
        line_manager=line_manager,
        job_title=job_title,
        grade=grade,
        profession=profession,
        role=role,
        persona=persona,
        is_main=is_main,
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
    """A role with its scope: a trainer's course, a department viewer's organisation, none for an operator.

    Raises WrongScope, AlreadyHasRole.
    """
    scope = GRANTED[role].scope
    if (bool(course), bool(organisation)) != (scope == Scope.COURSE, scope == Scope.ORGANISATION):
        raise WrongScope(_("This role is for %(scope)s. Give exactly that.") % {"scope": scope})
    _one_at_a_time(person)
    held = RoleGrant.objects.filter(person=person, role=role, course=course, organisation=organisation, ended_at=None)
    if held.exists():
        raise AlreadyHasRole(_("%(name)s has this access already.") % {"name": person.full_name})
    forget_roles(person)
    grant = RoleGrant.objects.create(person=person, role=role, course=course, organisation=organisation, granted_at=now)
    audit.record("role.granted", subject=grant, by=by, at=now, about=person, role=role)
    return grant


@transaction.atomic
def end_role(grant: RoleGrant, *, by: User | None, now: dt.datetime) -> None:
    """The role no longer permits anything. The row stays as history; ending it twice keeps the first moment."""
    forget_roles(grant.person)
    if RoleGrant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=now):
        audit.record("role.ended", subject=grant, by=by, at=now, about=grant.person, role=grant.role)


def _end_membership(person: User, *, on: dt.date) -> None:
    _one_at_a_time(person)
    current = Membership.objects.filter(person=person, valid_to=None, is_main=True).first()
    if current and current.valid_from >= on:
        raise PlacedSince(
            _("%(name)s began their present post on %(day)s. Give a later day.")
            % {"name": person.full_name, "day": current.valid_from.isoformat()}
        )
    if current:
        current.valid_to = on
        current.save(update_fields=["valid_to"])


def _one_at_a_time(person: User) -> None:
    """Two changes to one person wait for each other, so that both see what the other did."""
    User.objects.select_for_update().get(pk=person.pk)
