"""Who is asking, and what is recorded about them."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from upskill.catalogue.models import LearningPath
from upskill.core.models import AuditEntry
from upskill.people.models import User
from upskill.people.queries import Roles
from upskill.people.roles import Role
from upskill.skills.models import Certificate, Evidence
from upskill.skills.queries import SkillRecord

from .fields import LevelNumber, Link, Moment

ROLES = ["learner", "line_manager", *Role.values]
# by what somebody did: the role in which people do it
ACTED_AS = {
    "levels": "line manager",
    "submission": "trainer",
    "mark": "trainer",
    "review": "trainer",
    "rerun": "trainer",
    "person": "operator",
    "staff_record": "administrator",
    "post": "administrator",
    "role": "operator",
    "job": "operator",
    "token": "operator",
}


class RoleSerializer(serializers.Serializer):
    """A role with its scope: a trainer's course, a department viewer's or administrator's organisation."""

    role = serializers.ChoiceField(ROLES)
    course = serializers.SlugField(required=False)
    organisation = serializers.SlugField(required=False)


class MeSerializer(serializers.Serializer):
    """Who is asking."""

    public_id = serializers.UUIDField()
    full_name = serializers.CharField()
    roles = RoleSerializer(many=True)
    path = serializers.SlugField(allow_null=True, help_text="The learning path that you follow; null without one.")


class EvidenceSerializer(serializers.Serializer):
    """What a level rests on: an exercise that was marked, or a quiz."""

    level = LevelNumber()
    earned_at = Moment()
    kind = serializers.ChoiceField(["exercise", "quiz"])
    course = serializers.SlugField()
    item = serializers.CharField(help_text="module/item")
    title = serializers.CharField()
    submission = serializers.UUIDField(allow_null=True, help_text="The exercise that was handed in; null for a quiz.")


class SkillRecordSerializer(serializers.Serializer):
    """A skill, the level that holds today, what your role asks for, and the evidence in effect, best first."""

    skill = serializers.SlugField()
    name = serializers.CharField()
    level = LevelNumber()
    earned_on = serializers.DateField(allow_null=True, help_text="The day of the newest evidence of the level.")
    expires_on = serializers.DateField(
        allow_null=True, help_text="The first day on which the level no longer holds; null: it holds for good."
    )
    target = LevelNumber(help_text="What your role asks for; 0: it does not ask for this skill.")
    evidence = EvidenceSerializer(many=True)


class CertificateSerializer(serializers.Serializer):
    """A certificate that you have made of a course that you finished."""

    course = serializers.SlugField()
    version = serializers.CharField(help_text="Of the course, as it was when you finished it.")
    title = serializers.CharField()
    name = serializers.CharField(help_text="Yours, as it was on the day on which you made it.")
    issued_at = Moment()
    holds = serializers.BooleanField(help_text="False while a mark that it rests on does not pass: nobody can read it.")
    url = Link(help_text="A page of the service. Whoever has its address reads the certificate, without signing in.")


class TrailEntrySerializer(serializers.Serializer):
    """One thing that was done to your record or seen of it."""

    at = Moment()
    event = serializers.CharField(help_text="What happened, such as submission.viewed.")
    what = serializers.CharField(help_text="The kind of thing that it happened to, such as submission.")
    who = serializers.CharField(help_text="A full name, or “the service”.")
    role = serializers.CharField(
        allow_blank=True, help_text="As what they did it: you, trainer, line manager, administrator, operator."
    )


def me(person: User, *, roles: Roles, path: LearningPath | None) -> dict[str, Any]:
    """The person and what they are, a role with its scope in each entry, and the path that they follow."""
    held: list[dict[str, str]] = [{"role": "learner"}]
    held += [{"role": Role.TRAINER.value, "course": course} for course in sorted(roles.courses)]
    held += [{"role": "line_manager"}] if roles.has_reports else []
    organisations = sorted(organisation.code for organisation in roles.organisations)
    held += [{"role": Role.DEPARTMENT_VIEWER.value, "organisation": code} for code in organisations]
    administered = sorted(organisation.code for organisation in roles.administered)
    held += [{"role": Role.DEPARTMENT_ADMIN.value, "organisation": code} for code in administered]
    held += [{"role": Role.OPERATOR.value}] if roles.is_operator else []
    return {
        "public_id": person.public_id,
        "full_name": person.full_name,
        "roles": held,
        "path": path.pk if path else None,
    }


def skill_record(record: SkillRecord) -> dict[str, Any]:
    """One skill of a person."""
    evidence = [_evidence(piece) for piece in record.evidence]
    return {
        "skill": record.skill.pk,
        "name": record.skill.name,
        "level": record.level,
        "earned_on": record.standing.earned_on,
        "expires_on": record.standing.expires_on,
        "target": record.target,
        "evidence": evidence,
    }


def certificate(made: Certificate, *, holds: bool) -> dict[str, Any]:
    """One certificate, for the person whom it is about."""
    version = made.course_version
    return {
        "course": version.course_id,
        "version": version.version,
        "title": version.title,
        "name": made.name,
        "issued_at": made.issued_at,
        "holds": holds,
        "url": reverse("certificates:genuine", args=[made.public_id]),
    }


def trail_entry(entry: AuditEntry) -> dict[str, Any]:
    """An audit entry for the person whom it concerns. What it holds beside this may name other people, so it stays."""
    if entry.by is None:
        who, role = "the service", ""
    elif entry.by_id == entry.about_id:
        who, role = entry.by.full_name, "you"
    else:
        who, role = entry.by.full_name, ACTED_AS.get(entry.event.partition(".")[0], "")
    what = entry.subject_kind.rpartition(".")[2]
    return {"at": entry.at, "event": entry.event, "what": what, "who": who, "role": role}


def _evidence(piece: Evidence) -> dict[str, Any]:
    mark, attempt = piece.mark, piece.quiz_attempt
    version = mark.submission.exercise.item_version if mark else attempt.quiz if attempt else None
    assert version is not None, "evidence has one source"  # noqa: S101
    return {
        "level": piece.level,
        "earned_at": piece.earned_at,
        "kind": version.item.kind,
        "course": version.item.course_id,
        "item": version.item.key,
        "title": version.title,
        "submission": mark.submission.public_id if mark else None,
    }
