"""What one viewer sees in the newest publication: an organisation, its parts, its slices, larger wholes, past days.

The only reads of figures that pages, charts, files, mail and the API have. Whether somebody may see an organisation at
all is in rules.py. What of it is shown was decided by the publication (published.py); what is hidden from this viewer,
because they know their own team, is hidden here, in everything that they are given.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upskill.people.grades import band_of
from upskill.people.models import Membership, Organisation, User
from upskill.skills.models import Skill

from . import published
from .figures import Row
from .models import Publication, PublishedFigures
from .published import Unit
from .unit_figures import Night, SkillCounts, Slice, UnitCounts

Report = tuple[str, published.Slice, published.Slice]  # of a person who reports to the viewer: path, grade, profession
MOST_NIGHTS = 60  # of a trend, the newest: a month of nights, then the first days of months


@dataclass(frozen=True)
class Sight:
    """An organisation, or all of government (None), for some people, as this viewer sees it. `whole` is None where it
    is too small to be shown.
    """

    publication: Publication
    organisation: Organisation | None
    slice: Slice
    whole: UnitCounts | None
    names: dict[str, str]  # of skills, by slug
    team: "Team"

    @property
    def path(self) -> str:
        """Of the organisation; "" for all of government."""
        return self.organisation.path if self.organisation else published.GOVERNMENT


@dataclass(frozen=True)
class Team:
    """Who reports or has reported to the viewer, in which post and when."""

    posts: list[tuple[Report, dt.date, dt.date | None]]

    def on(self, day: dt.date) -> list[Report]:
        """The reports of that day."""
        return [report for report, begin, end in self.posts if begin <= day and (end is None or end > day)]


def sight(organisation: Organisation | None, *, slice_: Slice, viewer: User) -> Sight | None:
    """What the viewer sees of it; None while nothing is published. Four queries."""
    publication = published.newest()
    if publication is None:
        return None
    team, names = _team(viewer), dict(Skill.objects.filter(pk__in=publication.skills).values_list("pk", "name"))
    bare = Sight(publication, organisation, slice_, whole=None, names=names, team=team)
    found = published.unit(publication, path=bare.path, slice=_pair(slice_))
    return Sight(publication, organisation, slice_, _counts(found, seen=bare) if found else None, names, team)


def parts(seen: Sight) -> list[UnitCounts]:
    """The parts just below that are shown, by name. None of all of government: no department's figures are another's.
    One query.
    """
    if seen.organisation is None:
        return []
    found = published.parts(seen.publication, path=seen.path, slice=_pair(seen.slice))
    return [_counts(each, seen=seen) for each in found]


def slices(seen: Sight) -> list[UnitCounts]:
    """Its grade bands and professions that are shown. One query."""
    return [_counts(each, seen=seen) for each in published.slices(seen.publication, path=seen.path)]


def wholes(seen: Sight) -> list[UnitCounts]:
    """What it can be compared with, for the same people: its whole department, and all of government. Two queries."""
    paths = [] if seen.organisation is None else [seen.path.partition("/")[0] + "/", published.GOVERNMENT]
    found = [
        published.unit(seen.publication, path=path, slice=_pair(seen.slice)) for path in paths if path != seen.path
    ]
    return [_counts(each, seen=seen) for each in found if each]


def trend(seen: Sight) -> list[Night]:
    """It on each day that is kept, the oldest first. One query; not of days before it took over the work of others."""
    found = PublishedFigures.objects.filter(
        organisation=seen.organisation, slice_kind=seen.slice.kind, slice=seen.slice.value
    )
    newest = found.select_related("organisation", "publication").order_by("-publication__on")[:MOST_NIGHTS]
    return [
        Night(
            row.publication.on,
            _counts(published.unit_of(row, publication=row.publication), seen=seen, on=row.publication.on),
        )
        for row in reversed(newest)
    ]


def slices_of(organisation: Organisation | None) -> list[Slice]:
    """The grade bands and professions of which something is published. Two queries."""
    publication = published.newest()
    found = PublishedFigures.objects.filter(publication=publication, organisation=organisation).exclude(slice_kind="")
    pairs = found.order_by("slice_kind", "slice").values_list("slice_kind", "slice")
    return [Slice(*each) for each in pairs] if publication else []


def skill_names() -> dict[str, str]:
    """The skills of the newest publication: slug -> name, in its order. Two queries."""
    publication = published.newest()
    if publication is None:
        return {}
    known = dict(Skill.objects.filter(pk__in=publication.skills).values_list("pk", "name"))
    return {slug: known.get(slug, slug) for slug in publication.skills}


def _counts(found: Unit, *, seen: Sight, on: dt.date | None = None) -> UnitCounts:
    shown = published.as_seen(found, reports=seen.team.on(on or seen.publication.on))
    skills = tuple(_skill(row, people=shown.people, names=seen.names) for row in shown.rows)
    place = shown.organisation
    name = place.name if place else _("All of government")
    return UnitCounts(place.code if place else "", name, Slice(*shown.slice), people=shown.people, skills=skills)


def _skill(row: Row, *, people: int, names: dict[str, str]) -> SkillCounts:
    name = names.get(row.skill, row.skill)
    return SkillCounts(row.skill, name, people=people, levels=row.levels, needs=row.needs, short=row.short)


def _team(viewer: User) -> Team:
    """One query."""
    posts = Membership.objects.filter(
        line_manager=viewer, is_main=True, person__is_active=True, person__is_probe=False
    ).values_list("organisation__path", "grade", "profession", "valid_from", "valid_to")
    return Team(
        [
            ((path, ("grade", str(band_of(grade))), ("profession", profession)), begin, end)
            for path, grade, profession, begin, end in posts
        ]
    )


def _pair(slice_: Slice) -> published.Slice:
    return slice_.kind, slice_.value
