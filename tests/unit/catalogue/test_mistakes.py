"""How a mistake is told: where it is, what is wrong, what to do."""

from pathlib import Path

from upskill.catalogue.course_files.mistakes import CourseError, Mistake


def test_mistake_reads_as_one_line_that_a_terminal_can_open():
    mistake = Mistake(Path("courses/tea/course.yml"), 4, "The version is missing.", "Add it.")

    assert str(mistake) == "courses/tea/course.yml:4: The version is missing. Add it."


def test_course_error_shows_each_mistake_once_in_order():
    first, second = Mistake(Path("a.md"), 2, "One.", "Do."), Mistake(Path("b.md"), 1, "Two.", "Do.")

    error = CourseError([second, first, second])

    assert error.mistakes == (first, second)
    assert str(error) == "a.md:2: One. Do.\nb.md:1: Two. Do."
