"""One figure: what it counts, on which day, and what it adds up from; or what is hidden, and why."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.reports import sights
from upskill.reports.figures import Figure, Hidden
from upskill.reports.headlines import figure as in_words
from upskill.reports.sights import Sight
from upskill.reports.unit_figures import SkillCounts, UnitCounts, rest

from .figures import asked, measures, tables
from .figures.places import Place, narrowing, place_of


@dataclass(frozen=True)
class Line:
    """One of the figures that another adds up from. `url` "" where it has no page."""

    name: str
    words: str
    url: str = ""


@never_cache
@require_safe
def figure(request: HttpRequest, *, code: str = "") -> HttpResponse:
    """What a figure counts. An address that names none gets a sentence."""
    place = place_of(request, code=code)
    form = narrowing(request, place=place)
    seen, measure = place.sight(form.slice), request.GET.get("of", "")
    unit = seen.whole if seen else None
    counts = unit.skill(request.GET.get("skill", "")) if unit else None
    context: dict[str, Any] = {"place": place, "crumbs": _crumbs(place, form=form, counts=counts), "seen": seen}
    if form.errors or not (seen and unit and counts) or measure not in measures.ALL:
        said = _("This address names no figure that is published here. Choose one from the tables.")
        status = 422 if request.GET else 200
        return render(request, "manager/figure.html", context | {"errors": [(said, "")]}, status=status)
    context |= _said(seen, unit=unit, counts=counts, measure=measure)
    return render(request, "manager/figure.html", context)


def _said(seen: Sight, *, unit: UnitCounts, counts: SkillCounts, measure: str) -> dict[str, Any]:
    value, away = measures.value_of(counts, measure=measure), measures.away_of(counts, measure=measure)
    return {
        "title": measures.title_of(measure),
        "skill": "" if measure == measures.PEOPLE else counts.name,
        "people": asked.name_of(unit.slice) if unit.slice.kind else "",
        "value": in_words(value),
        "share": counts.share if measure == measures.REACHED else None,
        "everybody": in_words(counts.counted),
        "is_hidden": isinstance(value, Hidden),
        "is_counted": value is not Hidden.NEW,
        "is_of_government": seen.organisation is None and measure in (measures.NEEDS, measures.SHORT),
        "reasons": measures.reason_of(value, measure=measure, away=away) if isinstance(value, Hidden) else [],
        "away": away,
        "meaning": measures.meaning_of(measure),
        "levels": _levels(unit, counts=counts) if measure in (*measures.LEVELS, measures.PEOPLE) else [],
        "parts": _parts(seen, counts=counts, measure=measure),
    }


def _levels(unit: UnitCounts, *, counts: SkillCounts) -> list[Line]:
    """Everybody, level by level."""
    return [
        *(_line(unit, counts=counts, measure=each, name=measures.title_of(each)) for each in measures.LEVELS),
        Line(_("Together: people"), in_words(counts.counted)),
    ]


def _parts(seen: Sight, *, counts: SkillCounts, measure: str) -> list[Line]:
    """Part by part, with what is left; none where there are no parts."""
    found = [
        (part, each) for part in sights.parts(sights.of_skill(seen, counts.slug)) if (each := part.skill(counts.slug))
    ]
    if not found:
        return []
    whole = measures.value_of(counts, measure=measure)
    shown = [measures.value_of(each, measure=measure) for _part, each in found]
    left: Figure = rest(whole, parts=shown, away=measures.away_of(counts, measure=measure), reports=counts.reports)
    lines = [_line(part, counts=each, measure=measure, name=part.name) for part, each in found]
    if left != 0:
        lines.append(Line(_("Elsewhere in it, or in parts too small to show"), in_words(left)))
    return [*lines, Line(_("Together"), in_words(whole))]


def _line(unit: UnitCounts, *, counts: SkillCounts, measure: str, name: str) -> Line:
    value = measures.value_of(counts, measure=measure)
    return Line(name, in_words(value), tables.figure_url(unit, skill=counts.slug, measure=measure))


def _crumbs(place: Place, *, form: asked.Narrowing, counts: SkillCounts | None) -> list[tuple[str, str]]:
    crumbs = [*place.crumbs(), (place.url + asked.query_of(form.slice), place.name)]
    if counts is None:
        return crumbs
    query = asked.query_of(form.slice, skill=counts.slug)
    return [*crumbs, (place.address_of("compare", government="government_compare") + query, counts.name)]
