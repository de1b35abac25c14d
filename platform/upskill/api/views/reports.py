"""What managers see: their team by name, organisations in counts."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from upskill.api.schema import operation
from upskill.api.serializers import reports as said
from upskill.people.models import Organisation, TokenScope, User
from upskill.reports import queries, rules, services, sights
from upskill.reports.sights import Sight
from upskill.reports.team import team as team_of
from upskill.reports.unit_figures import EVERYBODY, UnitCounts, slice_of

from .base import ListView, View

PEOPLE = OpenApiParameter(
    "people", str, description="Empty for everybody, or a slice as slices_url lists them: grade:EO, profession:Policy."
)


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
    """An organisation in published figures."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "read_department",
        tag="reports",
        summary="One organisation in published figures",
        answers={200: said.DepartmentSerializer},
        parameters=(PEOPLE,),
        refuses=(404,),
    )
    def get(self, request: Request, code: str) -> Response:
        """The figures of the newest publication, there and below. Each says why it is hidden where it is."""
        organisation, seen = _sight(request, code=code, person=self.person)
        return Response(said.DepartmentSerializer(said.department(organisation, seen=seen)).data)


class DepartmentParts(ListView):
    """The parts of an organisation in published figures."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "list_department_parts",
        tag="reports",
        summary="The parts of an organisation in published figures",
        answers={200: said.UnitSerializer(many=True)},
        parameters=(PEOPLE,),
        refuses=(404,),
    )
    def get(self, request: Request, code: str) -> Response:
        """The parts just below that are shown, by name, in pages. What they lack of the whole works in no such part."""
        _organisation, seen = _sight(request, code=code, person=self.person)
        return self.in_pages(sights.parts(seen) if seen else [], serializer=_unit)


class DepartmentSlices(ListView):
    """The grade bands and professions of an organisation in published figures."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "list_department_slices",
        tag="reports",
        summary="The grade bands and professions of an organisation in published figures",
        answers={200: said.UnitSerializer(many=True)},
        refuses=(404,),
    )
    def get(self, request: Request, code: str) -> Response:
        """Those of which figures are shown, in pages."""
        _organisation, seen = _sight(request, code=code, person=self.person)
        return self.in_pages(sights.slices(seen) if seen else [], serializer=_unit)


def _sight(request: Request, *, code: str, person: User) -> tuple[Organisation, Sight | None]:
    """The organisation, and what of it is published for the people that the query names."""
    organisation = queries.organisation_in_force(code, on=timezone.localdate())
    if organisation is None:
        raise NotFound
    rules.check_see_department(person, organisation=organisation)
    word = request.query_params.get("people", "")
    slice_ = slice_of(word) if word else EVERYBODY
    if slice_ is None or slice_ not in (EVERYBODY, *sights.slices_of(organisation)):
        raise NotFound(_("There are no figures about these people here. Take a word from slices_url."))
    return organisation, sights.sight(organisation, slice_=slice_, viewer=person)


def _unit(found: UnitCounts) -> said.UnitSerializer:
    return said.UnitSerializer(said.unit(found))
