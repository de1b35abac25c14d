"""What the gate says of Welsh beside English."""

import hashlib

from tests.unit.authoring.gate.planted import FILES, LESSON, write
from tests.unit.catalogue.test_welsh import TEXT, WELSH
from upskill.authoring.gate import running

NOW = hashlib.sha256(FILES[LESSON].encode()).hexdigest()


def said_of(root, text: str) -> tuple[list[str], ...]:
    """Mistakes and advice, each as it is printed, without the folder."""
    found = running.read([write(root, {**FILES, WELSH: text})])
    return tuple([str(each).removeprefix(f"{root}/") for each in kind] for kind in (found.mistakes, found.advice))


def with_hash(digest: str) -> str:
    return "\n".join(f"of: {digest}" if line.startswith("of:") else line for line in TEXT.split("\n"))


def test_welsh_of_the_english_as_it_is_needs_no_word(tmp_path):
    assert said_of(tmp_path, with_hash(NOW)) == ([], [])


def test_old_welsh_gets_advice_with_file_line_and_cure(tmp_path):
    assert said_of(tmp_path, with_hash("a" * 64)) == (
        [],
        [
            f"{WELSH}:3: sharing.md has changed since this was translated, so learners get the English. "
            f"Bring the Welsh up to date, then write of: {NOW}."
        ],
    )


def test_bad_link_in_the_welsh_is_a_mistake(tmp_path):
    text = with_hash(NOW).replace("Un person.", "[Un](http://tea.org) person.")

    problem = f"{WELSH}:15: The link to http://tea.org is not encrypted."
    assert said_of(tmp_path, text) == ([f"{problem} Begin it with https://, or take another source."], [])
