"""Tables of figures, each figure with the way to what it counts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upskill.reports.figures import Figure, Hidden
from upskill.reports.headlines import figure
from upskill.reports.unit_figures import SkillCounts, Slice, UnitCounts, share
from upskill.web.manager.heat import Cell

from . import asked, measures


@dataclass(frozen=True)
class Shares:
    """The share at working level or above of one skill, here and in larger wholes."""

    name: str
    url: str
    cells: list[Cell]


def levels(unit: UnitCounts, *, skills: Iterable[SkillCounts]) -> list[tuple[str, str, list[Cell]]]:
    """Skill by level, shaded by share. Each skill leads to its parts side by side."""
    return [(each.name, compare_url(unit, skill=each.slug), level_cells(unit, counts=each)) for each in skills]


def side_by_side(units: Sequence[UnitCounts], *, skill: str) -> list[tuple[str, str, list[Cell]]]:
    """Organisation, grade band or profession by level of one skill. Each leads to its own page."""
    rows = []
    for unit in units:
        if counts := unit.skill(skill):
            cells = [people_cell(unit, skill=skill), *level_cells(unit, counts=counts), *gap_cells(unit, counts=counts)]
            rows.append((name_of(unit), compare_url(unit, skill=skill), cells))
    return rows


def level_cells(unit: UnitCounts, *, counts: SkillCounts) -> list[Cell]:
    """People at each level, none yet first."""
    return [
        _cell(value, of=counts.people, url=figure_url(unit, skill=counts.slug, measure=measure), what=measure)
        for measure, value in zip(measures.LEVELS, counts.levels, strict=True)
    ]


def gap_cells(unit: UnitCounts, *, counts: SkillCounts) -> list[Cell]:
    """People whose role asks for the skill, and those below that."""
    return [
        _cell(measures.value_of(counts, measure=each), of=None,
              url=figure_url(unit, skill=counts.slug, measure=each), what=each)
        for each in (measures.NEEDS, measures.SHORT)
    ]  # fmt: skip


def people_cell(unit: UnitCounts, *, skill: str) -> Cell:
    """How many people there are, as counted with this skill; "" where none is published of them."""
    counts = unit.skill(skill)
    url = figure_url(unit, skill=skill, measure=measures.PEOPLE) if counts else ""
    people = measures.value_of(counts, measure=measures.PEOPLE) if counts else unit.people
    return _cell(people, of=None, url=url, what=measures.PEOPLE)


def share_cell(unit: UnitCounts, *, counts: SkillCounts | None, opens: bool = True) -> Cell:
    """The share at working level or above; without a way on where the viewer may not open the unit's figures."""
    return _share(unit, counts=counts, value=counts.share if counts else None, what=measures.REACHED, opens=opens)


def below_cell(unit: UnitCounts, *, counts: SkillCounts) -> Cell:
    """Of those whose role asks for the skill, the share who are below that."""
    what = measures.NEEDS if isinstance(counts.needs, Hidden) else measures.SHORT
    return _share(unit, counts=counts, value=share(counts.short, of=counts.needs), what=what)


def shares(
    unit: UnitCounts,
    *,
    others: Sequence[UnitCounts],
    skills: Iterable[SkillCounts],
    opens: Callable[[UnitCounts], bool],
) -> list[Shares]:
    """The share of each skill here and in each of the other wholes. `opens`: whether the viewer may open a whole."""
    wholes = [(whole, opens(whole)) for whole in (unit, *others)]
    return [
        Shares(
            each.name,
            compare_url(unit, skill=each.slug),
            [share_cell(whole, counts=whole.skill(each.slug), opens=may) for whole, may in wholes],
        )
        for each in skills
    ]


def ways(units: Iterable[UnitCounts]) -> list[tuple[str, str, Cell]]:
    """Parts or slices: what each is called, where its figures are, and how many people it has."""
    return [
        (name_of(each), unit_url(each), people_cell(each, skill=each.skills[0].slug if each.skills else ""))
        for each in units
    ]


def name_of(unit: UnitCounts) -> str:
    """What a part or a slice is called beside others."""
    return asked.name_of(unit.slice) if unit.slice.kind else unit.name


def unit_url(unit: UnitCounts) -> str:
    """Where its figures are."""
    return _page(unit.code, "department", "government") + asked.query_of(unit.slice)


def per_cent(value: int | None) -> str:
    """A share in words."""
    return "[c]" if value is None else f"{value}%"


def below(counts: SkillCounts) -> str:
    """The share of those whose role asks for the skill who are below that, in words."""
    return per_cent(share(counts.short, of=counts.needs))


def compare_url(unit: UnitCounts, *, skill: str) -> str:
    """Where one skill is shown: part by part."""
    return _page(unit.code, "compare", "government_compare") + asked.query_of(unit.slice, skill=skill)


def figure_url(unit: UnitCounts, *, skill: str, measure: str) -> str:
    """Where a figure says what it counts."""
    page, people = _figure_page(unit.code, unit.slice)
    return f"{page}?skill={skill}&of={measure}{people}"  # a slug and a word of ours: nothing to quote


@lru_cache(maxsize=1000)
def _figure_page(code: str, slice_: Slice) -> tuple[str, str]:
    """Where the figures of an organisation open, and what names the people. A table asks some hundred times."""
    return _page(code, "figure", "government_figure"), asked.query_of(slice_).replace("?", "&", 1)


@lru_cache(maxsize=3000)
def _page(code: str, name: str, of_government: str) -> str:
    """The address of an organisation's page of this name, or of that of all of government."""
    return reverse(f"manager:{name}", args=[code]) if code else reverse(f"manager:{of_government}")


def _share(unit: UnitCounts, *, counts: SkillCounts | None, value: int | None, what: str, opens: bool = True) -> Cell:
    """A share, which leads to the figure that it is worked out of."""
    url = figure_url(unit, skill=counts.slug, measure=what) if counts and opens else ""
    if value is None:
        return _hidden(url, what=what)
    return Cell(text=per_cent(value), level="plain", url=url)


def _cell(value: Figure, *, of: int | None, url: str, what: str) -> Cell:
    """A figure; shaded by its share where it is one of a whole."""
    if isinstance(value, Hidden):
        return _hidden(url, what=what)
    if not of:
        return Cell(text=figure(value), level="plain", url=url)
    return Cell(text=figure(value), level=min(4, -(-4 * value // of)), url=url)


def _hidden(url: str, *, what: str) -> Cell:
    return Cell(text="[c]", level="hidden", said=_hidden_words(what, get_language()), url=url)


@lru_cache(maxsize=100)
def _hidden_words(what: str, _language: str | None) -> str:
    """What is read out in place of a hidden figure. A table has some hundred of them."""
    return _("hidden: %(what)s") % {"what": measures.title_of(what)}
