"""Finding courses, modules and items by words."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upskill.catalogue import search
from upskill.catalogue.search import Hit, Kind
from upskill.web.allowed import HOUR, allowed

PAGE_SIZE = 10
MOST_SEARCHES = 600  # in an hour by one person
KINDS = {
    Kind.COURSE: _("Course"),
    Kind.MODULE: _("Part of a course"),
    Kind.LESSON: _("Lesson"),
    Kind.QUIZ: _("Quiz"),
    Kind.EXERCISE: _("Exercise"),
    Kind.REFLECTION: _("Reflection"),
    Kind.WORKSHOP: _("Workshop"),
}


class SearchForm(forms.Form):
    """The words to look for."""

    q = forms.CharField(
        label=_("Search courses"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["q"].validators = []  # NUL has words of its own

    def clean_q(self) -> str:
        """The words, with single spaces between."""
        words = " ".join(str(self.cleaned_data["q"]).split())
        if len(words) > search.LONGEST:
            raise ValidationError(_("Search for %(most)d characters or fewer.") % {"most": search.LONGEST})
        if not words.isprintable():
            raise ValidationError(_("Search for words that can be printed."))
        return words


@dataclass(frozen=True)
class HitLine:
    """One find, ready for the page."""

    kind: str
    course: str
    title: str
    url: str
    snippet: SafeString


@require_safe
@allowed("search", most=MOST_SEARCHES, seconds=HOUR, reading=True)
def results(request: HttpRequest) -> HttpResponse:
    """What fits the words, ten a page; says in words what cannot be searched for, and what to try when nothing fits."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page: Page | None = None
    only_stop_words = False
    if words:
        try:
            page = Paginator(search.Found(words), PAGE_SIZE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
        except search.NothingToFind:
            only_stop_words = True
    context = {
        "form": form,
        "words": words,
        "page": page,
        "query": f"{urlencode({'q': words})}&",
        "lines": _lines(page) if page else [],
        "only_stop_words": only_stop_words,
        "is_search": True,
        "crumbs": [],
    }
    return render(request, "learner/search.html", context, status=422 if form.errors else 200)


def _lines(page: Page) -> list[HitLine]:
    return [
        HitLine(kind=str(KINDS[hit.kind]), course=hit.course_title, title=hit.title, url=_url(hit), snippet=hit.snippet)
        for hit in page.object_list
    ]


def _url(hit: Hit) -> str:
    course = reverse("learner:course", args=[hit.course])
    if hit.kind == Kind.COURSE:
        return course
    if hit.kind == Kind.MODULE:
        return f"{course}#{hit.key}"
    module, item = hit.key.split("/", 1)
    return reverse("learner:item", kwargs={"course": hit.course, "module": module, "item": item})
