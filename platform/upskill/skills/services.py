"""Writes of skills: the list of skills, evidence from quizzes and marks, and certificates."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from upskill.catalogue.queries import Outline
from upskill.core import audit
from upskill.learning.models import QuizAttempt
from upskill.marking.models import Mark
from upskill.marking.queries import lowest_rubric_level
from upskill.people.models import User

from . import certificates, standing_in
from .models import Certificate, Evidence, Level, SelfAssessment, Skill

PRACTITIONER_RUBRIC_LEVEL = 3  # of 4, on every criterion: the curriculum's rule
OPTIONAL = ("valid_months", "same_as")  # of a skill in skills.yml


class NamedByAFramework(Exception):
    """A skill of ours cannot have the id of a skill that a framework has."""


@transaction.atomic
def sync_skills(entries: list[dict[str, Any]], *, by: User | None, now: dt.datetime) -> int:
    """Make our skills equal to `entries` ({"slug", "name", "statements"}, perhaps OPTIONAL); returns how many were new
    or changed. What frameworks ask for follows (`standing_in.follow`).

    Skills that are no longer listed stay: evidence may rest on them. Safe to repeat: equal entries write nothing.
    Raises NamedByAFramework.
    """
    changed = 0
    known = Skill.objects.in_bulk()
    for position, entry in enumerate(entries):
        wanted = {"name": entry["name"], "statements": entry["statements"], "position": position}
        wanted |= {key: entry.get(key) for key in OPTIONAL}
        skill = known.get(entry["slug"])
        if skill and skill.framework_id:
            message = _("The id %(id)s is that of a skill of %(framework)s. Choose another id in skills.yml.")
            raise NamedByAFramework(message % {"id": skill.pk, "framework": skill.framework_id})
        if skill is None or any(getattr(skill, field) != value for field, value in wanted.items()):
            new, is_added = Skill.objects.update_or_create(slug=entry["slug"], defaults=wanted)
            if is_added:
                audit.record("skill.added", subject=new, by=by, at=now, **wanted)
            else:
                audit.record("skill.changed", subject=new, by=by, at=now, **wanted)
            changed += 1
    standing_in.follow(by=by, now=now)
    return changed


def add_quiz_evidence(attempt: QuizAttempt, *, now: dt.datetime) -> list[Evidence]:
    """Evidence of what the quiz earns, if it was passed. A quiz proves awareness and never more."""
    if not attempt.passed:
        return []
    learner, level = attempt.learner, Level.AWARENESS
    return [
        _add(learner, skill=award["skill"], level=level, now=now, quiz_attempt=attempt) for award in attempt.quiz.skills
    ]


def add_mark_evidence(mark: Mark, *, now: dt.datetime) -> list[Evidence]:
    """Evidence of what the exercise earns by this mark; what rested on the mark it replaces is replaced with it.

    A pass proves working level and never more; practitioner needs a person's rubric mark of 3 on every criterion.
    Evidence always rests on a mark in effect. A level that stays keeps the moment at which it was earned; one that is
    lost is replaced by level 0.
    """
    learner, reach = mark.submission.learner, _reach(mark)
    earlier = {evidence.skill_id: evidence for evidence in _resting_on(mark.replaces)}
    added = []
    for award in mark.submission.exercise.item_version.skills:
        level, old = min(award["level"], reach), earlier.get(award["skill"])
        if level or old:
            moment = old.earned_at if old and old.level == level else now
            source = {"mark": mark, "replaces": old, "earned_at": moment}
            added.append(_add(learner, skill=award["skill"], level=level, now=now, **source))
    return added


@transaction.atomic
def say_self_view(person: User, *, skill: Skill, level: Level, now: dt.datetime) -> SelfAssessment:
    """Where the person sees themselves from now on. It is theirs alone: no level, figure or export knows of it, and the
    audit entry does not say what they said.
    """
    said = SelfAssessment.objects.create(person=person, skill=skill, level=level, said_at=now)
    audit.record("self_view.said", subject=said, by=person, at=now, about=person)
    return said


@transaction.atomic
def issue_certificate(learner: User, *, outline: Outline, now: dt.datetime) -> Certificate:
    """The learner's certificate of this version of a course, at an address that nobody can guess.

    Safe to repeat: the first one stays. Raises certificates.NotFinished.
    """
    certificates.check_finished(learner, outline=outline)
    first = {"public_id": uuid.uuid4(), "name": learner.full_name, "issued_at": now}
    certificate, is_new = Certificate.objects.get_or_create(
        learner=learner, course_version=outline.version, defaults=first
    )
    if is_new:
        audit.record("certificate.issued", subject=outline.version, by=learner, at=now, about=learner)
    return certificate


@transaction.atomic
def withdraw_certificate(certificate: Certificate, *, by: User, now: dt.datetime) -> None:
    """Its address leads nowhere from now on, and nothing of it is kept but that it was. Safe to repeat."""
    deleted, _rows = Certificate.objects.filter(pk=certificate.pk).delete()
    if deleted:
        learner, version = certificate.learner, certificate.course_version
        audit.record("certificate.withdrawn", subject=version, by=by, at=now, about=learner)


def _reach(mark: Mark) -> Level:
    """The highest level that the mark can prove, whatever the exercise offers."""
    if not mark.passed:
        return Level.NONE
    lowest = lowest_rubric_level(mark)
    return Level.PRACTITIONER if lowest is not None and lowest >= PRACTITIONER_RUBRIC_LEVEL else Level.WORKING


def _resting_on(mark: Mark | None) -> list[Evidence]:
    return list(Evidence.objects.filter(mark=mark, replaced_by=None)) if mark else []


def _add(learner: User, *, skill: str, level: int, now: dt.datetime, **source: Any) -> Evidence:
    fields = {"earned_at": now, **source}
    evidence = Evidence.objects.create(learner=learner, skill_id=skill, level=level, **fields)
    audit.record("evidence.added", subject=evidence, by=None, at=now, about=learner, skill=skill, level=int(level))
    return evidence
