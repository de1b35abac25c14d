"""Charts: what is drawn, in both widths; nothing that a strict policy refuses, whatever somebody calls themselves."""

import datetime as dt
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from tests import hostile
from upskill.web.charts.bars import Bar, Mark, bars
from upskill.web.charts.drawing import MOST_BARS, MOST_LINES, Chart, Drawing, wrapped
from upskill.web.charts.lines import Line, lines

DAYS = [dt.date(2026, 11, 20), dt.date(2026, 11, 21), dt.date(2026, 11, 23)]
HEAD = ["Name", "Share"]


def drawn(chart: Chart) -> str:
    return render_to_string("components/chart.html", {"chart": chart})


def a_bar_chart(*among: Bar, mark: Mark | None = None) -> Chart:
    rows = [[bar.name, bar.said] for bar in among]
    return bars("shares", title="Shares differ", about="Shares.", among=among, head=HEAD, rows=rows, mark=mark)


def a_line_chart(*among: Line) -> Chart:
    rows = [["20 November 2026", "10%"]]
    return lines("trend", title="It rose", about="Shares.", days=DAYS, among=among, head=HEAD, rows=rows)


def pictures(page: str) -> list[ElementTree.Element]:
    """Our own drawings, read as XML: none that is not well formed gets through."""
    found = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    return [ElementTree.fromstring(each) for each in found]  # noqa: S314 - drawn by us


def words(drawing: Drawing) -> list[str]:
    return [text.words for text in drawing.texts]


# --- bars ------------------------------------------------------------------------------------------------------------


def test_bars_are_as_long_as_their_shares_in_both_widths():
    chart = a_bar_chart(Bar("North", 0.5, "50%"), Bar("South", 1.0, "100%"), Bar("West", None, "[c]"))

    lengths = [[box.width for box in drawing.boxes] for drawing in chart.drawings]
    assert [second / first for first, second in lengths] == [2, 2]
    assert words(chart.drawings[0]) == ["North", "50%", "South", "100%", "West", "[c]"]


def test_dark_part_of_a_bar_begins_where_the_bar_does():
    chart = a_bar_chart(Bar("North", 0.8, "40 of 80", part=0.4), Bar("South", 0.4, "0 of 40", part=0))

    [whole, part, alone] = chart.drawings[0].boxes
    assert (whole.look, part.look, alone.look) == ("whole", "part", "whole")
    assert (whole.x, whole.width) == (part.x, 2 * part.width)


def test_mark_stands_across_all_bars_and_says_what_it_is():
    chart = a_bar_chart(Bar("North", 0.5, "50%"), mark=Mark(0.75, "All: 75%"))

    assert [path.look for path in chart.drawings[0].paths] == ["mark"]
    assert words(chart.drawings[0])[-1] == "All: 75%"


def test_more_bars_than_can_be_read_stand_in_the_table_alone():
    chart = a_bar_chart(*(Bar(f"Part {number}", 0.5, "50%") for number in range(MOST_BARS + 5)))

    assert (len(chart.drawings[0].boxes), len(chart.rows)) == (MOST_BARS, MOST_BARS + 5)
    assert chart.about == f"Shares. The first {MOST_BARS} are drawn; the table has all."
    assert a_bar_chart(*(Bar(f"Part {number}", 0.5, "50%") for number in range(MOST_BARS))).about == "Shares."


def test_long_names_are_wrapped_and_cut():
    assert wrapped("Service Delivery North and Scotland Directorate General", width=20, most=2) == [
        "Service Delivery",
        "North and Scotland…",
    ]


# --- lines -----------------------------------------------------------------------------------------------------------


def test_line_runs_over_days_and_has_its_name_at_its_end():
    wide, narrow = a_line_chart(Line("Fairness", [10, 20, 30])).drawings

    [line] = [path.points for path in wide.paths if path.look == "line-1"]
    (x1, y1), (x2, y2), (x3, y3) = (tuple(map(int, point.split(","))) for point in line.split())
    assert (x3 - x2, y1 - y2, y2 - y3) == (2 * (x2 - x1) + 1, y2 - y3, y1 - y2)
    assert "Fairness 30%" in words(wide)
    assert "Fairness 30%" in words(narrow)
    assert [word for word in words(wide) if word.endswith("2026")] == ["20 Nov 2026", "23 Nov 2026"]


def test_nothing_is_drawn_over_a_hidden_day():
    wide, _narrow = a_line_chart(Line("Fairness", [10, None, 30])).drawings

    assert [path.look for path in wide.paths if " " not in path.points] == ["line-1", "line-1"]
    assert len(wide.boxes) == 2


def test_names_of_lines_that_end_alike_do_not_lie_on_each_other():
    wide, _narrow = a_line_chart(*(Line(f"Skill {number}", [10, 20, 30]) for number in range(9))).drawings

    places = [text.y for text in wide.texts if text.look.startswith("name")]
    assert len(places) == MOST_LINES
    assert all(later - earlier >= 17 for earlier, later in pairwise(places))


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chart", [a_bar_chart(Bar("North", 0.5, "50%")), a_line_chart(Line("Fairness", [1, 2, 3]))])
def test_chart_is_named_described_and_has_a_table_and_no_style_or_script(chart):
    page = drawn(chart)

    assert [sorted(each.attrib) for each in pictures(page)] == [
        ["aria-labelledby", "class", "focusable", "role", "viewBox"]
    ] * 2
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {named for each in pictures(page) for named in each.attrib["aria-labelledby"].split()} <= set(ids)
    assert re.findall(r"<th scope=\"col\"[^>]*>([^<]*)", page) == HEAD
    assert not re.search(r"<style|<script|\bstyle=|\bon\w+=", page)


@pytest.mark.parametrize("name", [each.replace("\0", "") for each in (*hostile.MARKUP, *hostile.BREAKOUTS)])
def test_hostile_names_are_text(name):
    page = drawn(a_bar_chart(Bar(name, 0.5, name))) + drawn(a_line_chart(Line(name, [1, 2, 3])))

    tags = {each.tag for picture in pictures(page) for each in picture.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "polyline", "text"}


@pytest.mark.parametrize("name", [each.replace("\0", "") for each in (*hostile.MARKUP, *hostile.BREAKOUTS)])
def test_hostile_names_are_text_in_the_table_behind_a_chart(name):
    [line] = ElementTree.fromstring(f"<table>{a_bar_chart(Bar(name, 0.5, name)).body()}</table>")  # noqa: S314 - ours

    assert [(cell.tag, cell.text, len(cell)) for cell in line] == [("th", name, 0), ("td", name, 0)]
