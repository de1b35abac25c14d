"""The shade of a cell, and that a figure or words stand in each."""

import pytest

from upskill.reports.figures import Hidden
from upskill.reports.unit_figures import EVERYBODY, SkillCounts, UnitCounts
from upskill.web.manager import heat
from upskill.web.manager.figures import tables
from upskill.web.manager.heat import Cell


@pytest.mark.parametrize(
    ("count", "people", "shade"),
    [(0, 100, 0), (5, 100, 1), (25, 100, 1), (30, 100, 2), (50, 100, 2), (55, 100, 3), (75, 100, 3), (80, 100, 4),
     (100, 100, 4), (105, 100, 4)],
)  # fmt: skip
def test_a_figure_is_shaded_by_its_share_of_the_people(count, people, shade):
    assert cell(count, people=people).level == shade


def test_a_hidden_figure_has_no_shade_and_is_read_out_as_hidden():
    found = cell(Hidden.FEW, people=100)

    assert (found.text, found.level, found.said) == ("[c]", "hidden", "hidden: Not yet at a level")


def cell(count, *, people: int) -> Cell:
    counts = SkillCounts("fairness", "Fairness", people, levels=(count,) * 5, needs=count, short=count)
    unit = UnitCounts("health", "Health", EVERYBODY, people=people, skills=(counts,))
    return tables.level_cells(unit, counts=counts)[0]


def test_the_keys_name_every_shade_once():
    assert [shade for shade, _words in heat.level_key()] == [0, 1, 2, 3, 4]
    assert [shade for shade, _words in heat.count_key()] == [0, 1, 2, 3, 4, "hidden"]


def test_cell_is_written_with_its_words_its_way_and_nothing_that_it_could_bring_along():
    found = [Cell("5", level=1), Cell("[c]", level="hidden", said="hidden: <b>", url="/figure/?a=1&b=<i>")]

    assert [cell.html() for cell in found] == [
        '<td class="govuk-table__cell app-heat__cell--1">5</td>',
        '<td class="govuk-table__cell app-heat__cell--hidden">'
        '<a class="app-heat__link" href="/figure/?a=1&amp;b=&lt;i&gt;">'
        '<span aria-hidden="true">[c]</span><span class="govuk-visually-hidden">hidden: &lt;b&gt;</span></a></td>',
    ]
