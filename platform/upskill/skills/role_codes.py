"""Codes of role levels that staff records may name."""

from upskill.people.imports.columns import Codes

from .models import CapabilityRole, RoleLevel


def role_codes() -> Codes:
    """The codes of levels of every role and persona that people can be given. One query."""
    held = RoleLevel.objects.filter(ended_at=None, role__ended_at=None).values_list("code", "role__kind")
    by_kind: dict[str, set[str]] = {kind: set() for kind in CapabilityRole.Kind}
    for code, kind in held:
        by_kind[kind].add(code)
    return Codes(
        roles=frozenset(by_kind[CapabilityRole.Kind.ROLE]), personas=frozenset(by_kind[CapabilityRole.Kind.PERSONA])
    )
