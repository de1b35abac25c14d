"""What a line manager should know before reading the table: sentences, the most useful first."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.planning.queries import Due
from upskill.reports import gaps as reports
from upskill.reports.below import Below
from upskill.reports.gaps import Gain, Gap
from upskill.reports.team import Team
from upskill.skills.models import Level
from upskill.web.templatetags.words import level as level_name
from upskill.web.templatetags.words import on_day

MOST_NAMED = 3  # of gains and of gaps; the rest is counted


def reach(team: Team) -> str:
    """How many people have reached working level."""
    people = len(team.members)
    return ngettext(
        "%(reached)d of the %(people)d person who reports to you has reached working level or above in a skill.",
        "%(reached)d of the %(people)d people who report to you have reached working level or above in a skill.",
        people,
    ) % {"reached": team.how_many_reach(Level.WORKING), "people": people}


def sentences(team: Team, *, overdue: list[Due]) -> list[str]:
    """Who reached what this month, what is overdue, the largest gaps, and what hangs on one person. One query."""
    since = team.on.replace(day=1)
    found = [_gained(reports.gains(team, since=since), since=since), _overdue(overdue), _largest(team)]
    alone = reports.single_points(team)
    if alone:
        found.append(
            ngettext(
                "%(n)d skill that your team needs hangs on one person: %(skills)s.",
                "%(n)d skills that your team needs hang on one person each: %(skills)s.",
                len(alone),
            )
            % {"n": len(alone), "skills": _listed([gap.skill.name for gap in alone])}
        )
    return found


def size(below: Below) -> str:
    """About how many people work in an organisation that the manager leads, and on which day."""
    if below.publication is None:
        return _("nothing is published yet")
    if below.people is None:
        return _("too few people for figures")
    return _("about %(n)s people on %(day)s") % {"n": f"{below.people:,}", "day": on_day(below.publication.on)}


def _gained(gains: list[Gain], *, since: dt.date) -> str:
    if not gains:
        return _("Nobody has reached a new level since %(day)s.") % {"day": on_day(since)}
    said = [
        _("%(name)s (%(level)s in %(skill)s)")
        % {"name": gain.person.full_name, "level": level_name(gain.level).lower(), "skill": gain.skill.name}
        for gain in gains
    ]
    return _("Reached since %(day)s: %(list)s.") % {"day": on_day(since), "list": _listed(said)}


def _overdue(overdue: list[Due]) -> str:
    if not overdue:
        return _("Nothing that your team was asked to learn is overdue.")
    names = _listed(list(dict.fromkeys(due.person.full_name for due in overdue)))
    return ngettext(
        "%(n)d piece of learning is overdue: %(names)s.",
        "%(n)d pieces of learning are overdue: %(names)s.",
        len(overdue),
    ) % {"n": len(overdue), "names": names}


def _largest(team: Team) -> str:
    if not team.has_targets:
        return _(
            "The staff records name no role for your people that says which levels it needs, so there are no gaps."
        )
    short = [gap for gap in reports.gaps(team) if gap.short]
    if not short:
        return _("Nobody is short of what their role needs.")
    return _("The largest gaps: %(list)s.") % {"list": _listed([_gap(gap) for gap in short])}


def _gap(gap: Gap) -> str:
    words = {"skill": gap.skill.name, "short": len(gap.short), "asked": len(gap.asked)}
    return _("%(skill)s (%(short)d of %(asked)d short)") % words


def _listed(words: list[str]) -> str:
    more = len(words) - MOST_NAMED
    if more > 0:
        rest = ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}
        return ", ".join([*words[:MOST_NAMED], rest])
    return ", ".join(words)
