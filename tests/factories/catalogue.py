"""A published course: one module with a lesson, a quiz and an exercise."""

from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from upskill.catalogue.models import (
    Check,
    Clearance,
    Course,
    CourseVersion,
    ExerciseVersion,
    Item,
    ItemVersion,
    KitVersion,
    LearningPath,
    Module,
)
from upskill.core import blobs

from .people import NOON

QUESTION = {
    "id": "one-of-two",
    "type": "single",
    "skill": "fairness",
    "level": 1,
    "html": "<p>Which one?</p>",
    "hints": ["The first."],
    "options": [
        {"id": "this", "html": "This", "right": True, "feedback": "Yes.", "misconception": ""},
        {"id": "that", "html": "That", "right": False, "feedback": "No: this.", "misconception": "that-for-this"},
    ],
    "answer": ["this"],
}


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    id = factory.Sequence(lambda n: f"course-{n:05d}")


class CourseVersionFactory(DjangoModelFactory):
    """A version that is the course's current one."""

    class Meta:
        model = CourseVersion
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    version = "1.0.0"
    content_sha256 = factory.Sequence(lambda n: f"{n:064x}")
    published_at = NOON
    title = factory.Sequence(lambda n: f"Course {n:05d}")
    summary = "What it is about."
    language = "en-GB"
    licence = "CC-BY-4.0"

    @factory.post_generation
    def current(version, create, extracted, **kwargs):
        Course.objects.filter(pk=version.course_id).update(current_version=version)
        version.course.refresh_from_db()


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module

    course_version = factory.SubFactory(CourseVersionFactory)
    slug = factory.Sequence(lambda n: f"module-{n:05d}")
    position = factory.Sequence(lambda n: n)
    title = factory.Sequence(lambda n: f"Module {n:05d}")


class ItemVersionFactory(DjangoModelFactory):
    """A lesson; pass kind and content for another kind."""

    class Meta:
        model = ItemVersion

    class Params:
        kind = Item.Kind.LESSON
        slug = factory.Sequence(lambda n: f"item-{n:05d}")

    module = factory.SubFactory(ModuleFactory)
    item = factory.LazyAttribute(
        lambda o: Item.objects.get_or_create(
            course=o.module.course_version.course, key=f"{o.module.slug}/{o.slug}", defaults={"kind": o.kind}
        )[0]
    )
    position = factory.Sequence(lambda n: n)
    title = factory.Sequence(lambda n: f"Item {n:05d}")
    minutes = 10
    content: dict[str, object] = {"html": "<p>Read this.</p>"}
    content_sha256 = factory.Sequence(lambda n: f"{n:064x}")


class QuizFactory(ItemVersionFactory):
    class Params:
        kind = Item.Kind.QUIZ

    content: dict[str, object] = {"pass_share": 0.8, "questions": [QUESTION]}
    skills = [{"skill": "fairness", "level": 1}]


class DiagnosticFactory(ItemVersionFactory):
    """One question, which leads to the course that it is in, on the path of this id, whatever is answered."""

    class Params:
        kind = Item.Kind.QUIZ
        path = "path"

    content = factory.LazyAttribute(
        lambda o: {
            "questions": [QUESTION],
            "diagnostic": [
                {"skill": "fairness", "at_least": 1, "because": "You were right.", **_begins(o)},
                {"skill": "fairness", "at_least": 0, "because": "You were not right.", **_begins(o)},
            ],
        }
    )


def _begins(made: Any) -> dict[str, str]:
    return {"path": made.path, "course": made.module.course_version.course_id, "module": made.module.slug}


class ExerciseItemFactory(ItemVersionFactory):
    class Params:
        kind = Item.Kind.EXERCISE

    content = {"html": "<p>Write a function.</p>"}
    skills = [{"skill": "fairness", "level": 2}]


