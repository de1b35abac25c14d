"""Which exercises somebody means who names one, or a folder."""

import pytest

from tests.unit.authoring.small_exercise import FOLDER, NAME, library
from tests.unit.catalogue.small_course import COURSE
from upskill.authoring.parity.exercises import NoSuchExercise, chosen
from upskill.catalogue.course_files.mistakes import CourseError


@pytest.mark.parametrize("wanted", ["", NAME, f"/{NAME}/"])
def test_by_its_name_or_all_there_are_in_the_courses_of_the_site(tmp_path, wanted):
    places = [library(tmp_path)]

    assert [(each.name, each.folder) for each in chosen(wanted, places=places)] == [(NAME, tmp_path / FOLDER)]


@pytest.mark.parametrize("folder", ["", COURSE, f"{COURSE}/modules/basics/double"])
def test_by_a_folder_of_its_own_its_course_or_courses_whatever_the_site_has(tmp_path, folder):
    library(tmp_path)

    assert [each.name for each in chosen(str(tmp_path / folder), places=[])] == [NAME]


def test_a_name_that_nothing_has_is_told_with_those_that_there_are(tmp_path):
    with pytest.raises(NoSuchExercise) as refusal:
        chosen("tea-for-teams/basics/triple", places=[library(tmp_path)])

    assert str(refusal.value) == (
        f"There is no exercise tea-for-teams/basics/triple. Write COURSE/MODULE/ITEM, or a folder: {NAME}."
    )


def test_a_course_with_a_mistake_is_not_compared(tmp_path):
    library(tmp_path, wrong={"adds": "def total(cups): ..."})

    with pytest.raises(CourseError, match=r"adds\.py:1: The first line does not say what the tests should find"):
        chosen(NAME, places=[tmp_path])
