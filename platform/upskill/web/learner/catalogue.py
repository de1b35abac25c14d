"""The catalogue: every published course, or those that fit the words and filters that somebody chose.

A filter is offered where it makes a difference: some courses fit it and others do not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue_queries
from upskill.catalogue import search
from upskill.catalogue.choosing import Choice, Length, Published
from upskill.learning import queries as learning
from upskill.people.models import User
from upskill.skills import queries as skills_queries
from upskill.skills.awards import Award
from upskill.skills.models import Level
from upskill.web.allowed import HOUR, spend
from upskill.web.person import signed_in
from upskill.web.templatetags.words import AUDIENCES, audience, level

from . import lines, paths
from .search import MOST_SEARCHES, SearchForm

PAGE_SIZE = 20
LEVELS = {each.name.lower(): each for each in Level if each}
LENGTHS = {
    Length.HOUR: gettext_lazy("Up to 1 hour"),
    Length.THREE_HOURS: gettext_lazy("Up to 3 hours"),
    Length.LONGER: gettext_lazy("More than 3 hours"),
}


class KnownChoices(forms.MultipleChoiceField):
    """Checkboxes of a filter. What is none of them is left out: a link from before must still open."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        """Those of the values that can be chosen, each once, in the order of the boxes."""
        asked = set(super().to_python(value))
        return [known for known in self.offered if known in asked]

    @property
    def offered(self) -> dict[str, str]:
        """Value -> label of each box."""
        return {str(value): str(label) for value, label in self.widget.choices}


class CatalogueForm(SearchForm):
    """Words and filters. Only words can be wrong."""

    small_choices = True
    audience = KnownChoices(label=gettext_lazy("For whom"), required=False)
    level = KnownChoices(
        label=gettext_lazy("Level"), required=False, help_text=gettext_lazy("The highest you can reach in the course.")
    )
    time = KnownChoices(label=gettext_lazy("Time"), required=False)
    skill = KnownChoices(label=gettext_lazy("Skill"), required=False)
    filters = ("audience", "level", "time", "skill")

    def __init__(self, data: QueryDict, *, published: list[Published], skills: dict[str, str]) -> None:
        super().__init__(data)
        self.published = published
        said = {word for course in published for word in course.version.audience}
        self._offer("audience", [(word, audience(word)) for word in _in_order(said)])
        self._offer("level", [(word, level(rank)) for word, rank in LEVELS.items()])
        self._offer("time", [(str(length), str(label)) for length, label in LENGTHS.items()])
        self._offer("skill", list(skills.items()))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What makes a difference, and what somebody has chosen: that they must be able to take away."""
        field = self.fields[name]
        assert isinstance(field, KnownChoices)  # noqa: S101
        chosen = set(self.data.getlist(name))  # type: ignore[attr-defined]  # a QueryDict
        field.choices = [(word, label) for word, label in choices if word in chosen or self._parts(name, word)]

    def _parts(self, name: str, word: str) -> bool:
        """True if some of the courses fit this one choice and others do not."""
        fitting = sum(_choice({name: [word]}).fits(course) for course in self.published)
        return 0 < fitting < len(self.published)

    @property
    def filter_fields(self) -> list[forms.BoundField]:
        """The groups of boxes that have any."""
        return [self[name] for name in self.filters if self.fields[name].choices]  # type: ignore[attr-defined]

    @property
    def words(self) -> str:
        """The words to look for; "" without any, and for words that cannot be looked for."""
        return str(self.cleaned_data.get("q", ""))

    def choice(self) -> Choice:
        """What was chosen in the boxes."""
        return _choice(self.cleaned_data)

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of everything that was chosen, as an address has them."""
        words = [("q", self.words)] if self.words else []
        return words + [(name, value) for name in self.filters for value in self.cleaned_data[name]]

    def chosen(self) -> "Iterator[Chosen]":
        """Everything that was chosen, with the way to be without it."""
        pairs = self.pairs()
        for pair in pairs:
            name, value = pair
            field = self.fields[name]
            if isinstance(field, KnownChoices):
                kind, label = str(field.label), field.offered[value]
            else:
                kind, label = _("Words"), f"“{value}”"
            yield Chosen(kind, label, _address([each for each in pairs if each != pair]))


@dataclass(frozen=True)
class Chosen:
    """One thing that the list is narrowed by. `url` leads to the list without it."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True)
