"""`manage.py check_course`: what an author reads, the certificate that it writes, and the exit codes."""

import io
import json
from dataclasses import asdict, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import grading
from grading.protocol import Outcome, Provenance, Verdict
from tests.unit.authoring import small_exercise
from tests.unit.authoring.gate.planted import ADDS, ASIDE, DOUBLE, FILES, LESSON, MODULE_YML, SCRIPT, write
from upskill.authoring.gate import certificate, engines, running
from upskill.authoring.gate.exercise import Examined
from upskill.authoring.gate.known import Known
from upskill.authoring.parity.exercises import Exercise, chosen
from upskill.browser_runtime import places
from upskill.catalogue.course_files.certificate import Certificate, content_sha256
from upskill.catalogue.course_files.mistakes import CourseError, Mistake
from upskill.management.commands.check_course import Command, Start

NAME = "tea-for-teams/basics/double"


def said(*arguments: object, start: Start = engines.started) -> tuple[list[str], list[str], str, int]:
    """The lines it prints, those on the error stream, how it ends, and the exit code."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(Command(start=start), *map(str, arguments), stdout=out, stderr=err)
    except CommandError as end:
        return out.getvalue().splitlines(), err.getvalue().splitlines(), str(end), end.returncode
    return out.getvalue().splitlines(), err.getvalue().splitlines(), "", 0


def written(root) -> dict:
    return json.loads((root / DOUBLE / "certificate.json").read_text())


def the_exercise(root) -> Exercise:
    (exercise,) = chosen(str(root / DOUBLE), places=[])
    return exercise


def certified(root) -> Certificate:
    """A certificate that matches the exercise, put beside it without any marking."""
    exercise, now = the_exercise(root), grading.__version__
    made = Certificate(
        exercise=NAME,
        sha256=content_sha256(exercise.content, folder=exercise.folder),
        engine=now,
        python="3",
        libraries={"numpy": version("numpy")},
        answers={},
        guarded=[],
        tricks={},
    )
    certificate.write(made, folder=exercise.folder)
    return made


@pytest.fixture
def empty_build(tmp_path, settings):
    """Python for the browser as it looks where nobody has looked into it: it does not start."""
    settings.BROWSER_RUNTIME_DIR = tmp_path / "builds"
    places.folder().mkdir(parents=True)


def test_quick_reads_and_marks_nothing(tmp_path):
    lines, errors, end, code = said(write(tmp_path), "--quick")

    assert lines == [
        "tea-for-teams 1.0.0: 1 lesson, 1 quiz, 1 exercise, 586 words at a reading age of 5, 23 minutes",
        "No mistake found.",
    ]
    assert (errors, end, code) == ([], "", 0)
    assert not (tmp_path / DOUBLE / "certificate.json").exists()


def test_every_mistake_is_listed_and_the_exit_code_says_so(tmp_path):
    files = {**FILES, LESSON: FILES[LESSON].replace("https://", "http://"), ADDS: FILES[ADDS].replace("| 0", "| 3.9")}

    _, errors, end, code = said(write(tmp_path, files), "--quick")

    places = [line.removeprefix(f"{tmp_path}/").split(": ")[0] for line in errors]
    assert places == [f"{ADDS}:1", f"{LESSON}:12"]
    assert (end, code) == ("2 mistakes found.", 1)


def test_item_alone_is_checked_and_one_that_there_is_not_is_told(tmp_path):
    files = {**FILES, LESSON: FILES[LESSON].replace("https://", "http://")}
    root = write(tmp_path, files)

    assert said(root, "--quick", "--item", "basics/check")[2:] == ("", 0)
    assert said(root, "--quick", "--item", "basics/sharing")[2:] == ("1 mistake found.", 1)
    assert said(root, "--quick", "--item", "basics/tea")[2:] == (
        "There is no item basics/tea. Write MODULE/ITEM: basics/sharing, basics/check, basics/double.", 2
    )  # fmt: skip


def test_advice_is_told_and_keeps_nothing_out(tmp_path):
    objective = "You can recognise porcelain."
    files = {
        **FILES,
        LESSON: FILES[LESSON].replace("minutes: 5", "minutes: 4"),
        MODULE_YML: FILES[MODULE_YML].replace("You can share a pot.", objective),
    }

    lines, errors, end, code = said(write(tmp_path, files), "--quick")

    words = "Teach and check it in the words of the objective, or change the objective."
    assert lines[1:] == [
        f"advice: {tmp_path}/{MODULE_YML}:4: No lesson of the module seems to be about: {objective} {words}",
        f"advice: {tmp_path}/{MODULE_YML}:4: No quiz, exercise or reflection of the module seems to be about: "
        f"{objective} {words}",
        f"advice: {tmp_path}/{LESSON}:3: The lesson takes 4 minutes. People keep to lessons of 5 to 12. "
        "Split the lesson, or join two.",
        "No mistake found.",
    ]
    assert (errors, end, code) == ([], "", 0)


def test_quick_and_browser_together_are_refused(tmp_path):
    assert said(write(tmp_path), "--quick", "--browser") == (
        [], [], "--quick runs nothing, and --browser runs every answer. Leave one of them out.", 2
    )  # fmt: skip


def test_browser_without_its_python_is_told_before_anything_is_read(tmp_path, settings):
    settings.BROWSER_RUNTIME_DIR = tmp_path

    assert said(write(tmp_path), "--browser") == (
        [],
        [],
        "Python for the browser is not on this machine. Bring it with: manage.py fetch_browser_runtime",
        2,
    )


def test_browser_compares_exercises_with_a_certificate_too(tmp_path, empty_build):
    root = write(tmp_path / "courses")
    certified(root)

    lines, errors, end, code = said(root, "--browser")

    unchanged = "unchanged since its certificate. Catches 0 known mistakes. It has no hidden tests for tricks to meet."
    assert lines[1:] == [f"{NAME}: {unchanged}", f"{NAME}: being compared with the browser's Python"]
    assert (errors, end.splitlines()[0], code) == ([], "The browser's Python did not start:", 2)


@pytest.mark.timeout(600)
def test_exercise_that_could_not_be_compared_gets_no_certificate(tmp_path, empty_build, running_engines):
    root = write(tmp_path / "courses")

    _, _, end, code = said(root, "--browser", start=running_engines)

    assert (end.splitlines()[0], code) == ("The browser's Python did not start:", 2)
    assert not (root / DOUBLE / "certificate.json").exists()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_differs_in_the_browser_alone_is_a_mistake_in_spite_of_a_certificate(tmp_path, builds, settings):
    settings.BROWSER_RUNTIME_DIR = builds
    root = small_exercise.library(tmp_path)
    certified(root)

    _, errors, _, code = said(root, "--browser", "--item", "basics/double")

    differing = "test_large gives 3 to the answer 'solution' in the marking engine, and 0 in the browser."
    assert [line for line in errors if differing in line] != []
    assert code == 1


def test_folder_without_a_course_is_told(tmp_path):
    assert said(tmp_path)[2:] == ("1 mistake found.", 1)


@pytest.fixture
def no_engine(monkeypatch):
    """A machine on which the marking engine does not start."""
    monkeypatch.setenv("GRADING_PYTHON", "/usr/bin/false")


def test_engine_that_fails_twice_ends_it_with_two_and_blames_no_course(tmp_path, no_engine):
    root = write(tmp_path)

    _, errors, end, code = said(root)

    assert (errors, end.split(" with ")[0], code) == ([], "The marking engine failed twice", 2)
    assert "No course is to blame." in end
    assert not (root / DOUBLE / "certificate.json").exists()


def test_all_marks_again_what_a_certificate_would_spare(tmp_path, no_engine):
    root = write(tmp_path)
    certified(root)

    assert said(root)[2:] == ("", 0)
    assert said(root, "--all")[3] == 2  # it asked the engine


def test_item_that_is_a_lesson_needs_no_engine(tmp_path, no_engine):
    lines, errors, end, code = said(write(tmp_path), "--item", "basics/sharing")

    assert [line.partition(":")[0] for line in lines] == ["tea-for-teams 1.0.0", "No mistake found."]
    assert (errors, end, code) == ([], "", 0)


def test_certificate_of_an_earlier_edition_of_the_tricks_spares_nothing(tmp_path, no_engine):
    root = write(tmp_path)
    certificate.write(replace(certified(root), edition=certificate.EDITION - 1), folder=root / DOUBLE)

    assert said(root)[3] == 2


def test_certificate_takes_the_place_of_a_link_and_leaves_what_it_led_to(tmp_path):
    root = write(tmp_path / "courses")
    (tmp_path / "elsewhere").write_text("somebody's own")
    (root / DOUBLE / "certificate.json").symlink_to(tmp_path / "elsewhere")

    made = certified(root)

    assert (tmp_path / "elsewhere").read_text() == "somebody's own"
    assert written(root) == asdict(made)
    assert [path.name for path in (root / DOUBLE).iterdir() if path.name.startswith(".")] == []


def test_lesson_that_is_hard_to_read_gets_advice_with_its_age(tmp_path):
    hard = "Proportionality considerations necessitate comprehensive documentation of algorithmic determinations. "
    files = {**FILES, LESSON: FILES[LESSON].replace(ASIDE, (hard * 3).strip())}

    lines, _, _, code = said(write(tmp_path, files), "--quick", "--item", "basics/sharing")

    [advice] = [line for line in lines if line.startswith("advice: ")]
    assert advice.startswith(f"advice: {tmp_path}/{LESSON}:1: The lesson reads at an age of about ")
    assert code == 0


@pytest.mark.timeout(600)
def test_whole_gate_writes_a_certificate_and_then_marks_nothing_again(tmp_path):
    root = write(tmp_path)

    first, errors, end, code = said(root)
    again = said(root)[0]

    assert (errors, end, code) == ([], "", 0)
    found = written(root)
    assert (found["exercise"], found["guarded"]) == (NAME, ["test_double"])
    assert found["answers"] == {
        "solution": {"points": 4.0},
        "untouched": {"points": 0.0},
        **{name: {"points": 0.0, "loses": "test_double"} for name in ("adds", "eight", "prints")},
    }
    held = sum(found["tricks"].values())
    assert [line for line in first if "caught by" in line] == [
        f"  {name:42} {'0 of 4':>12}  caught by test_double" for name in ("adds", "eight", "prints")
    ]
    assert again[1] == f"{NAME}: unchanged since its certificate. Catches 3 known mistakes, {held} tricks held."


@pytest.mark.timeout(600)
def test_exercise_with_a_mistake_gets_no_certificate(tmp_path, running_engines):
    root = write(tmp_path, {**FILES, SCRIPT: FILES[SCRIPT].replace("return 2 * cups", "return 3 * cups")})

    assert said(root, "--item", "basics/double", start=running_engines)[2:] == ("1 mistake found.", 1)
    assert not (root / DOUBLE / "certificate.json").exists()


@pytest.mark.timeout(600)
def test_exercise_is_handed_over_before_the_next_one_can_stop_everything(tmp_path, one_engine):
    good = the_exercise(write(tmp_path / "good"))
    spoilt = replace(good, folder=write(tmp_path / "spoilt", {**FILES, ADDS: "nonsense\n"}) / DOUBLE)
    kept: list[Path | None] = []

    with pytest.raises(CourseError):
        running.try_out(
            (good, spoilt),
            again=True,
            start=lambda: one_engine,
            say=lambda _: None,
            keep=lambda examined: kept.append(running.certify(examined, mistakes=())),
        )

    assert kept == [good.folder / "certificate.json"]
    assert certificate.matching(good) is not None


def test_certificate_matches_only_what_it_was_given_for(tmp_path):
    root = write(tmp_path)
    exercise, made = the_exercise(root), certified(root)
    assert certificate.matching(exercise) == made
    for other in (
        replace(made, libraries={"numpy": "1.0"}),
        replace(made, libraries={"a-package-that-nobody-has": "1.0"}),
        replace(made, engine="0.0.9"),
    ):
        certificate.write(other, folder=exercise.folder)

        assert certificate.matching(exercise) is None


IN_BROWSER = {"pyodide": "314.0.3", "checks": 12}


def test_what_was_compared_in_the_browser_is_added_to_a_certificate_once(tmp_path):
    root = write(tmp_path)
    exercise, found = the_exercise(root), certified(root)
    add = partial(running.add_browser, exercise=exercise, browser=IN_BROWSER)
    differs = Mistake(exercise.folder / "exercise.py", 1, "It differs.", "Mend it.")

    assert add(found, mistakes=[differs]) is None
    assert written(root)["browser"] is None
    assert add(found, mistakes=[]) == exercise.folder / "certificate.json"
    assert written(root)["browser"] == IN_BROWSER
    again = certificate.matching(exercise)
    assert again
    assert add(again, mistakes=[]) is None


def test_marking_again_what_has_not_changed_keeps_what_was_compared(tmp_path):
    root = write(tmp_path)
    exercise, found = the_exercise(root), certified(root)
    certificate.write(replace(found, browser=IN_BROWSER), folder=exercise.folder)
    marked_by = Provenance(engine_version=grading.__version__, python="3", libraries=found.libraries)
    verdict = Verdict(job_id="t", outcome=Outcome.MARKED, provenance=marked_by)
    examined = Examined(exercise, (Known("solution", (verdict,)),), (), (), ())

    running.certify(examined, mistakes=())

    assert (written(root)["browser"], list(written(root)["answers"])) == (IN_BROWSER, ["solution"])


CHANGES = {
    SCRIPT: ("double(7) == 14", "double(9) == 18"),
    ADDS: ("2 + cups", "cups + 2"),
    f"{DOUBLE}/exercise.yml": ("cell_seconds: 5", "cell_seconds: 6"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_certificate_of_other_content_does_not_match(tmp_path, name):
    def digest(files, folder):
        exercise = the_exercise(write(tmp_path / folder, files))
        return content_sha256(exercise.content, folder=exercise.folder)

    old, new = CHANGES[name]
    assert FILES[name].count(old) == 1

    assert digest({**FILES, name: FILES[name].replace(old, new)}, "after") != digest(FILES, "before")


def test_certificate_that_is_none_is_as_if_it_were_not_there(tmp_path):
    exercise = the_exercise(write(tmp_path))
    for text in ("", "[]", "{}", '{"exercise": 1}', "\0"):
        (exercise.folder / "certificate.json").write_text(text)

        assert certificate.matching(exercise) is None
