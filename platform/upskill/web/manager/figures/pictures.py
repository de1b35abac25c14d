"""The charts of figures, with titles that say what is to be seen."""

from collections.abc import Iterator, Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from upskill.reports.figures import Hidden
from upskill.reports.headlines import Change, changes, day, figure
from upskill.reports.unit_figures import Night, SkillCounts, UnitCounts, share
from upskill.web.charts import bars, lines
from upskill.web.charts.bars import Bar, Mark
from upskill.web.charts.drawing import MOST_BARS, MOST_LINES, Chart
from upskill.web.charts.lines import Line

from . import tables


def gaps(unit: UnitCounts) -> Chart | None:
    """Skill by skill, how many people their roles ask it of and how many of these are below; None without any."""
    known = sorted(
        (each for each in unit.skills if isinstance(each.needs, int) and each.needs),
        key=lambda each: -_number(each.needs),
    )
    by_gap = sorted(known, key=lambda each: -_number(each.short))
    if not by_gap:
        return None
    longest = max(_number(each.needs) for each in by_gap[:MOST_BARS])
    among = [
        Bar(each.name, _number(each.needs) / longest, _short_of(each), part=_number(each.short) / longest)
        for each in by_gap
    ]
    rows = [[each.name, figure(each.needs), figure(each.short), tables.below(each)] for each in by_gap]
    title = _gap_title([each for each in by_gap if isinstance(each.short, int)])
    about = _("Each bar: the people whose role asks for the skill. Its dark part: those below the level it asks for.")
    head = [_("Skill"), _("Role asks for it"), _("Below that"), _("Share below")]
    return bars.bars("gaps", title=title, about=about, among=among, head=head, rows=rows)


def trend(nights: Sequence[Night], *, only: str = "") -> Chart | None:
    """The shares at working level or above from night to night: of one skill, or of those that changed most; None while
    there is one night only, or no share is shown on two.
    """
    found = [each for each in changes(nights) if not only or each.skill.slug == only][:MOST_LINES]
    if not found:
        return None
    days = [night.on for night in nights]
    among = [Line(each.skill.name, [_share_on(night, skill=each.skill.slug) for night in nights]) for each in found]
    rows = [
        [_day_of(night), *(tables.per_cent(line.shares[number]) for line in among)]
        for number, night in enumerate(nights)
    ]
    return lines.lines(
        "trend", title=_trend_title(found), days=days, among=among, head=[_("Day"), *(line.name for line in among)],
        about=" ".join(_about_trend(nights)), rows=rows[::-1],
    )  # fmt: skip


def compared(units: Sequence[UnitCounts], *, whole: UnitCounts, skill: str) -> Chart | None:
    """Parts, grades or professions side by side in one skill, the largest share first; None where all are hidden."""
    known = [(unit, counts) for unit in units if (counts := unit.skill(skill))]
    shown = sorted((each for each in known if each[1].share is not None), key=lambda each: -(each[1].share or 0))
    if not shown:
        return None
    hidden = [each for each in known if each[1].share is None]
    among = [
        Bar(tables.name_of(unit), None if counts.share is None else counts.share / 100, tables.per_cent(counts.share))
        for unit, counts in [*shown, *hidden]
    ]
    rows = [[tables.name_of(unit), figure(counts.counted), figure(counts.working), tables.per_cent(counts.share)]
            for unit, counts in [*shown, *hidden]]  # fmt: skip
    kind = shown[0][0].slice.kind or "part"
    together = (whole.skill(skill) or shown[0][1]).share
    head = [_("Name"), _("People"), _("Working or above"), _("Share")]
    about = _("Each bar: the share of people at working level or above. Dashed: all of them together. [c]: hidden.")
    mark = None if together is None else Mark(together / 100, _("All: %(share)d%%") % {"share": together})
    return bars.bars(
        f"compared-{kind}", title=_spread_title(shown), about=about, among=among, head=head, rows=rows, mark=mark
    )


def _gap_title(known: Sequence[SkillCounts]) -> str:
    """What is to be seen of the skills of which it is known how many people are below."""
    if not known:
        return _("How many people are below what their roles ask for is hidden")
    if len(known) == 1:
        below = share(known[0].short, of=known[0].needs)
        return _("%(below)s of those whose role asks for it are below that") % {"below": tables.per_cent(below)}
    lacking = sum(_lacks(each) for each in known)
    if not lacking:
        return _("In no skill are half or more below target")
    return _("Half or more lack %(n)d of %(of)d skills asked for") % {"n": lacking, "of": len(known)}


def _lacks(counts: SkillCounts) -> bool:
    return (share(counts.short, of=counts.needs) or 0) >= 50


def _trend_title(found: Sequence[Change]) -> str:
    most = found[0]
    words = {1: _("Working level or above rose from %(before)d%% to %(now)d%%"),
             -1: _("Working level or above fell from %(before)d%% to %(now)d%%"),
             0: _("Working level or above stayed at %(now)d%%")}  # fmt: skip
    if len(found) > 1:
        rose, fell = sum(each.by > 0 for each in found), sum(each.by < 0 for each in found)
        return _("%(rose)d of these skills rose, %(fell)d fell") % {"rose": rose, "fell": fell}
    return words[(most.by > 0) - (most.by < 0)] % {"before": most.before, "now": most.now}


def _about_trend(nights: Sequence[Night]) -> Iterator[str]:
    yield _("Each line: the share of people at working level or above in a skill. Hidden days are left out.")
    if before := [night for night in nights if night.others]:
        names = get_text_list(list(dict.fromkeys(name for night in before for name in night.others)), _("and"))
        yield _("Until %(day)s the figures are, or include, those of %(names)s, whose work goes on here.") % {
            "day": day(before[-1].on),
            "names": names,
        }


def _day_of(night: Night) -> str:
    """The day of a row, and whose figures it has where they are not those of the organisation alone."""
    return f"{day(night.on)} ({', '.join(night.others)})" if night.others else day(night.on)


def _spread_title(shown: Sequence[tuple[UnitCounts, SkillCounts]]) -> str:
    high, low = shown[0][1].share or 0, shown[-1][1].share or 0
    if high == low:
        return _("All have the same share: %(share)d%%") % {"share": high}
    return _("Shares go from %(low)d%% to %(high)d%%") % {"low": low, "high": high}


def _short_of(counts: SkillCounts) -> str:
    return _("%(short)s of %(needs)s") % {"short": figure(counts.short), "needs": figure(counts.needs)}


def _share_on(night: Night, *, skill: str) -> int | None:
    counts = night.unit.skill(skill)
    return counts.share if counts else None


def _number(value: object) -> int:
    return 0 if isinstance(value, Hidden) or not isinstance(value, int) else value
