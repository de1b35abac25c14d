"""manage.py prepare, load_demo and demo_accounts where something is missing, off or broken."""

import json
import shutil

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from tests.factories.people import PersonFactory
from upskill.browser_runtime import places
from upskill.core.models import Stamp
from upskill.learning.models import QuizAttempt
from upskill.people import demo
from upskill.people.models import Organisation, User

from .commands import run

pytestmark = pytest.mark.django_db


def test_accounts_before_loading_say_how_to_load():
    assert run("demo_accounts") == ["There are no demo accounts. Load them with: manage.py load_demo"]


def test_demo_is_not_loaded_where_debug_is_off(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="not loaded where DEBUG is off"):
        call_command("load_demo")

    assert (User.objects.count(), Organisation.objects.count()) == (0, 0)


def test_demo_is_not_loaded_into_a_service_that_is_in_use(settings):
    settings.DEBUG = True
    PersonFactory(email="somebody@dwp.gov.uk")

    with pytest.raises(CommandError, match=r"^There are people here who are not invented\."):
        call_command("load_demo")

    assert (User.objects.count(), Organisation.objects.count()) == (1, 0)


def test_demo_goes_on_beside_people_who_came_after_it():
    PersonFactory(email="somebody@dwp.gov.uk")
    PersonFactory(email=f"learner@{demo.DOMAIN}")

    assert not demo.is_out_of_place()


def test_start_where_debug_is_off_collects_files_and_loads_no_demo(settings, tmp_path):
    settings.DEBUG, settings.COURSE_DIRS, settings.STATIC_ROOT = False, [tmp_path / "courses"], tmp_path / "static"
    settings.STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    settings.COURSE_DIRS[0].mkdir()

    run("prepare")

    assert (User.objects.count(), Stamp.objects.filter(name="load_demo").count()) == (0, 0)
    collected = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    assert {name for name in collected if (site.ROOT / "static" / name).is_file()} == {
        str(path.relative_to(site.ROOT / "static")) for path in (site.ROOT / "static").rglob("*") if path.is_file()
    }


def test_start_with_a_mistake_in_a_course_says_so_and_goes_on_and_looks_again(settings, tmp_path):
    settings.DEBUG, settings.COURSE_DIRS, settings.STATIC_ROOT = False, [tmp_path], tmp_path / "static"
    settings.BROWSER_RUNTIME_DIR = None
    shutil.copy(site.ROOT / "courses" / "skills.yml", tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "course.yml").write_text("id: [\n")

    first, second = run("prepare"), run("prepare")

    others = [line for line in first if line.startswith(("Framework", "Completions"))]
    said = [line for line in first if line not in others]
    assert said[-1] == "1 mistake found. Courses with a mistake were not changed. Correct them and load again."
    assert [line.partition("broken/")[2].partition(":")[0] for line in said[2:-1]] == ["course.yml"]
    assert second == [*said, "Frameworks: up to date", "Completions: up to date"]
    assert sorted(Stamp.objects.values_list("name", flat=True)) == ["load_frameworks", "record_completions"]


@pytest.mark.parametrize("is_there", [False, True])
def test_start_says_what_browsers_need_until_it_is_there(settings, tmp_path, is_there):
    settings.COURSE_DIRS, settings.DEBUG, settings.STATIC_ROOT = [tmp_path / "none"], False, tmp_path / "static"
    settings.BROWSER_RUNTIME_DIR = tmp_path
    settings.COURSE_DIRS[0].mkdir()
    if is_there:
        places.folder().mkdir()

    said = [line for line in run("prepare") if line.startswith("Python for the browser: 51 MB")]

    assert len(said) == int(not is_there)


def test_demo_without_its_course_has_people_and_says_what_is_missing(settings):
    settings.DEBUG = True

    lines = run("load_demo")

    assert lines == [
        "Demo department: 61 new people. The course ai-ethics-in-practice is not published here. "
        "Load it with: manage.py sync_courses"
    ]
    assert QuizAttempt.objects.count() == 0
