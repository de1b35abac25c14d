"""Every exercise that ships: the solution, the untouched notebook, the typical wrong answers, its hints and its data.

The cells run one after the other in this process, which takes seconds. That the marking engine and the browser give the
same marks is tests/unit/authoring/test_courses_that_ship.py.
"""

import contextlib
import hashlib
import io
import re
import runpy
import shutil
import traceback
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from grading.checks import hidden_lines
from tests.content.library import library
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.shape import ExerciseContent
from upskill.catalogue.course_files.wrong_answers import WrongAnswer, read_wrong_answer

pytestmark = pytest.mark.filterwarnings("ignore")  # of wrong answers, which pandas and matplotlib may warn of


@dataclass(frozen=True)
class Shipped:
    """An exercise with its folder."""

    name: str
    folder: Path
    content: ExerciseContent

    @property
    def full(self) -> dict[str, float]:
        """The points of each check that tests give."""
        return {check.slug: float(check.max_points) for check in self.content.checks if not check.by_person}

    @property
    def wrong(self) -> list[WrongAnswer]:
        """The typical wrong answers, which must have no mistake of form."""
        notes = Notes()
        paths = sorted((self.folder / "wrong").glob("*.py"))
        answers = [read_wrong_answer(path.read_text(), file=path, notes=notes) for path in paths]
        assert notes.mistakes == []
        return [answer for answer in answers if answer]


@dataclass(frozen=True)
class Marked:
    """Points by check, and for each lost check the message that a learner reads."""

    points: dict[str, float]
    messages: dict[str, str]


EXERCISES = [
    Shipped(f"{course.id}/{module.slug}/{it.slug}", it.file.parent, it.exercise)
    for course in library().courses
    for module in course.modules
    for it in module.items
    if it.exercise and it.kind == "exercise"
]
WRONG = [(exercise, answer) for exercise in EXERCISES for answer in exercise.wrong]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def worked_through(exercise: Shipped, *, notebook: str, replaced: dict[str, str], place: Path) -> Marked:
    """Run a notebook from the top beside its data, with these tasks replaced and all tests, and note what fails."""
    for name, content in exercise.content.files.items():
        (place / name).write_bytes(content)
    tests = {cell.metadata.nbgrader.grade_id: cell for cell in cells(exercise.content.source) if is_test(cell)}
    names: dict[str, object] = {}
    points, messages = {}, {}
    for cell in cells(notebook):
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        source = tests[name].source if name in tests else replaced.get(name, cell.source)
        try:
            with contextlib.chdir(place), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(source, "cell", "exec"), names)  # noqa: S102, the cells of our own exercises
        except Exception as error:  # noqa: BLE001, an answer may raise anything
            if name in tests:
                points[name], messages[name] = 0.0, message_for_learners(error, cell=tests[name])
        else:
            if name in tests:
                points[name] = float(tests[name].metadata.nbgrader.points)
    return Marked(points, messages)


def cells(notebook: str) -> list[nbformat.NotebookNode]:
    """The code cells of a notebook."""
    return [cell for cell in nbformat.reads(notebook, as_version=4).cells if cell.cell_type == "code"]


def is_test(cell: nbformat.NotebookNode) -> bool:
    """Whether the cell gives points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def message_for_learners(error: Exception, *, cell: nbformat.NotebookNode) -> str:
    """The message of a failed test; for a hidden one the author's neutral line."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next(frame.lineno for frame in frames if frame.filename == "cell")
    return cell.metadata.upskill.hidden_message if line in hidden_lines(cell.source) else str(error)


@pytest.fixture(autouse=True)
def _closed_charts(monkeypatch):
    """Charts are drawn nowhere, and do not pile up from test to test."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    yield
    from matplotlib import pyplot as plt

    plt.close("all")


@each_exercise
def test_solution_gets_all_points(exercise, tmp_path):
    marked = worked_through(exercise, notebook=exercise.content.source, replaced={}, place=tmp_path)

    assert marked == Marked(exercise.full, {})


@each_exercise
def test_untouched_notebook_gets_no_points(exercise, tmp_path):
    marked = worked_through(exercise, notebook=exercise.content.release, replaced={}, place=tmp_path)

    assert marked.points == dict.fromkeys(exercise.full, 0.0)


@pytest.mark.parametrize(("exercise", "wrong"), WRONG, ids=lambda value: value.name)
def test_wrong_answer_loses_exactly_its_check_with_words_that_name_the_mistake(exercise, wrong, tmp_path):
    marked = worked_through(exercise, notebook=exercise.content.source, replaced=wrong.tasks, place=tmp_path)

    assert marked.points == {**exercise.full, wrong.check: 0.0}
    assert sum(marked.points.values()) == wrong.points
    assert list(marked.messages) == [wrong.check]
    assert wrong.words in marked.messages[wrong.check]


@each_exercise
def test_every_check_has_a_wrong_answer_that_it_catches(exercise):
    assert {wrong.check for wrong in exercise.wrong} == set(exercise.full)


@each_exercise
def test_no_wrong_answer_passes_the_exercise(exercise):
    passing = float(exercise.content.pass_share) * sum(exercise.full.values())

    assert [wrong.name for wrong in exercise.wrong if wrong.points >= passing] == []


@each_exercise
def test_every_task_has_three_hints_each_in_the_one_before_it(exercise):
    cells = nbformat.reads(exercise.content.release, as_version=4).cells
    tasks = [cell for cell in cells if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")]
    texts = [cell.source for cell in cells if "<summary>Hint" in cell.source]

    hints = [re.findall(r"</?details>|Hint \d", text) for text in texts]
    steps = ["<details>", "Hint 1", "<details>", "Hint 2", "<details>", "Hint 3"]
    assert hints == [steps + ["</details>"] * 3] * len(tasks)


@each_exercise
def test_line_of_hidden_tests_gives_no_value_away(exercise):
    messages = exercise.content.hidden_messages.values()

    assert [message for message in messages if re.search(r"\d", message) or len(message.split()) < 10] == []


@each_exercise
def test_exercise_says_where_its_data_comes_from(exercise):
    release = nbformat.reads(exercise.content.release, as_version=4).cells[0].source

    assert not exercise.content.files or re.search(r"\*\*The data is (made up|real)\*\*", release)


@each_exercise
def test_generator_makes_the_data_byte_for_byte(exercise, tmp_path):
    if not exercise.content.files:
        return
    shutil.copy(exercise.folder / "data" / "make_data.py", tmp_path)

    runpy.run_path(str(tmp_path / "make_data.py"), run_name="__main__")

    (tmp_path / "make_data.py").unlink()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == exercise.content.files


@each_exercise
def test_data_sheet_names_each_file_by_its_sha256(exercise):
    sheet = exercise.folder / "data" / "DATASHEET.md"

    missing = [
        name
        for name, content in exercise.content.files.items()
        if f"`{hashlib.sha256(content).hexdigest()}`" not in sheet.read_text()
    ]
    assert missing == []
