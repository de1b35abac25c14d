"""The API's views: the same calls as the pages."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from upskill.learning import queries as learning
from upskill.learning import rules as learning_rules
from upskill.marking import queries as marking
from upskill.marking import rules as marking_rules
from upskill.marking import services
from upskill.people import queries as people_queries
from upskill.people.models import User

from . import serializers


class SignedInView(APIView):
    """A view for people who are signed in; anybody else is refused before it is asked."""

    @property
    def person(self) -> User:
        """Who is asking."""
        assert isinstance(self.request.user, User), "IsAuthenticated lets nobody else pass"  # noqa: S101
        return self.request.user


class Me(SignedInView):
    """Who is asking."""

    def get(self, request: Request) -> Response:
        """The person who is signed in, with their roles."""
        return Response(serializers.me(self.person, roles=people_queries.roles_of(self.person)))


class OneSubmission(SignedInView):
    """A submission, for its learner and the trainers of its course; for anybody else there is none."""

    def get(self, request: Request, public_id: UUID) -> Response:
        """Its state, and its mark with a result per check. That a trainer looked is written down."""
        sent = learning.submission(public_id)
        if sent is None:
            raise NotFound
        if not learning_rules.is_own(self.person, submission=sent):
            marking_rules.check_see_submission(self.person, submission=sent)
            services.record_view(sent, by=self.person, now=timezone.now())
        return Response(serializers.submission(sent, state=marking.state_of(sent)))


class Nowhere(APIView):
    """Every other address."""

    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """404 as JSON, whatever the method."""
        raise NotFound
