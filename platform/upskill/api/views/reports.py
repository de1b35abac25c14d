"""What managers see: their team by name, organisations in counts."""

from collections.abc import Iterable
from functools import partial

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
from upskill.reports.unit_figures import EVERYBODY, Night, slice_of

from .base import ListView, View

PEOPLE = OpenApiParameter(
    "people", str, description="Empty for everybody, or a slice as slices_url lists them: grade:EO, profession:Policy."
)
SKILL = OpenApiParameter("skill", str, description="Empty for all skills, or one as figures name it, such as fairness.")


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
        organisation = _organisation(code, person=self.person)
        seen = _sight(request, organisation=organisation, person=self.person)
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
        seen = _sight(request, organisation=_organisation(code, person=self.person), person=self.person)
        return self.in_pages(sights.parts(seen) if seen else [], row_of=said.unit, serializer=said.UnitSerializer)


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
        seen = _sight(request, organisation=_organisation(code, person=self.person), person=self.person)
        return self.in_pages(sights.slices(seen) if seen else [], row_of=said.unit, serializer=said.UnitSerializer)


class DepartmentTrend(ListView):
    """An organisation in published figures, day by day."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "list_department_trend",
        tag="reports",
        summary="The trend of an organisation in published figures",
        answers={200: said.NightSerializer(many=True)},
        parameters=(PEOPLE, SKILL),
        refuses=(404,),
    )
    def get(self, request: Request, code: str) -> Response:
        """The figures of each day that is kept, the oldest first, in pages. Days before it took over the work of others
        have theirs.
        """
        seen = _sight(request, organisation=_organisation(code, person=self.person), person=self.person)
        skill = _skill(request, seen=seen)
        night = partial(said.night, skill=skill)
        return self.in_pages(_nights(seen, skill=skill), row_of=night, serializer=said.NightSerializer)


class Government(View):
    """All organisations together in published figures."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "read_government",
        tag="reports",
        summary="All of government in published figures",
        answers={200: said.GovernmentSerializer},
        parameters=(PEOPLE,),
        refuses=(404,),
    )
    def get(self, request: Request) -> Response:
        """What a whole department can be compared with, of the newest publication: for whoever sees one."""
        rules.check_see_government(self.person)
        seen = _sight(request, organisation=None, person=self.person)
        return Response(said.GovernmentSerializer(said.government(seen)).data)


class GovernmentSlices(ListView):
    """The grade bands and professions of all organisations together in published figures."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "list_government_slices",
        tag="reports",
        summary="The grade bands and professions of all of government in published figures",
        answers={200: said.FiguresSerializer(many=True)},
        refuses=(404,),
    )
    def get(self, request: Request) -> Response:
        """Those of which figures are shown, in pages."""
        rules.check_see_government(self.person)
        seen = _sight(request, organisation=None, person=self.person)
        return self.in_pages(
            sights.slices(seen) if seen else [], row_of=said.figures, serializer=said.FiguresSerializer
        )


class GovernmentTrend(ListView):
    """All organisations together in published figures, day by day."""

    reads = TokenScope.DEPARTMENT

    @operation(
        "list_government_trend",
        tag="reports",
        summary="The trend of all of government in published figures",
        answers={200: said.NightSerializer(many=True)},
        parameters=(PEOPLE, SKILL),
        refuses=(404,),
    )
    def get(self, request: Request) -> Response:
        """The figures of each day that is kept, the oldest first, in pages."""
        rules.check_see_government(self.person)
        seen = _sight(request, organisation=None, person=self.person)
        skill = _skill(request, seen=seen)
        night = partial(said.night, skill=skill)
        return self.in_pages(_nights(seen, skill=skill), row_of=night, serializer=said.NightSerializer)


def _organisation(code: str, *, person: User) -> Organisation:
    """The organisation with this code, which the person may see."""
    organisation = queries.organisation_in_force(code, on=timezone.localdate())
    if organisation is None:
        raise NotFound
    rules.check_see_department(person, organisation=organisation)
    return organisation


def _sight(request: Request, *, organisation: Organisation | None, person: User) -> Sight | None:
    """What is published of it, or of all of government, for the people that the query names."""
    word = request.query_params.get("people", "")
    slice_ = slice_of(word) if word else EVERYBODY
    if slice_ is None or slice_ not in (EVERYBODY, *sights.slices_of(organisation)):
        raise NotFound(_("There are no figures about these people here. Take a word from slices_url."))
    return sights.sight(organisation, slice_=slice_, viewer=person)


def _skill(request: Request, *, seen: Sight | None) -> str:
    """The skill that the query names, or "" for all."""
    slug = request.query_params.get("skill", "")
    if slug and slug not in (seen.publication.skills if seen else ()):
        raise NotFound(_("There are no figures about this skill. Take one that the figures name."))
    return slug


def _nights(seen: Sight | None, *, skill: str) -> list[Night]:
    """The days that have figures of it, as the page shows them: none where it is too small now."""
    nights: Iterable[Night] = sights.trend(seen) if seen and seen.whole else ()
    return [night for night in nights if not skill or night.unit.skill(skill)]
