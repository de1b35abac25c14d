"""Learning paths: the rows that paths.yml stands for, and what is read of them."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Sum

from upskill.core import audit
from upskill.people.models import User

from .course_files.paths import PathContent
from .models import ItemVersion, LearningPath

Part = tuple[str, str]  # course id, and slug of a module of it


@transaction.atomic
def sync_paths(contents: Iterable[PathContent], *, withdraw_others: bool, by: User | None, now: dt.datetime) -> int:
    """Make the paths equal to `contents`; returns how many were new, changed or withdrawn.

    `withdraw_others`: a path that is not among them is offered no more. Its row stays, for whoever follows it. Safe to
    repeat: equal contents write nothing.
    """
    known = LearningPath.objects.select_for_update().in_bulk()
    wanted = {content.id: _fields(content, position=position) for position, content in enumerate(contents)}
    changed = [name for name, fields in wanted.items() if name not in known or _differs(known[name], fields=fields)]
    for name in changed:
        path, is_added = LearningPath.objects.update_or_create(pk=name, defaults=wanted[name])
        said = {"title": path.title, "steps": path.steps}
        if is_added:
            audit.record("path.added", subject=path, by=by, at=now, **said)
        else:
            audit.record("path.changed", subject=path, by=by, at=now, **said)
    gone = [path for name, path in known.items() if withdraw_others and path.is_offered and name not in wanted]
    for path in gone:
        path.withdrawn_at = now
        path.save(update_fields=["withdrawn_at"])
        audit.record("path.withdrawn", subject=path, by=by, at=now)
    return len(changed) + len(gone)


def offered() -> list[LearningPath]:
    """The paths that people can follow, in the order of paths.yml. One query."""
    return list(LearningPath.objects.filter(withdrawn_at=None))


def path(name: str) -> LearningPath | None:
    """The path of this id, offered still or not. One query."""
    return LearningPath.objects.filter(pk=name).first()


def minutes_of_parts(courses: Iterable[str]) -> dict[Part, int]:
    """Course id and module slug -> the minutes of that module, for these courses as they are published. One query."""
    current = ItemVersion.objects.filter(
        item__course__in=courses, module__course_version=F("item__course__current_version")
    )
    found = current.values_list("item__course_id", "module__slug").annotate(minutes=Sum("minutes"))
    return {(course, module): minutes for course, module, minutes in found.order_by()}


def _fields(content: PathContent, *, position: int) -> dict[str, object]:
    return {
        "title": content.title,
        "summary": content.summary,
        "audience": list(content.audience),
        "steps": [step.as_json() for step in content.steps],
        "position": position,
        "withdrawn_at": None,
    }


def _differs(path: LearningPath, *, fields: dict[str, object]) -> bool:
    return any(getattr(path, name) != value for name, value in fields.items())
