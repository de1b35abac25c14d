"""What whoever asks was asked to learn, and what their team was."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from upskill.api.schema import operation
from upskill.api.serializers import planning as said
from upskill.people.models import TokenScope
from upskill.planning import queries, services
from upskill.reports.rules import check_see_team

from .base import ListView


class MyAssignments(ListView):
    """The learning that whoever asks was asked to do."""

    @operation(
        "list_my_assignments",
        tag="me",
        summary="Learning you were asked to do",
        answers={200: said.MyAssignmentSerializer(many=True)},
        refuses=(400, 404),
    )
    def get(self, request: Request) -> Response:
        """What your line manager and your organisation ask of you, what is overdue first."""
        dues = queries.due_of(self.person, on=timezone.localdate())
        return self.in_pages(dues, row_of=said.my_assignment, serializer=said.MyAssignmentSerializer)


class TeamAssignments(ListView):
    """The learning that the team of whoever asks was asked to do."""

    reads = TokenScope.TEAM

    @operation(
        "list_team_assignments",
        tag="reports",
        summary="Learning your team was asked to do",
        answers={200: said.TeamAssignmentSerializer(many=True)},
        refuses=(400, 404),
    )
    def get(self, request: Request) -> Response:
        """What the people who report to you were asked to do, live. Looking is written down about each of them."""
        now = timezone.now()
        check_see_team(self.person)
        found = queries.assignments_of_team(self.person, on=timezone.localdate(now))
        people = {due.person.pk: due.person for each in found for due in each.dues}
        services.record_team_view(list(people.values()), by=self.person, now=now)
        return self.in_pages(found, row_of=said.team_assignment, serializer=said.TeamAssignmentSerializer)
