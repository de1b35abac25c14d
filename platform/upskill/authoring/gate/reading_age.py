"""How old a reader should be to follow a text: the Flesch-Kincaid grade.

Source: J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, Derivation of New Readability Formulas for Navy
Enlisted Personnel, Research Branch Report 8-75, 1975. It counts and does not understand: it is a reason to look again.
"""

import re
from html.parser import HTMLParser

_SENTENCE = re.compile(r"[.!?:][\s\"*]+")
_WORD = re.compile(r"[A-Za-z0-9'-]+")
_VOWELS = re.compile(r"[aeiouy]+")
_LEFT_OUT = {"table", "pre"}
_ENDS = {"p", "li", "h2", "h3", "h4", "h5", "h6", "summary"}
_YEARS_BEFORE_SCHOOL = 5  # a reader in US grade 9 is about 14


class _Prose(HTMLParser):
    """Gathers what a page says in sentences: no tables, no code, nothing from the list of sources on."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._left_out = 0
        self._heading = False
        self._has_ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._left_out += tag in _LEFT_OUT
        self._heading = tag == "h2"

    def handle_endtag(self, tag: str) -> None:
        self._left_out -= tag in _LEFT_OUT
        if tag in _ENDS and not self._has_ended:
            self.text.append(".\n")

    def handle_data(self, data: str) -> None:
        self._has_ended = self._has_ended or (self._heading and data.strip() == "Sources")
        self._heading = False
        if not (self._left_out or self._has_ended):
            self.text.append(data)


def prose_of(html: str) -> str:
    """The sentences of a page as plain text."""
    reader = _Prose()
    reader.feed(html)
    reader.close()
    return "".join(reader.text)


def count_of_words(text: str) -> int:
    """How many words a text has, one with a hyphen or an apostrophe in it taken as one."""
    return len(_WORD.findall(text))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text; 0 for one without a word."""
    sentences = [words for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def age(text: str) -> int:
    """The age, in years, at which a text can be read."""
    return round(grade(text)) + _YEARS_BEFORE_SCHOOL


def _syllables(word: str) -> int:
    """Syllables of an English word, near enough to grade a whole text."""
    return max(1, len(_VOWELS.findall(word.lower().removesuffix("e"))))
