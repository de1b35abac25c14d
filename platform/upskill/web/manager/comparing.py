"""One skill side by side: in an organisation's parts, by grade or by profession."""

from collections.abc import Iterator
from dataclasses import dataclass
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
from upskill.web.choices import Choice
from upskill.web.templatetags.words import level as level_name

from . import heat
from .figures import asked, measures, pictures, tables
from .figures.asked import PARTS, SIDES, SkillNarrowing
from .figures.places import PARTS_ON_A_PAGE, Place, place_of


@never_cache
@require_safe
def compare(request: HttpRequest, *, code: str = "") -> HttpResponse:
    """One skill in each part that is shown, grade or profession; without a skill in the address, the first."""
    place = place_of(request, code=code)
    skills = sights.skill_names()
    form = SkillNarrowing(request.GET, offered=place.offered, skills=[*skills.items()])
    seen = place.sight(form.slice)
    chosen = form.cleaned_data.get("skill") or next(iter(skills), "")
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "people": asked.name_of(form.slice) if form.slice.kind else "",
        "crumbs": [*place.crumbs(), (place.url + asked.query_of(form.slice), place.name)],
        "seen": seen,
        "skill": skills.get(chosen, ""),
    }
    counts = seen.whole.skill(chosen) if seen and seen.whole else None
    if seen and seen.whole and counts:
        one = sights.of_skill(seen, chosen)
        side = _side(one, place=place, by=request.GET.get("by", ""))
        context |= _figures(one, side=side, unit=seen.whole, counts=counts, page=request.GET.get("page"))
    return render(request, "manager/compare.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Side:
    """What stands side by side: parts, grades or professions, and which of these there are to choose from."""

    by: str
    among: list[UnitCounts]
    offered: list[str]


def _side(seen: Sight, *, place: Place, by: str) -> Side:
    """The parts, unless another is asked for or no part is shown. At most two queries."""
    kinds = [] if seen.slice.kind else sorted({each.kind for each in place.offered})
    if by in kinds:
        return Side(by, sights.slices(seen, kind=by), [*([PARTS] if sights.has_parts(seen) else []), *kinds])
    if parts := sights.parts(seen):
        return Side(PARTS, parts, [PARTS, *kinds])
    return Side(kinds[0], sights.slices(seen, kind=kinds[0]), kinds) if kinds else Side(PARTS, [], [])


def _figures(seen: Sight, *, side: Side, unit: UnitCounts, counts: SkillCounts, page: str | None) -> dict[str, Any]:
    skill = counts.slug
    shown = Paginator(side.among, PARTS_ON_A_PAGE).get_page(page)
    title, corner = SIDES[side.by]
    query = asked.query_of(seen.slice, skill=skill, by=side.by)
    return {
        "sentences": list(_sentences(seen, side=side, counts=counts)),
        "choices": [
            Choice(str(SIDES[each][0]), asked.query_of(seen.slice, skill=skill, by=each), each == side.by)
            for each in side.offered
        ],
        "shown": shown,
        "query": query,
        "pages_query": f"{query[1:]}&",
        "columns": columns(),
        "whole": tables.side_by_side([unit], skill=skill),
        "by": side.by,
        "title": title,
        "corner": corner,
        "rows": tables.side_by_side([*shown], skill=skill),
        "chart": pictures.compared(side.among, whole=unit, skill=skill) if len(side.among) > 1 else None,
        "key": heat.count_key(),
        "trend": pictures.trend(sights.trend(seen), only=skill),
    }


def columns() -> list[str]:
    """The headings of a table of one skill, after the name."""
    levels = [level_name(level) for level in Level]
    return [measures.title_of(measures.PEOPLE), *levels, _("Role asks for it"), _("Below that")]


def _sentences(seen: Sight, *, side: Side, counts: SkillCounts) -> Iterator[str]:
    if counts.share is not None:
        yield headlines.reach_sentence(counts)
    if isinstance(counts.short, int) and counts.short:
        yield headlines.gap_sentence(counts)
    for whole in sights.wholes(seen):
        if said := headlines.benchmark_sentence(counts, whole=whole):
            yield said
    if side.by == PARTS and (said := headlines.parts_sentence(side.among, skill=counts.slug)):
        yield said
