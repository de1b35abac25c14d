"""What one viewer sees in the newest publication: an organisation, its parts, its slices, larger wholes, past days.

The only reads of figures that pages, charts, files, mail and the API have. Whether somebody may see an organisation at
all is in rules.py. What of it is shown was decided by the publication (published.py); what is hidden from this viewer,
because they know their own team, is hidden here, in everything that they are given.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from upskill.people.grades import band_of
from upskill.people.models import Membership, Organisation, User
from upskill.people.successions import predecessors_of
from upskill.skills.models import Skill

from . import published
from .figures import Row
from .models import Publication, PublishedFigures
from .published import Report, Unit
from .unit_figures import Night, SkillCounts, Slice, UnitCounts, together

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
    path: str  # of the organisation in the publication; "" for all of government
    names: dict[str, str]  # of skills, by slug
    team: "Team"
    reports: list[list[Report]]  # of the viewer, from the oldest count of the publication on
    only: str = ""  # the skill whose figures are read, where one alone is wanted: a sixth of the time


@dataclass(frozen=True)
class Team:
    """Who reports or has reported to the viewer and when, and the main posts of these people."""

    led: list[tuple[int, dt.date, dt.date | None]]  # a person, from the first day to that after the last
    posts: list[tuple[int, Report, dt.date, dt.date | None]]

    def between(self, first: dt.date, last: dt.date) -> list[list[Report]]:
        """Of each person who reported on any of these days, or on the day before them: where they counted."""

        def holds(begin: dt.date, end: dt.date | None) -> bool:
            return begin <= last and (end is None or end >= first)

        places: dict[int, list[Report]] = {person: [] for person, begin, end in self.led if holds(begin, end)}
        for person, report, begin, end in self.posts:
            if person in places and holds(begin, end):
                places[person].append(report)
        return list(places.values())


def sight(organisation: Organisation | None, *, slice_: Slice, viewer: User) -> Sight | None:
    """What the viewer sees of it; None while nothing is published. Four queries."""
    publication = published.newest()
    if publication is None:
        return None
    team, names = team_of(viewer), dict(Skill.objects.filter(pk__in=publication.skills).values_list("pk", "name"))
    found = published.unit(publication, of=organisation, slice=slice_)
    path = found.path if found else organisation.path if organisation else published.GOVERNMENT
    reports = team.between(publication.oldest_on, publication.on)
    seen = Sight(publication, organisation, slice_, None, path=path, names=names, team=team, reports=reports)
    return replace(seen, whole=_counts(found, seen=seen)) if found else seen


def of_skill(seen: Sight, skill: str) -> Sight:
    """The same, of which this skill alone is read from here on."""
    return replace(seen, only=skill)


def parts(seen: Sight) -> list[UnitCounts]:
    """The parts just below that are shown, by name. None of all of government: no department's figures are another's.
    One query.
    """
    if seen.organisation is None:
        return []
    found = published.parts(seen.publication, path=seen.path, slice=seen.slice, only=seen.only)
    return [_counts(each, seen=seen) for each in found]


def has_parts(seen: Sight) -> bool:
    """Whether `parts` gives any. One query."""
    if seen.organisation is None:
        return False
    return published.has_parts(seen.publication, path=seen.path, slice=seen.slice)


def slices(seen: Sight, *, kind: str = "") -> list[UnitCounts]:
    """Its grade bands and professions that are shown, or those of one kind alone. One query."""
    found = published.slices(seen.publication, of=seen.organisation, kind=kind, only=seen.only)
    return [_counts(each, seen=seen) for each in found]


def wholes(seen: Sight) -> list[UnitCounts]:
    """What it can be compared with, for the same people: its whole department, and all of government. Two queries."""
    paths = [] if seen.organisation is None else [seen.path.partition("/")[0] + "/", published.GOVERNMENT]
    found = [
        published.unit_at(seen.publication, path=path, slice=seen.slice, only=seen.only)
        for path in paths
        if path != seen.path
    ]
    return [_counts(each, seen=seen) for each in found if each]


def trend(seen: Sight) -> list[Night]:
    """It on each day that is kept, the oldest first. Two queries.

    On days before it took over the work of others they are in it: the two that became one, or the one out of which it
    came, of which more than what came here may have been part.
    """
    until = predecessors_of(seen.organisation) if seen.organisation else {}
    whose = Q(organisation__in=until) if until else Q(organisation=None)
    found = PublishedFigures.objects.filter(whose, slice_kind=seen.slice.kind, slice=seen.slice.value)
    days: dict[dt.date, list[Unit]] = {}
    seen_then = {seen.publication.on: seen}
    for row in found.select_related("organisation", "publication").order_by("-publication__on", "organisation__name"):
        day, last = row.publication.on, until.get(row.organisation_id or 0)
        if last is None or day < last:
            if day not in days and len(days) == MOST_NIGHTS:
                break
            if day not in seen_then:
                seen_then[day] = _then(seen, publication=row.publication)
            unit = published.unit_of(row, publication=row.publication, only=seen.only)
            days.setdefault(day, []).append(unit)
    return [_night(day, units=units, seen=seen_then[day]) for day, units in reversed(days.items())]


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


def _then(seen: Sight, *, publication: Publication) -> Sight:
    """The same as somebody saw it who knew the reports of that day."""
    reports = seen.team.between(publication.oldest_on, publication.on)
    return replace(seen, publication=publication, reports=reports)


def _counts(found: Unit, *, seen: Sight) -> UnitCounts:
    shown = published.as_seen(found, reports=seen.reports)
    skills = tuple(_skill(row, unit=shown, names=seen.names) for row in shown.rows)
    place = shown.organisation
    name = place.name if place else _("All of government")
    return UnitCounts(place.code if place else "", name, shown.slice, people=shown.people, skills=skills)


def _skill(row: Row, *, unit: Unit, names: dict[str, str]) -> SkillCounts:
    name, people = names.get(row.skill, row.skill), unit.people if row.people is None else row.people
    return SkillCounts(
        row.skill, name, people=people, levels=row.levels, needs=row.needs, short=row.short,
        farthest=unit.farthest, reports=unit.reports,
    )  # fmt: skip


def team_of(viewer: User) -> Team:
    """Who reports or has reported to the viewer in any post: each stands where their main post of those days is. One
    query.
    """
    led = Membership.objects.filter(line_manager=viewer).values("person")
    posts = list(Membership.objects.filter(person__in=led, person__is_probe=False)
                 .values_list("person", "line_manager", "is_main", "organisation__path", "grade", "profession",
                              "valid_from", "valid_to"))  # fmt: skip
    led_days = [(person, begin, end) for person, manager, *_post, begin, end in posts if manager == viewer.pk]
    mains = [
        (person, (path, Slice("grade", str(band_of(grade))), Slice("profession", profession)), begin, end)
        for person, _manager, is_main, path, grade, profession, begin, end in posts
        if is_main
    ]
    return Team(led_days, posts=mains)


def _night(day: dt.date, *, units: Sequence[Unit], seen: Sight) -> Night:
    """One day of the trend, and whose figures it has where they are not its own. What was a part of another one of
    these on that day is in its figures already.
    """
    own = seen.organisation.code if seen.organisation else ""
    tops = [each for each in units if not any(each.path != other.path and each.path.startswith(other.path)
                                              for other in units)]  # fmt: skip
    counted = [_counts(each, seen=seen) for each in tops]
    others = tuple(each.name for each in counted if each.code != own)
    return Night(day, counted[0] if len(counted) == 1 else together(counted), others=others)
