"""Roles as readable classes: who may hold each, over what, and what it permits."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    """What somebody may do. Every rule rests on one of these."""

    LEARN = "learn"
    SEE_SUBMISSIONS = "see_submissions"
    MARK = "mark"
    SEE_OWN_TEAM = "see_own_team"
    SEE_DEPARTMENT = "see_department"
    OPERATE = "operate"


class Role(models.TextChoices):
    """Roles that are granted. Learner and line manager are not: they follow from having an account and reports."""

    TRAINER = "trainer"
    DEPARTMENT_VIEWER = "department_viewer"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Learner:
    """Everybody with an active account."""

    scope = "themselves"
    permissions = frozenset({Permission.LEARN})


@dataclass(frozen=True)
class LineManager:
    """Whoever is named as line manager in a current membership."""

    scope = "the people who report to them directly"
    permissions = frozenset({Permission.SEE_OWN_TEAM})


@dataclass(frozen=True)
class Trainer:
    """Somebody who teaches and marks a course."""

    scope = "one course"
    permissions = frozenset({Permission.SEE_SUBMISSIONS, Permission.MARK})


@dataclass(frozen=True)
class DepartmentViewer:
    """Somebody who plans skills for an organisation: sees counts, never a name, never fewer than five people."""

    scope = "one organisation and everything below it"
    permissions = frozenset({Permission.SEE_DEPARTMENT})


@dataclass(frozen=True)
class Operator:
    """Somebody who keeps the service running. Sees no mark and no learner's work."""

    scope = "the service"
    permissions = frozenset({Permission.OPERATE})


GRANTED = {Role.TRAINER: Trainer, Role.DEPARTMENT_VIEWER: DepartmentViewer, Role.OPERATOR: Operator}