class WorkshopFactory(ItemVersionFactory):
    """A workshop; `trainer_html` is what only trainers of its course may read."""

    class Meta:
        model = ItemVersion
        skip_postgeneration_save = True

    class Params:
        kind = Item.Kind.WORKSHOP

    content: dict[str, object] = {"html": "<p>Draw.</p>", "people": "4 to 12", "materials": ["Paper."]}

    @factory.post_generation
    def trainer_html(item, create, extracted, **kwargs):
        KitVersion.objects.create(item_version=item, trainer_html=extracted or "<p>Draw.</p><p>Say when.</p>")


def next_exercise_item(item: ItemVersion) -> ItemVersion:
    """This exercise, without its notebook, in a new version of its course, which is the current one from now on."""
    course = item.module.course_version.course
    version = CourseVersionFactory(course=course, version=f"1.{course.versions.count()}.0")
    module = ModuleFactory(course_version=version, slug=item.module.slug)
    newer: ItemVersion = ExerciseItemFactory(module=module, slug=item.item.key.partition("/")[2])
    return newer


CERTIFICATE: dict[str, Any] = {
    "exercise": "course/module/exercise",
    "sha256": "0" * 64,
    "engine": "0.1.0",
    "python": "3.11.7",
    "libraries": {"numpy": "2.4.3"},
    "answers": {"solution": {"points": 4.0}, "untouched": {"points": 0}, "adds": {"points": 0, "loses": "test_one"}},
    "guarded": ["test_one"],
    "tricks": {"readers of hidden tests": 4},
    "edition": 1,
    "browser": None,
}


def clear(exercise: ExerciseVersion, *, certificate: dict[str, Any] | None = None) -> Clearance:
    """Opened for handing in, by a certificate."""
    return Clearance.objects.create(
        exercise=exercise, ground="certificate", certificate=certificate or CERTIFICATE, given_at=NOON
    )


class ExerciseFactory(DjangoModelFactory):
    """An exercise with one automatic check worth 4 points, and one of 6 that a person marks."""

    class Meta:
        model = ExerciseVersion
        skip_postgeneration_save = True

    item_version = factory.SubFactory(ExerciseItemFactory)
    source_sha256 = factory.LazyFunction(lambda: blobs.store(b'{"cells": [], "nbformat": 4}'))
    release_sha256 = factory.LazyFunction(lambda: blobs.store(b'{"cells": [], "nbformat": 4, "metadata": {}}'))
    filename = "exercise.ipynb"
    pass_share = Decimal("0.80")

    @factory.post_generation
    def clearance(exercise, create, extracted, **kwargs):
        """Open for handing in, but for `clearance=False`. Give a certificate to have one."""
        if extracted is not False:
            clear(exercise, certificate=extracted or CERTIFICATE)

    @factory.post_generation
    def checks(exercise, create, extracted, **kwargs):
        rubric = [
            {"id": "finding", "title": "The finding", "points": 2, "levels": ["0", "1", "2", "3", "4"]},
            {"id": "advice", "title": "The advice", "points": 2, "levels": ["0", "1", "2", "3", "4"]},
            {"id": "limit", "title": "The limit", "points": 2, "levels": ["0", "1", "2", "3", "4"]},
        ]
        Check.objects.create(exercise=exercise, slug="test_one", position=0, title="One", max_points=4)
        Check.objects.create(
            exercise=exercise, slug="reflection", position=1, title="Reflection", max_points=6, by_person=True,
            rubric=rubric, model_answer="A good answer.",
        )  # fmt: skip


class LearningPathFactory(DjangoModelFactory):
    """A path without steps; pass `takes`, such as ["course", "course/module"]."""

    class Meta:
        model = LearningPath

    class Params:
        takes: tuple[str, ...] = ()

    id = factory.Sequence(lambda n: f"path-{n:05d}")
    title = factory.Sequence(lambda n: f"Path {n:05d}")
    summary = "For whom it is."
    audience = ["analyst"]
    position = factory.Sequence(lambda n: n)
    steps = factory.LazyAttribute(
        lambda o: [
            {"course": part.partition("/")[0], "module": part.partition("/")[2], "why": "It comes first."}
            for part in o.takes
        ]
    )
