"""Exercise N01, Three ways to route a letter: its letters, its solution, and thirteen typical wrong answers."""

import csv
import hashlib
import importlib.util
import re
from collections import Counter

import nbformat
import pytest

from tests.content.working_through import Marked, exercise, read_wrong

LETTERS = exercise("ai-foundations", module="learning-from-examples", slug="route-letters")
DATA = LETTERS.folder / "data"
FULL = {
    "test_every_letter_goes_somewhere": 2.0,
    "test_first_rule_wins": 2.0,
    "test_better_rules": 2.0,
    "test_only_people": 2.0,
}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a data file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names_of_the_notebook() -> dict:
    """What the author's notebook has defined when it has run to the end."""
    names: dict = {}
    code = [cell.source for cell in LETTERS.cells() if cell.cell_type == "code"]
    exec(compile("\n".join(code), "notebook", "exec"), names)  # noqa: S102, the cells of our own exercise
    return names


@pytest.fixture
def worked(monkeypatch, capsys) -> dict:
    """The names of the notebook, run beside its data, without what it prints."""
    monkeypatch.chdir(DATA)
    names = names_of_the_notebook()
    capsys.readouterr()
    return names


def test_solution_gets_all_points():
    assert LETTERS.marked(replaced={}) == Marked(FULL, {})


def test_empty_answer_gets_no_points():
    empty = dict.fromkeys(LETTERS.tasks(), "raise NotImplementedError()")

    assert list(empty) == ["my_rules", "rules", "only_people"]
    assert LETTERS.marked(replaced=empty).points == dict.fromkeys(FULL, 0.0)


@pytest.mark.parametrize("path", LETTERS.wrong_files, ids=lambda path: path.stem)
def test_wrong_answer_loses_exactly_its_check_with_words_that_name_the_mistake(path):
    wrong = read_wrong(path)

    marked = LETTERS.marked(replaced=wrong.tasks)

    assert marked.points == {**FULL, wrong.check: 0.0}
    assert sum(marked.points.values()) == wrong.points
    assert list(marked.messages) == [wrong.check]
    assert wrong.words in marked.messages[wrong.check]


def test_there_are_thirteen_typical_wrong_answers_and_none_passes():
    left = {path.stem: read_wrong(path).points for path in LETTERS.wrong_files}

    assert left == dict.fromkeys(
        [
            "w10_either_machine",
            "w11_how_many",
            "w12_hand_over_counts_as_right",
            "w13_copied_answer",
            "w1_nothing_for_no_match",
            "w2_capital_letters",
            "w3_last_rule_wins",
            "w4_first_word_in_letter",
            "w5_unknown_team",
            "w6_copied_letters",
            "w7_capital_in_rule",
            "w8_greedy_rule",
            "w9_differs_from_machines",
        ],
        6.0,
    )
    assert float(LETTERS.content.pass_share) * sum(FULL.values()) > 6


def test_every_check_has_hidden_tests_and_a_line_that_gives_no_value_away():
    messages = LETTERS.content.hidden_messages

    assert list(messages) == list(FULL)
    assert [message for message in messages.values() if re.search(r"\d", message)] == []


@pytest.mark.parametrize(
    "secret", ['if letter["person"] == team', '("boiler", "housing")', "The BOILER is off", "[9, 8, 6]", "_unseen"]
)
def test_release_gives_no_answer_away(secret):
    released = nbformat.reads(LETTERS.content.release, as_version=4).cells

    assert any(secret in cell.source for cell in LETTERS.cells())
    assert not any(secret in cell.source for cell in released)


def test_release_starts_from_aminas_list():
    cells = nbformat.reads(LETTERS.content.release, as_version=4).cells
    task = next(cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "rules")

    assert task.startswith('RULES = [\n    ("bin", "waste"),\n    ("parking", "parking"),\n    ("rent", "housing"),')
    assert "raise NotImplementedError" in task


def test_generator_makes_the_data_byte_for_byte(tmp_path):
    spec = importlib.util.spec_from_file_location("make_letters", DATA / "make_data.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)

    generator.write(tmp_path)

    for name in ("letters.csv", "past_letters.csv"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


def test_data_sheet_and_settings_name_the_data_by_its_sha256():
    for name in ("letters.csv", "past_letters.csv"):
        sha256 = hashlib.sha256((DATA / name).read_bytes()).hexdigest()

        assert f"{name}: {sha256}\n" in (LETTERS.folder / "exercise.yml").read_text()
        assert f"`{sha256}`" in (DATA / "DATASHEET.md").read_text()


def test_officer_is_right_for_all_letters_but_one():
    wrong = [row["number"] for row in rows("letters.csv") if row["person"] != row["team"]]

    assert wrong == ["17"]


def test_past_letters_are_about_the_six_teams_in_about_the_stated_shares(worked):
    counts = Counter(row["team"] for row in rows("past_letters.csv"))

    assert sorted(counts) == worked["TEAMS"]
    assert sum(counts.values()) == 600
    for team, share in zip(worked["TEAMS"], [0.16, 0.24, 0.2, 0.14, 0.08, 0.18], strict=True):
        assert abs(counts[team] / 600 - share) < 0.06  # three standard errors of the largest


def test_three_ways_do_as_well_as_the_exercise_says(worked):
    letters = worked["letters"]
    right = {who: sum(each[who] == each["team"] for each in letters) for who in ("rules", "learned", "person")}

    assert right == {"rules": 4, "learned": 14, "person": 19}
    assert sum(each["rules"] == "a person" for each in letters) == 13
    assert worked["only_people"](letters) == [9, 11, 18, 19, 20]
    assert letters[16]["learned"] == letters[16]["team"] == "council tax"


def test_fewer_past_letters_make_a_worse_model(worked):
    def right(examples: int) -> int:
        model = worked["learn"](worked["past"][:examples])
        return sum(worked["learned"](each["message"], model) == each["team"] for each in worked["letters"])

    assert right(30) < right(600) == 14


def test_model_is_not_far_from_the_share_of_clean_labels(worked):
    past, model = worked["past"], worked["model"]

    share = sum(worked["learned"](each["message"], model) == each["team"] for each in past) / len(past)

    assert 0.9 <= share <= 0.97  # 4% of the labels are wrong by design
