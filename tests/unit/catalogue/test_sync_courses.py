"""manage.py sync_courses: loads what COURSE_DIRS name, and tells an author what to put right."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.migrations.recorder import MigrationRecorder

from tests.factories.catalogue import CourseVersionFactory
from tests.unit.catalogue.certificates import write_certified
from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, with_change, write_library
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.models import Clearance, Course, CourseVersion
from upskill.skills.models import Skill

pytestmark = pytest.mark.django_db


def run(*paths: Path | str) -> tuple[str, str]:
    """What the command prints and what it complains of."""
    out, err = StringIO(), StringIO()
    try:
        call_command("sync_courses", *map(str, paths), stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"CommandError: {error}\n")
    return out.getvalue(), err.getvalue()


def test_folders_in_the_setting_are_loaded(tmp_path, settings):
    settings.COURSE_DIRS = [write_certified(tmp_path)]

    out, err = run()

    assert (out, err) == (f"{COURSE} 1.0.0: published, items: 3\n", "")
    assert list(Course.objects.values_list("pk", "current_version__version")) == [(COURSE, "1.0.0")]


def test_database_without_its_tables_is_told_with_the_cure(tmp_path):
    MigrationRecorder.Migration.objects.filter(app="catalogue").delete()

    out, err = run(write_certified(tmp_path))

    assert (out, err) == (
        "",
        "CommandError: Nothing was loaded: the database does not have the tables of this version yet. Run ./run on your"
        " own computer, manage.py prepare on a server, or manage.py migrate, then load again.\n",
    )
    assert Course.objects.count() == 0


def test_loading_again_says_that_nothing_changed(tmp_path):
    run(write_certified(tmp_path))

    out, err = run(tmp_path)

    assert (out, err) == (f"{COURSE} 1.0.0: unchanged, items: 3\n", "")
    assert CourseVersion.objects.count() == 1


def test_skills_are_loaded_with_their_statements(tmp_path):
    run(write_library(tmp_path))

    assert list(Skill.objects.values_list("slug", "name", "position")) == [
        ("fairness", "Fairness", 0),
        ("brewing", "Brewing", 1),
    ]
    assert Skill.objects.get(pk="brewing").statements == {
        "1": "You can tell tea from coffee.",
        "2": "You can brew a pot.",
        "3": "You can teach others to brew.",
    }


def test_one_course_can_be_named(tmp_path):
    write_certified(tmp_path)

    out, err = run(tmp_path / COURSE)

    assert (out, err) == (f"{COURSE} 1.0.0: published, items: 3\n", "")


def test_mistakes_are_listed_and_nothing_of_the_course_is_loaded(tmp_path):
    files = with_change(f"{BASICS}/sharing.md", old="## A pot for four", new="# A pot for four")
    files[f"{COURSE}/course.yml"] = files[f"{COURSE}/course.yml"].replace("title:", "titel:")
    write_library(tmp_path, files=files)

    out, err = run(tmp_path)

    assert out == ""
    assert err == (
        f"{tmp_path}/{COURSE}/course.yml:1: A key is missing: 'title'. Add it.\n"
        f"{tmp_path}/{COURSE}/course.yml:2: The key 'titel' is not known here. Did you mean 'title'?\n"
        "CommandError: 2 mistakes found. Courses with a mistake were not changed. Correct them and load again.\n"
    )
    assert Course.objects.count() == 0


def test_changed_course_under_its_old_version_is_refused_with_the_line_of_the_version(tmp_path):
    run(write_library(tmp_path))
    write_library(tmp_path, files=with_change(f"{BASICS}/sharing.md", old="Four people", new="Five people"))

    out, err = run(tmp_path)

    assert out == ""
    assert err == (
        f"{tmp_path}/{COURSE}/course.yml:4: The course has changed, but version 1.0.0 is already published and stays "
        "as it is. Raise the version above 1.0.0.\n"
        "CommandError: 1 mistake found. Courses with a mistake were not changed. Correct them and load again.\n"
    )


def test_good_course_is_loaded_beside_a_bad_one(tmp_path):
    coffee = {name.replace(COURSE, "coffee"): text.replace(COURSE, "coffee") for name, text in FILES.items()}
    coffee["coffee/course.yml"] = coffee["coffee/course.yml"].replace("language: en-GB", "language: English")
    write_certified(tmp_path, FILES)
    write_library(tmp_path, files=coffee)

    out, err = run(tmp_path)

    assert out == f"{COURSE} 1.0.0: published, items: 3\n"
    assert err.splitlines()[0] == (
        f"{tmp_path}/coffee/course.yml:5: The value of 'language' does not fit. Write a code such as en-GB or cy."
    )


def test_course_that_the_database_refuses_is_named_and_keeps_no_other_out(tmp_path, caplog):
    coffee = {name.replace(COURSE, "coffee"): text.replace(COURSE, "coffee") for name, text in FILES.items()}
    write_certified(tmp_path, FILES)
    write_library(tmp_path, files=coffee)
    [refused] = [course for course in read_library([tmp_path]).courses if course.id == "coffee"]
    there = CourseVersionFactory(course__id="coffee", version="0.9.0", content_sha256=refused.sha256)
    CourseVersionFactory(course=there.course, version="0.9.1")  # so that the same content is not the current one

    out, err = run(tmp_path)

    assert out == f"{COURSE} 1.0.0: published, items: 3\n"
    assert err == (
        f"{tmp_path}/coffee/course.yml:1: The database refused this course: duplicate key value violates unique "
        'constraint "course_content_once". Report it as a fault of Upskill, with these words.\n'
        "CommandError: 1 mistake found. Courses with a mistake were not changed. Correct them and load again.\n"
    )
    assert list(there.course.versions.order_by("pk").values_list("version", flat=True)) == ["0.9.0", "0.9.1"]
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "the database refused the course coffee 1.0.0")
    ]


def test_exercise_without_a_certificate_is_loaded_named_and_not_open(tmp_path):
    out, err = run(write_library(tmp_path))

    assert (out, err) == (
        f"{COURSE} 1.0.0: published, items: 3\n"
        f"not checked: {tmp_path}/{BASICS}/double/certificate.json:1: The exercise has no certificate. Run manage.py "
        "check_course and load the course again: until then it can be practised, and not be handed in. "
        "An operator may load it with --unchecked.\n",
        "",
    )
    assert Clearance.objects.count() == 0


def test_operator_opens_what_has_no_certificate(tmp_path):
    out, err = run(write_library(tmp_path), "--unchecked")

    assert (out, err) == (f"{COURSE} 1.0.0: published, items: 3\n", "")
    assert Clearance.objects.get().ground == "operator"


def test_folder_without_a_course_is_refused(tmp_path):
    out, err = run(tmp_path)

    assert out == ""
    assert err.startswith(f"{tmp_path}:1: There is no course here. ")


def test_mistake_in_the_skills_stops_everything(tmp_path):
    files = with_change("skills.yml", old="id: brewing", new="id: Brewing")
    write_library(tmp_path, files=files)

    out, err = run(tmp_path)

    assert out == ""
    assert err.splitlines()[0] == (
        f"{tmp_path}/skills.yml:8: The value of number 2 'id' does not fit. "
        "Use small letters, numbers and single hyphens, at most 50 characters."
    )
    assert (Skill.objects.count(), Course.objects.count()) == (0, 0)


def test_paths_are_shown_from_the_working_folder(tmp_path, monkeypatch):
    write_library(tmp_path, files=with_change(f"{COURSE}/course.yml", old="version: 1.0.0", new="version: one"))
    monkeypatch.chdir(tmp_path)

    _, err = run(tmp_path)

    assert err.startswith(f"{COURSE}/course.yml:4: ")
