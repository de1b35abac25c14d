"""Welsh beside English: shown while it is of the English that stands there, and never after."""

import hashlib

import pytest

from tests.unit.catalogue.small_course import BASICS, FILES, write_library
from tests.unit.catalogue.test_author_mistakes import mistakes_in
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.shape import ItemContent

LESSON, WELSH = f"{BASICS}/sharing.md", f"{BASICS}/sharing.cy.md"
OF = hashlib.sha256(FILES[LESSON].encode()).hexdigest()
TEXT = f"""\
---
title: Rhannu tebot
of: {OF}
checked_by_speaker: false
---

::: objectives
- Gallwch rannu tebot.
:::

::::: challenge
Pwy sydd heb de?

:::: solution
Un person.
::::
:::::

::: keypoints
- Arllwyswch yn araf.
:::
"""
LOST = "This Welsh text belongs to no lesson of the module."
CURE = "Put it beside the lesson that it translates, as name.cy.md beside name.md. Nothing else has Welsh yet."


def lesson(root, files: dict[str, str]) -> ItemContent:
    """The lesson of the small course, with these files beside its own."""
    return read_library([write_library(root, files={**FILES, **files})]).courses[0].modules[0].items[0]


def test_welsh_is_read_with_the_lesson_and_names_its_parts_in_welsh(tmp_path):
    english, both = lesson(tmp_path / "a", {}), lesson(tmp_path / "b", {WELSH: TEXT})

    assert both.page == english.page | {
        "cy": {
            "title": "Rhannu tebot",
            "is_checked": False,
            "html": (
                '<section class="prose-objectives"><h2>Ar ôl y wers hon</h2>\n<ul>\n<li>Gallwch rannu tebot.</li>\n'
                '</ul>\n</section>\n<section class="prose-challenge"><h3>Rhowch gynnig arni</h3>\n'
                "<p>Pwy sydd heb de?</p>\n"
                '<details class="prose-solution"><summary>Dangos yr ateb</summary>\n<p>Un person.</p>\n</details>\n'
                '</section>\n<section class="prose-keypoints"><h2>Pwyntiau allweddol</h2>\n<ul>\n'
                "<li>Arllwyswch yn araf.</li>\n</ul>\n</section>\n"
            ),
        }
    }
    assert (both.title, both.minutes) == ("Sharing a pot", 5)


def test_welsh_of_another_english_is_not_kept_at_all(tmp_path):
    changed = FILES[LESSON].replace("Four people share", "Five people share")

    read = lesson(tmp_path, {LESSON: changed, WELSH: TEXT})

    assert read.page["cy"] == {"is_stale": True}


@pytest.mark.parametrize("converted", ["\ufeff{}", "{}"])
def test_line_ends_and_a_byte_order_mark_make_no_translation_old(tmp_path, converted):
    windows = converted.format(FILES[LESSON].replace("\n", "\r\n"))

    assert lesson(tmp_path, {LESSON: windows, WELSH: TEXT}).page["cy"]["title"] == "Rhannu tebot"


def test_welsh_is_content_and_a_speakers_check_is_too(tmp_path):
    versions = [{}, {WELSH: TEXT}, {WELSH: TEXT.replace("false", "true")}, {WELSH: TEXT.replace("araf", "gyflym")}]

    names = {lesson(tmp_path / str(number), files).sha256 for number, files in enumerate(versions)}

    assert len(names) == 4


@pytest.mark.parametrize(
    ("old", "new", "line", "problem", "cure"),
    [
        (f"of: {OF}\n", "", 2, "A key is missing: 'of'.", "Add it."),
        (
            OF, "sharing.md", 3, "The value of 'of' does not fit.",
            "Give the SHA-256 of the English file: 64 digits and letters a to f, as sha256sum prints it.",
        ),
        ("false", '"no"', 4, "The value of 'checked_by_speaker' is not true or false.", "Give true or false."),
        ("title: Rhannu tebot", "minutes: 5\ntitle: Rhannu tebot", 2, "The key 'minutes' is not known here.",
         "Use only these keys: title, of, checked_by_speaker."),
        ("::: objectives", "::: amcanion", 7, "The fence ::: amcanion is not known.",
         "Use one of: objectives, challenge, solution, keypoints."),
    ],
)  # fmt: skip
def test_mistake_in_the_welsh_is_reported_with_line_and_cure(tmp_path, old, new, line, problem, cure):
    assert TEXT.count(old) == 1

    assert mistakes_in(tmp_path, {**FILES, WELSH: TEXT.replace(old, new)}) == [(WELSH, line, problem, cure)]


def test_welsh_without_a_block_or_a_text_is_refused(tmp_path):
    assert mistakes_in(tmp_path / "a", {**FILES, WELSH: "Rhannu."}) == [
        (WELSH, 1, "The block with title: and of: is missing.",
         "Begin the file with a line ---, then title: and of:, then a line ---."),
    ]  # fmt: skip
    assert mistakes_in(tmp_path / "b", {**FILES, WELSH: TEXT[: TEXT.index("::: obj")]}) == [
        (WELSH, 6, "The translation has no text.", "Write it under the second ---."),
    ]


@pytest.mark.parametrize("name", ["check.cy.md", "check.quiz.cy.md", "pouring.cy.md", "double.cy.md"])
def test_welsh_that_belongs_to_no_lesson_is_a_stray(tmp_path, name):
    assert mistakes_in(tmp_path, {**FILES, f"{BASICS}/{name}": TEXT}) == [(f"{BASICS}/{name}", 1, LOST, CURE)]


def test_mistake_in_the_english_is_reported_beside_its_welsh(tmp_path):
    files = {**FILES, LESSON: FILES[LESSON].replace("minutes: 5", "minutes: five"), WELSH: TEXT}

    found = mistakes_in(tmp_path, files)

    assert found == [(LESSON, 3, "The value of 'minutes' is not a whole number.", "Give a whole number.")]
