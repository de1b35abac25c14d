"""What was handed in, and what became of it."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from upskill.api.problems import LacksScope
from upskill.api.schema import operation
from upskill.api.serializers import submissions as said
from upskill.learning import queries as learning
from upskill.learning import rules as learning_rules
from upskill.learning.models import Submission
from upskill.marking import queries as marking
from upskill.marking import rules as marking_rules
from upskill.marking import services

from .base import ListView, View


class MySubmissions(ListView):
    """What whoever asks has handed in."""

    @operation(
        "list_submissions",
        tag="submissions",
        summary="What you handed in",
        answers={200: said.SubmissionLineSerializer(many=True)},
        refuses=(400, 404),
    )
    def get(self, request: Request) -> Response:
        """Your own submissions in all courses, newest first, each with its mark in figures."""
        return self.in_pages(
            marking.with_marks(learning.newest_submissions(self.person)),
            row_of=said.submission_line,
            serializer=said.SubmissionLineSerializer,
        )


class SeenSubmission(View):
    """A submission, for its learner and the trainers of its course; for anybody else there is none."""

    def seen_or_404(self, public_id: UUID) -> Submission:
        """The submission. That a trainer looked is written down. A token opens its person's own work alone."""
        sent = learning.submission(public_id)
        if sent is None:
            raise NotFound
        if not learning_rules.is_own(self.person, submission=sent):
            marking_rules.check_see_submission(self.person, submission=sent)
            if self.request.auth is not None:
                raise LacksScope(_("An access token opens your own work only. Sign in to see the work of learners."))
            services.record_view(sent, by=self.person, now=timezone.now())
        return sent


class OneSubmission(SeenSubmission):
    """A submission and the mark in effect."""

    @operation(
        "read_submission",
        tag="submissions",
        summary="One submission",
        answers={200: said.SubmissionSerializer},
        refuses=(404,),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Its state, and once it is marked, its mark with the result of each check."""
        sent = self.seen_or_404(public_id)
        return Response(said.SubmissionSerializer(said.submission(sent, state=marking.state_of(sent))).data)


class Marks(SeenSubmission):
    """Every mark of a submission."""

    @operation(
        "list_marks",
        tag="submissions",
        summary="Every mark of a submission",
        answers={200: said.MarkInHistorySerializer(many=True)},
        refuses=(404,),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """All marks that it was given, newest first; each with who gave it, why, and what decided it."""
        sent = self.seen_or_404(public_id)
        marks = list(marking.history(sent))
        context = {"in_effect": marks[0].pk if marks else None, "answer_sha256": sent.blob_id}
        return Response(said.MarkInHistorySerializer(marks, many=True, context=context).data)
