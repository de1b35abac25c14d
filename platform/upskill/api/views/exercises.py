"""Exercises: what to do, the files for it, and handing it in."""

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from upskill import pipeline
from upskill.api.parsers import BoundedJSON
from upskill.api.renderers import FileRenderer, NotebookRenderer
from upskill.api.schema import LOCATION, operation
from upskill.api.serializers import courses as said
from upskill.api.serializers import submissions as said_of_submissions
from upskill.api.serializers.handing_in import NotebookFileSerializer, NotebookInJsonSerializer
from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Item, ItemVersion
from upskill.celery import announce
from upskill.core import blobs
from upskill.core.rules import NotNow
from upskill.learning import rules as learning_rules
from upskill.marking import queries as marking
from upskill.marking.jobs import count_hand_in
from upskill.people.models import User

from .base import ListView, View

LARGEST_BODY_BYTES = 11 * 1000 * 1000  # a notebook of 10 MB, and what stands around it
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="A new one for each answer, such as a UUID. Sending the same answer with the same key again is safe.",
)
COURSE = OpenApiParameter(
    "course", {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 50}, description="Only of this course."
)


class CourseQuery(serializers.Serializer):
    """Of which course exercises are asked for."""

    course = serializers.SlugField(required=False, max_length=50)


class KeyHeader(serializers.Serializer):
    """The header Idempotency-Key."""

    key = serializers.RegexField(
        r"^[!-~]{1,80}\Z",
        error_messages={
            "required": gettext_lazy("Send the header Idempotency-Key with a new key for each answer, such as a UUID."),
            "blank": gettext_lazy("Send the header Idempotency-Key with a new key for each answer, such as a UUID."),
            "invalid": gettext_lazy("A key has 1 to 80 letters, digits and signs, without spaces."),
        },
    )


class Exercises(ListView):
    """The exercises of all published courses, or of one."""

    @operation(
        "list_exercises",
        tag="exercises",
        summary="The exercises",
        answers={200: said.ExerciseLineSerializer(many=True)},
        refuses=(400, 404),
        parameters=(COURSE,),
    )
    def get(self, request: Request) -> Response:
        """Every exercise of every published course, in the order in which they are taught."""
        asked = CourseQuery(data=request.query_params.dict())  # a plain dict: what is empty is not left out
        asked.is_valid(raise_exception=True)
        return self.in_pages(
            catalogue.exercises(course=asked.validated_data.get("course", "")),
            row_of=said.exercise_line,
            serializer=said.ExerciseLineSerializer,
        )


class OneExercise(View):
    """An exercise of a course that whoever asks takes."""

    @operation(
        "read_exercise",
        tag="exercises",
        summary="One exercise",
        answers={200: said.ExerciseSerializer},
        refuses=(404, 409),
    )
    def get(self, request: Request, **names: str) -> Response:
        """What an exercise checks, for how many points, and the files for it. Take its course first."""
        return Response(said.ExerciseSerializer(said.exercise(open_exercise(self.person, **names))).data)


class Notebook(View):
    """The notebook to work in."""

    renderer_classes = [NotebookRenderer]

    @operation(
        "download_notebook",
        tag="exercises",
        summary="The notebook of an exercise",
        answers={(200, NotebookRenderer.media_type): OpenApiTypes.OBJECT},
        refuses=(404, 409),
    )
    def get(self, request: Request, **names: str) -> Response:
        """The exercise as a Jupyter notebook, ready to be worked on."""
        exercise = open_exercise(self.person, **names).exercise
        return _download(exercise.release_sha256, name=exercise.filename)


class DataFile(View):
    """A file that lies beside the notebook."""

    renderer_classes = [FileRenderer]

    @operation(
        "download_file",
        tag="exercises",
        summary="A file of an exercise",
        answers={(200, FileRenderer.media_type): OpenApiTypes.BINARY},
        refuses=(404, 409),
    )
    def get(self, request: Request, *, file: str, **names: str) -> Response:
        """A file that lies beside the notebook, such as its data."""
        files = open_exercise(self.person, **names).exercise.files
        if file not in files:
            raise NotFound
        return _download(files[file], name=file)


class HandIn(View):
    """Answers to an exercise."""

    parser_classes = [BoundedJSON, MultiPartParser]
    renderer_classes = [JSONRenderer]
    most_bytes: ClassVar[int] = LARGEST_BODY_BYTES

    @operation(
        "hand_in",
        tag="exercises",
        summary="Hand in an answer",
        takes={"application/json": NotebookInJsonSerializer, "multipart/form-data": NotebookFileSerializer},
        answers={200: said_of_submissions.SubmissionSerializer, 201: said_of_submissions.SubmissionSerializer},
        refuses=(400, 404, 409, 413, 415, 422),
        parameters=(KEY, LOCATION),
        examples=(
            OpenApiExample(
                "A notebook",
                value={"notebook": {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}},
                request_only=True,
                media_type="application/json",
            ),
        ),
    )
    def post(self, request: Request, **names: str) -> Response:
        """Hand in a notebook: 201, and it will be marked. The same answer with the same key again: 200."""
        version, key, now = open_exercise(self.person, **names), _key(request), timezone.now()
        content = _content(request)
        count_hand_in(self.person)
        sent = pipeline.submit(
            version.exercise,
            content=content,
            idempotency_key=key,
            by=self.person,
            now=now,
            announce=announce,
        )
        shown = said_of_submissions.submission(sent, state=marking.state_of(sent))
        is_new = sent.submitted_at == now  # an earlier one has another moment
        return Response(
            said_of_submissions.SubmissionSerializer(shown).data,
            status=201 if is_new else 200,
            headers={"Location": shown["url"]},
        )


def open_exercise(person: User, *, course: str, module: str, item: str) -> ItemVersion:
    """The exercise, for somebody who takes its course. Raises NotFound, NotEnrolled, and NotNow for a reflection."""
    found = catalogue.item(course, module=module, slug=item)
    if found is None or found.item.kind not in {Item.Kind.EXERCISE, Item.Kind.REFLECTION}:
        raise NotFound
    learning_rules.check_open_course(person, course=course)
    if found.item.kind == Item.Kind.REFLECTION:
        raise NotNow(_("This is a reflection: it is written in its page, and has no notebook."))
    return found


def _key(request: Request) -> str:
    asked = KeyHeader(data={"key": request.headers["Idempotency-Key"]} if "Idempotency-Key" in request.headers else {})
    if not asked.is_valid():
        raise ValidationError({"Idempotency-Key": asked.errors["key"]})
    return str(asked.validated_data["key"])


def _content(request: Request) -> bytes:
    is_form = request.content_type.partition(";")[0].strip().lower() == MultiPartParser.media_type
    sent = (NotebookFileSerializer if is_form else NotebookInJsonSerializer)(data=request.data)
    sent.is_valid(raise_exception=True)
    return sent.content


def _download(sha256: str, *, name: str) -> Response:
    """The bytes, for keeping and never for showing: whatever is in them runs nothing of ours."""
    headers: dict[str, Any] = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(blobs.read(sha256), headers=headers)
