"""Workshop kits: read from files, published in two sides, and the trainer's words never on the participants' side."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import NOON
from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, write_library
from tests.unit.catalogue.test_author_mistakes import mistakes_in
from upskill.catalogue import kit_sides, prose, queries, search
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.models import CourseVersion, ItemVersion, KitVersion
from upskill.catalogue.services import publish_course

MODULE_YML, KIT = f"{BASICS}/module.yml", f"{BASICS}/tasting.workshop.md"
TEXT = """\
---
title: A tasting
minutes: 40
people: 4 to 12
materials:
  - A pot for each table.
---

::: objectives
- You can taste with others.
:::

Taste, and write down what you taste.

::: trainer
Say: okapi. Wait for one minute.
:::

:::: trainer How to end

Nobody leaves without a cup.

::: challenge
Which okapi?
:::
::::
"""
WITH_KIT = {
    **FILES,
    KIT: TEXT,
    MODULE_YML: FILES[MODULE_YML].replace("check, double", "tasting, check, double"),
}
CURE = "Write ::: trainer and its end at the beginning of lines of their own, outside of code and HTML."
LOST = "This ::: trainer begins nothing: participants would read what follows."
DEFINED, USED = "A link is defined in a trainer's part.", "Write its address where it is used."
ELSEWHERE = "This part for the trainer does not end where it seems to."


def kit(root, text: str = TEXT):
    """The kit with this text, in the course read from its files."""
    return read_library([write_library(root, files={**WITH_KIT, KIT: text})]).courses[0].modules[0].items[1]


def test_kit_is_read_in_two_sides(tmp_path):
    read = kit(tmp_path)

    objectives = (
        '<section class="prose-objectives"><h2>After this workshop</h2>\n<ul>\n<li>You can taste with others.</li>\n'
        "</ul>\n</section>\n<p>Taste, and write down what you taste.</p>\n"
    )
    assert (read.kind, read.title, read.minutes, read.skills) == ("workshop", "A tasting", 40, ())
    assert read.page == {"html": objectives, "people": "4 to 12", "materials": ["A pot for each table."]}
    assert read.trainer_html == (
        f'{objectives}<section class="prose-trainer"><h2>For the trainer</h2>\n'
        "<p>Say: okapi. Wait for one minute.</p>\n"
        '</section>\n<section class="prose-trainer"><h2>How to end</h2>\n<p>Nobody leaves without a cup.</p>\n'
        '<section class="prose-challenge"><h3>Try it</h3>\n<p>Which okapi?</p>\n</section>\n</section>\n'
    )


def test_kit_that_takes_nothing_and_a_fixed_number_of_people_is_read(tmp_path):
    read = kit(tmp_path, TEXT.replace("4 to 12", '"6"').replace("\n  - A pot for each table.", " []"))

    assert (read.page["people"], read.page["materials"]) == ("6", [])


@pytest.mark.parametrize(
    ("old", "new", "line", "problem", "cure"),
    [
        ("people: 4 to 12\n", "", 2, "A key is missing: 'people'.", "Add it."),
        ("people: 4 to 12", "people: 6", 4, "The value of 'people' is not text.", "Put it in quotes."),
        (
            "4 to 12", "a few", 4, "The value of 'people' does not fit.",
            'Write how many people it takes, in quotes: "6" or "4 to 12".',
        ),
        ("4 to 12", "12 to 4", 4, "From 12 to 4 people is nobody.", "Give the smaller number first."),
        ("materials:\n  - A pot for each table.\n", "", 2, "A key is missing: 'materials'.", "Add it."),
        (
            "people:", "skills: [fairness@awareness]\npeople:", 4, "The key 'skills' is not known here.",
            "Use only these keys: title, minutes, people, materials.",
        ),
        ("::: trainer\n", "::: Trainer\n", 15, "The fence ::: Trainer is not known.",
         "Use one of: objectives, challenge, solution, keypoints, trainer."),
        ("\n::: trainer\n", "\n<details>\n::: trainer\n", 16, LOST, CURE),
        ("\n::: trainer\nSay: okapi. Wait for one minute.\n:::", "\n    ::: trainer\n    Say: okapi.", 15, LOST, CURE),
        ("Nobody leaves", "```\n::::\n```\nNobody leaves", 19, ELSEWHERE, CURE),
        ("Say: okapi. Wait", "  :::\nSay: okapi. Wait", 15, ELSEWHERE, CURE),
        ("Say: okapi.", "[k]: http://okapi.example 'okapi'\n\nSay: okapi.", 16, DEFINED, USED),
        ("Say: okapi.", "- Say:\n\n  > [k]:\n  > http://okapi.example\n\nSay: okapi.", 18, DEFINED, USED),
        ("Which okapi?", "[k]: http://okapi.example\n\nWhich okapi?", 24, DEFINED, USED),
    ],
)  # fmt: skip
def test_mistake_in_a_kit_is_reported_with_line_and_cure(tmp_path, old, new, line, problem, cure):
    assert TEXT.count(old) == 1

    assert mistakes_in(tmp_path, {**WITH_KIT, KIT: TEXT.replace(old, new)}) == [(KIT, line, problem, cure)]


def test_kit_for_its_trainer_alone_is_refused(tmp_path):
    text = TEXT[: TEXT.index("::: objectives")] + TEXT[TEXT.index("::: trainer") :]

    assert mistakes_in(tmp_path, {**WITH_KIT, KIT: text}) == [
        (
            KIT,
            8,
            "The kit has no text for participants.",
            "Write for the participants outside of the ::: trainer parts.",
        ),
    ]


def test_kit_that_no_list_names_is_a_stray(tmp_path):
    cure = "Add tasting to the list in module.yml, or begin the file's name with an underscore."

    assert mistakes_in(tmp_path, {**FILES, KIT: TEXT}) == [(KIT, 1, "module.yml does not name this.", cure)]


def test_kit_beside_a_lesson_of_its_name_is_refused(tmp_path):
    line, problem = 5, "'sharing' is the name of two items."
    cure = "Rename one of them, here and in the folder."

    assert mistakes_in(tmp_path, {**FILES, f"{BASICS}/sharing.workshop.md": TEXT}) == [
        (MODULE_YML, line, problem, cure)
    ]


def test_link_that_is_defined_for_everybody_may_be_used_in_a_part_for_the_trainer(tmp_path):
    text = f"{TEXT.replace('Say: okapi.', 'Say: [okapi][k].')}\n[k]: http://tea.example\n"

    assert '<a href="http://tea.example" rel="noopener noreferrer">okapi</a>' in kit(tmp_path, text).trainer_html


PIECES = st.sampled_from([
    "::: trainer", ":::: trainer", ":::", "::::", "::: challenge", "    ::: trainer", "  :::", "- ::: trainer", "> :::",
    "```", "~~~", "<details>", "<!--", "-->", "    secret", "okapi", "", "# A", "::: Trainer", ":::trainer",
    "1. ::: trainer", "| a | b |", "|---|---|", "<pre>", "</pre>", "  ::: trainer x",
    "[k]", "[okapi][k]", "![okapi][k]", "[k]: http://tea.example",
])  # fmt: skip


DEFINITIONS = st.sampled_from(
    ["[k]: http://zebra.example", "[k]: http://x.example 'zebra'", "> [k]: http://zebra.example"]
)


@example(before=["[k]"], inside=["[k]: http://x.example 'zebra'"], after=[])
@given(
    before=st.lists(PIECES, max_size=6),
    inside=st.lists(PIECES | DEFINITIONS, max_size=4),
    after=st.lists(PIECES, max_size=6),
)
def test_what_seems_to_be_for_the_trainer_reaches_no_participant(before, inside, after):
    """Whatever stands around it: either somebody is told, or the words are not there."""
    body = "\n".join([*before, "", "::::: trainer", *inside, "zebra", "", ":::::", *after])

    told = prose.complaints(body, of_kit=True) or kit_sides.complaints(body)

    assert told or "zebra" not in kit_sides.sides(body).participant


@pytest.mark.django_db
def test_publishing_keeps_the_trainers_side_out_of_what_pages_show(tmp_path):
    publish_course(read_library([write_library(tmp_path, files=WITH_KIT)]).courses[0], by=None, now=NOON)

    [side] = KitVersion.objects.select_related("item_version__item")
    shown = ItemVersion.objects.get(item__key="basics/tasting")
    assert (side.item_version, shown.item.kind, shown.minutes) == (shown, "workshop", 40)
    assert ("okapi" in side.trainer_html, "okapi" in str(shown.content)) == (True, False)
    assert [it.title for it in queries.kits_of([COURSE])] == ["A tasting"]
    assert queries.kits_of(["another"]) == []


@pytest.mark.django_db
def test_words_for_the_trainer_are_found_by_no_search(tmp_path):
    publish_course(read_library([write_library(tmp_path, files=WITH_KIT)]).courses[0], by=None, now=NOON)

    found = search.Found("tasting")[0:5]

    assert [(hit.kind, hit.key) for hit in found] == [(search.Kind.WORKSHOP, "basics/tasting")]
    assert (len(search.Found("okapi")), search.courses("okapi")) == (0, [])


@pytest.mark.django_db
def test_course_takes_as_long_as_all_of_it_and_is_finished_without_its_workshop(tmp_path):
    publish_course(read_library([write_library(tmp_path, files=WITH_KIT)]).courses[0], by=None, now=NOON)

    outline = queries.outline(COURSE)

    assert outline is not None
    assert (outline.minutes, [course.minutes for course in queries.published()]) == (63, [63])
    assert [it.item.key for it in outline.required] == ["basics/sharing", "basics/check", "basics/double"]
    assert CourseVersion.objects.count() == 1
