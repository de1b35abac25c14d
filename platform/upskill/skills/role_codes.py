"""Codes of role levels that staff records may name, and what they are called."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from upskill.people.imports.columns import Codes
from upskill.people.models import Organisation

from .models import CapabilityRole, RoleLevel


def role_codes(within: Iterable[Organisation] | None = None) -> Codes:
    """The codes of `levels_within`, by kind. One query."""
    held = levels_within(within)
    by_kind: dict[str, set[str]] = {kind: set() for kind in CapabilityRole.Kind}
    for code, kind in held.values_list("code", "role__kind"):
        by_kind[kind].add(code)
    return Codes(
        roles=frozenset(by_kind[CapabilityRole.Kind.ROLE]), personas=frozenset(by_kind[CapabilityRole.Kind.PERSONA])
    )


def levels_within(within: Iterable[Organisation] | None = None) -> "QuerySet[RoleLevel]":
    """The levels of every role and persona that people can be given: those of frameworks, and those that an
    organisation added.

    `within`: for whoever keeps the records of these organisations alone. They learn nothing of other organisations'
    roles: of those only what is added in these, below them or above counts. None: the whole service.
    """
    held = RoleLevel.objects.filter(ended_at=None, role__ended_at=None).select_related("role")
    if within is not None:
        held = held.filter(reduce(or_, map(_of_family, within), Q(role__organisation=None)))
    return held.order_by("role__name", "role", "position")


def level_names(codes: Iterable[str]) -> dict[str, str]:
    """Code -> name of these role levels and personas, also of those that have ended. One query."""
    return dict(RoleLevel.objects.filter(pk__in=set(codes)).values_list("pk", "name"))


def _of_family(organisation: Organisation) -> Q:
    """Roles of the organisation, of what is below it, and of what it is a part of."""
    above = organisation.path.strip("/").split("/")
    return Q(role__organisation__path__startswith=organisation.path) | Q(role__organisation__code__in=above)
