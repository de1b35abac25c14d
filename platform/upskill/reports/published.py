"""Reads of publications: the only source of every view, chart, export and answer that is wider than one's own team.

What is not in the publication is not shown. A figure is a multiple of five, near the count behind it, or says why it is
hidden.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import F, QuerySet

from upskill.people.models import Organisation

from .figures import FARTHEST, FARTHEST_OF_NONE, FIGURES, MEASURES, Row, less_own_team, row_of
from .models import Publication, PublishedFigures
from .unit_figures import EVERYBODY, Slice

WITH_PEOPLE = 3  # the first method that keeps with each skill how many people were counted
GOVERNMENT = ""  # the path of all organisations together
Report = tuple[str, Slice, Slice]  # a main post of somebody who reports to a viewer: path, grade band, profession


@dataclass(frozen=True)
class Unit:
    """An organisation with everything below it, for everybody or one slice, as it was published."""

    organisation: Organisation | None  # None: the whole of government
    path: str
    slice: Slice
    people: int
    rows: tuple[Row, ...]  # a skill each, in the order of the publication
    roots: int = 1  # of how many that are rounded apart it is the sum
    reports: int = 0  # how many people in it the viewer knows, once it is as they see it

    @property
    def farthest(self) -> int:
        """How far a figure can be from the count behind it."""
        return FARTHEST * self.roots

    def row(self, skill: str) -> Row | None:
        """The figures of one skill; None if it is not in the publication."""
        return next((row for row in self.rows if row.skill == skill), None)


def newest(on: dt.date | None = None) -> Publication | None:
    """The newest publication, or the newest that was made of `on` or a day before; None if there is none. One query."""
    found = Publication.objects.order_by("-on")
    return (found if on is None else found.filter(on__lte=on)).first()


def nights() -> "QuerySet[Publication]":
    """The publications that are kept, newest first."""
    return Publication.objects.order_by("-on")


def unit(publication: Publication, *, of: Organisation | None, slice: Slice = EVERYBODY) -> Unit | None:  # noqa: A002
    """What is shown of one organisation, or of all of government (None), wherever it stands by now; None if it is too
    small for that. One query.
    """
    found = _rows(publication).filter(organisation=of, slice_kind=slice.kind, slice=slice.value).first()
    return unit_of(found, publication=publication) if found else None


def unit_at(
    publication: Publication, *, path: str, slice: Slice = EVERYBODY, only: str = "",  # noqa: A002
) -> Unit | None:  # fmt: skip
    """What is shown of what stood at this path on that day; GOVERNMENT for all of it. One query."""
    found = _rows(publication, only=only).filter(path=path, slice_kind=slice.kind, slice=slice.value).first()
    return unit_of(found, publication=publication, only=only) if found else None


def people_of(publication: Publication, *, paths: Iterable[str]) -> dict[str, int]:
    """Path -> about how many people work there or below, for those of `paths` that are shown. One query."""
    found = PublishedFigures.objects.filter(publication=publication, path__in=paths, slice_kind="", slice="")
    return dict(found.values_list("path", "people"))


def parts(
    publication: Publication, *, path: str, slice: Slice = EVERYBODY, only: str = "",  # noqa: A002
) -> list[Unit]:  # fmt: skip
    """The parts just below an organisation that are shown, by name; with GOVERNMENT those at the top. One query.

    They add up to the whole less whoever works in no part that is shown.
    """
    found = _below(_rows(publication, only=only), path=path, slice_=slice)
    ordered = found.order_by("organisation__name", "path")
    return [unit_of(each, publication=publication, only=only) for each in ordered]


def has_parts(publication: Publication, *, path: str, slice: Slice = EVERYBODY) -> bool:  # noqa: A002
    """Whether `parts` gives any. One query."""
    return _below(_rows(publication), path=path, slice_=slice).exists()


def slices(publication: Publication, *, of: Organisation | None, kind: str = "", only: str = "") -> list[Unit]:
    """The grade bands and professions of an organisation that are shown, or those of one kind, in the order of the
    names. One query.
    """
    found = _rows(publication, only=only).select_related(None).filter(organisation=of)
    found = found.filter(slice_kind=kind) if kind else found.exclude(slice_kind="")
    rows = list(found.order_by("slice_kind", "slice"))
    for each in rows:
        each.organisation = of  # known, and the same for all: some twenty columns need not be read with each
    return [unit_of(each, publication=publication, only=only) for each in rows]


def as_seen(found: Unit, *, reports: Iterable[Sequence[Report]]) -> Unit:
    """The unit for a viewer who knows the levels of these people, each with the places where they counted: figures are
    hidden that less them would be about few people. No query.
    """
    path = found.organisation.path if found.organisation else GOVERNMENT  # of now, as theirs are
    known = sum(any(_is_in(place, path, found.slice) for place in person) for person in reports)
    if not known:
        return found
    return replace(found, reports=known, rows=tuple(_less(row, unit=found, reports=known) for row in found.rows))


def _is_in(place: Report, path: str, slice_: Slice) -> bool:
    at, grade, profession = place
    return at.startswith(path) and slice_ in (EVERYBODY, grade, profession)


def _less(row: Row, *, unit: Unit, reports: int) -> Row:
    none = less_own_team(row.levels[0], reports=reports, farthest=FARTHEST_OF_NONE * unit.roots)
    others = (less_own_team(each, reports=reports, farthest=unit.farthest) for each in row.levels[1:])
    needs, short = (less_own_team(each, reports=reports, farthest=unit.farthest) for each in (row.needs, row.short))
    return replace(row, levels=(none, *others), needs=needs, short=short)


def _below(rows: "QuerySet[PublishedFigures]", *, path: str, slice_: Slice) -> "QuerySet[PublishedFigures]":
    return rows.filter(parent_path=path, slice_kind=slice_.kind, slice=slice_.value).exclude(path=GOVERNMENT)


def _rows(publication: Publication, *, only: str = "") -> "QuerySet[PublishedFigures]":
    """`only`: of the figures, those of this skill alone are read, as `of_skill`: a small part of a row."""
    found = PublishedFigures.objects.filter(publication=publication).select_related("organisation")
    if only not in publication.skills:
        return found
    start, width = _width(publication) * publication.skills.index(only), _width(publication)
    return found.defer("figures").annotate(of_skill=F("figures")[start : start + width])


def unit_of(found: PublishedFigures, *, publication: Publication, only: str = "") -> Unit:
    """A row as it was published, or of it one skill alone."""
    rows = tuple(row_of(skill, figures) for skill, figures in _figures(found, publication=publication, only=only))
    slice_ = Slice(found.slice_kind, found.slice)
    roots = 1 if found.organisation_id else publication.roots
    return Unit(found.organisation, path=found.path, slice=slice_, people=found.people, rows=rows, roots=roots)


def _figures(found: PublishedFigures, *, publication: Publication, only: str) -> Iterator[tuple[str, list[int]]]:
    """Skill by skill, as they are stored."""
    if "of_skill" in found.__dict__:
        yield only, found.__dict__["of_skill"]
        return
    width = _width(publication)
    for at, skill in enumerate(publication.skills):
        if only in ("", skill):
            yield skill, found.figures[width * at : width * (at + 1)]


def _width(publication: Publication) -> int:
    """How many figures are kept of each skill."""
    return len(FIGURES) if publication.method >= WITH_PEOPLE else len(MEASURES)
