"""Learners who are signed in, in departments of twenty, and enrolled in the bench's course."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from upskill.catalogue import queries as catalogue
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
    sessions = []
    for place in range(number):
        if place % DEPARTMENT_SIZE == 0:
            department = add_department(f"crowd-{place // DEPARTMENT_SIZE}")
        person = _learner(f"Learner {place}", department=department)
        learning.enrol(person, course=exercise.item.course, now=timezone.now())
        sessions.append(session_of(person))
    release = blobs.read(exercise.exercise.release_sha256)
    solution = model_answer(exercise.exercise, release=release).decode()
    return {"cookie": settings.SESSION_COOKIE_NAME, "sessions": sessions, "solution": solution}


def add_department(code: str) -> Organisation:
    """A new department."""
    now, kind = timezone.now(), Organisation.Kind.DEPARTMENT
    return people.add_organisation(
        f"Department {code}", code=code, kind=kind, parent=None, from_on=now.date(), by=None, now=now
    )


def _learner(name: str, *, department: Organisation) -> User:
    now = timezone.now()
    email = f"{name.lower().replace(' ', '-')}@example.gov.uk"
    person = people.add_person(name, email=email, by=None, now=now)
    people.place(person, organisation=department, line_manager=None, from_on=now.date(), by=None, now=now)
    return person
