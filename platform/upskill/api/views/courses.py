"""Courses: what there is, what is in one, and taking it."""

from functools import partial

from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from upskill.api.schema import operation
from upskill.api.serializers import courses as said
from upskill.catalogue import queries as catalogue
from upskill.catalogue.queries import Outline
from upskill.learning import queries as learning
from upskill.learning import services as learning_services
from upskill.people.models import User

from .base import ListView, View


class Courses(ListView):
    """Every published course."""

    @operation(
        "list_courses",
        tag="courses",
        summary="The courses",
        answers={200: said.CourseLineSerializer(many=True)},
        refuses=(400, 404),
    )
    def get(self, request: Request) -> Response:
        """Every published course, by title."""
        return self.in_pages(
            catalogue.outlines(),
            row_of=partial(said.course_line, taken=_taken(self.person)),
            serializer=said.CourseLineSerializer,
        )


class OneCourse(View):
    """A published course."""

    @operation("read_course", tag="courses", summary="One course", answers={200: said.CourseSerializer}, refuses=(404,))
    def get(self, request: Request, course: str) -> Response:
        """What is in a course, and which of it you have done."""
        outline = _outline_or_404(course)
        done = learning.completed_items(self.person, courses=[course])
        return Response(said.CourseSerializer(said.course(outline, taken=_taken(self.person), done=done)).data)


class MyEnrolment(View):
    """That whoever asks takes a course."""

    @operation(
        "enrol",
        tag="courses",
        summary="Take a course",
        answers={200: said.EnrolmentSerializer, 201: said.EnrolmentSerializer},
        refuses=(404, 413),
    )
    def post(self, request: Request, course: str) -> Response:
        """Take a course: 201. Safe to repeat: 200, and the first moment stays. Needs no body."""
        now = timezone.now()
        enrolment = learning_services.enrol(self.person, course=_outline_or_404(course).version.course, now=now)
        is_new = enrolment.enrolled_at == now  # one that was there has another moment
        shown = said.EnrolmentSerializer({"course": course, "enrolled_at": enrolment.enrolled_at})
        return Response(shown.data, status=201 if is_new else 200)


def _outline_or_404(course: str) -> Outline:
    outline = catalogue.outline(course)
    if outline is None:
        raise NotFound
    return outline


def _taken(person: User) -> set[str]:
    return set(learning.enrolments(person).values_list("course_id", flat=True))
