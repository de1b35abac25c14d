"""Questions of passed quizzes come back: a little practice that is evidence of nothing and theirs alone to see.

A question comes back GAPS days after its quiz was passed, then after the next gap for each right answer; a wrong one
begins anew. Equal and growing gaps teach the same, so nothing cleverer is kept than a step and a day.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, OuterRef, Subquery
from django.utils import timezone

from upskill.catalogue.models import Item, ItemVersion
from upskill.people.models import User

from . import quizzes
from .models import QuizAttempt, Recall

GAPS = (2, 7, 21, 60)  # days
MOST_A_DAY = 3


@dataclass(frozen=True)
class Place:
    """Where a learner stands with one question: it waits for gap number `step`, from the day `since`."""

    quiz: int  # the item, through all versions
    version: int  # the quiz as its course has it now
    question: str
    step: int
    since: dt.date
    is_kept: bool  # False: it has not come back yet, and `since` is the day on which the quiz was passed

    @property
    def due_on(self) -> dt.date | None:
        """The day on which the question comes back; None: never again."""
        return self.since + dt.timedelta(days=GAPS[self.step]) if self.step < len(GAPS) else None


@dataclass(frozen=True)
class Today:
    """The questions to answer today, those that wait longest first, and the first day after it on which one is due."""

    due: list[Place]
    next_on: dt.date | None


@dataclass(frozen=True)
class Asked:
    """A question that is asked today, as its quiz has it now."""

    place: Place
    quiz: ItemVersion
    content: dict[str, Any]

    @property
    def key(self) -> str:
        """Its name in a form that holds questions of several quizzes."""
        return f"q{self.place.quiz}-{self.place.question}"


@dataclass(frozen=True)
class Answered:
    """A question that was answered just now, and where its learner stands with it since."""

    asked: Asked
    place: Place


def moved(place: Place, *, is_right: bool, on: dt.date) -> Place:
    """The place after an answer on that day: one step on, or back to the first."""
    return replace(place, step=place.step + 1 if is_right else 0, since=on, is_kept=True)


def pick(places: Iterable[Place], *, answered: int, on: dt.date) -> Today:
    """What is due of these places on a day on which so many questions were answered already."""
    waiting = sorted(
        ((due_on, place) for place in places if (due_on := place.due_on)), key=lambda each: each[0]
    )  # stable: within a day in the order of the courses
    due = [place for due_on, place in waiting if due_on <= on]
    chosen = due[: max(0, MOST_A_DAY - answered)]
    later = [due_on for due_on, _place in waiting if due_on > on]
    tomorrow = [on + dt.timedelta(days=1)] if len(due) > len(chosen) else []
    return Today(due=chosen, next_on=min(tomorrow + later, default=None))


def today(learner: User, *, on: dt.date) -> Today:
    """What comes back to this learner on that day. Two queries; one for somebody who has passed no quiz."""
    passed = _passed(learner)
    if not passed:
        return Today(due=[], next_on=None)
    kept = {(row.item_id, row.question): row for row in Recall.objects.filter(learner=learner)}
    places = [
        _place(quiz, question, row=kept.get((quiz["item_id"], question)))
        for quiz in passed
        for question in quiz["questions"]
        if question in quiz["answers"]  # one that is new in the quiz would not come back, but come
    ]
    return pick(places, answered=sum(row.answered_on == on for row in kept.values()), on=on)


def asked(places: list[Place]) -> list[Asked]:
    """These questions with their words, options and feedback. One query."""
    versions = {place.version for place in places}
    quizzes_now = ItemVersion.objects.select_related("item", "module__course_version").in_bulk(versions)
    return [
        Asked(place=place, quiz=quiz, content=_question(quiz, place.question))
        for place in places
        if (quiz := quizzes_now[place.version])
    ]


@transaction.atomic
def answer(learner: User, *, answers: dict[str, Any], asked: list[Asked], on: dt.date) -> list[Answered]:
    """The questions that these answers count for, each with its new place. `answers`: key of a question -> answer.

    A question that was answered since in another window is left out and stays as it is. Nothing that was answered is
    kept, and nothing is audited: it decides nothing.
    """
    found = [
        Answered(each, moved(each.place, is_right=quizzes.is_right(each.content, answer=answers[each.key]), on=on))
        for each in asked
    ]
    return [each for each in found if _keep(learner, before=each.asked.place, after=each.place)]


def _keep(learner: User, *, before: Place, after: Place) -> bool:
    """Write where the learner stands now; False where somebody was there before."""
    which: dict[str, Any] = {"learner": learner, "item_id": before.quiz, "question": before.question}
    now = {"step": after.step, "answered_on": after.since}
    if before.is_kept:
        same = Recall.objects.filter(**which, step=before.step, answered_on=before.since)
        return bool(same.update(**now))
    return Recall.objects.get_or_create(**which, defaults=now)[1]


def _passed(learner: User) -> list[dict[str, Any]]:
    """The quizzes of published courses that the learner takes and has passed, in the order of teaching: ids of their
    questions now, when they were passed last, and what was answered then.
    """
    passes = QuizAttempt.objects.filter(learner=learner, quiz__item=OuterRef("item"), passed=True)
    newest = passes.order_by("-answered_at", "-pk")
    current = ItemVersion.objects.filter(
        item__kind=Item.Kind.QUIZ,
        item__course__enrolments__learner=learner,
        module__course_version=F("item__course__current_version"),
    )
    ids = Func(
        "content", template="jsonb_path_query_array(%(expressions)s, '$.questions[*].id')", output_field=JSONField()
    )
    taken = current.annotate(
        questions=ids,
        passed_at=Subquery(newest.values("answered_at")[:1]),
        answers=Subquery(newest.values("answers")[:1]),
    )
    in_order = taken.filter(passed_at__isnull=False).order_by("item__course", "module__position", "position")
    return [dict(row) for row in in_order.values("pk", "item_id", "questions", "passed_at", "answers")]


def _place(quiz: dict[str, Any], question: str, *, row: Recall | None) -> Place:
    return Place(
        quiz=quiz["item_id"],
        version=quiz["pk"],
        question=question,
        step=row.step if row else 0,
        since=row.answered_on if row else timezone.localdate(quiz["passed_at"]),
        is_kept=row is not None,
    )


def _question(quiz: ItemVersion, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in quiz.content["questions"] if each["id"] == name)
    return found
