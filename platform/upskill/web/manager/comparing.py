"""One skill side by side: in an organisation's parts, by grade and by profession."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.reports import headlines, sights
from upskill.reports.sights import Sight
from upskill.reports.unit_figures import SkillCounts, UnitCounts
from upskill.skills.models import Level
from upskill.web.templatetags.words import level as level_name

from . import heat
from .figures import asked, measures, pictures, tables
from .figures.asked import SkillNarrowing
from .figures.places import PARTS_ON_A_PAGE, place_of


@never_cache
@require_safe
def compare(request: HttpRequest, *, code: str = "") -> HttpResponse:
    """One skill in each part that is shown, and by grade and profession; without a skill in the address, the first."""
    place = place_of(request, code=code)
    skills = sights.skill_names()
    form = SkillNarrowing(request.GET, offered=place.offered, skills=[*skills.items()])
    seen = place.sight(form.slice)
    chosen = form.cleaned_data.get("skill") or next(iter(skills), "")
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "people": asked.name_of(form.slice) if form.slice.kind else "",
        "query": asked.query_of(form.slice, skill=chosen),
        "crumbs": [*place.crumbs(), (place.url + asked.query_of(form.slice), place.name)],
        "seen": seen,
        "skill": skills.get(chosen, ""),
    }
    counts = seen.whole.skill(chosen) if seen and seen.whole else None
    if seen and seen.whole and counts:
        page = request.GET.get("page")
        context |= _figures(sights.of_skill(seen, chosen), unit=seen.whole, counts=counts, page=page)
    return render(request, "manager/compare.html", context, status=422 if form.errors else 200)


def _figures(seen: Sight, *, unit: UnitCounts, counts: SkillCounts, page: str | None) -> dict[str, Any]:
    skill, everything = counts.slug, sights.parts(seen)
    parts = Paginator(everything, PARTS_ON_A_PAGE).get_page(page)
    slices = sights.slices(seen) if not seen.slice.kind else []
    grades = [each for each in slices if each.slice.kind == "grade"]
    professions = [each for each in slices if each.slice.kind == "profession"]
    groups = [
        ("parts", _("By organisation"), _("Organisation"), [*parts]),
        ("grades", _("By grade"), _("Grade"), grades),
        ("professions", _("By profession"), _("Profession"), professions),
    ]
    return {
        "sentences": list(_sentences(seen, unit=unit, counts=counts, parts=everything)),
        "parts": parts,
        "pages_query": asked.query_of(seen.slice, skill=skill).removeprefix("?") + "&",
        "columns": columns(),
        "whole": tables.side_by_side([unit], skill=skill),
        "groups": [
            (id_, title, corner, tables.side_by_side(among, skill=skill), _chart(among, unit=unit, skill=skill))
            for id_, title, corner, among in groups
            if among
        ],
        "key": heat.count_key(),
        "trend": pictures.trend(sights.trend(seen), only=skill),
    }


def columns() -> list[str]:
    """The headings of a table of one skill, after the name."""
    levels = [level_name(level) for level in Level]
    return [measures.title_of(measures.PEOPLE), *levels, _("Role asks for it"), _("Below that")]


def _sentences(seen: Sight, *, unit: UnitCounts, counts: SkillCounts, parts: list[UnitCounts]) -> Any:
    if counts.share is not None:
        yield headlines.reach_sentence(counts)
    if isinstance(counts.short, int) and counts.short:
        yield headlines.gap_sentence(counts)
    for whole in sights.wholes(seen):
        if said := headlines.benchmark_sentence(counts, whole=whole):
            yield said
    if said := headlines.parts_sentence(parts, skill=counts.slug):
        yield said


def _chart(among: list[UnitCounts], *, unit: UnitCounts, skill: str) -> Any:
    return pictures.compared(among, whole=unit, skill=skill) if len(among) > 1 else None
