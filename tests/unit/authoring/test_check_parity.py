"""`manage.py check_parity`, and `sync_courses --check-parity`: what authors read, and the exit codes."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.unit.authoring.small_exercise import FOLDER, NAME, ONE_TOO_MANY, SCRIPT, WITH_64_BITS, library
from upskill.authoring.parity import needs
from upskill.browser_runtime import places
from upskill.catalogue.models import Course
from upskill.management.commands.check_parity import Command

LATE = '# expect: test_small | did not finish | 0\n\n# %% task="total"\n'
ENDLESS = f"{LATE}def total(cups):\n    while True:\n        pass\n"
STUBBORN = f"""\
{LATE}def total(cups):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""


def said(*arguments: str, command: Command | str = "check_parity") -> tuple[list[str], str, int]:
    """The lines it prints, how it ends, and the exit code."""
    out = io.StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=out)
    except CommandError as end:
        return out.getvalue().splitlines(), str(end), end.returncode
    return out.getvalue().splitlines(), "", 0


def rows(lines: list[str]) -> list[list[str]]:
    """The table's rows, word by word; and what the two sides said."""
    return [line.split(None, 4) if not line.startswith("    ") else line.split(None, 1) for line in lines]


@pytest.fixture
def site(tmp_path, settings):
    """A site whose build of Python for the browser is there, though nobody has looked into it."""
    settings.BROWSER_RUNTIME_DIR = tmp_path / "builds"
    places.folder().mkdir(parents=True)


@pytest.fixture
def whole_site(builds, settings):
    """A site that can compare."""
    settings.BROWSER_RUNTIME_DIR = builds


# --- What is missing ---


def test_without_python_for_the_browser_it_says_how_to_bring_it(tmp_path, settings):
    settings.BROWSER_RUNTIME_DIR = tmp_path

    assert said() == (
        [],
        "Python for the browser is not on this machine. Bring it with: manage.py fetch_browser_runtime",
        2,
    )


def test_where_it_is_off_it_says_so(settings):
    settings.BROWSER_RUNTIME_DIR = None

    cure = "Take it out of the settings."
    assert said() == ([], f"UPSKILL_BROWSER_RUNTIME is off, so that exercises run in no browser here. {cure}", 2)


def test_without_node_it_says_how_to_install_it(site):
    assert said(command=Command(node=lambda: needs.find_node("a_package_that_nobody_has"))) == (
        [],
        "Node is not on this machine; only authors and maintainers need it. Install what the tests need with: "
        "requirements/install tests",
        2,
    )


def test_a_package_without_the_program_is_no_node():
    assert needs.find_node("json") is None
    assert json.__name__ == "json"


def test_an_exercise_that_there_is_not_is_told(site, tmp_path, settings):
    settings.COURSE_DIRS = [library(tmp_path / "courses")]

    lines, end, code = said("tea/for/two")

    assert (lines, code) == ([], 2)
    assert end == f"There is no exercise tea/for/two. Write COURSE/MODULE/ITEM, or a folder: {NAME}."


def test_a_mistake_of_the_course_is_told_as_everywhere(site, tmp_path):
    library(tmp_path / "courses", wrong={"adds": "nonsense"})

    _, end, code = said(str(tmp_path / "courses"))

    assert (code, end.split(": ")[0]) == (2, f"{tmp_path}/courses/{FOLDER}/wrong/adds.py:1")


def test_a_build_that_does_not_start_is_told(site, tmp_path):
    _, end, code = said(str(library(tmp_path / "courses")))

    assert (code, end.splitlines()[0]) == (2, "The browser's Python did not start:")


@pytest.mark.django_db
def test_courses_are_not_loaded_where_they_cannot_be_compared(tmp_path, settings):
    settings.BROWSER_RUNTIME_DIR = None

    _, end, code = said(str(library(tmp_path)), "--check-parity", command="sync_courses")

    assert (end[:51], code) == ("Nothing was loaded. UPSKILL_BROWSER_RUNTIME is off,", 2)
    assert Course.objects.count() == 0


# --- What differs ---


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_integers_that_overflow_in_the_browser_are_told_with_both_values(whole_site, tmp_path):
    lines, end, code = said(str(library(tmp_path, wrong={"one_too_many": ONE_TOO_MANY})))

    right, off_by_one = "333328333350000", "333328333350001"
    assert rows(lines) == [
        [NAME],
        ["answer", "check", "engine", "browser"],
        ["solution", "test_small", "1", "1", "equal"],
        ["solution", "test_large", "3", "0", "DIFFERS"],
        ["engine", "passed"],
        ["browser", f"The sum is {right}. You returned 216474736."],
        ["untouched", "test_small", "0", "0", "equal"],
        ["untouched", "test_large", "0", "0", "equal"],
        ["one_too_many", "test_small", "0", "0", "equal"],
        ["one_too_many", "test_large", "0", "0", "equal, in other words"],
        ["engine", f"The sum is {right}. You returned {off_by_one}."],
        ["browser", f"The sum is {right}. You returned 216474737."],
    ]
    assert (end, code) == ("1 of 6 checks differ. docs/browser-python.md says what usually does, and why.", 1)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_endless_answers_are_bounded_and_equal(whole_site, tmp_path):
    root = library(tmp_path, script=WITH_64_BITS, wrong={"endless": ENDLESS, "stubborn": STUBBORN})

    lines, end, code = said(str(root))

    assert rows(lines)[2:] == [
        ["solution", "test_small", "1", "1", "equal"],
        ["solution", "test_large", "3", "3", "equal"],
        ["untouched", "test_small", "0", "0", "equal"],
        ["untouched", "test_large", "0", "0", "equal"],
        ["endless", "test_small", "0", "0", "equal"],
        ["endless", "test_large", "0", "0", "equal"],
        ["stubborn", "test_small", "0", "0", "equal"],
        ["stubborn", "test_large", "0", "0", "equal"],
        ["8", "checks,", "none", "differs."],
    ]
    assert (end, code) == ("", 0)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_exercise_that_fails_in_the_browser_alone_differs_in_every_check(whole_site, tmp_path):
    script = SCRIPT.replace(
        "import numpy as np", "import numpy as np\nimport multiprocessing\nmultiprocessing.Lock()", 1
    )

    lines, end, code = said(str(library(tmp_path, script=script)))

    assert (end.split(" ")[:4], code) == (["4", "of", "4", "checks"], 1)
    assert lines[2].split() == ["solution", "test_small", "1", "no", "mark", "DIFFERS"]
    assert lines[4].endswith(
        "fails before the learner's first: ModuleNotFoundError: No module named '_multiprocessing'"
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db
def test_a_course_that_differs_is_refused_with_file_and_line_and_loaded_once_it_does_not(whole_site, tmp_path):
    root = library(tmp_path)

    lines, end, code = said(str(root), "--check-parity", command="sync_courses")

    assert lines == [
        f"{tmp_path}/{FOLDER}/exercise.py:13: test_large gives 3 to the answer 'solution' in the marking engine, "
        "and 0 in the browser. docs/browser-python.md says what usually differs, and manage.py check_parity shows "
        "the messages."
    ]
    assert (end[:17], code, Course.objects.count()) == ("1 mistake found. ", 1, 0)

    library(tmp_path, script=WITH_64_BITS)
    assert said(str(root), "--check-parity", "--unchecked", command="sync_courses") == (
        ["tea-for-teams 1.0.0: published, items: 3"],
        "",
        0,
    )
