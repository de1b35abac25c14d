"""What managers see: their team by name, organisations in counts."""

from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from upskill.api.schema import operation
from upskill.api.serializers import reports as said
from upskill.people.models import TokenScope
from upskill.reports import queries, rules, services
from upskill.reports.team import team as team_of

from .base import View


class MyTeam(View):
    """The direct reports of whoever asks."""

    reads = TokenScope.TEAM

    @operation("read_team", tag="reports", summary="Your team", answers={200: said.TeamSerializer})
    def get(self, request: Request) -> Response:
        """The levels of the people who report to you, what their roles need, and the gaps of the team, live. Looking is
        written down about each of them.
        """
        now = timezone.now()
        rules.check_see_team(self.person)
        team = team_of(self.person, on=timezone.localdate(now))
        services.record_team_view([member.person for member in team.members], by=self.person, now=now)
        return Response(said.TeamSerializer(said.team(team)).data)


class Departments(View):
    """The organisations whose figures whoever asks may see."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "list_departments",
        tag="reports",
        summary="Organisations whose figures you see",
        answers={200: said.OrganisationSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The organisations that you were given to see, by name. What is below each you see too."""
        rules.check_see_departments(self.person)
        organisations = queries.organisations_viewed_by(self.person, on=timezone.localdate())
        return Response(
            said.OrganisationSerializer([said.organisation(each) for each in organisations], many=True).data
        )


class OneDepartment(View):
    """An organisation in counts."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "read_department",
        tag="reports",
        summary="One organisation in counts",
        answers={200: said.DepartmentSerializer},
        refuses=(404,),
    )
    def get(self, request: Request, code: str) -> Response:
        """How many people are at each level of each skill, there and below, as it was published last: each figure is a
        multiple of five, at most four away from the truth; null where few people are protected.
        """
        today = timezone.localdate()
        organisation = queries.organisation_in_force(code, on=today)
        if organisation is None:
            raise NotFound
        rules.check_see_department(self.person, organisation=organisation)
        found = queries.department(organisation, viewer=self.person, on=today)
        return Response(said.DepartmentSerializer(said.department(found)).data)
