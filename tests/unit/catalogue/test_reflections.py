"""A reflection as its author writes it: what is published of it, and every mistake with its place and cure."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from grading.answers import read_answer
from grading.checks import checks, read_source
from tests.conftest import NOON
from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, write_library
from tests.unit.catalogue.test_author_mistakes import mistakes_in
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.shape import ItemContent
from upskill.catalogue.models import Check, ExerciseVersion, Item, ItemVersion
from upskill.catalogue.services import publish_course
from upskill.core import blobs

MODULE_YML, PROMPT, RUBRIC = f"{BASICS}/module.yml", f"{BASICS}/our-tea.reflection.md", f"{BASICS}/our-tea.rubric.yml"
REFLECTION = {
    PROMPT: """\
---
title: Tea in your team
minutes: 20
skills: [brewing@working]
words: 200
---

Say who gets **no tea** in your team, and why.
""",
    RUBRIC: """\
model_answer: Ada gets none, because she comes last.
criteria:
  - id: who
    title: Names who gets none
    points: 2
    levels: [Nobody named, A group, A person, A person and when, A person and how often]
  - id: why
    title: Gives the reason
    points: 4
    levels: [None, A guess, A reason, A reason with a sign, A reason that was tested]
""",
}
WITH_REFLECTION = {
    **FILES,
    MODULE_YML: FILES[MODULE_YML].replace("check, double]", "check, double, our-tea]"),
    **REFLECTION,
}


def read(root: Path, files: dict[str, str] | None = None) -> ItemContent:
    """The reflection of a course without a mistake."""
    [course] = read_library([write_library(root, files=files or WITH_REFLECTION)]).courses
    return course.modules[0].items[-1]


def changed(file: str, *, old: str, new: str) -> dict[str, str]:
    """The files with one passage of one file exchanged."""
    assert WITH_REFLECTION[file].count(old) == 1
    return WITH_REFLECTION | {file: WITH_REFLECTION[file].replace(old, new)}


def test_reflection_is_an_exercise_of_one_cell_that_a_person_marks(tmp_path):
    item = read(tmp_path)

    assert (item.slug, item.kind, item.title, item.minutes) == ("our-tea", "reflection", "Tea in your team", 20)
    assert [level.as_json() for level in item.skills] == [{"skill": "brewing", "level": 2}]
    assert item.page == {
        "html": "<p>Say who gets <strong>no tea</strong> in your team, and why.</p>\n", "words": 200,
    }  # fmt: skip
    assert item.exercise
    [check] = item.exercise.checks
    assert (check.slug, check.title, check.max_points, check.by_person) == ("answer", item.title, Decimal(6), True)
    assert [criterion["id"] for criterion in check.rubric] == ["who", "why"]
    assert check.model_answer == "Ada gets none, because she comes last."
    assert [(spec.check, spec.max_points, spec.by_person) for spec in checks(read_source(item.exercise.source))] == [
        ("answer", 6.0, True)
    ]


def test_what_learners_get_holds_the_prompt_and_neither_model_answer_nor_levels(tmp_path):
    item = read(tmp_path)
    assert item.exercise

    cells = json.loads(item.exercise.release)["cells"]

    assert [cell["cell_type"] for cell in cells] == ["markdown", "markdown"]
    assert [cell["id"] for cell in cells] == ["prompt", "answer"]
    assert "".join(cells[0]["source"]) == "# Tea in your team\n\nSay who gets **no tea** in your team, and why."
    assert "".join(cells[1]["source"]) == ""
    assert [word for word in ("Ada gets none", "A guess") if word in item.exercise.release + str(item.page)] == []


def test_the_engines_reader_takes_a_text_in_that_cell_as_an_answer(tmp_path):
    item = read(tmp_path)
    assert item.exercise
    notebook = json.loads(item.exercise.release)
    notebook["cells"][1]["source"] = "Bo gets none."

    answer = read_answer(json.dumps(notebook).encode(), source=read_source(item.exercise.source))

    assert answer.cells[1].source == "Bo gets none."


def test_words_are_300_where_an_author_says_nothing(tmp_path):
    assert read(tmp_path, changed(PROMPT, old="words: 200\n", new="")).page["words"] == 300


@pytest.mark.parametrize(("file", "old", "new"), [
    (PROMPT, "and why.", "and when."),
    (PROMPT, "words: 200", "words: 250"),
    (RUBRIC, "she comes last", "she comes late"),
    (RUBRIC, "A guess", "A try"),
])  # fmt: skip
def test_every_word_of_a_reflection_is_part_of_its_content(tmp_path, file, old, new):
    before = read(tmp_path / "before").sha256

    assert read(tmp_path / "after", changed(file, old=old, new=new)).sha256 != before


@pytest.mark.django_db
def test_publishing_stores_a_reflection_with_its_rubric(tmp_path):
    [course] = read_library([write_library(tmp_path, files=WITH_REFLECTION)]).courses

    publish_course(course, by=None, now=NOON)

    item = ItemVersion.objects.select_related("item").get(item__key="basics/our-tea")
    exercise = ExerciseVersion.objects.get(item_version=item)
    content = course.modules[0].items[-1]
    assert content.exercise
    assert (item.item.kind, item.content, exercise.filename) == (Item.Kind.REFLECTION, content.page, "our-tea.ipynb")
    assert (exercise.files, exercise.hidden_messages) == ({}, {})
    assert blobs.read(exercise.release_sha256).decode() == content.exercise.release
    [check] = Check.objects.filter(exercise=exercise)
    assert (check.slug, check.by_person, check.max_points) == ("answer", True, Decimal("6.00"))
    [read_check] = content.exercise.checks
    assert (check.rubric, check.model_answer) == (list(read_check.rubric), read_check.model_answer)


# (file to change, old passage, new passage, file of the mistake, its line, problem, cure)
MISTAKES = {
    "unknown key of the prompt": (
        PROMPT, "words: 200", "wordz: 200", (PROMPT, 5, "The key 'wordz' is not known here.", "Did you mean 'words'?"),
    ),
    "too many words": (
        PROMPT, "words: 200", "words: 20000",
        (PROMPT, 5, "The value of 'words' does not fit.",
         "Give the most words that learners may write, from 20 to 2000."),
    ),
    "no minutes": (PROMPT, "minutes: 20\n", "", (PROMPT, 2, "A key is missing: 'minutes'.", "Add it.")),
    "unknown skill": (
        PROMPT, "brewing@working", "stirring@working",
        (PROMPT, 4, "The skill 'stirring' is not known.",
         "Use one of brewing, fairness in skills.yml, or add it there."),
    ),
    "level that no item may earn": (
        PROMPT, "brewing@working", "brewing@expert",
        (PROMPT, 4, "The value of 'skills' number 1 does not fit.",
         "Write skill@level, such as fairness@working. The levels are awareness, working, practitioner."),
    ),
    "no text": (
        PROMPT, "Say who gets **no tea** in your team, and why.\n", "",
        (PROMPT, 7, "The reflection has no text.", "Write it under the second ---."),
    ),
    "heading of the page": (
        PROMPT, "Say who", "# Who\n\nSay who",
        (PROMPT, 8, "A heading begins with a single #.", "Begin with ##: the title of the page is above it."),
    ),
    "unknown key of the rubric": (
        RUBRIC, "model_answer:", "answer:",
        (RUBRIC, 1, "The key 'answer' is not known here.", "Did you mean 'model_answer'?"),
    ),
    "no model answer": (
        RUBRIC, "model_answer: Ada gets none, because she comes last.\n", "",
        (RUBRIC, 1, "A key is missing: 'model_answer'.", "Add it."),
    ),
    "criterion without levels": (
        RUBRIC, "    levels: [None, A guess, A reason, A reason with a sign, A reason that was tested]\n", "",
        (RUBRIC, 7, "A key is missing: 'levels'.", "Add it."),
    ),
    "criterion with four levels": (
        RUBRIC, "[None, A guess, ", "[None, ",
        (RUBRIC, 10, "Number 2 'levels' has the wrong number of entries: 4.", "Give 5."),
    ),
    "criterion twice": (
        RUBRIC, "id: why", "id: who", (RUBRIC, 7, "The criterion 'who' is there twice.", "Give each its own id."),
    ),
    "more points than nbgrader takes": (
        RUBRIC, "points: 4", "points: 998",
        (RUBRIC, 2, "The criteria give 1000 points together.",
         "Give points with at most 2 decimal places, fewer than 1000 together."),
    ),
    "points finer than marks are": (
        RUBRIC, "points: 4", "points: 0.125",
        (RUBRIC, 2, "The criteria give 2.125 points together.",
         "Give points with at most 2 decimal places, fewer than 1000 together."),
    ),
    "list that does not name it": (
        MODULE_YML, "double, our-tea]", "double]",
        (PROMPT, 1, "module.yml does not name this.",
         "Add our-tea to the list in module.yml, or begin the file's name with an underscore."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_reported_with_file_line_and_cure(tmp_path, name):
    file, old, new, expected = MISTAKES[name]

    assert expected in mistakes_in(tmp_path, changed(file, old=old, new=new))


def test_reflection_without_its_rubric_is_reported(tmp_path):
    files = {path: text for path, text in WITH_REFLECTION.items() if path != RUBRIC}

    assert mistakes_in(tmp_path, files) == [
        (RUBRIC, 1, "This file is missing. A person marks the reflection and needs criteria.",
         "Add the file, or take its name out."),
    ]  # fmt: skip


def test_rubric_without_its_reflection_is_reported(tmp_path):
    assert mistakes_in(tmp_path, FILES | {RUBRIC: REFLECTION[RUBRIC]}) == [
        (RUBRIC, 1, "There is no reflection of this name.", "Add our-tea.reflection.md, or take this file out."),
    ]  # fmt: skip


def test_reflection_with_the_name_of_a_lesson_is_reported(tmp_path):
    lesson = {f"{BASICS}/our-tea.md": FILES[f"{BASICS}/sharing.md"]}

    assert mistakes_in(tmp_path, WITH_REFLECTION | lesson) == [
        (MODULE_YML, 5, "'our-tea' is the name of two items.", "Rename one of them, here and in the folder."),
    ]  # fmt: skip


def test_course_may_promise_what_a_reflection_earns(tmp_path):
    file = f"{COURSE}/course.yml"
    promised = WITH_REFLECTION[file].replace("skills: [fairness@working]", "skills: [brewing@working]")

    assert mistakes_in(tmp_path, WITH_REFLECTION | {file: promised}) == []
