"""What the demo's people have learned, through the same pipeline as everybody's work.

Nothing here is made up afterwards: the quiz marks its answers, and notebooks are handed in and wait for the marking
engine like any other, behind those of people who wait at the screen. data/demo_people.csv says who did what.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from upskill import pipeline
from upskill.catalogue import queries as catalogue
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.wrong_answers import read_wrong_answer
from upskill.catalogue.models import ExerciseVersion, Item, ItemVersion
from upskill.core import blobs
from upskill.learning import services as learning
from upskill.learning.models import QuizAttempt
from upskill.learning.rules import can_hand_in
from upskill.marking.models import Job
from upskill.people import demo
from upskill.people.demo import DemoPerson
from upskill.people.models import User
from upskill.planning import services as planning
from upskill.planning.audience import Audience
from upskill.planning.models import Assignment

IN_TIME = dt.timedelta(days=60)  # until the demo's manager wants a course finished
MODULE, QUIZ, EXERCISE = "bias-audits", "check", "audit-referrals"
REFLECTIONS = (
    "In the table, 19% of people who had done nothing wrong were checked where the language is not English, and far "
    "fewer where it is. I would pause the automatic stop of payments until a person has looked at each case. The group "
    "of people with no stated language is too small to say anything about.",
    "The score finds overpayments, but it stops payments of people with no fault much more often in one group. I "
    "recommend a review after four weeks, with the numbers for each group, by somebody who can switch it off.",
    "Before we go on we should ask people who were checked what it cost them. The numbers show who is checked, not "
    "what happens to them. Only checked claims have an outcome, so we do not know what we missed.",
)


class CourseMissing(Exception):
    """The demo's course is not published here, or its exercise not checked. The message says which, and the cure."""


@dataclass(frozen=True)
class Course:
    """What the demo's people worked on."""

    lessons: tuple[Item, ...]
    quiz: ItemVersion
    exercise: ItemVersion


@dataclass(frozen=True)
class History:
    """How much is new."""

    quiz_attempts: int
    submissions: int


def load(*, now: dt.datetime) -> History:
    """The demo's people do what data/demo_people.csv says, unless they have. Safe to repeat. Raises CourseMissing."""
    course = _course()
    cast = [each for each in demo.cast() if each.did]
    people = {person.email: person for person in User.objects.filter(email__in=[each.email for each in cast])}
    done = set(QuizAttempt.objects.filter(quiz__item=course.quiz.item).values_list("learner__email", flat=True))
    new = [each for each in cast if each.email in people and each.email not in done]
    _ask(course, now=now)
    submitted = [_learn(people[each.email], each, course=course, number=n, now=now) for n, each in enumerate(new)]
    return History(quiz_attempts=len(new), submissions=sum(submitted))


def _course() -> Course:
    outline = catalogue.outline(demo.TRAINED_COURSE)
    quiz = catalogue.item(demo.TRAINED_COURSE, module=MODULE, slug=QUIZ)
    exercise = catalogue.item(demo.TRAINED_COURSE, module=MODULE, slug=EXERCISE)
    if not (outline and quiz and exercise):
        name = demo.TRAINED_COURSE
        raise CourseMissing(f"The course {name} is not published here. Load it with: manage.py sync_courses")
    if not can_hand_in(exercise.exercise):
        raise CourseMissing(
            f"The exercise {exercise.item} has no certificate that fits, so that nobody can hand it in. "
            "Check it with: manage.py check_course"
        )
    lessons = tuple(each.item for each in outline.items if each.item.kind == Item.Kind.LESSON)
    return Course(lessons=lessons, quiz=quiz, exercise=exercise)


def _ask(course: Course, *, now: dt.datetime) -> None:
    """The demo's manager asks the team for the course, unless they ask for anything already."""
    manager = demo.people_by_role()["manager"]
    if Assignment.objects.filter(team_of=manager).exists():
        return
    today = timezone.localdate(now)
    planning.assign(
        course.quiz.item.course,
        audience=Audience(team_of=manager),
        due_on=today + IN_TIME,
        is_required=True,
        repeat_months=12,
        reason="We use scores in our work, and each of us should be able to question one.",
        by=manager,
        now=now,
    )


