"""Writes of planning: ask people to finish a course, end that, exempt somebody, and take down who finished."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from upskill.catalogue.models import Course, Item
from upskill.core import audit
from upskill.core.turns import wait_for_turn
from upskill.learning.models import Enrolment
from upskill.people.grades import GRADES
from upskill.people.models import User
from upskill.skills.roles import levels_for
from upskill.skills.validity import months_after

from . import finishing
from .audience import Audience, posts_meant
from .models import Assignment, Completion, Exemption

MOST_MONTHS = 120
MOST_YEARS_AHEAD = 10
MOST_REASON = 1000  # characters
PARTS = ("team_of", "person", "organisation", "role", "grade", "profession")


class AssignmentRefused(Exception):
    """It cannot be asked so. The message is one sentence; `field` names the part that it is about, "" for the whole."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class AskedAlready(AssignmentRefused):
    """The same course is asked of the same people now."""


class ExemptionRefused(Exception):
    """Somebody cannot be exempted so. The message is one sentence."""


@transaction.atomic
def assign(
    course: Course,
    *,
    audience: Audience,
    due_on: dt.date,
    is_required: bool,
    repeat_months: int | None,
    reason: str,
    by: User,
    now: dt.datetime,
) -> Assignment:
    """The assignment; those whom it means see it at once, and are reminded of it by the weekly digest.

    Raises AssignmentRefused, AskedAlready. Who may ask whom is in rules.py.
    """
    asked = Assignment(
        course=course, due_on=due_on, is_required=is_required, repeat_months=repeat_months, reason=reason.strip(),
        made_by=by, made_at=now, **{part: getattr(audience, part) for part in PARTS},
    )  # fmt: skip
    _check(asked, on=timezone.localdate(now))
    wait_for_turn(f"assign {course.pk}")  # twice the same at once: the second finds the first
    _refuse_twice(asked)
    asked.save()
    asked.refresh_from_db(fields=["public_id"])
    details = {"course": course.pk, "due_on": due_on.isoformat(), "required": is_required}
    audit.record("assignment.made", subject=asked, by=by, at=now, about=audience.person, **details)
    return asked


@transaction.atomic
def end_assignment(assignment: Assignment, *, by: User, now: dt.datetime) -> None:
    """Nobody is asked any more. Who finished and who was exempt is kept. Safe to repeat."""
    if Assignment.objects.filter(pk=assignment.pk, ended_at=None).update(ended_at=now):
        audit.record("assignment.ended", subject=assignment, by=by, at=now, about=assignment.person)


@transaction.atomic
def exempt(assignment: Assignment, *, person: User, reason: str, by: User, now: dt.datetime) -> Exemption:
    """This person need not do it, until the exemption is ended. Raises ExemptionRefused."""
    why = reason.strip()
    if not why or "\0" in why or len(why) > MOST_REASON:
        raise ExemptionRefused(_("Say in %(n)d characters or fewer why they need not do it.") % {"n": MOST_REASON})
    wait_for_turn(f"exempt {assignment.pk} {person.pk}")
    if Exemption.objects.filter(assignment=assignment, person=person, ended_at=None).exists():
        raise ExemptionRefused(_("%(name)s is exempt already.") % {"name": person.full_name})
    given = Exemption.objects.create(assignment=assignment, person=person, reason=why, given_by=by, given_at=now)
    audit.record("exemption.given", subject=given, by=by, at=now, about=person)
    return given


@transaction.atomic
def end_exemption(exemption: Exemption, *, by: User, now: dt.datetime) -> None:
    """The person is asked again. Safe to repeat."""
    if Exemption.objects.filter(pk=exemption.pk, ended_at=None).update(ended_at=now):
        audit.record("exemption.ended", subject=exemption, by=by, at=now, about=exemption.person)


@transaction.atomic
def record_completion(learner: User, *, course: str, now: dt.datetime) -> Completion | None:
    """The completion, if by now the learner has finished the course, or finished it anew; None otherwise.

    Called after each step that may finish a course. Safe to repeat. One query where something is not done, else eight.
    """
    if not finishing.may_be_finished(learner, course=course):
        return None
    wait_for_turn(f"finish {learner.pk} {course}")
    if not finishing.is_finished_anew(learner, course=course):
        return None
    return _complete(learner, course=course, at=now, now=now)


