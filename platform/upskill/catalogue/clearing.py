"""Opens exercises for handing in: those with a certificate of their very content, and those that an operator opens."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from upskill.core import audit
from upskill.people.models import User

from .course_files.shape import CourseContent, ItemContent
from .models import Clearance, Course, ExerciseVersion

Ground = Clearance.Ground


@dataclass(frozen=True)
class _Wanted:
    """A clearance that should be there and is not."""

    exercise: ExerciseVersion
    ground: str
    certificate: dict[str, Any]


def clear(content: CourseContent, *, by: User | None, now: dt.datetime, opens_unchecked: bool) -> None:
    """Open what may be opened of the course as it is published. Safe to repeat; one query where nothing is to be done.

    An exercise is opened by the certificate of its very content, or, with `opens_unchecked`, without. One that is in
    all the same as in an earlier version keeps what it had then. What is open stays open. A reflection needs nothing: a
    person marks it. Call it in a transaction.
    """
    if not list(_wanted(content, opens_unchecked=opens_unchecked)):
        return
    Course.objects.select_for_update().get(pk=content.id)  # of two loads at once the second finds it done
    for each in list(_wanted(content, opens_unchecked=opens_unchecked)):
        said = {"ground": each.ground, "certificate": each.certificate, "given_at": now}
        Clearance.objects.update_or_create(exercise=each.exercise, defaults=said)
        audit.record("exercise.cleared", subject=each.exercise, by=by, at=now, ground=each.ground)


def _wanted(content: CourseContent, *, opens_unchecked: bool) -> Iterator[_Wanted]:
    published = ExerciseVersion.objects.filter(item_version__module__course_version__content_sha256=content.sha256)
    rows = published.filter(item_version__item__course=content.id).select_related("item_version__item", "clearance")
    by_key = {row.item_version.item.key: row for row in rows}
    for module in content.modules:
        for item in module.items:
            row = by_key.get(f"{module.slug}/{item.slug}")
            if row and item.checked and (wanted := _for_one(item, row=row, opens_unchecked=opens_unchecked)):
                yield wanted


def _for_one(item: ItemContent, *, row: ExerciseVersion, opens_unchecked: bool) -> _Wanted | None:
    there: Clearance | None = getattr(row, "clearance", None)
    if item.checked and (certificate := item.checked.certificate):
        is_same = there is not None and there.certificate == certificate
        return None if is_same else _Wanted(row, Ground.CERTIFICATE, certificate)
    if there:
        return None
    if earlier := _earlier(row):
        return _Wanted(row, earlier.ground, earlier.certificate)
    return _Wanted(row, Ground.OPERATOR, {}) if opens_unchecked else None


def _earlier(row: ExerciseVersion) -> Clearance | None:
    """What the newest earlier version of the exercise has that is the same to the last word. One query."""
    version = row.item_version
    same = Clearance.objects.filter(
        exercise__item_version__item=version.item_id, exercise__item_version__content_sha256=version.content_sha256
    )
    return same.order_by("-exercise_id").first()
