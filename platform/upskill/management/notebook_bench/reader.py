"""Somebody who takes the course of the notebook bench, signed in."""

from typing import Any

from django.conf import settings

from upskill.catalogue.models import Course
from upskill.management.bench_stack.crowd import enrolled
from upskill.management.bench_stack.stack import BenchProblem
from upskill.management.page_bench.visits import session_of

from . import course


def make() -> dict[str, Any]:
    """The cookie that carries a session of theirs, and the session. Once on a site."""
    found = Course.objects.filter(pk=course.ID).first()
    if found is None:
        raise BenchProblem("The bench's own course was refused: `manage.py sync_courses` would say why.")
    (person,) = enrolled(1, name="reader", of=found)
    return {"cookie": settings.SESSION_COOKIE_NAME, "session": session_of(person)}