@transaction.atomic
def take_back_completion(learner: User, *, exercise: Item, now: dt.datetime) -> None:
    """The newest completion counts no more, unless another answer to this exercise passes since the one before: a
    pass that it rested on was taken away. Safe to repeat.
    """
    wait_for_turn(f"finish {learner.pk} {exercise.course_id}")
    newest = finishing.newest_completion(learner, course=exercise.course_id)
    if newest is None or finishing.is_held_up(newest, exercise=exercise):
        return
    taken = Completion.objects.create(learner=learner, course_id=exercise.course_id, finished_at=now, takes_back=newest)
    audit.record("completion.taken_back", subject=taken, by=None, at=now, about=learner)


@transaction.atomic
def record_earlier_completion(learner: User, *, course: str, now: dt.datetime) -> Completion | None:
    """The same for somebody who finished before completions were taken down, on the day that they did.

    Safe to repeat.
    """
    wait_for_turn(f"finish {learner.pk} {course}")
    if finishing.newest_completion(learner, course=course) or not finishing.is_finished(learner, course=course):
        return None
    return _complete(learner, course=course, at=finishing.finished_at(learner, course=course), now=now)


def record_earlier_completions(*, now: dt.datetime) -> int:
    """The same for everybody who takes a course and has done all that counts of it; returns how many are new.

    Each is a transaction of its own: whoever stops it loses nothing. Safe to repeat.
    """
    new = 0
    known = Completion.objects.filter(learner=OuterRef("learner"), course=OuterRef("course"))
    for enrolment in Enrolment.objects.exclude(Exists(known)).select_related("learner").order_by("pk").iterator():
        learner, course = enrolment.learner, enrolment.course_id
        if finishing.may_be_finished(learner, course=course):
            new += record_earlier_completion(learner, course=course, now=now) is not None
    return new


def record_team_view(people: "list[User]", *, by: User, now: dt.datetime) -> None:
    """Write down that their manager looked at what these people were asked to do and whether they did. One query."""
    audit.record_about_each("assignments.viewed", people=people, by=by, at=now)


def _complete(learner: User, *, course: str, at: dt.datetime, now: dt.datetime) -> Completion:
    done = Completion.objects.create(learner=learner, course_id=course, finished_at=at)
    audit.record("course.finished", subject=done, by=None, at=now, about=learner)
    return done


def _check(asked: Assignment, *, on: dt.date) -> None:
    """Raises AssignmentRefused with what is wrong first."""
    if asked.course.current_version_id is None:
        raise AssignmentRefused(_("This course is not published: choose another."), field="course")
    if asked.due_on < on:
        raise AssignmentRefused(_("The due day must be today or later."), field="due_on")
    if asked.due_on > months_after(on, months=12 * MOST_YEARS_AHEAD):
        raise AssignmentRefused(_("The due day must be within %(n)d years.") % {"n": MOST_YEARS_AHEAD}, field="due_on")
    if "\0" in asked.reason or len(asked.reason) > MOST_REASON:
        raise AssignmentRefused(_("Give the reason in %(n)d characters or fewer.") % {"n": MOST_REASON}, field="reason")
    _check_repeat(asked)
    _check_filters(asked, on=on)


def _check_repeat(asked: Assignment) -> None:
    if asked.repeat_months is None:
        return
    if not 1 <= asked.repeat_months <= MOST_MONTHS:
        raise AssignmentRefused(
            _("It can be repeated every 1 to %(n)d months.") % {"n": MOST_MONTHS}, field="repeat_months"
        )
    if not finishing.counted(asked.course_id).exclude(item__kind=Item.Kind.LESSON).exists():
        raise AssignmentRefused(
            _("This course has nothing to pass, so nobody could show that they did it again: ask for it once."),
            field="repeat_months",
        )


def _check_filters(asked: Assignment, *, on: dt.date) -> None:
    if asked.role and not (asked.organisation and levels_for(asked.organisation).filter(pk=asked.role).exists()):
        raise AssignmentRefused(_("Choose a role from the list."), field="role")
    if asked.grade and asked.grade not in GRADES:
        raise AssignmentRefused(_("Choose a grade from the list."), field="grade")
    if asked.profession and not posts_meant(asked, on=on).exists():
        raise AssignmentRefused(
            _("Nobody there has this profession, grade and role: write them as the staff records do."),
            field="profession",
        )


def _refuse_twice(asked: Assignment) -> None:
    same = {part: getattr(asked, part) for part in PARTS}
    first = Assignment.objects.filter(course=asked.course, ended_at=None, **same).first()
    if first:
        day = date_format(first.due_on, "j F Y")
        raise AskedAlready(
            _("The same people are asked to finish this course by %(day)s already: end that first.") % {"day": day}
        )
