"""Course files by somebody who means harm: told like any other mistake, and nothing hangs or breaks on them."""

import pytest

from tests.unit.catalogue.one_mistake import COURSE_YML, LESSON, QUIZ, SCRIPT
from tests.unit.catalogue.small_course import FILES, with_change
from tests.unit.catalogue.test_author_mistakes import mistakes_in


@pytest.mark.timeout(20)
def test_aliases_that_stand_for_billions_of_values_are_refused_before_they_are_built(tmp_path):
    layers = "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 10))
    files = {**FILES, COURSE_YML: f"a0: &a0 {{k: 1}}\n{layers}"}

    problems = {(file, problem) for file, _line, problem, _cure in mistakes_in(tmp_path, files)}

    assert (COURSE_YML, "This YAML uses an alias (*name).") in problems


@pytest.mark.parametrize("escape", [r"\0", r"\a", r"\ud800"])
def test_text_that_no_page_can_show_is_a_mistake_of_its_line(tmp_path, escape):
    files = with_change(COURSE_YML, old="title: Tea for teams", new=f'title: "Tea{escape} for teams"')

    assert mistakes_in(tmp_path, files) == [
        (
            COURSE_YML,
            2,
            "The value of 'title' holds a character that cannot be shown.",
            "Type the text again, without \\ escapes.",
        )
    ]


@pytest.mark.parametrize("file", [COURSE_YML, LESSON, QUIZ, SCRIPT])
def test_a_control_character_in_a_file_is_a_mistake_of_its_line(tmp_path, file):
    files = {**FILES, file: FILES[file].replace("\n", "\n\0", 1)}

    assert mistakes_in(tmp_path, files) == [
        (file, 2, "This line holds a character that cannot be shown.", "Delete the line and type it again.")
    ]


def test_a_title_of_two_lines_is_a_mistake_because_mail_has_it_in_its_subject(tmp_path):
    files = with_change(COURSE_YML, old="title: Tea for teams", new=r'title: "Tea\nfor teams"')

    assert mistakes_in(tmp_path, files) == [
        (COURSE_YML, 2, "The value of 'title' does not fit.", "Give one line of 1 to 120 characters.")
    ]
