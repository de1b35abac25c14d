"""`new_course` and `new_exercise`: what they write passes the gate, and nothing of it is in anybody's way."""

import io
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from tests.unit.authoring.gate.test_check_course import said
from tests.unit.catalogue.small_course import BASICS, write_library
from upskill.authoring.scaffold.courses import new_course
from upskill.authoring.scaffold.exercises import new_exercise, with_item
from upskill.authoring.scaffold.naming import BadName
from upskill.authoring.whole_folders import InTheWay

EXERCISE = Path("modules/first-module/who-waits")
TITLES = [
    "Plain",
    "Yes: no",
    "'quoted' \"twice\"",
    "# <b>*bold* & [so](on)",
    "- 1.5",
    "null",
    "é 😀",
    "%% x",
    "{{skill}}",
]


def tree(folder: Path) -> list[str]:
    """Every file and folder below, also the hidden ones."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture
def course(tmp_path) -> Path:
    """A new course."""
    new_course(tmp_path / "courses" / "my-course", title="My course")
    return tmp_path / "courses" / "my-course"


def test_new_course_passes_the_gate_by_reading(course):
    lines, errors, end, code = said(course.parent, "--quick")

    assert (errors, end, code) == ([], "", 0)
    assert [line for line in lines if line.startswith("advice")] == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("with_data", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_new_exercise_passes_the_whole_gate_with_its_engine(course, with_data, running_engines):
    new_exercise(course / EXERCISE, title="Who waits?", with_data=with_data)

    lines, errors, end, code = said(course.parent, start=running_engines)

    assert (errors, end, code) == ([], "", 0)
    assert [line for line in lines if line.startswith("advice") or "NOT" in line] == []
    assert [line.split()[0] for line in lines if "caught by" in line] == [
        "average_for_middle", "counts_people", "last_wait", "limit_is_late"
    ]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_any_title_of_one_line_passes(course, title):
    new_course(course.parent / "other", title=title)
    new_exercise(course.parent / "other" / EXERCISE, title=title, with_data=True)

    assert said(course.parent, "--quick")[1:] == ([], "", 0)
    assert yaml.safe_load((course.parent / "other/course.yml").read_text())["title"] == title
    assert yaml.safe_load((course.parent / "other" / EXERCISE / "exercise.yml").read_text())["title"] == title


def test_program_beside_the_data_makes_the_very_file(course):
    new_exercise(course / EXERCISE, title="Who waits?", with_data=True)
    csv = course / EXERCISE / "data" / "waits.csv"
    was = csv.read_bytes()
    csv.unlink()

    runpy.run_path(str(csv.with_name("make_data.py")), run_name="__main__")

    assert csv.read_bytes() == was


def test_course_beside_others_earns_a_skill_that_is_there(tmp_path):
    root = write_library(tmp_path)
    skills = (root / "skills.yml").read_bytes()

    new_course(root / "first", title="First")
    new_course(root / "second", title="Second", skill="brewing")

    promised = [yaml.safe_load((root / name / "course.yml").read_text())["skills"] for name in ("first", "second")]
    assert promised == [["fairness@awareness"], ["brewing@awareness"]]
    assert (root / "skills.yml").read_bytes() == skills


def test_exercise_comes_into_the_list_of_its_module_and_nothing_else_changes(tmp_path):
    root = write_library(tmp_path)
    module = root / BASICS / "module.yml"
    before = module.read_text()

    new_exercise(root / BASICS / "pour", title="Pour")

    assert module.read_text() == before.replace("double]", "double, pour]")
    assert yaml.safe_load((root / BASICS / "pour/exercise.yml").read_text())["skills"] == ["fairness@working"]
    assert [line for line in said(root, "--quick")[1] if "pour" in line] == []


LISTS = {
    "in one line": ("items: [one, two]  # in order\ntitle: T\n", "items: [one, two, new]  # in order\ntitle: T\n"),
    "over two lines": ("items: [one,\n        two]\n", "items: [one,\n        two, new]\n"),
    "one below another": (
        "items:\n  - one\n  - two  # the last\n# end\ntitle: T\n",
        "items:\n  - one\n  - two  # the last\n  - new\n# end\ntitle: T\n",
    ),
    "not indented, no line end": ("items:\n- one\n- two", "items:\n- one\n- two\n- new\n"),
    "in quotes": ('items: ["one"]\n', 'items: ["one", new]\n'),
}


@pytest.mark.parametrize("name", LISTS)
def test_list_gets_one_item_more_and_keeps_its_form(name):
    before, after = LISTS[name]

    assert with_item(before, name="new", file=Path("module.yml")) == after


BAD_COURSES = {"My Course": "my-course", "Éa": "a", "a--b": "a-b", "x" * 51: "x" * 50, "!": "my-first"}


@pytest.mark.parametrize("name", BAD_COURSES)
def test_bad_name_is_told_with_a_good_one_and_nothing_is_written(tmp_path, name):
    with pytest.raises(BadName) as refusal:
        new_course(tmp_path / "courses" / name, title="T")

    assert str(refusal.value) == (
        f"'{name}' cannot be the name of a folder here. Use small letters, numbers and single hyphens, at most 50 "
        f"characters. Try: {BAD_COURSES[name]}"
    )
    assert tree(tmp_path) == []


@pytest.mark.parametrize("title", ["", " ", "two\nlines", "x" * 121, "bell\a", "half\ud800", "sep\u2028"])
def test_bad_title_is_told_and_nothing_is_written(course, title):
    before = tree(course)

    for make in (new_course, new_exercise):
        with pytest.raises(BadName, match=r"This cannot be a title\. Give one line of 1 to 120 characters\."):
            make(course / EXERCISE, title=title)

    assert tree(course) == before


def test_skill_that_is_not_there_is_told(course):
    file = course.parent / "skills.yml"

    with pytest.raises(BadName) as refusal:
        new_exercise(course / EXERCISE, title="T", skill="tea")
    assert str(refusal.value) == f"There is no skill 'tea' in {file}. Use one of fair-waiting, or add it there."

    with pytest.raises(BadName) as refusal:
        new_exercise(course / EXERCISE, title="T", skill="fair-waiting@working")
    assert str(refusal.value) == "Give the skill without its level: --skill fair-waiting"


PLACES = {
    "elsewhere": "An exercise lies in a module of a course: COURSE/modules/MODULE/NAME. "
    "Make a course first: manage.py new_course",
    "my-course/modules/second/one": "There is no module 'second' in the course. There are: first-module.",
    "my-course/modules/first-module/check": "The module has an item 'check' already. Give another name.",
}


@pytest.mark.parametrize("place", PLACES)
def test_exercise_elsewhere_than_in_a_module_is_told(course, place):
    before = tree(course.parent)

    with pytest.raises(BadName) as refusal:
        new_exercise(course.parent / place, title="T")

    assert str(refusal.value) == PLACES[place]
    assert tree(course.parent) == before


SPOILT = ["modules/first-module/module.yml", "course.yml", "../skills.yml"]


@pytest.mark.parametrize("name", SPOILT)
def test_file_with_a_mistake_is_told_before_anything_is_written(course, name):
    for text in ("title: [", "[]", "titel: T\n", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        (course / name).write_text(text)
        before = tree(course)

        with pytest.raises(BadName, match=r"Run manage\.py check_course, and mend what it says of"):
            new_exercise(course / EXERCISE, title="T")

        assert tree(course) == before


def test_nothing_is_overwritten_not_even_an_empty_folder(course):
    before = tree(course.parent)
    with pytest.raises(InTheWay, match="is there already"):
        new_course(course, title="Another")
    (course.parent / "empty").mkdir()
    (course.parent / "broken").symlink_to("nowhere")

    for name in ("empty", "broken"):
        with pytest.raises(InTheWay, match="is there already"):
            new_course(course.parent / name, title="Another")

    assert tree(course.parent) == sorted([*before, "broken", "empty"])


def test_what_fails_half_way_leaves_nothing(course, monkeypatch):
    before, listed = tree(course.parent), (course / "modules/first-module/module.yml").read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InTheWay, match="No space left on device"):
        new_exercise(course / EXERCISE, title="T")
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(InTheWay, match="No space left on device"):
        new_course(course.parent.parent / "others" / "second", title="T")

    assert tree(course.parent) == before
    assert (course / "modules/first-module/module.yml").read_text() == listed
    assert os.listdir(course.parent.parent) == ["courses"]


@pytest.mark.parametrize("planted", [".module.yml.new", "module.yml"])
def test_list_is_written_through_no_link(course, planted):
    module, elsewhere = course / "modules/first-module/module.yml", course.parent.parent / "elsewhere"
    elsewhere.write_bytes(module.read_bytes())
    listed = elsewhere.read_bytes()
    module.with_name(planted).unlink(missing_ok=True)
    module.with_name(planted).symlink_to(elsewhere)

    new_exercise(course / EXERCISE, title="T")

    assert elsewhere.read_bytes() == listed
    assert yaml.safe_load(module.read_text())["items"][-1] == "who-waits"
    assert [path.name for path in module.parent.iterdir() if path.name.startswith(".new-")] == []


def test_what_a_killed_command_leaves_is_no_course(course):
    """It writes two levels below a name with a dot."""
    (course.parent / ".new-abc" / "half").mkdir(parents=True)
    (course.parent / ".new-abc" / "half" / "course.yml").write_text("id: half\n")

    assert said(course.parent, "--quick")[1:] == ([], "", 0)


def test_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(InTheWay, match="cannot be made: "):
        new_course(tmp_path / "file" / "course", title="T")


def test_commands_say_what_they_wrote_and_what_to_replace(tmp_path):
    place = tmp_path / "mine"

    def printed(*arguments: str) -> list[str]:
        out = io.StringIO()
        call_command(*arguments, stdout=out)
        return out.getvalue().replace(f"{tmp_path}/", "").splitlines()

    assert printed("new_course", str(place), "--title", "Mine") == [
        "written: skills.yml",
        "written: mine/course.yml",
        "written: mine/modules/first-module/check.quiz.md",
        "written: mine/modules/first-module/module.yml",
        "written: mine/modules/first-module/what-an-average-hides.md",
        "It is a small real example. Replace, in this order:",
        "  1. course.yml: summary, audience and skills, for whom it is and what it shows",
        "  2. skills.yml, in the folder above: the skill and its three sentences",
        "  3. modules/first-module: the folder's name, and module.yml with what people can do afterwards",
        "  4. what-an-average-hides.md: the lesson",
        "  5. check.quiz.md: the questions, each answer with its feedback",
        "Check it at any time: python3 manage.py check_course mine --quick",
    ]
    assert printed("new_exercise", str(place / EXERCISE), "--title", "Who waits?", "--data")[-6:] == [
        "It is a small real example. Replace, in this order:",
        "  1. exercise.py: the text, then task by task its solution and its tests",
        "  2. exercise.yml: minutes and skills",
        "  3. wrong/: what your learners get wrong, and the words that your tests answer with",
        "  4. data/: make_data.py and DATASHEET.md; then run make_data.py, and write the new sum into both files",
        "Check it: python3 manage.py check_course mine --item first-module/who-waits",
    ]
    with pytest.raises(CommandError, match="is there already"):
        call_command("new_course", str(place), "--title", "Mine")


def test_command_from_a_terminal_starts_no_servers(tmp_path):
    data = tmp_path / "data"
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "new_course", str(tmp_path / "mine"), "--title", "Mine"],
        cwd=Path(__file__).parents[4],
        env=environment | {"UPSKILL_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("written: ")
    assert os.listdir(data) == ["secret.key"]
