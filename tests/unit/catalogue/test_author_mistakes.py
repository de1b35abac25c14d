"""Every mistake of an author is reported with its file, its line, what is wrong, and how to put it right."""

from pathlib import Path

import pytest

from tests.unit.catalogue.one_mistake import (
    COURSE_YML,
    CSV,
    DATASHEET,
    EXERCISE_YML,
    LESSON,
    MODULE_YML,
    ONE_CHANGE,
    QUIZ,
    RUBRIC,
    SCRIPT,
)
from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, with_change, without, write_library
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.mistakes import CourseError, Mistake


def mistakes_in(root: Path, files: dict[str, str]) -> list[tuple[str, int, str, str]]:
    """(file, line, problem, cure) of every mistake in these files, with the file as seen from the library's folder."""
    try:
        library = read_library([write_library(root, files=files)])
    except CourseError as error:
        found = list(error.mistakes)
    else:
        found = [mistake for refused in library.refused.values() for mistake in refused.mistakes]
    return [(str(each.file.relative_to(root)), each.line, each.problem, each.cure) for each in found]


def test_small_course_has_no_mistake(tmp_path):
    assert mistakes_in(tmp_path, FILES) == []


@pytest.mark.parametrize("name", ONE_CHANGE)
def test_mistake_is_reported_with_file_line_and_cure(tmp_path, name):
    file, old, new, expected = ONE_CHANGE[name]

    found = mistakes_in(tmp_path, with_change(file, old=old, new=new))

    assert found == expected


@pytest.mark.parametrize(
    ("missing", "reported", "line", "problem"),
    [
        (MODULE_YML, MODULE_YML, 1, "This file is missing. It names the module's items."),
        (SCRIPT, SCRIPT, 1, "This file is missing. It holds the exercise itself."),
        (EXERCISE_YML, EXERCISE_YML, 1, "This file is missing. It gives the title, the minutes and the skills."),
        (RUBRIC, RUBRIC, 1, "This file is missing. A person marks advice and needs criteria."),
        (CSV, CSV, 1, "This file is missing. exercise.yml names it on line 8."),
        (DATASHEET, DATASHEET, 1, "This file is missing. It says where the data comes from."),
        ("skills.yml", "skills.yml", 1, "This file is missing. Courses name the skills in it."),
    ],
)
def test_missing_file_is_reported_with_what_needs_it(tmp_path, missing, reported, line, problem):
    found = mistakes_in(tmp_path, without(missing))

    assert found == [(reported, line, problem, "Add the file, or take its name out.")]


def test_all_mistakes_of_a_course_are_reported_at_once_in_the_order_of_files_and_lines(tmp_path):
    files = with_change(QUIZ, old="- [x] Assam", new="- [ ] Assam")
    files[COURSE_YML] = files[COURSE_YML].replace("[fairness@working]", "[fairnes@working]")
    files[LESSON] = files[LESSON].replace("::: objectives", "::: objctives").replace("## A pot", "# A pot")

    found = mistakes_in(tmp_path, files)

    assert [(file, line) for file, line, _, _ in found] == [(COURSE_YML, 8), (QUIZ, 18), (LESSON, 6), (LESSON, 10)]


def test_text_that_is_not_utf8_is_reported_with_its_line(tmp_path):
    root = write_library(tmp_path)
    (root / LESSON).write_bytes(b"---\ntitle: Caf\xe9\nminutes: 5\n---\nText\n")

    found = read_library([root]).refused[root / COURSE].mistakes

    expected = Mistake(root / LESSON, 2, "This line is not UTF-8 text.", "Save the file in the UTF-8 encoding.")
    assert found == (expected,)


def test_link_out_of_the_course_folder_is_refused(tmp_path):
    root = write_library(tmp_path / "courses")
    secret = tmp_path / "secret.csv"
    secret.write_text("kept from learners")
    (root / CSV).unlink()
    (root / CSV).symlink_to(secret)

    found = read_library([root]).refused[root / COURSE].mistakes

    problem = "This file is a link that leads out of the course folder."
    assert found == (Mistake(root / CSV, 1, problem, "Put the file itself here."),)


def test_file_too_large_for_learners_is_refused(tmp_path):
    root = write_library(tmp_path)
    (root / CSV).write_bytes(b"x" * (10 * 1024 * 1024 + 1))

    found = read_library([root]).refused[root / COURSE].mistakes

    assert found == (
        Mistake(root / CSV, 1, "This file is larger than 10 MB.", "Make it smaller: learners download it."),
    )


def test_two_items_of_one_name_are_refused(tmp_path):
    files = {**FILES, f"{BASICS}/check.md": FILES[LESSON]}

    found = mistakes_in(tmp_path, files)

    assert found == [
        (MODULE_YML, 5, "'check' is the name of two items.", "Rename one of them, here and in the folder."),
    ]


def test_file_that_begins_with_an_underscore_is_left_alone(tmp_path):
    files = {**FILES, f"{BASICS}/_draft.md": "No front matter, no title.", f"{BASICS}/_old/notes.txt": "Notes"}
    files |= {f"{BASICS}/_draft.rubric.yml": "model_answer: later", f"{BASICS}/_draft.cy.md": "Dim eto."}

    assert mistakes_in(tmp_path, files) == []


def test_deeply_nested_yaml_is_a_mistake_and_no_crash(tmp_path):
    files = {**FILES, COURSE_YML: "title: " + "[" * 5000}

    found = mistakes_in(tmp_path, files)

    assert [(file, line) for file, line, _, _ in found] == [(COURSE_YML, 1)]


def test_practitioner_level_needs_a_part_that_a_person_marks(tmp_path):
    files = with_change(EXERCISE_YML, old="skills: [fairness@working]", new="skills: [fairness@practitioner]")
    files[SCRIPT] = files[SCRIPT][: files[SCRIPT].index("# %% [markdown]\n# ## 2.")]
    del files[RUBRIC]

    found = mistakes_in(tmp_path, files)

    problem = "fairness@practitioner cannot be earned without a part that a person marks."
    cure = "Add a manual= cell to exercise.py, or lower the level."
    assert found == [(EXERCISE_YML, 3, problem, cure)]
