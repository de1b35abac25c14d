"""Roles as readable classes: who may hold each, over what, and what it permits."""

from enum import StrEnum
from typing import ClassVar

from django.db import models


class Permission(StrEnum):
    """What a role permits. Rules about granted roles ask for these; one's own work and team need no grant."""

    LEARN = "learn"
    SEE_SUBMISSIONS = "see_submissions"
    MARK = "mark"
    SEE_OWN_TEAM = "see_own_team"
    SEE_DEPARTMENT = "see_department"
    MANAGE_PEOPLE = "manage_people"
    OPERATE = "operate"


class Scope(StrEnum):
    """Over whom or what a role reaches."""

    THEMSELVES = "themselves"
    REPORTS = "the people who report to them directly"
    COURSE = "one course"
    ORGANISATION = "one organisation and everything below it"
    SERVICE = "the service"


class Role(models.TextChoices):
    """Roles that are granted. Learner and line manager are not: they follow from having an account and reports."""

    TRAINER = "trainer"
    DEPARTMENT_VIEWER = "department_viewer"
    DEPARTMENT_ADMIN = "department_admin"
    OPERATOR = "operator"


class RoleDescription:
    """What belongs to a role: whom or what it reaches, and what it permits."""

    scope: ClassVar[Scope]
    permissions: ClassVar[frozenset[Permission]]


class Learner(RoleDescription):
    """Everybody with an active account."""

    scope = Scope.THEMSELVES
    permissions = frozenset({Permission.LEARN})


class LineManager(RoleDescription):
    """Whoever is named as line manager in a current membership."""

    scope = Scope.REPORTS
    permissions = frozenset({Permission.SEE_OWN_TEAM})


class Trainer(RoleDescription):
    """Somebody who teaches and marks a course."""

    scope = Scope.COURSE
    permissions = frozenset({Permission.SEE_SUBMISSIONS, Permission.MARK})


class DepartmentViewer(RoleDescription):
    """Somebody who plans skills for an organisation: sees counts, never a name, never fewer than five people."""

    scope = Scope.ORGANISATION
    permissions = frozenset({Permission.SEE_DEPARTMENT})


class DepartmentAdmin(RoleDescription):
    """Somebody who keeps an organisation's staff records here: its people, posts, parts and viewers. Sees no level."""

    scope = Scope.ORGANISATION
    permissions = frozenset({Permission.MANAGE_PEOPLE})


class Operator(RoleDescription):
    """Somebody who keeps the service running. Sees no mark and no learner's work."""

    scope = Scope.SERVICE
    permissions = frozenset({Permission.OPERATE})


GRANTED: dict[Role, type[RoleDescription]] = {
    Role.TRAINER: Trainer,
    Role.DEPARTMENT_VIEWER: DepartmentViewer,
    Role.DEPARTMENT_ADMIN: DepartmentAdmin,
    Role.OPERATOR: Operator,
}


def roles_with(permission: Permission) -> list[Role]:
    """The granted roles that permit this."""
    return [role for role, described in GRANTED.items() if permission in described.permissions]
