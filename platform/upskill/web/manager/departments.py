"""An organisation in published figures: levels, targets and gaps, trend, comparison with larger wholes, parts."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.reports import headlines, queries, rules, sights
from upskill.reports.sights import Sight
from upskill.reports.unit_figures import Slice, UnitCounts
from upskill.skills.models import Level
from upskill.web.person import signed_in
from upskill.web.templatetags.words import level as level_name

from . import heat
from .figures import asked, pictures, tables
from .figures.places import PARTS_ON_A_PAGE, Place, narrowing, place_of


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """The organisations whose figures somebody may see; straight to it where there is only one."""
    viewer = signed_in(request)
    rules.check_see_departments(viewer)
    organisations = queries.organisations_viewed_by(viewer, on=timezone.localdate())
    has_government = rules.can_see_government(viewer)
    if len(organisations) == 1:
        return redirect("manager:department", organisations[0].code)
    context = {"organisations": organisations, "has_government": has_government, "crumbs": []}
    return render(request, "manager/departments.html", context)


@never_cache
@require_safe
def department(request: HttpRequest, *, code: str = "") -> HttpResponse:
    """The figures of an organisation and everything below it, or of all of government."""
    place = place_of(request, code=code)
    form = narrowing(request, place=place)
    seen = place.sight(form.slice)
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "people": asked.name_of(form.slice) if form.slice.kind else "",
        "query": asked.query_of(form.slice),
        "crumbs": place.crumbs(),
        "seen": seen,
        "csv": place.address_of("department_csv", government="government_csv") + asked.query_of(form.slice),
        "xlsx": place.address_of("department_xlsx", government="government_xlsx") + asked.query_of(form.slice),
        "has_government": bool(place.code) and rules.can_see_government(place.viewer),
    }
    if seen and seen.whole:
        context |= _figures(seen, unit=seen.whole, place=place, page=request.GET.get("page"))
    return render(request, "manager/department.html", context, status=422 if form.errors else 200)


def _figures(seen: Sight, *, unit: UnitCounts, place: Place, page: str | None) -> dict[str, Any]:
    told = [each for each in unit.skills if each.is_told]
    known, others = [each for each in told if each.share is not None], sights.wholes(seen)
    # Parts and slices show how many people they have, which stands with each skill: one is enough.
    one = sights.of_skill(seen, unit.skills[0].slug) if unit.skills else seen
    parts = Paginator(sights.parts(one), PARTS_ON_A_PAGE).get_page(page)
    return {
        "headline": headlines.headline(unit),
        "people_sentence": headlines.people_sentence(unit),
        "columns": [level_name(level) for level in Level],
        "rows": tables.levels(unit, skills=told),
        "untold": [each.name for each in unit.skills if not each.is_told],
        "key": heat.count_key(),
        "gaps": pictures.gaps(unit),
        "trend": pictures.trend(sights.trend(seen)),
        "shares": tables.shares(unit, others=others, skills=known, opens=place.opens),
        "wholes": [_("Here"), *(each.name if each.code == "" else _("Whole department") for each in others)],
        "parts": parts,
        "part_rows": tables.ways(parts),
        "pages_query": _before_page(unit.slice),
        "slices": tables.ways(sights.slices(one)) if not seen.slice.kind else [],
        "first_skill": tables.compare_url(unit, skill=(told or unit.skills)[0].slug) if unit.skills else "",
    }


def _before_page(slice_: Slice) -> str:
    """What stands in front of the number of a page in an address."""
    query = asked.query_of(slice_).removeprefix("?")
    return f"{query}&" if query else ""
