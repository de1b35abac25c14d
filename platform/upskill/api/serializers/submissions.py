"""What was handed in, and every mark of it. Points are null while they wait for a person."""

from typing import Any, Literal

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upskill.learning.models import Submission
from upskill.marking import dispatch, engines
from upskill.marking.models import CheckMark, Job, Mark
from upskill.marking.queries import MarkingState

from .fields import Link, Moment, Points


class CheckMarkSerializer(serializers.Serializer):
    """The result of one check."""

    check = serializers.CharField(source="slug")
    title = serializers.CharField()
    status = serializers.ChoiceField(CheckMark.Status.values)
    points = Points(allow_null=True)
    max_points = Points()
    message = serializers.CharField(allow_blank=True)


class MarkLineSerializer(serializers.Serializer):
    """A mark in figures."""

    points = Points()
    max_points = Points(help_text="Of the checks that are decided.")
    waiting_points = Points(help_text="Of the checks that wait for a person.")
    passed = serializers.BooleanField()
    marked_at = Moment()
    decided_by = serializers.SerializerMethodField()

    def get_decided_by(self, mark: Mark) -> Literal["machine", "person"]:
        """Who judged."""
        return "person" if mark.given_by_id else "machine"


class MarkSerializer(MarkLineSerializer):
    """A mark with the result of each check."""

    checks = CheckMarkSerializer(many=True, source="checks.all")


class ProvenanceSerializer(serializers.Serializer):
    """What decided a mark, so that it can be explained and repeated."""

    answer_sha256 = serializers.CharField(help_text="Of the file that was handed in.")
    tests_sha256 = serializers.CharField(allow_blank=True, help_text="Of the tests and their points.")
    engine_version = serializers.CharField(allow_blank=True)
    python = serializers.CharField(allow_blank=True)
    libraries = serializers.DictField(child=serializers.CharField())
    isolation = serializers.CharField(allow_blank=True, help_text="What confined the code while it ran.")
    seed = serializers.IntegerField()


class MarkInHistorySerializer(MarkSerializer):
    """One mark of a submission, with who gave it, why, and what decided it."""

    # Of the context: `in_effect` is the id of the mark that counts, `answer_sha256` names the answer that was marked.
    is_in_effect = serializers.SerializerMethodField()
    given_by = serializers.CharField(
        source="given_by.full_name", allow_null=True, help_text="Full name of the trainer; null: the tests."
    )
    reason = serializers.CharField(allow_blank=True, help_text="Of a trainer, or why all answers were marked again.")
    provenance = serializers.SerializerMethodField()

    def get_is_in_effect(self, mark: Mark) -> bool:
        """False for a mark that another has replaced."""
        return mark.pk == self.context["in_effect"]

    @extend_schema_field(ProvenanceSerializer)
    def get_provenance(self, mark: Mark) -> dict[str, Any]:
        """Hashes, versions, seed and isolation."""
        kept = {name: mark.provenance.get(name, "") for name in ("tests_sha256", "engine_version", "python")}
        more = {"libraries": {}, "isolation": "", "seed": 0} | mark.provenance
        return ProvenanceSerializer({**kept, **more, "answer_sha256": self.context["answer_sha256"]}).data


class SubmissionLineSerializer(serializers.Serializer):
    """A submission with its state and, once there is one, the mark in effect."""

    public_id = serializers.UUIDField()
    course = serializers.SlugField()
    exercise = serializers.CharField(help_text="module/item")
    attempt = serializers.IntegerField(min_value=1)
    submitted_at = Moment()
    state = serializers.ChoiceField([state.value for state in Job.State if state != Job.State.PAUSED])
    mark = MarkLineSerializer(allow_null=True)
    url = Link()


class QueueSerializer(serializers.Serializer):
    """Where a queued submission stands, about: others take turns with it."""

    ahead = serializers.IntegerField(
        min_value=0,
        max_value=dispatch.MOST_COUNTED,
        help_text="Marked before it; the largest number: that many or more.",
    )
    wait_seconds = serializers.IntegerField(min_value=0, allow_null=True, help_text="null: nobody knows.")


class SubmissionSerializer(SubmissionLineSerializer):
    """A submission with its state and, once there is one, the mark in effect with a result per check."""

    reason = serializers.CharField(allow_blank=True, help_text="Why it cannot be marked, where its state is refused.")
    queue = QueueSerializer(allow_null=True, help_text="Where it stands while its state is queued.")
    mark = MarkSerializer(allow_null=True)
    marks_url = Link(help_text="Every mark that it was given.")


def submission_line(sent: Submission) -> dict[str, Any]:
    """A submission in a list, as marking.queries.with_marks reads it."""
    marks, jobs = sent.current_marks, sent.newest_jobs  # type: ignore[attr-defined]  # set by with_marks
    state = jobs[0].state if jobs else Job.State.QUEUED
    return {**_named(sent), "state": state, "mark": marks[0] if marks else None}


def submission(sent: Submission, *, state: MarkingState) -> dict[str, Any]:
    """A submission with its state. Only a refusal says why: a fault of ours is for operators to read."""
    return {
        **_named(sent),
        "state": state.job.state,
        "reason": state.job.reason if state.job.state == Job.State.REFUSED else "",
        "mark": state.mark,
        "queue": _queue(state.job) if state.job.state == Job.State.QUEUED else None,
        "marks_url": reverse("api:marks", args=[sent.public_id]),
    }


def _queue(job: Job) -> dict[str, int | None] | None:
    """Two queries."""
    place = dispatch.place(job, slots=engines.state().slots)
    if place is None:
        return None
    return {"ahead": place.ahead, "wait_seconds": None if place.wait is None else round(place.wait.total_seconds())}


def _named(sent: Submission) -> dict[str, Any]:
    item = sent.exercise.item_version.item
    return {
        "public_id": sent.public_id,
        "course": item.course_id,
        "exercise": item.key,
        "attempt": sent.attempt,
        "submitted_at": sent.submitted_at,
        "url": reverse("api:submission", args=[sent.public_id]),
    }
