"""Courses and their exercises as learners see them: no solution, no hidden test."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from upskill.catalogue.models import Item, ItemVersion, Module
from upskill.catalogue.queries import Outline

from .fields import AwardSerializer, Link, Moment, Points, Sha256


class CourseLineSerializer(serializers.Serializer):
    """One published course."""

    course = serializers.SlugField()
    version = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    minutes = serializers.IntegerField(min_value=0, help_text="How long the whole course takes.")
    is_enrolled = serializers.BooleanField()
    url = Link()


class CourseItemSerializer(serializers.Serializer):
    """An item of a course."""

    item = serializers.CharField(help_text="module/item")
    kind = serializers.ChoiceField(Item.Kind.values)
    title = serializers.CharField()
    minutes = serializers.IntegerField(min_value=0)
    is_done = serializers.BooleanField()
    url = Link(allow_null=True, help_text="The exercise in the API; null for what has no notebook.")


class CourseModuleSerializer(serializers.Serializer):
    """A part of a course."""

    module = serializers.SlugField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    objectives = serializers.ListField(child=serializers.CharField())
    items = CourseItemSerializer(many=True)


class CourseSerializer(CourseLineSerializer):
    """A published course with its contents."""

    language = serializers.CharField()
    licence = serializers.CharField()
    skills = AwardSerializer(many=True)
    modules = CourseModuleSerializer(many=True)


class EnrolmentSerializer(serializers.Serializer):
    """That you take a course, and since when."""

    course = serializers.SlugField()
    enrolled_at = Moment()


class ExerciseLineSerializer(serializers.Serializer):
    """One exercise of a published course."""

    course = serializers.SlugField()
    item = serializers.CharField(help_text="module/item")
    title = serializers.CharField()
    minutes = serializers.IntegerField(min_value=0)
    url = Link()


class CheckSerializer(serializers.Serializer):
    """One graded part of an exercise."""

    check = serializers.CharField()
    title = serializers.CharField()
    max_points = Points()
    by_person = serializers.BooleanField(help_text="True: a person reads it. False: its tests give the points.")


class NotebookLinkSerializer(serializers.Serializer):
    """The notebook to work in."""

    name = serializers.CharField()
    sha256 = Sha256()
    url = Link()


class ExerciseSerializer(ExerciseLineSerializer):
    """An exercise with all that it takes to solve it."""

    pass_share = serializers.FloatField(
        min_value=0, max_value=1, help_text="Share of the points of the tests that passes."
    )
    skills = AwardSerializer(many=True)
    checks = CheckSerializer(many=True)
    notebook = NotebookLinkSerializer()
    files = NotebookLinkSerializer(many=True, help_text="Files that lie beside the notebook.")
    draft_url = Link(help_text="Where to save what is not handed in yet.")
    submissions_url = Link(help_text="Where to hand in.")


def course_line(outline: Outline, *, taken: set[str]) -> dict[str, Any]:
    """A course in a list; `taken` holds the ids of the courses that the reader takes."""
    version = outline.version
    return {
        "course": version.course_id,
        "version": version.version,
        "title": version.title,
        "summary": version.summary,
        "minutes": outline.minutes,
        "is_enrolled": version.course_id in taken,
        "url": reverse("api:course", args=[version.course_id]),
    }


def course(outline: Outline, *, taken: set[str], done: set[int]) -> dict[str, Any]:
    """A course with its contents; `done` holds the ids of the items that the reader has completed."""
    version = outline.version
    return course_line(outline, taken=taken) | {
        "language": version.language,
        "licence": version.licence,
        "skills": version.skills,
        "modules": [_module(module, done=done) for module in outline.modules],
    }


def exercise_line(version: ItemVersion) -> dict[str, Any]:
    """An exercise in a list."""
    return {
        "course": version.item.course_id,
        "item": version.item.key,
        "title": version.title,
        "minutes": version.minutes,
        "url": exercise_url(version),
    }


def exercise(version: ItemVersion) -> dict[str, Any]:
    """An exercise with its checks and files. One query."""
    published = version.exercise
    return exercise_line(version) | {
        "pass_share": published.pass_share,
        "skills": version.skills,
        "checks": [
            {"check": each.slug, "title": each.title, "max_points": each.max_points, "by_person": each.by_person}
            for each in published.checks.all()
        ],
        "notebook": {
            "name": published.filename,
            "sha256": published.release_sha256,
            "url": exercise_url(version, name="notebook"),
        },
        "files": [
            {"name": name, "sha256": sha256, "url": exercise_url(version, name="file", file=name)}
            for name, sha256 in sorted(published.files.items())
        ],
        "draft_url": exercise_url(version, name="draft"),
        "submissions_url": exercise_url(version, name="submit"),
    }


def exercise_url(version: ItemVersion, *, name: str = "exercise", **more: str) -> str:
    """The path of an exercise in the API, or of one of the things below it."""
    module, slug = version.item.key.split("/", 1)
    return reverse(f"api:{name}", kwargs={"course": version.item.course_id, "module": module, "item": slug, **more})


def _module(module: Module, *, done: set[int]) -> dict[str, Any]:
    return {
        "module": module.slug,
        "title": module.title,
        "summary": module.summary,
        "objectives": module.objectives,
        "items": [_item(item, done=done) for item in module.items.all()],
    }


def _item(version: ItemVersion, *, done: set[int]) -> dict[str, Any]:
    return {
        "item": version.item.key,
        "kind": version.item.kind,
        "title": version.title,
        "minutes": version.minutes,
        "is_done": version.item_id in done,
        "url": exercise_url(version) if version.item.kind == Item.Kind.EXERCISE else None,
    }