class CourseCard:
    """A course in the list: for whom it is, what it can show, and how far the learner is who takes it."""

    line: lines.CourseLine
    is_taken: bool
    audience: list[str]
    awards: list[Award]


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Published courses, twenty a page: all by title, those that fit words with the best first."""
    published = catalogue_queries.published()
    skills = skills_queries.names({award["skill"] for course in published for award in course.version.skills})
    form = CatalogueForm(request.GET, published=published, skills=skills)
    form.full_clean()
    found = _with_words(request, form.words, published=published)
    only_stop_words = found is None
    page = Paginator([course for course in found or [] if form.choice().fits(course)], PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "paths": [] if form.pairs() or page.number > 1 else paths.entries(signed_in(request)),
        "query": f"{query}&" if (query := urlencode(form.pairs())) else "",
        "cards": _cards(list(page), learner=signed_in(request), skills=skills),
        "chosen": list(form.chosen()),
        "only_stop_words": only_stop_words,
        "has_courses": bool(published),
        "in_lessons": reverse("learner:search") + f"?{urlencode({'q': form.words})}" if form.words else "",
        "is_search": bool(published),
        "crumbs": [],
    }
    return render(request, "learner/catalogue.html", context, status=422 if form.errors else 200)


def _with_words(request: HttpRequest, words: str, *, published: list[Published]) -> list[Published] | None:
    """The courses that fit the words, the best first; all without words; None where they say nothing to search for.

    Two queries, and one that counts the search. Raises UsedUp like the search page.
    """
    if not words:
        return published
    spend(request, "search", most=MOST_SEARCHES, seconds=HOUR)
    known = {course.version.course_id: course for course in published}
    try:
        return [known[course] for course in search.courses(words) if course in known]
    except search.NothingToFind:
        return None


def _cards(found: list[Published], *, learner: User, skills: dict[str, str]) -> list[CourseCard]:
    """The cards of one page. Five queries."""
    ids = [course.version.course_id for course in found]
    outlines = catalogue_queries.outlines_of(ids)
    done = learning.completed_items(learner, courses=ids)
    taken = {enrolment.course_id for enrolment in learning.enrolments(learner)}
    return [
        CourseCard(
            line=lines.course_line(outlines[course], done=done),
            is_taken=course in taken,
            audience=[audience(word) for word in _in_order(outlines[course].version.audience)],
            awards=[
                (skills[award["skill"]], Level(award["level"]))
                for award in outlines[course].version.skills
                if award["skill"] in skills
            ],
        )
        for course in ids
        if course in outlines
    ]


def _choice(chosen: dict[str, list[str]]) -> Choice:
    """The choice of these boxes: name of the filter -> values."""
    return Choice(
        audience=frozenset(chosen.get("audience", ())),
        levels=frozenset(int(LEVELS[word]) for word in chosen.get("level", ())),
        lengths=frozenset(Length(value) for value in chosen.get("time", ())),
        skills=frozenset(chosen.get("skill", ())),
    )


def _in_order(said: Iterable[str]) -> list[str]:
    """For whom courses are, in one order on the whole page: the words we know as they are listed, then the others."""
    order = list(AUDIENCES)
    return sorted(said, key=lambda word: (order.index(word) if word in AUDIENCES else len(order), word))


def _address(pairs: list[tuple[str, str]]) -> str:
    return reverse("learner:catalogue") + (f"?{urlencode(pairs)}" if pairs else "")
