"""What can be earned in the published courses now, and how long it takes: what training is chosen from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from .models import Check, Course, CourseVersion, Item, ItemVersion

CATALOGUES_REMEMBERED = 2  # the one that is published now, and the one before it; less than a megabyte each
MARKED = (Item.Kind.QUIZ, Item.Kind.EXERCISE, Item.Kind.REFLECTION)


@dataclass(frozen=True)
class Offer:
    """An item that somebody can pass now: a quiz, an exercise that is open for handing in, or a reflection."""

    title: str
    kind: str  # an Item.Kind
    minutes: int
    skills: tuple[tuple[str, int], ...]  # (slug, level) as the item lists them
    by_person: bool  # a person marks something of it


@dataclass(frozen=True)
class OfferedModule:
    """A module of a published course in which something can be earned. `reading`: minutes of its lessons, which come
    before whatever is passed there.
    """

    course: str
    course_title: str
    slug: str
    title: str
    reading: int
    offers: tuple[Offer, ...]


def offered() -> tuple[OfferedModule, ...]:
    """Every module in which something can be earned, courses by title, modules in the order of teaching.

    Two queries; three after something was published or opened. What is published never changes, so this process
    remembers it.
    """
    current = _current()
    versions = tuple(sorted(current.values_list("pk", flat=True)))
    opened = current.aggregate(opened=Count("modules__items__exercise__clearance"))["opened"]
    return _offered(versions, opened)


@lru_cache(maxsize=CATALOGUES_REMEMBERED)
def _offered(versions: tuple[int, ...], _opened: int) -> tuple[OfferedModule, ...]:
    """Of these versions of courses; how many exercises are open only says whether it is still the same."""
    modules: dict[int, list[Mapping[str, Any]]] = {}
    for row in _rows(versions):
        modules.setdefault(row["module_id"], []).append(row)
    made = [_module(rows) for rows in modules.values()]
    return tuple(module for module in made if module.offers)


def _rows(versions: tuple[int, ...]) -> Iterable[Mapping[str, Any]]:
    items = ItemVersion.objects.filter(module__course_version__in=versions).exclude(item__kind=Item.Kind.WORKSHOP)
    marked_by_person = Check.objects.filter(exercise__item_version=OuterRef("pk"), by_person=True)
    told = items.annotate(
        # only a quiz is asked for its content, which can be large
        is_diagnostic=Case(
            When(item__kind=Item.Kind.QUIZ, then=Q(content__has_key="diagnostic")), default=Value(False)
        ),
        is_closed=Q(item__kind=Item.Kind.EXERCISE, exercise__clearance=None),
        by_person=Exists(marked_by_person),
        course=F("item__course"),
    )
    return told.order_by("module__course_version__title", "item__course", "module__position", "position").values(
        "module_id", "module__slug", "module__title", "module__course_version__title", "course", "title", "minutes",
        "skills", "item__kind", "is_diagnostic", "is_closed", "by_person",
    )  # fmt: skip


def _module(rows: list[Mapping[str, Any]]) -> OfferedModule:
    first = rows[0]
    return OfferedModule(
        course=first["course"],
        course_title=first["module__course_version__title"],
        slug=first["module__slug"],
        title=first["module__title"],
        reading=sum(row["minutes"] for row in rows if row["item__kind"] == Item.Kind.LESSON),
        offers=tuple(_offer(row) for row in rows if _can_be_passed(row)),
    )


def _can_be_passed(row: Mapping[str, Any]) -> bool:
    is_open = row["item__kind"] in MARKED and not (row["is_diagnostic"] or row["is_closed"])
    return bool(is_open and row["skills"])


def _offer(row: Mapping[str, Any]) -> Offer:
    return Offer(
        title=row["title"],
        kind=row["item__kind"],
        minutes=row["minutes"],
        skills=tuple((award["skill"], award["level"]) for award in row["skills"]),
        by_person=row["by_person"],
    )


def _current() -> "QuerySet[CourseVersion]":
    return CourseVersion.objects.filter(pk__in=Course.objects.values("current_version"))
