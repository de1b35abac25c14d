"""What figures say, in sentences: for pages, the printed report and the mail of saved views."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .figures import Hidden
from .unit_figures import Night, SkillCounts, UnitCounts, share


@dataclass(frozen=True)
class Change:
    """How the share at working level or above of a skill went between two days."""

    skill: SkillCounts
    before: int
    since: dt.date
    now: int

    @property
    def by(self) -> int:
        """In percentage points."""
        return self.now - self.before


def headline(unit: UnitCounts) -> str:
    """The one sentence to know: the largest gap, or else the widest reach."""
    gap, reach = largest_gap(unit), widest_reach(unit)
    if gap:
        return gap_sentence(gap)
    if reach:
        return reach_sentence(reach)
    return _("In no skill have enough people reached a level yet to show a figure.")


def largest_gap(unit: UnitCounts) -> SkillCounts | None:
    """The skill that most people lack whose role asks for it."""
    known = [each for each in unit.skills if isinstance(each.short, int) and each.short and isinstance(each.needs, int)]
    return max(known, key=lambda each: (each.short, each.slug), default=None)


def widest_reach(unit: UnitCounts) -> SkillCounts | None:
    """The skill in which most people have reached working level or above."""
    known = [each for each in unit.skills if each.share]
    return max(known, key=lambda each: (each.share, each.slug), default=None)


def gap_sentence(counts: SkillCounts) -> str:
    """How many of those whose role asks for the skill are below what it asks for."""
    return _(
        "About %(short)s of the %(needs)s people whose role asks for %(skill)s are below the level it asks for."
    ) % {
        "short": figure(counts.short),
        "needs": figure(counts.needs),
        "skill": counts.name,
    }


def reach_sentence(counts: SkillCounts) -> str:
    """What share of the people have reached working level or above."""
    return _("In %(skill)s, %(share)d%% of people have reached working level or above.") % {
        "skill": counts.name,
        "share": counts.share or 0,
    }


def people_sentence(unit: UnitCounts) -> str:
    """How many people work there."""
    if not unit.code:
        return _("About %(n)s people work in the departments of government that are on record here.") % {
            "n": figure(unit.people)
        }
    return _("About %(n)s people work here or in a part of it.") % {"n": figure(unit.people)}


def changes(nights: Sequence[Night]) -> list[Change]:
    """How each skill went between the first and the last day on which its share is shown, the largest change first."""
    found = []
    for counts in nights[-1].unit.skills if nights else ():
        known = [
            (night.on, each.share)
            for night in nights
            if (each := night.unit.skill(counts.slug)) and each.share is not None
        ]
        if len(known) > 1 and counts.share is not None:
            found.append(Change(counts, before=known[0][1] or 0, since=known[0][0], now=counts.share))
    return sorted(found, key=lambda change: (-abs(change.by), change.skill.slug))


def change_sentence(change: Change) -> str:
    """Which way it went since when."""
    words = {
        1: _("In %(skill)s, the share at working level or above rose from %(before)d%% to %(now)d%% since %(day)s."),
        -1: _("In %(skill)s, the share at working level or above fell from %(before)d%% to %(now)d%% since %(day)s."),
        0: _("In %(skill)s, the share at working level or above is %(now)d%%, as on %(day)s."),
    }
    way = (change.by > 0) - (change.by < 0)
    said = {"skill": change.skill.name, "before": change.before, "now": change.now, "day": day(change.since)}
    return words[way] % said


def benchmark_sentence(here: SkillCounts, *, whole: UnitCounts) -> str:
    """How the share here stands to that of a larger whole; "" where one is hidden."""
    other = whole.skill(here.slug)
    if here.share is None or other is None or other.share is None:
        return ""
    name = whole.name if whole.code else _("all of government")
    return _("In %(skill)s, %(here)d%% here have reached working level or above; in %(name)s it is %(there)d%%.") % {
        "skill": here.name,
        "here": here.share,
        "name": name,
        "there": other.share,
    }


def parts_sentence(parts: Sequence[UnitCounts], *, skill: str) -> str:
    """Which part has the largest share of people below what their role asks for; "" where none is shown."""
    known = [
        (below, part.name, counts)
        for part in parts
        if (counts := part.skill(skill)) and (below := share(counts.short, of=counts.needs))
    ]
    if not known:
        return ""
    below, name, counts = max(known, key=lambda each: each[:2])
    return _(
        "In %(part)s, %(below)d%% of those whose role asks for %(skill)s are below that: the most of the parts shown."
    ) % {
        "part": name,
        "below": below,
        "skill": counts.name,
    }


def figure(value: object) -> str:
    """A figure as people read it: 12,340. [c] where it is hidden."""
    return "[c]" if isinstance(value, Hidden) or not isinstance(value, int) else f"{value:,}"


def day(on: dt.date) -> str:
    """A day in full: 23 November 2026."""
    return date_format(on, "j F Y")
