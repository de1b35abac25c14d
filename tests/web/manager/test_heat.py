"""The shade of a cell, and that a figure or words stand in each."""

import pytest

from upskill.web.manager import heat
from upskill.web.manager.heat import Cell


@pytest.mark.parametrize(
    ("count", "people", "shade"),
    [(0, 100, 0), (1, 100, 1), (25, 100, 1), (26, 100, 2), (50, 100, 2), (51, 100, 3), (75, 100, 3), (76, 100, 4)],
)
def test_a_count_is_shaded_by_its_share_of_the_people(count, people, shade):
    assert heat.count_cell(count, people=people) == Cell(text=str(count), level=shade)


def test_everybody_is_the_darkest_shade_and_nobody_of_nobody_the_lightest():
    assert heat.count_cell(7, people=7) == Cell(text="7", level=4)
    assert heat.count_cell(0, people=0) == Cell(text="0", level=0)


@pytest.mark.parametrize(("count", "people"), [(None, 10), (None, None), (5, None)])
def test_a_hidden_count_has_no_shade_and_is_read_out_as_hidden(count, people):
    assert heat.count_cell(count, people=people) == Cell(text="[c]", level="hidden", said="hidden")


def test_the_keys_name_every_shade_once():
    assert [shade for shade, _words in heat.level_key()] == [0, 1, 2, 3, 4]
    assert [shade for shade, _words in heat.count_key()] == [0, 1, 2, 3, 4, "hidden"]
