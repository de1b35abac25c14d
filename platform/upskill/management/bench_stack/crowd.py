"""Learners in departments of twenty, enrolled in a course; for the bench signed in besides."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Course
from upskill.core import blobs
from upskill.learning import services as learning
from upskill.management.page_bench.visits import session_of
from upskill.marking.model_answer import model_answer
from upskill.people import services as people
from upskill.people.models import Organisation, User

from . import course
from .stack import BenchProblem

DEPARTMENT_SIZE = 20


def make(number: int) -> dict[str, Any]:
    """The sessions of so many new learners, the cookie that carries one, and the right answer. Once on a site."""
    exercise = catalogue.item(course.ID, module=course.MODULE, slug=course.EXERCISE)
    if exercise is None:
        raise BenchProblem("The bench's own course was refused: `manage.py sync_courses` would say why.")
    sessions = [session_of(person) for person in enrolled(number, name="crowd", of=exercise.item.course)]
    release = blobs.read(exercise.exercise.release_sha256)
    solution = model_answer(exercise.exercise, release=release).decode()
    return {"cookie": settings.SESSION_COOKIE_NAME, "sessions": sessions, "solution": solution}


def enrolled(number: int, *, name: str, of: Course) -> Iterator[User]:
    """So many new people, enrolled in this course; their departments and addresses begin with this name."""
    for place in range(number):
        if place % DEPARTMENT_SIZE == 0:
            department = add_department(f"{name}-{place // DEPARTMENT_SIZE}")
        person = _person(place, email=f"{name}-{place}@example.gov.uk", department=department)
        learning.enrol(person, course=of, now=timezone.now())
        yield person


def add_department(code: str) -> Organisation:
    """A new department."""
    now, kind = timezone.now(), Organisation.Kind.DEPARTMENT
    return people.add_organisation(
        f"Department {code}", code=code, kind=kind, parent=None, from_on=now.date(), by=None, now=now
    )


def _person(number: int, *, email: str, department: Organisation) -> User:
    now = timezone.now()
    person = people.add_person(f"Learner {number}", email=email, by=None, now=now)
    people.place(person, organisation=department, line_manager=None, from_on=now.date(), by=None, now=now)
    return person
