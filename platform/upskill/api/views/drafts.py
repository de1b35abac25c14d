"""What somebody has written in an exercise and not handed in: loaded and saved by their page, and by their programs."""

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from upskill import pipeline
from upskill.api.schema import operation
from upskill.api.serializers import drafts as said
from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import ExerciseVersion
from upskill.learning import drafts
from upskill.learning import queries as learning
from upskill.learning.models import Draft
from upskill.marking.answers import open_cells
from upskill.people.models import TokenScope, User

from .base import View
from .exercises import open_exercise


class MyDraft(View):
    """The draft of whoever asks, of one exercise."""

    reads: ClassVar[TokenScope | None] = TokenScope.LEARN  # nobody was told that a token that only reads shows this
    most_bytes: ClassVar[int] = 2 * 1000 * 1000
    writes_a_minute: ClassVar[str] = "API_SAVES_PER_MINUTE"

    @operation(
        "read_draft",
        tag="exercises",
        summary="What you have written in an exercise",
        answers={200: said.DraftSerializer},
        refuses=(404, 409),
    )
    def get(self, request: Request, **names: str) -> Response:
        """What you saved last, with its revision. Nobody else sees it."""
        exercise = _exercise(self.person, **names)
        return _answer(drafts.draft_of(self.person, item=exercise.item_version.item), exercise=exercise)

    @operation(
        "save_draft",
        tag="exercises",
        summary="Save what you have written in an exercise",
        takes=said.DraftInSerializer,
        answers={200: said.DraftSerializer},
        refuses=(400, 404, 409, 413, 415),
    )
    def put(self, request: Request, **names: str) -> Response:
        """Save on top of the revision that you loaded. 409: it was saved elsewhere since, or has other cells now."""
        exercise = _exercise(self.person, **names)
        sent = said.DraftInSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        saved = pipeline.save_draft(exercise, **sent.validated_data, by=self.person, now=timezone.now())
        return _answer(saved, exercise=exercise)


def _exercise(person: User, *, course: str, module: str, item: str) -> ExerciseVersion:
    """As open_exercise, in one query: pages save while somebody types. Raises NotFound, NotEnrolled."""
    version = learning.version_taken(person, course=course)
    found = catalogue.exercise_in(version, key=f"{module}/{item}") if version else None
    return found or open_exercise(person, course=course, module=module, item=item).exercise


def _answer(draft: Draft | None, *, exercise: ExerciseVersion) -> Response:
    return Response(said.DraftSerializer(said.shown(draft, open_cells=open_cells(exercise))).data)