@transaction.atomic
def _learn(person: User, each: DemoPerson, *, course: Course, number: int, now: dt.datetime) -> bool:
    """One person's way through the course, all or nothing. True if it ended with a notebook handed in."""
    learning.enrol(person, course=course.quiz.item.course, now=now)
    for lesson in course.lessons:
        pipeline.complete_item(person, item=lesson, now=now)
    wrong = 3 if each.did == "failed" else number % 2  # of six questions, five must be right
    answers = _quiz_answers(course.quiz.content["questions"], wrong=wrong)
    pipeline.answer_quiz(course.quiz, answers=answers, by=person, now=now)
    if each.did in {"failed", "passed"}:
        return False
    content = _notebook(course.exercise.exercise, did=each.did, reflection=REFLECTIONS[number % 3])
    pipeline.submit(
        course.exercise.exercise,
        content=content,
        idempotency_key="demo",
        by=person,
        now=now,
        announce=_leave_to_the_sweeper,
        lane=Job.Lane.REGRADE,
    )
    return True


def _leave_to_the_sweeper() -> None:
    """Nobody waits for these marks at a screen."""


def _quiz_answers(questions: Sequence[dict[str, Any]], *, wrong: int) -> dict[str, Any]:
    """An answer to every question, the first `wrong` of them wrong."""
    return {
        question["id"]: _wrong_answer(question) if place < wrong else _right_answer(question)
        for place, question in enumerate(questions)
    }


def _right_answer(question: dict[str, Any]) -> Any:
    return str(question["answer"]["number"]) if question["type"] == "number" else question["answer"]


def _wrong_answer(question: dict[str, Any]) -> Any:
    match question["type"]:
        case "number":
            return str(question["answer"]["number"] + 1000)
        case "order":
            return question["answer"][::-1]
    return [next(option["id"] for option in question["options"] if option["id"] not in question["answer"])]


def _notebook(exercise: ExerciseVersion, *, did: str, reflection: str) -> bytes:
    """The released notebook with the author's solution in it, some tasks replaced by those of a wrong answer."""
    source, released = (json.loads(blobs.read(sha256)) for sha256 in (exercise.source_sha256, exercise.release_sha256))
    answers = {name: _without_markers(cell) for cell in source["cells"] if (name := _answer_name(cell))}
    answers |= {} if did == "solved" else _wrong_tasks(did)
    by_person = exercise.checks.filter(by_person=True).values_list("slug", flat=True)
    answers |= dict.fromkeys(by_person, reflection)
    for cell in released["cells"]:
        name = _answer_name(cell)
        if name:
            cell["source"] = answers[name]
    return json.dumps(released).encode()


def _answer_name(cell: dict[str, Any]) -> str:
    """The author's name of a cell that is made for an answer, "" for others."""
    nbgrader = cell["metadata"].get("nbgrader", {})
    return nbgrader["grade_id"] if nbgrader.get("solution") else ""


def _without_markers(cell: dict[str, Any]) -> str:
    lines = "".join(cell["source"]).split("\n")
    return "\n".join(line for line in lines if line.strip() not in {"### BEGIN SOLUTION", "### END SOLUTION"})


def _wrong_tasks(name: str) -> dict[str, str]:
    """Task -> code of the wrong answer with this name, from the course's own files; none where they are elsewhere."""
    for folder in settings.COURSE_DIRS:
        file = Path(folder, demo.TRAINED_COURSE, "modules", MODULE, EXERCISE, "wrong", f"{name}.py")
        if file.is_file():
            answer = read_wrong_answer(file.read_text(encoding="utf-8"), file=file, notes=Notes())
            return answer.tasks if answer else {}
    return {}
