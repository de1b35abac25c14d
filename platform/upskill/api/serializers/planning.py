"""What people were asked to learn, and how they stand with it."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from upskill.planning.dues import State
from upskill.planning.models import Assignment
from upskill.planning.queries import Due, TeamAssignment

from .fields import Link


class AssignmentSerializer(serializers.Serializer):
    """A course that people are asked to finish, first by `due_on`."""

    assignment = serializers.UUIDField()
    course = serializers.SlugField()
    title = serializers.CharField()
    url = Link(help_text="Of the course.")
    is_required = serializers.BooleanField(help_text="false: recommended, never overdue.")
    due_on = serializers.DateField()
    repeat_months = serializers.IntegerField(allow_null=True, min_value=1, help_text="null: once.")
    asked_by = serializers.CharField(help_text="A line manager, or an organisation.")
    reason = serializers.CharField(allow_blank=True)


class StandingSerializer(serializers.Serializer):
    """How one person stands with it now."""

    stands = serializers.ChoiceField(choices=[each.value for each in State])
    due_on = serializers.DateField(help_text="The due day that counts now, for this person.")
    done_on = serializers.DateField(allow_null=True, help_text="When they last finished the course for it.")
    exempt_because = serializers.CharField(allow_blank=True)


class MyAssignmentSerializer(serializers.Serializer):
    """What you were asked to do, and how you stand."""

    asked = AssignmentSerializer()
    standing = StandingSerializer()


class MemberStandingSerializer(serializers.Serializer):
    """How a direct report stands with it."""

    full_name = serializers.CharField()
    standing = StandingSerializer()


class TeamAssignmentSerializer(serializers.Serializer):
    """What people of your team were asked to do, and how each of those whom it means stands."""

    asked = AssignmentSerializer()
    people = MemberStandingSerializer(many=True)


def my_assignment(due: Due) -> dict[str, Any]:
    """One's own line."""
    return {"asked": _asked(due.assignment), "standing": _standing(due)}


def team_assignment(found: TeamAssignment) -> dict[str, Any]:
    """A line of a team, with its people."""
    people = [{"full_name": due.person.full_name, "standing": _standing(due)} for due in found.dues]
    return {"asked": _asked(found.assignment), "people": people}


def _asked(asked: Assignment) -> dict[str, Any]:
    return {
        "assignment": asked.public_id,
        "course": asked.course_id,
        "title": asked.title,
        "url": reverse("api:course", args=[asked.course_id]),
        "is_required": asked.is_required,
        "due_on": asked.due_on,
        "repeat_months": asked.repeat_months,
        "asked_by": asked.organisation.name if asked.organisation else asked.made_by.full_name,
        "reason": asked.reason,
    }


def _standing(due: Due) -> dict[str, Any]:
    return {
        "stands": due.state.value,
        "due_on": due.due_on,
        "done_on": due.done_on,
        "exempt_because": due.exemption.reason if due.exemption else "",
    }
