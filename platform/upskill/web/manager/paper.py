"""The report on one page: five sentences, tables and a chart, and how the figures were made. For reading and print."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.reports import services
from upskill.reports.sights import Sight
from upskill.web.allowed import HOUR, allowed
from upskill.web.downloads import attachment

from .exports import MOST_EXPORTS
from .figures import asked, paper_pdf
from .figures.one_page import OnePage, one_page
from .figures.places import narrowing, place_of


@never_cache
@require_safe
def report(request: HttpRequest, *, code: str) -> HttpResponse:
    """The report as a page, which prints on one sheet."""
    place = place_of(request, code=code)
    form = narrowing(request, place=place)
    seen = place.sight(form.slice)
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "people": asked.name_of(form.slice) if form.slice.kind else "",
        "query": asked.query_of(form.slice),
        "crumbs": [*place.crumbs(), (place.url + asked.query_of(form.slice), place.name)],
        "seen": seen,
        "page": _page(seen),
    }
    return render(request, "manager/report.html", context, status=422 if form.errors else 200)


@require_safe
@allowed("export", most=MOST_EXPORTS, seconds=HOUR, reading=True)
def report_pdf(request: HttpRequest, *, code: str) -> HttpResponse:
    """The report as a PDF of one sheet. The download is written down. Not found while there are no figures."""
    place, now = place_of(request, code=code), timezone.now()
    page = _page(place.sight(narrowing(request, place=place).slice))
    if page is None:
        raise Http404
    services.record_figures_export(page.seen, form="pdf", by=place.viewer, now=now)
    name = f"skills-{code}-{page.seen.publication.on.isoformat()}.pdf"
    return attachment(paper_pdf.pdf(page, now=now), name=name, type_="application/pdf")


def _page(seen: Sight | None) -> OnePage | None:
    return one_page(seen, unit=seen.whole) if seen and seen.whole else None
