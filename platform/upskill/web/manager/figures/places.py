"""The organisation that a page is about, whether its visitor may see it, and what of it is published."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from upskill.people.models import Organisation, User
from upskill.people.queries import roles_of
from upskill.reports import queries, rules, sights
from upskill.reports.sights import Sight
from upskill.reports.unit_figures import Slice, UnitCounts
from upskill.web.person import signed_in

from . import asked

PARTS_ON_A_PAGE = 25


@dataclass(frozen=True)
class Place:
    """An organisation, or all of government (None), that `viewer` may see, and the slices of it that are published."""

    organisation: Organisation | None
    viewer: User
    offered: list[Slice]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.organisation.name if self.organisation else _("All of government")

    @property
    def code(self) -> str:
        """For addresses; "" for all of government."""
        return self.organisation.code if self.organisation else ""

    @property
    def url(self) -> str:
        """Its page."""
        return self.address_of("department", government="government")

    def address_of(self, name: str, *, government: str) -> str:
        """The address of its page of this name."""
        return reverse(f"manager:{name}", args=[self.code]) if self.code else reverse(f"manager:{government}")

    def sight(self, slice_: Slice) -> Sight | None:
        """What of it is published; None while nothing is."""
        return sights.sight(self.organisation, slice_=slice_, viewer=self.viewer)

    def opens(self, whole: UnitCounts) -> bool:
        """Whether the viewer may open the figures of this place, of its whole department or of all of government."""
        if not whole.code:
            return rules.can_see_government(self.viewer)
        return whole.code == self.code or any(scope.code == whole.code for scope in roles_of(self.viewer).viewed)

    def crumbs(self) -> list[tuple[str, str]]:
        """The way to its page: through the organisations above that the viewer sees."""
        scopes = roles_of(self.viewer).viewed
        above = [
            (reverse("manager:department", args=[each.code]), each.name)
            for each in (queries.above(self.organisation) if self.organisation else ())
            if any(each.path.startswith(scope.path) for scope in scopes)
        ]
        several = len(scopes) > 1 or not self.organisation
        return [*([(reverse("manager:departments"), _("Departments"))] if several else []), *above]


def place_of(request: HttpRequest, *, code: str) -> Place:
    """The organisation with this code, or all of government for "". Raises Http404, NotThere, NotAllowed."""
    viewer = signed_in(request)
    organisation = None
    if code:
        organisation = queries.organisation_in_force(code, on=timezone.localdate())
        if organisation is None:
            raise Http404
        rules.check_see_department(viewer, organisation=organisation)
    else:
        rules.check_see_government(viewer)
    return Place(organisation, viewer, sights.slices_of(organisation))


def narrowing(request: HttpRequest, *, place: Place) -> asked.Narrowing:
    """The form that says whose figures to show."""
    return asked.Narrowing(request.GET, offered=place.offered)
