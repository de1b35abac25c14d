"""Exercise N25, Does the human help?: what its data sheet and its texts say is true in its data."""

import runpy

import numpy as np
import pandas as pd
import pytest

from tests.content.library import course
from tests.content.working_through import exercise
from upskill.catalogue.course_files.shape import ItemContent

HELP = exercise("ai-ethics-in-practice", module="oversight", slug="does-the-human-help")
MAKE = runpy.run_path(str(HELP.folder / "data" / "make_data.py"))["make"]


@pytest.fixture(scope="module")
def trial() -> pd.DataFrame:
    """The data as learners read it."""
    return pd.read_csv(HELP.folder / "data" / "trial.csv")


@pytest.fixture(scope="module")
def solved() -> dict:
    """The functions of the author's solution."""
    names: dict = {"pd": pd}
    for cell in HELP.cells():
        if cell.metadata.get("nbgrader", {}).get("grade_id") in {"accuracy", "overrides", "effect", "verdict"}:
            exec(compile(cell.source, "cell", "exec"), names)  # noqa: S102, the cells of our own exercise
    return names


def items() -> list[ItemContent]:
    """Every item of the modules on oversight and governance."""
    modules = course("ai-ethics-in-practice").modules
    return [it for module in modules if module.slug in {"oversight", "governance"} for it in module.items]


def numbers(question: dict) -> tuple[float, list[float]]:
    """The right number of a question and the known wrong ones."""
    return question["answer"]["number"], [entry["number"] for entry in question["wrong"]]


def text() -> str:
    """All cells of the exercise, with their line breaks taken out."""
    return " ".join(" ".join(cell.source.replace("\n# ", " ").split()) for cell in HELP.cells())


def test_slide_of_the_supplier_hides_those_whom_the_tool_harms(trial, solved):
    overall = solved["accuracy"](trial, ["arm"])["right"].round(3).to_dict()
    groups = solved["accuracy"](trial, ["work", "arm"])["right"].round(3).to_dict()

    assert overall == {"advice": 0.847, "alone": 0.808, "reasons": 0.842}
    assert groups == {
        ("employee", "advice"): 0.894,
        ("employee", "alone"): 0.806,
        ("employee", "reasons"): 0.873,
        ("self-employed", "advice"): 0.645,
        ("self-employed", "alone"): 0.819,
        ("self-employed", "reasons"): 0.704,
    }
    said = ["80.8%", "84.7%", "from 81% to 89%", "from 82% to 65%"]
    said += ["87% right instead of 89%", "70% instead of 65%, against 82%"]
    assert [each for each in said if each not in text()] == []


def test_officers_catch_little_of_the_wrong_advice(trial, solved):
    caught = {arm: solved["overrides"](trial[trial["arm"] == arm]) for arm in ("advice", "reasons")}

    assert {arm: round(when_wrong, 2) for arm, (when_wrong, _) in caught.items()} == {"advice": 0.07, "reasons": 0.23}
    assert {arm: round(when_right, 2) for arm, (_, when_right) in caught.items()} == {"advice": 0.02, "reasons": 0.04}
    assert "overrode it in 7% of cases" in text()
    assert "overrode 23% of the wrong advice, and 4% of the right advice instead of 2%" in text()


def test_chance_could_explain_what_reasons_change_for_right_decisions(trial, solved):
    shown = trial[trial["arm"] != "alone"].replace({"arm": {"advice": "alone"}})

    assert solved["verdict"](solved["effect"](shown, "work", "reasons"))[2] == ["employee", "self-employed"]


@pytest.mark.parametrize("arm", ["advice", "reasons"])
def test_solution_names_the_group_that_is_harmed(trial, solved, arm):
    assert solved["verdict"](solved["effect"](trial, "work", arm)) == (["employee"], ["self-employed"], [])


@pytest.mark.parametrize("seed", range(20, 26))
def test_solution_finds_the_harm_in_other_trials_and_none_where_none_was_built_in(solved, seed):
    harmed = solved["verdict"](solved["effect"](MAKE(seed=seed), "work", "advice"))[1]
    fine = solved["verdict"](solved["effect"](MAKE(seed=seed, weak_for_self_employed=False), "work", "advice"))[1]

    assert (harmed, fine) == (["self-employed"], [])


def test_built_in_truth_is_that_of_the_data_sheet():
    made = MAKE(200_000, seed=1)
    shown = made[made["advice"] != ""]
    advice_right = (shown["advice"] == shown["decision"]) == (shown["right"] == 1)

    assert made.groupby("arm").size().div(len(made)).tolist() == pytest.approx([1 / 3] * 3, abs=0.01)
    assert (made["work"] == "self-employed").mean() == pytest.approx(0.2, abs=0.01)
    assert made[made["arm"] == "alone"]["right"].mean() == pytest.approx(0.82, abs=0.01)
    assert advice_right.groupby(shown["work"]).mean().to_list() == pytest.approx([0.90, 0.60], abs=0.01)


def test_kind_of_work_does_not_depend_on_the_lot(trial):
    shares = (trial["work"] == "self-employed").groupby(trial["arm"]).mean()

    margin = 3 * np.sqrt(0.2 * 0.8 / trial.groupby("arm").size().min())
    assert (shares - 0.2).abs().max() <= margin  # what chance allows


def test_lesson_on_trials_adds_up():
    alone, advice, cases = 492, 516, 600
    old, disabled = (480, 394, 437), (120, 98, 79)
    wrong_old, wrong_disabled = round(0.08 * old[0]), round(0.4 * disabled[0])

    assert (old[1] + disabled[1], old[2] + disabled[2]) == (alone, advice)
    assert [round(x, 2) for x in (alone / cases, advice / cases)] == [0.82, 0.86]
    assert [round(x, 2) for x in (437 / 480, 98 / 120, 79 / 120)] == [0.91, 0.82, 0.66]
    assert (wrong_old + wrong_disabled, cases - 86) == (86, 514)
    assert advice == (514 - 7) + 9  # followed when right, and overrode when wrong


def test_mark_scheme_and_rubric_give_the_same_model_answer():
    (source,) = (cell.source for cell in HELP.cells() if "BEGIN MARK SCHEME" in cell.source)
    (part,) = (check for check in HELP.content.checks if check.by_person)

    scheme = source.split("for trainers only.")[1].split("===")[0]
    assert scheme.split() == part.model_answer.split()
    assert part.model_answer not in HELP.content.release


def test_sums_of_the_lesson_on_time_are_right():
    claims, officers, minutes, careful = 1800 / 3, 6, 6 * 60, 11

    assert (claims, claims / officers, minutes / (claims / officers)) == (600, 100, 3.6)
    assert (round(minutes / careful), officers * round(minutes / careful)) == (33, 198)


def test_numbers_of_the_quizzes_are_right():
    quizzes = {it.slug: it.page["questions"] for it in items() if it.kind == "quiz"}
    asked = {question["id"]: question for questions in quizzes.values() for question in questions}

    assert numbers(asked["minutes-for-each"]) == (300 / (480 / 8), [0.6, 480 / 8 / 5, 480 / 8])
    assert numbers(asked["caught-share"]) == (
        100 * 12 / 80,
        [100 * 12 / 48, 100 * 12 / 800, 100 * 36 / 720, 100 * 48 / 800],
    )
    assert numbers(asked["accuracy-of-nothing"]) == (100 * 950 / 1000, [100 * 50 / 1000, (100 + 0) / 2])
