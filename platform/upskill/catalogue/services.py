"""Writes of the catalogue: publish a version of a course, whole or not at all."""

import datetime as dt
from enum import StrEnum

from django.db import transaction

from upskill.core import audit, blobs
from upskill.people.models import User

from . import clearing
from .course_files.mistakes import CourseError, Mistake
from .course_files.shape import CourseContent, ExerciseContent, ItemContent, ModuleContent
from .models import Check, Course, CourseVersion, ExerciseVersion, Item, ItemVersion, KitVersion, Module

_NUMBERS_WITH_EDITION = 4  # an overlay adds its edition to the three numbers of a course's version


class Outcome(StrEnum):
    """What became of a course that was read without a mistake."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"


@transaction.atomic
def publish_course(
    content: CourseContent, *, by: User | None, now: dt.datetime, opens_unchecked: bool = False
) -> Outcome:
    """Make the content the current version of its course. Atomic; safe to repeat: equal content writes nothing.

    Items keep their identity through versions; an item that is gone stays as history. Exercises are opened for handing
    in as `clearing.clear` says, also those that were published before. Raises CourseError when the content changed and
    its version did not go up, or when an item would turn into one of another kind.
    """
    outcome = _publish(content, by=by, now=now)
    clearing.clear(content, by=by, now=now, opens_unchecked=opens_unchecked)
    return outcome


def _publish(content: CourseContent, *, by: User | None, now: dt.datetime) -> Outcome:
    if _is_current(content):
        return Outcome.UNCHANGED
    Course.objects.get_or_create(pk=content.id)
    # Two loads at once: one publishes, the other waits here and finds it done.
    course = Course.objects.select_for_update().get(pk=content.id)
    if _is_current(content):
        return Outcome.UNCHANGED
    _refuse_old_version(course, content)
    course.current_version = _write_version(course, content, now=now)
    course.save(update_fields=["current_version"])
    audit.record("course.published", subject=course, by=by, at=now, version=content.version, sha256=content.sha256)
    return Outcome.PUBLISHED


def _write_version(course: Course, content: CourseContent, *, now: dt.datetime) -> CourseVersion:
    items = _items(course, content)
    version = CourseVersion.objects.create(
        course=course,
        version=content.version,
        content_sha256=content.sha256,
        published_at=now,
        title=content.title,
        summary=content.summary,
        language=content.language,
        licence=content.licence,
        audience=list(content.audience),
        skills=[level.as_json() for level in content.skills],
        profiles=[profile.as_json() for profile in content.profiles],
        principles=list(content.principles),
    )
    for position, module in enumerate(content.modules):
        _write_module(module, position=position, version=version, items=items)
    return version


def _is_current(content: CourseContent) -> bool:
    return Course.objects.filter(pk=content.id, current_version__content_sha256=content.sha256).exists()


def _refuse_old_version(course: Course, content: CourseContent) -> None:
    """Raise CourseError unless the version is higher than every published one: a published version never changes.

    Once an overlay was published, no version without one follows it: its open tests would count again.
    """
    published = [_numbers(version) for version in course.versions.values_list("version", flat=True)]
    newest = ".".join(map(str, max(published, default=())))
    if published and len(max(published)) == _NUMBERS_WITH_EDITION and not content.edition_at:
        problem = f"Version {newest} was published with an overlay, which is not here or cannot be read."
        cure = f"Name its folder in COURSE_DIRS too, and write over: {content.version} in it."
        raise CourseError([Mistake(content.file, content.version_line, problem, cure)])
    if not published or _numbers(content.version) > max(published):
        return
    if _numbers(content.version) in published:
        problem = f"The course has changed, but version {content.version} is already published and stays as it is."
    else:
        problem = f"Version {content.version} is lower than version {newest}, which is already published."
    if content.edition_at:
        raise CourseError([Mistake(*content.edition_at, problem, f"Raise edition, so that it is above {newest}.")])
    cure = f"Raise the version above {newest}."
    raise CourseError([Mistake(content.file, content.version_line, problem, cure)])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _items(course: Course, content: CourseContent) -> dict[str, Item]:
    """The identity of each item by its key; new ones are made. Raises CourseError where the kind is another one."""
    known = {item.key: item for item in course.items.all()}
    mistakes = []
    for module in content.modules:
        for item in module.items:
            key = f"{module.slug}/{item.slug}"
            if key not in known:
                known[key] = Item.objects.create(course=course, key=key, kind=item.kind)
            elif known[key].kind != item.kind:
                problem = f"'{item.slug}' is {_with_article(item.kind)} now, but was {_with_article(known[key].kind)}."
                cure = "Give the new one another name: what learners did refers to the old one."
                mistakes.append(Mistake(item.file, 1, problem, cure))
    if mistakes:
        raise CourseError(mistakes)
    return known


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind == Item.Kind.EXERCISE else f"a {kind}"


def _write_module(content: ModuleContent, *, position: int, version: CourseVersion, items: dict[str, Item]) -> None:
    module = Module.objects.create(
        course_version=version,
        slug=content.slug,
        position=position,
        title=content.title,
        summary=content.summary,
        objectives=list(content.objectives),
        prerequisites=[level.as_json() for level in content.prerequisites],
    )
    for number, item in enumerate(content.items):
        _write_item(item, position=number, module=module, identity=items[f"{content.slug}/{item.slug}"])


def _write_item(content: ItemContent, *, position: int, module: Module, identity: Item) -> None:
    item = ItemVersion.objects.create(
        item=identity,
        module=module,
        position=position,
        title=content.title,
        minutes=content.minutes,
        skills=[level.as_json() for level in content.skills],
        content=content.page,
        content_sha256=content.sha256,
    )
    for figure in content.figures:
        blobs.store(figure.svg)
    if content.exercise:
        _write_exercise(content.exercise, item=item, filename=f"{content.slug}.ipynb", is_overlaid=content.is_overlaid)
    if content.trainer_html:
        KitVersion.objects.create(item_version=item, trainer_html=content.trainer_html)


def _write_exercise(content: ExerciseContent, *, item: ItemVersion, filename: str, is_overlaid: bool) -> None:
    exercise = ExerciseVersion.objects.create(
        item_version=item,
        source_sha256=blobs.store(content.source.encode("utf-8")),
        release_sha256=blobs.store(content.release.encode("utf-8")),
        files={name: blobs.store(file) for name, file in content.files.items()},
        limits=content.limits,
        hidden_messages=content.hidden_messages,
        filename=filename,
        pass_share=content.pass_share,
        is_overlaid=is_overlaid,
    )
    Check.objects.bulk_create(
        Check(
            exercise=exercise,
            slug=check.slug,
            position=position,
            title=check.title,
            max_points=check.max_points,
            by_person=check.by_person,
            rubric=list(check.rubric),
            model_answer=check.model_answer,
        )
        for position, check in enumerate(content.checks)
    )
