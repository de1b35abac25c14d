"""How old a reader should be: figures that move as texts get harder, and what of a page is no prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upskill.authoring.gate.reading_age import age, grade, prose_of

PLAIN = "The cat sat on the mat. The dog ran to the cat. They sat in the sun."
HARD = (
    "Proportionality considerations necessitate comprehensive documentation of algorithmic determinations, "
    "notwithstanding organisational expectations regarding administrative simplification."
)


def test_grade_follows_the_published_formula():
    words, sentences, syllables = 17, 3, 17

    assert grade(PLAIN) == pytest.approx(0.39 * words / sentences + 11.8 * syllables / words - 15.59)


def test_long_words_in_long_sentences_need_an_older_reader():
    assert age(PLAIN) < 8
    assert age(HARD) > 18


def test_text_without_words_has_no_grade():
    assert grade("... 😀 !") == 0


def test_tables_code_and_sources_are_no_prose():
    html = (
        "<h2>One</h2><p>Count the cups.</p><table><tr><td>Ada</td></tr></table><pre>x = 1</pre><ul><li>Pour</li></ul>"
        "<h2>Sources</h2><ul><li>A very long name of a very old book</li></ul>"
    )

    assert prose_of(html).split() == ["One.", "Count", "the", "cups..", "Pour."]


@given(st.text())
def test_no_text_breaks_it(text):
    assert isinstance(age(prose_of(f"<p>{text}</p>")), int)
