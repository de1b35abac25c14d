"""Reads of publications: the only source of every view, chart, export and answer that is wider than one's own team.

What is not in the publication is not shown. A figure is a multiple of five, at most 4 away from the truth of the day on
which it was made, or says why it is hidden.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from upskill.people.grades import band_of
from upskill.people.models import Membership, Organisation, Succession, User, in_force

from .figures import MEASURES, Row, less_own_team, row_of
from .models import Publication, PublishedFigures

EVERYBODY = ("", "")
GOVERNMENT = ""  # the path of all organisations together
Slice = tuple[str, str]  # kind ("", "grade", "profession") and name: EVERYBODY, ("grade", "SCS")


@dataclass(frozen=True)
class Unit:
    """An organisation with everything below it, for everybody or one slice, as it was published."""

    organisation: Organisation | None  # None: the whole of government
    path: str
    slice: Slice
    people: int
    rows: tuple[Row, ...]  # a skill each, in the order of the publication

    def row(self, skill: str) -> Row | None:
        """The figures of one skill; None if it is not in the publication."""
        return next((row for row in self.rows if row.skill == skill), None)


@dataclass(frozen=True)
class Point:
    """The figures of one skill on one day. Before a split or merger they are those of the organisation before it."""

    on: dt.date
    organisation: Organisation
    people: int
    row: Row


def newest(on: dt.date | None = None) -> Publication | None:
    """The newest publication, or the newest that was made of `on` or a day before; None if there is none. One query."""
    found = Publication.objects.order_by("-on")
    return (found if on is None else found.filter(on__lte=on)).first()


def nights() -> "QuerySet[Publication]":
    """The publications that are kept, newest first."""
    return Publication.objects.order_by("-on")


def unit(publication: Publication, *, path: str, slice: Slice = EVERYBODY) -> Unit | None:  # noqa: A002
    """What is shown of one organisation; None if it is too small for that. One query."""
    found = _rows(publication).filter(path=path, slice_kind=slice[0], slice=slice[1]).first()
    return unit_of(found, publication=publication) if found else None


def people_of(publication: Publication, *, paths: Iterable[str]) -> dict[str, int]:
    """Path -> about how many people work there or below, for those of `paths` that are shown. One query."""
    found = PublishedFigures.objects.filter(publication=publication, path__in=paths, slice_kind="", slice="")
    return dict(found.values_list("path", "people"))


def government(publication: Publication, *, slice: Slice = EVERYBODY) -> Unit | None:  # noqa: A002
    """All organisations together: the sum of those at the top that are shown, and of whoever is in none. One query."""
    return unit(publication, path=GOVERNMENT, slice=slice)


def parts(publication: Publication, *, path: str, slice: Slice = EVERYBODY) -> list[Unit]:  # noqa: A002
    """The parts just below an organisation that are shown, by name; with GOVERNMENT those at the top. One query.

    They add up to the whole less whoever works in no part that is shown.
    """
    found = _rows(publication).filter(parent_path=path, slice_kind=slice[0], slice=slice[1]).exclude(path=GOVERNMENT)
    return [unit_of(each, publication=publication) for each in found.order_by("organisation__name", "path")]


def slices(publication: Publication, *, path: str, kind: str | None = None) -> list[Unit]:
    """The grade bands and professions of an organisation that are shown, or those of one kind, in the order of the
    names. One query.
    """
    found = _rows(publication).filter(path=path).exclude(slice_kind="")
    if kind is not None:
        found = found.filter(slice_kind=kind)
    return [unit_of(each, publication=publication) for each in found.order_by("slice_kind", "slice")]


def trend(organisation: Organisation, *, skill: str, slice: Slice = EVERYBODY) -> list[Point]:  # noqa: A002
    """The figures of one skill on each day that is kept, oldest first. Two queries.

    Days before the organisation took over the work of others have a point for each of those; several, where it came
    out of several. A predecessor's figures may be of more than what came here.
    """
    until = _predecessors(organisation)
    found = PublishedFigures.objects.filter(organisation__in=until, slice_kind=slice[0], slice=slice[1])
    found = found.filter(publication__skills__contains=[skill]).select_related("publication", "organisation")
    points = []
    for each in found.order_by("publication__on", "organisation__name", "organisation"):
        last = until[each.organisation_id or 0]
        if each.organisation and (last is None or each.publication.on < last):
            row = _row(each, skill=skill)
            points.append(Point(each.publication.on, organisation=each.organisation, people=each.people, row=row))
    return points


def own_reports(viewer: User, *, on: dt.date) -> list[tuple[str, Slice, Slice]]:
    """Of each person who reports to the viewer directly: path, grade band, profession of the main post. One query."""
    led = Membership.objects.filter(in_force(on), line_manager=viewer).values("person")
    posts = Membership.objects.filter(
        in_force(on), is_main=True, person__in=led, person__is_active=True, person__is_probe=False
    )
    return [
        (path, ("grade", str(band_of(grade))), ("profession", profession))
        for path, grade, profession in posts.values_list("organisation__path", "grade", "profession")
    ]


def as_seen(found: Unit, *, reports: Iterable[tuple[str, Slice, Slice]]) -> Unit:
    """The unit for a viewer with these reports (own_reports): figures are hidden that less them would be about few
    people. No query.
    """
    known = sum(
        path.startswith(found.path) and found.slice in (EVERYBODY, grade, profession)
        for path, grade, profession in reports
    )
    return replace(found, rows=tuple(_less(row, reports=known) for row in found.rows)) if known else found


def _less(row: Row, *, reports: int) -> Row:
    levels = tuple(less_own_team(figure, reports=reports) for figure in row.levels)
    needs, short = (less_own_team(figure, reports=reports) for figure in (row.needs, row.short))
    return Row(row.skill, levels=levels, needs=needs, short=short)


def _rows(publication: Publication) -> "QuerySet[PublishedFigures]":
    return PublishedFigures.objects.filter(publication=publication).select_related("organisation")


def unit_of(found: PublishedFigures, *, publication: Publication) -> Unit:
    """A row as it was published."""
    width = len(MEASURES)
    rows = tuple(
        row_of(skill, found.figures[width * at : width * (at + 1)]) for at, skill in enumerate(publication.skills)
    )
    return Unit(
        found.organisation, path=found.path, slice=(found.slice_kind, found.slice), people=found.people, rows=rows
    )


def _row(found: PublishedFigures, *, skill: str) -> Row:
    at = found.publication.skills.index(skill) * len(MEASURES)
    return row_of(skill, found.figures[at : at + len(MEASURES)])


def _predecessors(organisation: Organisation) -> dict[int, dt.date | None]:
    """The organisation and those whose work it goes on with -> the first day on which that was no longer theirs. One
    query: there are few such rows.
    """
    until: dict[int, dt.date | None] = {organisation.pk: None}
    rows = list(Succession.objects.order_by("-on", "pk").values_list("predecessor_id", "successor_id", "on"))
    waiting = [organisation.pk]
    while waiting:
        later = waiting.pop()
        for predecessor, successor, on in rows:
            if successor == later and predecessor not in until:
                until[predecessor] = on
                waiting.append(predecessor)
    return until
