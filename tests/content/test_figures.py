"""Figures of the courses that ship: what their programs draw, said in words, and owned up to."""

import re
from html import unescape

import pytest

from tests.content.library import COURSES, library
from upskill.authoring.figures import programs

PROGRAMS = programs.programs_in([COURSES])
LESSONS = [
    item for each in library().courses for module in each.modules for item in module.items if item.figures
]  # fmt: skip
SHOWN = [
    (figure, unescape(alt), unescape(caption))
    for lesson in LESSONS
    for figure, (alt, caption) in zip(
        lesson.figures,
        re.findall(r'<img [^>]*alt="([^"]*)"[^>]*><figcaption>(.*?)</figcaption>', lesson.page["html"]),
        strict=True,
    )
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_every_picture_is_what_its_program_draws(program):
    (drawn,) = programs.drawn([program])

    assert drawn.mistakes == ()
    assert drawn.is_committed


def test_every_program_draws_a_figure_that_a_lesson_shows():
    assert sorted(program.stem for program in PROGRAMS) == sorted(
        figure.name.removeprefix("figures/").removesuffix(".svg") for figure, _, _ in SHOWN
    )
    assert len(SHOWN) >= 8


@pytest.mark.parametrize(("figure", "alt", "caption"), SHOWN, ids=[figure.name for figure, _, _ in SHOWN])
def test_words_of_a_figure_say_what_kind_it_is_and_fit_in_one_breath(figure, alt, caption):
    assert 15 <= len(alt.split()) <= 60  # what the lesson on charts for everybody asks
    assert re.search(r"chart|grid|circles|dots|lines", alt.lower())
    assert not re.search(r"\b(red|blue|green|grey|colou?red)\b", alt.lower())  # no colour by name
    assert caption.endswith(".")


@pytest.mark.parametrize(("figure", "alt", "caption"), SHOWN, ids=[figure.name for figure, _, _ in SHOWN])
def test_a_figure_is_small_enough_for_a_telephone(figure, alt, caption):
    assert len(figure.svg) < 100_000
    assert figure.width <= 480  # at 390 pixels its letters are still as large as small print
