"""What a team is short of, what hangs on one person alone, and what was reached lately."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from upskill.people.models import User
from upskill.skills.models import Level, Skill
from upskill.skills.queries import in_effect
from upskill.skills.validity import Days, standing

from .team import Team, TeamMember

Piece = tuple[int, dt.date]  # of evidence: the level, and the day on which it was earned
PROVEN = (Level.AWARENESS, Level.WORKING, Level.PRACTITIONER, Level.EXPERT)


@dataclass(frozen=True)
class Gap:
    """A skill that somebody's role asks for: who is asked, who of them is short, and who of the whole team has working
    level or above. `asks_for_working`: a role asks for that level or above.
    """

    skill: Skill
    asked: list[TeamMember]
    short: list[TeamMember]
    holders: list[TeamMember]
    asks_for_working: bool

    @property
    def hangs_on_one(self) -> bool:
        """Whether one person alone has what the team needs. Of a team of one that says nothing."""
        return self.asks_for_working and len(self.holders) == 1

    @property
    def is_missing(self) -> bool:
        """Whether nobody has what the team needs."""
        return self.asks_for_working and not self.holders


@dataclass(frozen=True)
class Gain:
    """That a person has a level of a skill which they did not have before, and the day of the newest proof of it."""

    person: User
    skill: Skill
    level: Level
    on: dt.date


def gaps(team: Team) -> list[Gap]:
    """The skills that somebody's role asks for: those first that most people are short of."""
    found = [_gap(team, place=place) for place in range(len(team.skills))]
    return sorted((gap for gap in found if gap.asked), key=lambda gap: -len(gap.short))


def single_points(team: Team) -> list[Gap]:
    """The skills that a role of the team asks for at working level or above, and that one person alone has; none for a
    team of one.
    """
    return [gap for gap in gaps(team) if gap.hangs_on_one] if len(team.members) > 1 else []


def gains(team: Team, *, since: dt.date) -> list[Gain]:
    """The levels that the team's people have and did not have on the day before `since`, newest first. One query."""
    earlier = _pieces_before(since, of=team)
    found = []
    for member in team.members:
        for skill, cell in zip(team.skills, member.cells, strict=True):
            pieces, earned_on = earlier.get((member.person.pk, skill.pk)), cell.standing.earned_on
            if pieces is None or earned_on is None:
                continue
            if cell.level > standing(_days(pieces), valid_months=skill.valid_months, on=since).level:
                found.append(Gain(member.person, skill, cell.level, earned_on))
    return sorted(found, key=lambda gain: gain.on, reverse=True)


def _pieces_before(since: dt.date, *, of: Team) -> dict[tuple[int, str], list[Piece]]:
    """(person id, skill) -> the evidence from before that day, for those pairs that have some since."""
    start = timezone.make_aware(dt.datetime.combine(since, dt.time.min))
    theirs = in_effect().filter(learner__in=[member.person.pk for member in of.members])
    lately = in_effect().filter(learner=OuterRef("learner"), skill=OuterRef("skill"), earned_at__gte=start)
    pieces: dict[tuple[int, str], list[Piece]] = {}
    rows = theirs.filter(Exists(lately)).values_list("learner_id", "skill_id", "level", "earned_at")
    for person, slug, level, earned_at in rows:
        known = pieces.setdefault((person, slug), [])
        if earned_at < start:
            known.append((level, timezone.localdate(earned_at)))
    return pieces


def _gap(team: Team, *, place: int) -> Gap:
    column = team.column(place)
    return Gap(
        skill=team.skills[place],
        asked=[member for member, cell in column if cell.target],
        short=[member for member, cell in column if cell.is_short],
        holders=[member for member, cell in column if cell.level >= Level.WORKING],
        asks_for_working=any(cell.target >= Level.WORKING for _member, cell in column),
    )


def _days(pieces: list[Piece]) -> Days:
    """For each level the latest day on which it, or a higher one, was earned, as a tally has it."""
    one, two, three, four = (max((day for level, day in pieces if level >= wanted), default=None) for wanted in PROVEN)
    return one, two, three, four
