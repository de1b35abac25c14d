"""Exercise N23: its data, its solution, and the seven typical wrong answers."""

import contextlib
import hashlib
import importlib.util
import io
import json
import re
import traceback
from dataclasses import dataclass

import nbformat
import numpy as np
import pandas as pd
import pytest

from grading.checks import hidden_lines
from tests.content.library import AUDIT, audit
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.wrong_answers import WrongAnswer, read_wrong_answer

CSV = AUDIT / "data" / "referrals.csv"
WRONG_FILES = sorted((AUDIT / "wrong").glob("*.py"))
FULL = {"test_group_rates": 6.0, "test_gap": 4.0, "test_threshold": 4.0}


@dataclass(frozen=True)
class Marked:
    """Points by check, and for each lost check the message that a learner reads."""

    points: dict[str, float]
    messages: dict[str, str]


def read_wrong(path) -> WrongAnswer:
    """The wrong answer in this file, which must have no mistake of form."""
    notes = Notes()
    answer = read_wrong_answer(path.read_text(), file=path, notes=notes)
    assert notes.mistakes == []
    assert answer is not None
    return answer


def work_through(monkeypatch, *, replaced: dict[str, str]) -> Marked:
    """Run the author's notebook from top to bottom beside its data, with these tasks replaced, and note what fails."""
    monkeypatch.chdir(CSV.parent)
    names: dict[str, object] = {}
    points, messages = {}, {}
    for cell in nbformat.reads(audit().source, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        tag = cell.metadata.get("nbgrader", {})
        source = replaced.get(tag.get("grade_id", ""), cell.source)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(source, "cell", "exec"), names)  # noqa: S102, the cells of our own exercise
        except Exception as error:  # noqa: BLE001, an answer may raise anything
            if tag.get("grade"):
                points[tag.grade_id] = 0.0
                messages[tag.grade_id] = message_for_learners(error, cell=cell)
        else:
            if tag.get("grade"):
                points[tag.grade_id] = tag.points
    return Marked(points, messages)


