"""Every event that the code writes has a sentence for the person whose record it concerns."""

import ast
import string

import pytest

from tests.repository.tree import python_files, text_of
from upskill.core.audit import LOOKS
from upskill.web.account.trail_words import OTHERWISE, UNKNOWN, WORDS, sentence

WRITERS = {"record", "record_about_each", "record_rows"}


def calls() -> list[tuple[str, ast.Call]]:
    """Every call that writes audit entries, with its file."""
    return [
        (path, node)
        for path in python_files("platform/")
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITERS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "audit"
    ]


def events() -> set[str]:
    names = [call.args[0] for _path, call in calls() if call.args]
    return {str(name.value) for name in names if isinstance(name, ast.Constant)}


def test_code_names_each_event_where_it_writes_it():
    unnamed = [path for path, call in calls() if not (call.args and isinstance(call.args[0], ast.Constant))]

    assert unnamed == []
    assert len(events()) > 20


def test_every_event_of_the_code_has_words():
    assert events() - set(WORDS) == set()


def test_no_words_are_kept_for_what_nothing_writes():
    assert set(WORDS) - events() == set()


@pytest.mark.parametrize("event", [event for event in WORDS if event.endswith(tuple(f".{look}" for look in LOOKS))])
def test_a_look_says_as_what_it_was_or_that_it_names_nobody(event):
    words = str(WORDS[event])

    assert ", as " in words or "name nobody" in words


@pytest.mark.parametrize("words", [*WORDS.values(), OTHERWISE])
def test_words_begin_with_who_and_have_a_plain_word_for_each_place(words):
    places = {name for _text, name, _format, _conversion in string.Formatter().parse(str(words)) if name}

    assert str(words).startswith("{who} ")
    assert places - {"who"} - set(UNKNOWN) == set()


@pytest.mark.parametrize("event", list(WORDS))
def test_sentence_about_a_row_that_is_gone_is_still_a_sentence(event):
    said = sentence(event, who="Mary", facts={})

    assert said.startswith("<strong>Mary</strong> ")
    assert said.endswith(".")
    assert "{" not in said


def test_sentence_of_an_event_without_words_says_so():
    assert sentence("moon.landed", who="Mary", facts={}) == (
        "<strong>Mary</strong> did something in your record for which this page has no words yet."
    )


def test_what_people_typed_is_shown_as_text():
    said = sentence("evidence.added", who="<i>Mary</i>", facts={"skill": "<script>", "level": "Working"})

    assert said == (
        "<strong>&lt;i&gt;Mary&lt;/i&gt;</strong> wrote into your skills record: &lt;script&gt;, level Working."
    )
