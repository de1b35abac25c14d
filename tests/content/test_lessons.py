"""Lessons: plain English, a case before the theory, and sources with dates."""

import re
from html import unescape
from itertools import pairwise

import pytest

from tests.content.library import item, library

LESSONS = [it for each in library().courses for module in each.modules for it in module.items if it.kind == "lesson"]
HYPE = (
    "revolution|game.?chang|cutting.edge|unlock|harness|seamless|leverage|empower|transformative|delve|groundbreaking"
)


def words_of(html: str) -> str:
    """The text of a page without its markup, tables, code and sources, one paragraph to a line."""
    html = re.sub(r"<table>.*?</table>|<pre\b.*?</pre>|<h2>Sources</h2>.*", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|h\d|summary)>", ".\n", html)))


def sentences_of(html: str) -> list[list[str]]:
    """Each sentence as its words."""
    parts = re.split(r"[.!?:][\s\"*]+", words_of(html))
    return [words for part in parts if (words := re.findall(r"[A-Za-z0-9'-]+", part))]


def syllables(word: str) -> int:
    """Syllables of an English word, near enough to grade a whole text."""
    groups = re.findall(r"[aeiouy]+", word.lower().removesuffix("e"))
    return max(1, len(groups))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_lesson_can_be_read_at_fourteen(lesson):
    sentences = sentences_of(lesson.page["html"])
    words = [word for sentence in sentences for word in sentence]

    # Flesch-Kincaid grade; a reader of 14 is in US grade 8 to 9
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59

    assert grade <= 9


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_no_sentence_is_hard_to_hold_in_mind(lesson):
    too_long = [" ".join(words) for words in sentences_of(lesson.page["html"]) if len(words) > 32]

    assert too_long == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_lesson_takes_as_long_as_it_says(lesson):
    count = len(re.findall(r"\w+", words_of(lesson.page["html"])))

    assert 110 <= count / lesson.minutes <= 200  # words a minute, with time to try the challenges


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_lesson_states_objectives_lets_people_try_and_sums_up(lesson):
    html = lesson.page["html"]

    places = [html.index(f'<section class="prose-{part}">') for part in ("objectives", "challenge", "keypoints")]
    assert places == sorted(places)
    assert html.count('<section class="prose-challenge">') == html.count('<details class="prose-solution">') >= 1


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_lesson_sells_nothing(lesson):
    assert re.findall(HYPE, words_of(lesson.page["html"]), flags=re.IGNORECASE) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_source_has_a_date(lesson):
    sources = lesson.page["html"].split("<h2>Sources</h2>")[1]

    undated = [
        source for source in re.findall(r"<li>(.*?)</li>", sources, re.DOTALL) if not re.search(r"\d{4}", source)
    ]
    assert undated == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_headings_go_down_one_level_at_a_time(lesson):
    levels = [1, *(int(level) for level in re.findall(r"<h(\d)>", lesson.page["html"]))]

    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_reading_an_audit_tells_a_real_case_before_it_names_an_error_rate():
    html = item("reading-an-audit").page["html"]

    assert html.index("Department for Work and Pensions") < html.index("<strong>false positive</strong>")


def test_figures_of_the_invented_audit_agree_with_its_table():
    html = item("reading-an-audit").page["html"]
    rows = [
        [int(cell.replace(",", "")) for cell in cells[1:]]
        for row in re.findall(r"<tr>\n(.*?)</tr>", html, re.DOTALL)
        if len(cells := re.findall(r"<td>(.*?)</td>", row)) == 6
    ]

    (under, fine_under, checked_under, over_under, caught_under), older, (_, fine_missing, checked_missing, _, _) = rows
    everyone, fine, checked, overpaid, caught = older
    assert [everyone, under] == [fine + overpaid, fine_under + over_under]
    assert (round(checked / fine, 2), round(checked_under / fine_under, 2)) == (0.15, 0.05)
    assert (round(checked / (checked + caught), 2), round(checked / everyone, 2)) == (0.72, 0.14)
    assert (1 - caught / overpaid, 1 - caught_under / over_under) == pytest.approx((0.1, 0.3))
    assert (overpaid / everyone, over_under / under) == (0.06, 0.06)
    assert round(checked_missing / fine_missing, 2) == 0.22
