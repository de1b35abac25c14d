"""Reads of the catalogue: what is published now."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from django.db.models import F, Prefetch, QuerySet, Sum
from django.db.models.functions import Coalesce

from .choosing import Published
from .models import Clearance, CourseVersion, ExerciseVersion, Item, ItemVersion, Module

OUTLINES_REMEMBERED = 64  # of versions of courses, by each process; some 50 kB for a course of 40 items


@dataclass(frozen=True)
class Outline:
    """A published course as a table of contents: its modules and items in the order in which they are taught.

    The items come without their content, which can be large.
    """

    version: CourseVersion

    @cached_property
    def modules(self) -> list[Module]:
        """The modules; each has its items in `.items.all()`."""
        return list(self.version.modules.all())

    @cached_property
    def items(self) -> list[ItemVersion]:
        """Every item of the course, from first to last."""
        return [item for module in self.modules for item in module.items.all()]

    @property
    def required(self) -> list[ItemVersion]:
        """The items that finishing the course takes, from first to last."""
        return [item for item in self.items if item.item.is_required]

    @property
    def minutes(self) -> int:
        """How long the whole course takes, with its workshops."""
        return sum(item.minutes for item in self.items)

    def neighbours(self, item: ItemVersion) -> tuple[ItemVersion | None, ItemVersion | None]:
        """The items before and after this one, across modules; None at either end."""
        place = self.items.index(item)
        return (
            self.items[place - 1] if place else None,
            self.items[place + 1] if place + 1 < len(self.items) else None,
        )

    def prepared_by(self, item: ItemVersion) -> ItemVersion | None:
        """What somebody shows a skill in after practising here: an exercise of the same module before anything else
        that follows; None where nothing does.
        """
        following = [each for each in self.items[self.items.index(item) + 1 :] if each.skills]
        exercises = [
            each for each in following if each.module_id == item.module_id and each.item.kind == Item.Kind.EXERCISE
        ]
        return next(iter(exercises + following), None)


def outlines() -> list[Outline]:
    """Every published course, by title. Three queries, however many courses."""
    return [Outline(version) for version in _with_contents(_current()).order_by("title", "course_id")]


def published() -> list[Published]:
    """Every published course without its contents, by title. One query."""
    versions = _current().annotate(minutes=Coalesce(Sum("modules__items__minutes"), 0))
    return [Published(version, version.minutes) for version in versions.order_by("title", "course_id")]


def outline(course: str) -> Outline | None:
    """The published state of the course with this id. Three queries."""
    version = _with_contents(_current()).filter(course=course).first()
    return Outline(version) if version else None


def outline_around(item: ItemVersion) -> Outline:
    """The course version that this item belongs to, published still or replaced by now.

    Three queries the first time, then none: what is published never changes, and this process remembers it.
    """
    return _outline(item.module.course_version_id)


@lru_cache(maxsize=OUTLINES_REMEMBERED)
def _outline(version: int) -> Outline:
    return Outline(_with_contents(CourseVersion.objects.all()).get(pk=version))


def outlines_of(courses: list[str]) -> dict[str, Outline]:
    """Course id -> outline, for each of `courses` that is published. Three queries."""
    return {version.course_id: Outline(version) for version in _with_contents(_current()).filter(course__in=courses)}


def outlines_of_versions(versions: Iterable[int]) -> list[Outline]:
    """These versions of courses, published still or replaced by now. Three queries."""
    return [Outline(version) for version in _with_contents(CourseVersion.objects.filter(pk__in=versions))]


def titles_of(courses: Iterable[str]) -> dict[str, str]:
    """Course id -> title, for each of `courses` that is published. One query."""
    return dict(_current().filter(course__in=courses).values_list("course_id", "title"))


def versions_of(courses: Iterable[str]) -> list[CourseVersion]:
    """The current versions of those of `courses` that are published, by title, without their contents. One query."""
    return list(_current().filter(course__in=courses).order_by("title", "course_id"))


def titles_of_items(items: Iterable[int]) -> dict[int, str]:
    """Item id -> the title that it has in its newest version. One query."""
    newest = ItemVersion.objects.filter(item__in=items).order_by("item_id", "-pk").distinct("item_id")
    return dict(newest.values_list("item_id", "title"))


def item(course: str, *, module: str, slug: str) -> ItemVersion | None:
    """One item of a published course with its content, and an exercise with its clearance, by the names in its address.

    One query.
    """
    current = ItemVersion.objects.filter(
        item__course=course, item__key=f"{module}/{slug}", module__course_version=F("item__course__current_version")
    )
    return current.select_related("item", "module__course_version", "exercise__clearance").first()


def has_figure(lesson: Item, *, sha256: str) -> bool:
    """Whether a version of the lesson shows this picture, published still or replaced since a page was opened. One
    query.
    """
    return lesson.versions.filter(content__figures__contains=[sha256]).exists()


@lru_cache(maxsize=1024)
def exercise_in(version: int, *, key: str) -> ExerciseVersion | None:
    """The exercise with this key in a version of a course, with its item; not that of a reflection. One query the first
    time, then none: what is published never changes, and this process remembers it.
    """
    exercises = ExerciseVersion.objects.filter(item_version__item__kind=Item.Kind.EXERCISE)
    found = exercises.filter(item_version__item__key=key, item_version__module__course_version=version)
    return found.select_related("item_version__item").defer("item_version__content").first()


def skills_taught() -> set[str]:
    """The slugs of the skills that an item of a published course earns now. One query."""
    current = ItemVersion.objects.filter(module__course_version=F("item__course__current_version"))
    return {award["skill"] for awards in current.values_list("skills", flat=True).distinct() for award in awards}


def title_now(item: Item) -> str:
    """The title of an item as its course has it now, "" for one that is no longer published. One query."""
    current = ItemVersion.objects.filter(item=item, module__course_version=F("item__course__current_version"))
    return current.values_list("title", flat=True).first() or ""


def newest_exercise(course: str, *, key: str) -> ExerciseVersion | None:
    """The newest version of the exercise with this key, also of one that its course no longer has. One query."""
    versions = ExerciseVersion.objects.filter(item_version__item__course=course, item_version__item__key=key)
    return versions.select_related("item_version__item").order_by("-item_version_id").first()


def exercises(*, course: str = "") -> "QuerySet[ItemVersion]":
    """The exercises of every published course, or of one, in the order of teaching, without their content."""
    current = ItemVersion.objects.filter(
        item__kind=Item.Kind.EXERCISE, module__course_version=F("item__course__current_version")
    )
    wanted = current.filter(item__course=course) if course else current
    related = ("item", "module", "exercise")
    return wanted.select_related(*related).defer("content").order_by("item__course", "module__position", "position")


def checked_exercises(*, course: str = "") -> list[ExerciseVersion]:
    """The exercises of every published course, or of one, each with its item and its clearance, by course and place.

    One query.
    """
    current = ExerciseVersion.objects.filter(
        item_version__item__kind=Item.Kind.EXERCISE,
        item_version__module__course_version=F("item_version__item__course__current_version"),
    )
    wanted = current.filter(item_version__item__course=course) if course else current
    related = ("clearance", "item_version__item", "item_version__module__course_version")
    places = ("item_version__item__course", "item_version__module__position", "item_version__position")
    return list(wanted.select_related(*related).defer("item_version__content").order_by(*places))


def clearance_of(exercise: ExerciseVersion) -> Clearance | None:
    """Why answers to it are taken; None where they are not. No query for an exercise that was read with it, else one.

    Do not ask it of an exercise that a process remembers: a clearance can come at any time.
    """
    return getattr(exercise, "clearance", None)


def keys_of_open_exercises(course: str) -> set[str]:
    """The keys of the exercises of a published course that can be handed in. One query."""
    current = ExerciseVersion.objects.exclude(clearance=None).filter(
        item_version__item__course=course,
        item_version__module__course_version=F("item_version__item__course__current_version"),
    )
    return set(current.values_list("item_version__item__key", flat=True))


def kits_of(courses: Iterable[str]) -> list[ItemVersion]:
    """The workshops of those of `courses` that are published, in the order of teaching, without their trainer's side.
    One query.
    """
    current = ItemVersion.objects.filter(module__course_version=F("item__course__current_version"))
    kits = current.filter(item__kind=Item.Kind.WORKSHOP, item__course__in=courses)
    return list(kits.select_related("item", "module").order_by("item__course", "module__position", "position"))


def points_to_pass(exercise: ExerciseVersion) -> tuple[Decimal, Decimal]:
    """The points that pass an exercise by its tests alone, and all that its tests give; what a person marks is not
    counted. One query.
    """
    tested = exercise.checks.filter(by_person=False).aggregate(most=Sum("max_points"))["most"] or Decimal(0)
    return tested * exercise.pass_share, tested


def _current() -> "QuerySet[CourseVersion]":
    return CourseVersion.objects.filter(pk=F("course__current_version"))


def _with_contents(versions: "QuerySet[CourseVersion]") -> "QuerySet[CourseVersion]":
    items = ItemVersion.objects.select_related("item").defer("content").order_by("position")
    modules = Module.objects.order_by("position").prefetch_related(Prefetch("items", queryset=items))
    return versions.prefetch_related(Prefetch("modules", queryset=modules))
