"""Who may act as a trainer or an operator, keep staff records, and end an access token.

Who may see reports is in reports/rules.py, who may mark in marking/.

A page for a role refuses whoever does not have it (NotAllowed). What belongs to one course does not exist for anybody
else (NotThere).
"""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from upskill.core.rules import NotAllowed, NotThere, claim

from .models import AccessToken, Membership, Organisation, PeopleImport, RoleGrant, User
from .queries import last_place_of, roles_of
from .roles import Role


def check_train(person: User, *, course: str) -> None:
    """A trainer of the course with this id. As many queries as roles_of takes."""
    if course not in roles_of(person).courses:
        raise NotThere(_("You do not train this course."))


def check_train_any(person: User) -> None:
    """A trainer of at least one course. As many queries as roles_of takes."""
    if not roles_of(person).trains:
        raise NotAllowed(_("This page is for trainers, and you do not train a course."))


def check_operate(person: User) -> None:
    """An operator of the service. As many queries as roles_of takes."""
    if not roles_of(person).is_operator:
        raise NotAllowed(_("This page is for the people who run this service."))


def check_manage_token(person: User, *, token: AccessToken) -> None:
    """The person who made the access token, while their account is active."""
    if not (person.is_active and token.user_id == person.pk):
        raise NotThere(_("This is not your access token."))


def check_administer_any(person: User) -> None:
    """An administrator of at least one organisation. As many queries as roles_of takes."""
    if not roles_of(person).administers:
        raise NotAllowed(_("This page is for administrators, and you keep no organisation\u2019s staff records."))


def check_administer(person: User, *, organisation: Organisation) -> None:
    """An administrator of the organisation or of one above it. As many queries as roles_of takes."""
    if not any(organisation.path.startswith(scope.path) for scope in roles_of(person).administered):
        raise NotThere(_("You do not keep this organisation\u2019s staff records."))


def check_change_part(person: User, *, organisation: Organisation) -> None:
    """An administrator of an organisation above it: nobody splits or closes what they were given themselves."""
    check_administer(person, organisation=organisation)
    paths = [scope.path for scope in roles_of(person).administered]
    if not any(organisation.path.startswith(path) and organisation.path != path for path in paths):
        raise NotAllowed(_("Ask an administrator above you, or the people who run this service, to do this."))


def check_keep_record(person: User, *, of: User) -> None:
    """An administrator of where somebody has, or last had, their main post. One query more than roles_of takes."""
    place = last_place_of(of) if roles_of(person).administers and not of.is_probe else None
    if place is None:
        raise NotThere(_("You do not keep this person\u2019s staff record."))
    check_administer(person, organisation=place)


def check_end_record(person: User, *, of: User) -> None:
    """Whoever keeps somebody's record, unless that person holds a role that reaches beyond the administrator's own
    organisations: ending that is for the people who run the service. Two queries more than roles_of takes.
    """
    check_keep_record(person, of=of)
    scopes = roles_of(person).administered
    held = RoleGrant.objects.filter(person=of, ended_at=None).select_related("organisation")
    for grant in held:
        place = grant.organisation
        if place is None or not any(place.path.startswith(scope.path) for scope in scopes):
            raise NotAllowed(_("This person has access beyond your organisation. Ask the people who run this service."))


def check_change_days(person: User, *, of: User, from_on: dt.date, until: dt.date | None) -> None:
    """Whoever keeps the records of wherever somebody has a main post between these days (None: from then on): what is
    told afterwards changes nothing elsewhere. One query more than roles_of takes.
    """
    posts = Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gt=from_on), person=of, is_main=True)
    if until:
        posts = posts.filter(valid_from__lt=until)
    paths = posts.values_list("organisation__path", flat=True)
    if not all(any(path.startswith(scope.path) for scope in roles_of(person).administered) for path in paths):
        raise NotAllowed(
            _("They work outside your organisation then. Choose another day, or ask the people who run this service.")
        )


def check_end_grant(person: User, *, grant: RoleGrant) -> None:
    """An administrator of the organisation that a viewer or administrator was given."""
    if grant.organisation is None or grant.role not in {Role.DEPARTMENT_VIEWER, Role.DEPARTMENT_ADMIN}:
        raise NotThere(_("This role is not yours to end."))
    check_administer(person, organisation=grant.organisation)


def check_import_any(person: User) -> None:
    """An administrator, or an operator, who imports for the whole service. As many queries as roles_of takes."""
    roles = roles_of(person)
    if not (roles.administers or roles.is_operator):
        raise NotAllowed(_("This page is for people who keep staff records."))


def check_import(person: User, *, organisation: Organisation | None) -> None:
    """An administrator for an organisation of theirs; an operator for the whole service (None)."""
    if organisation is not None:
        check_administer(person, organisation=organisation)
    elif not roles_of(person).is_operator:
        raise NotThere(_("Only the people who run this service import for all of it."))


def check_see_import(person: User, *, imported: PeopleImport) -> None:
    """Whoever could give the file."""
    check_import(person, organisation=imported.organisation)


can_train = claim(check_train)
can_train_any = claim(check_train_any)
can_operate = claim(check_operate)
can_manage_token = claim(check_manage_token)
can_administer_any = claim(check_administer_any)
can_administer = claim(check_administer)
can_change_part = claim(check_change_part)
can_keep_record = claim(check_keep_record)
can_end_record = claim(check_end_record)
can_change_days = claim(check_change_days)
can_end_grant = claim(check_end_grant)
can_import_any = claim(check_import_any)
can_import = claim(check_import)
can_see_import = claim(check_see_import)
