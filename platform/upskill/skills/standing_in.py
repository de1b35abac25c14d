"""Skills of ours that stand for a framework's: what a role asks of the one is asked of the other.

`same_as` in skills.yml says so. The requirement is then kept for our skill, so that evidence of our courses counts for
it, and remembers the skill that the framework names (decision 0040).
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q

from upskill.core import audit
from upskill.people.models import User

from .models import Requirement, Skill


def stand_ins() -> dict[str, str]:
    """Slug of a framework's skill -> slug of ours that stands for it. One query."""
    standing = Skill.objects.filter(same_as__isnull=False).values_list("same_as", "pk")
    return {named: ours for named, ours in standing if named}


@transaction.atomic
def follow(*, by: User | None, now: dt.datetime) -> int:
    """Have every requirement of a framework be asked of the skill of ours that stands for what the framework names, or
    of that itself; returns how many changed. Safe to repeat.
    """
    ours, changed = stand_ins(), []
    asked = set(Requirement.objects.values_list("role_level_id", "skill_id"))  # a department may ask for both
    for each in Requirement.objects.filter(Q(stated_as__isnull=False) | Q(skill__in=ours)).select_related("role_level"):
        named = each.stated_as_id or each.skill_id
        asks = ours.get(named, named)
        is_asked_beside = each.stated_as_id is None and (each.role_level_id, asks) in asked
        if each.skill_id != asks and not is_asked_beside:
            changed.append(
                (each, Requirement(**_kept(each), skill_id=asks, stated_as_id=named if asks != named else None))
            )
    Requirement.objects.filter(pk__in=[old.pk for old, _new in changed]).delete()
    Requirement.objects.bulk_create((new for _old, new in changed), batch_size=500)
    for old, new in changed:
        skill, instead = old.skill_id, new.skill_id
        audit.record("requirement.changed", subject=old.role_level, by=by, at=now, skill=skill, instead=instead)
    return len(changed)


def _kept(old: Requirement) -> dict[str, Any]:
    return {"role_level_id": old.role_level_id, "level": old.level, "source": old.source}
