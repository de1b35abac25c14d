"""The figures that there are of a skill: what each counts, and why one is hidden, in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upskill.reports.figures import FEW_BELOW, STEP, Figure, Hidden
from upskill.reports.unit_figures import SkillCounts

LEVELS = ("none", "awareness", "working", "practitioner", "expert")
REACHED, NEEDS, SHORT, PEOPLE = "reached", "needs", "short", "people"
TITLES = {
    "none": gettext_lazy("Not yet at a level"),
    "awareness": gettext_lazy("At awareness level"),
    "working": gettext_lazy("At working level"),
    "practitioner": gettext_lazy("At practitioner level"),
    "expert": gettext_lazy("At expert level"),
    REACHED: gettext_lazy("At working level or above"),
    NEEDS: gettext_lazy("Role asks for the skill"),
    SHORT: gettext_lazy("Below what the role asks for"),
    PEOPLE: gettext_lazy("People"),
}
ALL = (*LEVELS, REACHED, NEEDS, SHORT, PEOPLE)  # as addresses and the API call them


def value_of(counts: SkillCounts, *, measure: str) -> Figure:
    """The figure of this name."""
    if measure in LEVELS:
        return counts.levels[LEVELS.index(measure)]
    return {REACHED: counts.working, NEEDS: counts.needs, SHORT: counts.short, PEOPLE: counts.counted}[measure]


def title_of(measure: str) -> str:
    """What it is called."""
    return str(TITLES[measure])


def meaning_of(measure: str) -> str:
    """What it counts."""
    at_level = _(
        "People whose highest level of this skill is this one. A level counts when an assessment was passed and the "
        "evidence has not expired."
    )
    return {
        "none": _(
            "People who have not yet passed an assessment at any level of this skill, or whose evidence has expired."
        ),
        REACHED: _("People whose highest level of this skill is working, practitioner or expert."),
        NEEDS: _("People whose role, as the staff records have it, asks for this skill at some level."),
        SHORT: _("Of the people whose role asks for this skill, those who are below the level that it asks for."),
        PEOPLE: _("Everybody whose main post is in the organisation or below it, with an active account."),
    }.get(measure, at_level)


def away_of(counts: SkillCounts, *, measure: str) -> int:
    """How far the figure can be from the number that was counted: others are worked out from several."""
    rounded = {LEVELS[0]: len(LEVELS), REACHED: len(LEVELS[2:])}.get(measure, 1)
    return rounded * counts.farthest


def reason_of(hidden: Hidden, *, measure: str, away: int) -> list[str]:
    """What a hidden figure hides, and why. `away`: how far it can be from the number that was counted."""
    return {
        Hidden.FEW: [
            _below(measure, away=away),
            _("It is hidden because a figure about so few people could tell something about one of them."),
        ],
        Hidden.WITH: [
            _("This figure is hidden because of another one."),
            _(
                "Next to it is a hidden figure about few people. With this one in sight, that one could be worked out "
                "by subtracting: so the smallest figure beside it is hidden too, whatever it is."
            ),
        ],
        Hidden.OWN_TEAM: [
            _("This figure is hidden from you because your own team is a large part of it."),
            _(
                "You know the levels of the people who report to you. Without them, this figure could tell you about "
                "few other people. Somebody without a team here may see it."
            ),
        ],
        Hidden.NEW: _not_yet(),
    }[hidden]


def _not_yet() -> list[str]:
    return [
        _("Nothing has been counted here yet."),
        _(
            "The organisation is new, has moved, or has only now enough people to be shown. Figures are counted anew "
            "once enough has changed in its whole department: until then a new one could tell about few people."
        ),
    ]


def _below(measure: str, *, away: int) -> str:
    least = STEP * -(-(STEP + away) // STEP)
    if measure != SHORT:
        return _("This figure is below %(least)d, and may be nobody at all.") % {"least": least}
    return _(
        "This figure is below %(least)d, and may be nobody at all. Or fewer than %(asked)d people have a role that "
        "asks for the skill, beside the team of one line manager."
    ) % {"least": least, "asked": FEW_BELOW}
