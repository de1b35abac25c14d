"""What a learner reads: plain, bounded, and helpful."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.protocol import Limits
from grading.runner import messages
from grading.runner.messages import Failure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  two  words \n", "two  words"),
        ("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07", "red link"),
        ("a\0b\x07c\x1b", "abc"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("half \ud800 pair", "half ? pair"),
        ("right-to-left \u202e trick", "right-to-left  trick"),
        ("x" * 700, "x" * 599 + "…"),
        ("é" * 600, "é" * 600),
    ],
)
def test_text_is_made_plain_and_cut(text, expected):
    assert messages.plain(text) == expected


@settings(deadline=None)
@given(st.text())
def test_plain_text_is_short_storable_and_stable(text):
    plain = messages.plain(text)

    assert len(plain) <= 600
    assert "\0" not in plain
    assert "\x1b" not in plain
    assert plain.encode("utf-8").decode("utf-8") == plain
    assert messages.plain(plain) == plain


def test_a_huge_text_is_cut_before_it_is_searched():
    assert messages.plain("\x1b[" * 50_000_000, limit=10) == messages.plain("\x1b[" * 100, limit=10)


def test_a_failed_assertion_speaks_in_its_authors_words():
    failure = Failure(name="AssertionError", value="Divide by the \x1b[1m4\x1b[0m claims.")

    assert messages.assertion(failure, source="", line=None) == "Divide by the 4 claims."


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (1, "This did not hold: assert double(2) == 4"),
        (3, "This did not hold: assert long_words == [ 'house', 'words', ]"),
        (9, "A check on your answer did not hold."),
        (None, "A check on your answer did not hold."),
    ],
)
def test_a_failed_assertion_without_words_is_shown_itself(line, expected):
    source = "assert double(2) == 4\nassert long_words == [\n    'house',\n    'words',\n]"
    failure = Failure(name="AssertionError", value="")

    assert messages.assertion(failure, source=source, line=line) == expected


def test_an_assertion_in_a_cell_that_is_no_python_has_general_words():
    failure = Failure(name="AssertionError", value="")

    assert messages.assertion(failure, source="%timeit x\nassert (", line=1) == "A check on your answer did not hold."


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (
            "NameError",
            "name 'gap' is not defined",
            "NameError: name 'gap' is not defined. "
            "Check the spelling of the name, and that an earlier cell defines it.",
        ),
        (
            "SyntaxError",
            "expected ':' (1623510509.py, line 3)",
            "SyntaxError: expected ':' (line 3). Python cannot read this line. "
            "Look for a missing bracket, quote or colon.",
        ),
        (
            "SyntaxError",
            "invalid syntax (<ipython-input-1-abc>, line 3)",
            "SyntaxError: invalid syntax (line 3). Python cannot read this line. "
            "Look for a missing bracket, quote or colon.",
        ),
        (
            "KeyError",
            "'fpr'",
            "KeyError: 'fpr'. This name is not in the table or dictionary. Check its spelling.",
        ),
        ("Ours", "what?", "Ours: what?. Run the cell yourself to see where it happens."),
        ("Ours", "", "Ours. Run the cell yourself to see where it happens."),
        ("", "", "Error. Run the cell yourself to see where it happens."),
        (
            "MemoryError",
            "Unable to allocate 7.45 GiB",
            "Your code used more memory than it may. Work with less data at a time, then submit again.",
        ),
    ],
)
def test_an_exception_is_told_in_pythons_words_and_in_plain_ones(name, value, expected):
    assert messages.exception(Failure(name=name, value=value)) == expected


@settings(deadline=None)
@given(st.text(max_size=2000), st.text(max_size=2000))
def test_no_exception_makes_a_long_message(name, value):
    message = messages.exception(Failure(name=name, value=value))

    assert 0 < len(message) <= 600


@pytest.mark.parametrize(
    ("stub", "expected"),
    [
        ("def f(x):\n    raise NotImplementedError()", "Write this function, then submit again."),
        ("import math\n\ndef f(x):\n    pass", "Write this function, then submit again."),
        ("class A:\n    pass", "Write this class, then submit again."),
        ("raise NotImplementedError()", "Write the code for this question, then submit again."),
        ("%matplotlib inline", "Write the code for this question, then submit again."),
        ("", "Write the code for this question, then submit again."),
    ],
)
def test_an_untouched_answer_is_asked_for_by_what_it_is(stub, expected):
    assert messages.untouched(stub) == expected


def test_limits_are_named_with_their_figures():
    limits = Limits(memory_mb=2048)

    assert [messages.too_slow(10), messages.python_ended(limits)] == [
        "Your code did not finish within 10 seconds. Look for a loop that never ends.",
        "Your code stopped Python itself. Look for exit() or quit(), or for a table or list that grows "
        "beyond 2,048 MB.",
    ]
