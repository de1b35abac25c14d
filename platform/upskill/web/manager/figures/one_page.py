"""What stands in the report for a permanent secretary: the same on the page and in the PDF."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upskill.reports import headlines, sights
from upskill.reports.headlines import day
from upskill.reports.sights import Sight
from upskill.reports.unit_figures import SkillCounts, UnitCounts
from upskill.web.charts.drawing import Chart
from upskill.web.manager.heat import Cell
from upskill.web.templatetags.words import level as level_name

from . import asked, pictures, tables

MOST_SENTENCES, MOST_ROWS = 5, 8


@dataclass(frozen=True)
class Table:
    """A small table with its title. A row is its name and its cells."""

    title: str
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


@dataclass(frozen=True)
class OnePage:
    """The report: who it is about, sentences, tables, a chart, and how the figures were made."""

    seen: Sight
    name: str
    sentences: list[str]
    tables: list[Table]
    chart: Chart | None
    method: list[str]


def one_page(seen: Sight, *, unit: UnitCounts) -> OnePage:
    """The report of what is seen. Costs the parts, the larger wholes and the trend."""
    nights, skill = sights.trend(seen), headlines.largest_gap(unit) or headlines.widest_reach(unit)
    parts = sights.parts(sights.of_skill(seen, skill.slug)) if skill else []
    name = f"{unit.name}: {asked.name_of(unit.slice)}" if unit.slice.kind else unit.name
    found = [_levels(unit), _gaps(unit), _parts(parts, skill=skill)]
    others = sights.wholes(seen)
    said = [headlines.people_sentence(unit), *_sentences(unit, others=others, parts=parts)]
    if changes := headlines.changes(nights):
        said.append(headlines.change_sentence(changes[0]))
    return OnePage(
        seen=seen,
        name=name,
        sentences=[each for each in said if each][:MOST_SENTENCES],
        tables=[each for each in found if each],
        chart=pictures.trend(nights),
        method=method(seen),
    )


def method(seen: Sight) -> list[str]:
    """How the figures were made, for whoever gets them from somebody else."""
    return [
        _("Figures of %(day)s, made once a night for the whole of government by one method (version %(method)d).")
        % {"day": day(seen.publication.on), "method": seen.publication.method},
        _("Each person counts once, where their main post is, at the highest level that an assessment has shown."),
        _("Figures are multiples of five. A level's is at most four away from what was counted."),
        _("They move once enough people's levels have changed. The oldest were counted on %(day)s.")
        % {"day": day(seen.publication.oldest_on)},
        _("[c]: hidden. It, or one that follows from it, would be about few people, or nothing is counted there yet."),
    ]


def _sentences(unit: UnitCounts, *, others: Sequence[UnitCounts], parts: Sequence[UnitCounts]) -> Iterator[str]:
    gap, reach = headlines.largest_gap(unit), headlines.widest_reach(unit)
    if gap:
        yield headlines.gap_sentence(gap)
        yield headlines.parts_sentence(parts, skill=gap.slug)
    if reach is None:
        return
    compared = headlines.benchmark_sentence(reach, whole=others[0]) if others else ""
    yield compared or headlines.reach_sentence(reach)


def _levels(unit: UnitCounts) -> Table | None:
    told = sorted((each for each in unit.skills if each.is_told), key=lambda each: -(each.share or 0))[:MOST_ROWS]
    rows = [
        (each.name, [*tables.level_cells(unit, counts=each), tables.share_cell(unit, counts=each)]) for each in told
    ]
    head = [_("Skill"), *(level_name(level) for level in range(5)), _("Working or above")]
    return Table(_("People at each level"), head, rows) if rows else None


def _gaps(unit: UnitCounts) -> Table | None:
    known = [each for each in unit.skills if isinstance(each.needs, int) and each.needs]
    largest = sorted(known, key=lambda each: -each.short if isinstance(each.short, int) else 0)[:MOST_ROWS]
    rows = [
        (each.name, [*tables.gap_cells(unit, counts=each), tables.below_cell(unit, counts=each)]) for each in largest
    ]
    head = [_("Skill"), _("Role asks for it"), _("Below that"), _("Share below")]
    return Table(_("Against what roles ask for"), head, rows) if rows else None


def _parts(parts: Sequence[UnitCounts], *, skill: SkillCounts | None) -> Table | None:
    if skill is None:
        return None
    known = [(part, counts) for part in parts if (counts := part.skill(skill.slug))]
    by_share = sorted(known, key=lambda each: -1 if each[1].share is None else each[1].share)[:MOST_ROWS]
    rows = [(part.name, _part_cells(part, counts=counts)) for part, counts in by_share]
    head = [_("Organisation"), _("People"), _("Working or above"), _("Role asks for it"), _("Share below")]
    return Table(_("%(skill)s, part by part") % {"skill": skill.name}, head, rows) if rows else None


def _part_cells(part: UnitCounts, *, counts: SkillCounts) -> list[Cell]:
    needs, _short = tables.gap_cells(part, counts=counts)
    people = tables.people_cell(part, skill=counts.slug)
    return [people, tables.share_cell(part, counts=counts), needs, tables.below_cell(part, counts=counts)]
