"""Each kind of mistake that somebody can plant in a course is caught, with its file and line."""

import hashlib

import pytest

from tests.unit.authoring.gate.planted import BY_MARKING, CSV, DOUBLE, FILES, IN_FILES, SCRIPT, write
from tests.unit.authoring.gate.planted_overlays import IN_OVERLAYS, OVERLAID, ours
from tests.unit.catalogue.small_course import DATA_SHA256
from upskill.authoring.gate import running
from upskill.authoring.gate.engines import Engines
from upskill.catalogue.course_files.mistakes import Mistake


def places(mistakes: tuple[Mistake, ...], *, root) -> dict[tuple[str, int], list[str]]:
    """(file, line) -> what was found there; each finding has a cure."""
    assert all(mistake.cure for mistake in mistakes)
    found: dict[tuple[str, int], list[str]] = {}
    for mistake in mistakes:
        found.setdefault((str(mistake.file.relative_to(root)), mistake.line), []).append(mistake.problem)
    return found


def marked(root, *, engines: Engines) -> tuple[Mistake, ...]:
    """Everything that reading and marking finds."""
    read = running.read([root])
    tried = running.try_out(read.exercises, again=True, start=lambda: engines, say=lambda _: None)
    return read.mistakes + tried.mistakes


def test_the_small_course_passes_without_a_word(tmp_path, one_engine):
    read = running.read([write(tmp_path)])

    assert (read.mistakes, read.advice) == ((), ())
    assert marked(tmp_path, engines=one_engine) == ()


def test_at_least_twenty_five_kinds_are_planted():
    assert len(IN_FILES) + len(BY_MARKING) >= 25


@pytest.mark.parametrize("name", IN_FILES)
def test_mistake_in_the_files_is_caught_with_file_and_line(tmp_path, name):
    planted = IN_FILES[name]

    found = places(running.read([write(tmp_path, planted.files())]).mistakes, root=tmp_path)

    assert any(problem.startswith(planted.problem) for problem in found.get(planted.place(), [])), found


def test_the_overlay_passes_without_a_word(tmp_path):
    read = running.read([write(tmp_path, OVERLAID)])

    assert (read.mistakes, read.advice) == ((), ())
    assert [exercise.folder for exercise in read.exercises] == [tmp_path.resolve() / ours(DOUBLE)]


@pytest.mark.parametrize("name", IN_OVERLAYS)
def test_mistake_in_an_overlay_is_caught_with_file_and_line(tmp_path, name):
    planted = IN_OVERLAYS[name]

    found = places(running.read([write(tmp_path, planted.files())]).mistakes, root=tmp_path)

    assert any(problem.startswith(planted.problem) for problem in found.get(planted.place(), [])), found


@pytest.mark.slow  # some sixty answers each
@pytest.mark.parametrize("name", BY_MARKING)
def test_mistake_is_caught_by_marking_with_file_and_line(tmp_path, name, one_engine):
    planted = BY_MARKING[name]

    found = places(marked(write(tmp_path, planted.files()), engines=one_engine), root=tmp_path)

    assert any(problem.startswith(planted.problem) for problem in found.get(planted.place(), [])), found


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_hidden_tests_that_lie_beside_the_notebook_are_found_by_a_trick(tmp_path, one_engine):
    data = FILES[CSV] + "### BEGIN HIDDEN TESTS\n"
    sha256 = hashlib.sha256(data.encode()).hexdigest()
    files = {path: text.replace(DATA_SHA256, sha256) for path, text in FILES.items()} | {CSV: data}

    found = places(marked(write(tmp_path, files), engines=one_engine), root=tmp_path)

    assert found[SCRIPT, 1] == ["Hidden tests can be read by an answer, in files."]


@pytest.mark.parametrize(("items", "problem"), [
    ("[check, double]", "The module has objectives, but no lesson that teaches them."),
    ("[sharing]", "The module has objectives, but no quiz, exercise or reflection that checks them."),
])  # fmt: skip
def test_module_that_teaches_or_checks_nothing_is_caught(tmp_path, items, problem):
    module = "tea-for-teams/modules/basics"
    kept = {"sharing": ["sharing.md"], "check": ["check.quiz.md"], "double": ["double/"]}
    parts = [part for name, names in kept.items() if name in items for part in names]
    files = {
        path: text
        for path, text in FILES.items()
        if not path.startswith(f"{module}/") or path.removeprefix(f"{module}/").startswith(("module.yml", *parts))
    }
    files[f"{module}/module.yml"] = files[f"{module}/module.yml"].replace("[sharing, check, double]", items)
    files["tea-for-teams/course.yml"] = files["tea-for-teams/course.yml"].replace("[fairness@working]", "[]")

    found = places(running.read([write(tmp_path, files)]).mistakes, root=tmp_path)

    assert found[f"{module}/module.yml", 3] == [problem]


def test_fewer_than_three_wrong_answers_are_too_few(tmp_path):
    files = {path: text for path, text in FILES.items() if not path.endswith("/prints.py")}

    found = places(running.read([write(tmp_path, files)]).mistakes, root=tmp_path)

    assert found == {
        ("tea-for-teams/modules/basics/double/exercise.py", 1): ["The exercise has 2 wrong answers, fewer than 3."]
    }