def message_for_learners(error: Exception, *, cell) -> str:
    """The message of a failed test; for a hidden one the author's neutral line."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next(frame.lineno for frame in frames if frame.filename == "cell")
    return cell.metadata.upskill.hidden_message if line in hidden_lines(cell.source) else str(error)


def test_solution_gets_all_points(monkeypatch):
    assert work_through(monkeypatch, replaced={}) == Marked(FULL, {})


def test_empty_answer_gets_no_points(monkeypatch):
    empty = dict.fromkeys(["group_rates", "gap", "threshold"], "raise NotImplementedError()")

    assert work_through(monkeypatch, replaced=empty).points == dict.fromkeys(FULL, 0.0)


@pytest.mark.parametrize("path", WRONG_FILES, ids=lambda path: path.stem)
def test_wrong_answer_loses_exactly_its_check_with_words_that_name_the_mistake(monkeypatch, path):
    wrong = read_wrong(path)

    marked = work_through(monkeypatch, replaced=wrong.tasks)

    assert marked.points == {**FULL, wrong.check: 0.0}
    assert sum(marked.points.values()) == wrong.points
    assert list(marked.messages) == [wrong.check]
    assert wrong.words in marked.messages[wrong.check]


def test_there_are_the_seven_typical_wrong_answers_with_their_marks():
    assert {path.stem: read_wrong(path).points for path in WRONG_FILES} == {
        "w1_fdr_for_fpr": 8,
        "w2_drops_not_stated": 8,
        "w3_ties_over_capacity": 10,
        "w4_mutates_input": 8,
        "w5_hardcoded_visible": 10,
        "w6_boundary": 10,
        "w7_per_everyone": 8,
    }


def test_no_wrong_answer_passes_the_exercise():
    passing = float(audit().pass_share) * sum(FULL.values())

    assert [path.stem for path in WRONG_FILES if read_wrong(path).points >= passing] == []


def test_checks_give_fourteen_points_by_tests_and_six_by_a_person():
    given = [(check.slug, float(check.max_points), check.by_person) for check in audit().checks]

    assert given == [
        ("test_group_rates", 6.0, False),
        ("test_gap", 4.0, False),
        ("test_threshold", 4.0, False),
        ("reflection", 6.0, True),
    ]


def test_every_check_with_hidden_tests_has_a_line_that_gives_no_value_away():
    messages = audit().hidden_messages

    assert list(messages) == ["test_group_rates", "test_gap", "test_threshold"]
    assert [message for message in messages.values() if re.search(r"\d", message)] == []


def test_line_of_the_hidden_gap_tests_names_both_mistakes():
    assert audit().hidden_messages["test_gap"] == (
        "A group with exactly min_n claims stays in, and the answer must come from the table you are given, "
        "not from a number written into your code."
    )


def test_reflection_is_marked_on_three_criteria_of_two_points_and_five_levels():
    reflection = audit().checks[-1]

    assert [(row["id"], row["points"], len(row["levels"])) for row in reflection.rubric] == [
        ("finding", 2, 5),
        ("recommendation", 2, 5),
        ("limit", 2, 5),
    ]
    assert len(reflection.model_answer.split()) >= 100


@pytest.mark.parametrize(
    "secret", ["from_dict", "default_rng(7)", "Model answer", "idxmax(), left_out", "best = float(t)"]
)
def test_release_gives_no_answer_away(secret):
    assert secret in audit().source
    assert secret not in audit().release


def test_first_task_is_begun_for_learners_and_the_others_are_not():
    cells = nbformat.reads(audit().release, as_version=4).cells
    tasks = [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]

    begun = [re.findall(r"^    (\w+) = ", source, flags=re.MULTILINE) for source in tasks]
    assert begun == [["labels", "rows"], [], [], []]  # the last one is the text that a person marks


def test_question_of_the_reflection_stays_visible_to_learners():
    assert "Write about 150 words in the next cell" in audit().release
    assert "Write your advice here." in audit().release


def test_generator_makes_the_data_byte_for_byte(tmp_path):
    spec = importlib.util.spec_from_file_location("make_data", AUDIT / "data" / "make_data.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)

    generator.write(tmp_path / "referrals.csv")

    assert (tmp_path / "referrals.csv").read_bytes() == CSV.read_bytes()


def test_data_sheet_and_settings_name_the_data_by_its_sha256():
    sha256 = hashlib.sha256(CSV.read_bytes()).hexdigest()

    assert f"referrals.csv: {sha256}\n" in (AUDIT / "exercise.yml").read_text()
    assert f"`{sha256}`" in (AUDIT / "data" / "DATASHEET.md").read_text()
    assert audit().files == {"referrals.csv": CSV.read_bytes()}


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    """The data with people who did not state a language under a name of their own."""
    table = pd.read_csv(CSV)
    return table.assign(language=table["language"].fillna("not stated"))


def test_data_has_six_thousand_claims_in_three_groups(claims):
    assert list(claims.columns) == ["claim_id", "language", "score", "referred", "overpaid"]
    assert list(claims["claim_id"]) == list(range(1, 6001))
    assert claims["language"].value_counts().to_dict() == {"english": 4683, "other": 881, "not stated": 436}


def test_overpayment_is_about_as_common_in_every_group(claims):
    shares = claims.groupby("language")["overpaid"].mean().round(3).to_dict()

    assert shares == {"english": 0.057, "not stated": 0.076, "other": 0.061}
    for group, share in shares.items():
        margin = 3 * np.sqrt(0.06 * 0.94 / (claims["language"] == group).sum())
        assert abs(share - 0.06) <= margin  # what chance allows around the built-in 6%


def test_score_carries_a_real_signal_and_an_unfair_shift(claims):
    strength = np.log(claims["score"] / (1 - claims["score"]))
    fine = claims["overpaid"] == 0
    means = strength[fine].groupby(claims["language"]).mean()

    assert strength[~fine].mean() - strength[fine].mean() == pytest.approx(2.0, abs=0.2)
    assert means["other"] - means["english"] == pytest.approx(0.9, abs=0.12)
    assert means["not stated"] - means["english"] == pytest.approx(0.5, abs=0.16)


def test_claims_are_referred_from_a_score_of_one_half(claims):
    assert (claims["referred"] == (claims["score"] >= 0.5)).all()


def test_figures_of_the_model_answer_are_those_of_the_data(claims):
    model_answer = " ".join(audit().checks[-1].model_answer.split())
    limit = claims["score"].sort_values(ascending=False).iloc[599]
    threshold = limit if (claims["score"] >= limit).sum() <= 600 else claims["score"][claims["score"] > limit].min()

    picked = claims[claims["overpaid"] == 0].assign(referred=lambda table: table["score"] >= threshold)
    rates = picked.groupby("language")["referred"].mean()
    assert f"({rates['other']:.0%} against {rates['english']:.0%})" in model_answer
    assert f"at {rates['not stated']:.0%}." in model_answer
    assert round(rates["other"] / rates["english"]) == 5


def test_exercise_says_that_its_data_is_made_up():
    first = nbformat.reads(audit().release, as_version=4).cells[0].source

    assert "**The data is made up**" in first
    assert "seed 20" in first


def test_mark_scheme_and_rubric_give_the_same_model_answer():
    source = json.loads(audit().source)
    reflection = next(c for c in source["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "reflection")
    scheme = re.search(r"Model answer, for trainers only\.(.*)=== END", "".join(reflection["source"]), re.DOTALL)

    assert scheme is not None
    assert scheme[1].split() == audit().checks[-1].model_answer.split()
