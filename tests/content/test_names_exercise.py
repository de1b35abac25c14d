"""Exercise N24, Two names, same CV: what its data sheet and its texts say is true in its data."""

import runpy

import numpy as np
import pandas as pd
import pytest

from tests.content.working_through import exercise

NAMES = exercise("ai-ethics-in-practice", module="bias-audits", slug="two-names-same-cv")
MADE = runpy.run_path(str(NAMES.folder / "data" / "make_data.py"))
MAKE, CALLS = MADE["make"], MADE["CALLS"]
TRAITS = ["computer", "email", "special", "gaps"]
LESSON = (NAMES.folder.parent / "asking-twice.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cvs() -> pd.DataFrame:
    """The data as learners read it."""
    return pd.read_csv(NAMES.folder / "data" / "cvs.csv")


@pytest.fixture(scope="module")
def solved() -> dict:
    """The functions of the author's solution."""
    names: dict = {"pd": pd, "np": np}
    for cell in NAMES.cells():
        if cell.metadata.get("nbgrader", {}).get("grade_id") in set(NAMES.tasks()):
            exec(compile(cell.source, "cell", "exec"), names)  # noqa: S102, the cells of our own exercise
    return names


def text() -> str:
    """All cells of the exercise, with their line breaks taken out."""
    return " ".join(" ".join(cell.source.split()) for cell in NAMES.cells())


def percent(numbers: tuple[float, ...]) -> list[float]:
    """In per cent with one decimal, as the texts give them."""
    return [round(100 * float(number), 1) for number in numbers]


def differences(cvs: pd.DataFrame) -> pd.Series:
    """White minus black for each pair."""
    sides = cvs.pivot(index="pair", columns="name", values="called")
    return sides["white"] - sides["black"]


def mixed(cvs: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """The same CVs as if names had been exchanged within pairs by tossing coins: names do nothing here."""
    swapped = cvs["pair"].map(dict(enumerate(np.random.default_rng(seed).random(cvs["pair"].nunique()) < 0.5, start=1)))
    other = cvs["name"].map({"white": "black", "black": "white"})
    return cvs.assign(name=cvs["name"].where(~swapped, other))


def test_counts_are_those_that_the_paper_prints(cvs):
    called = cvs.groupby(["quality", "name"])["called"].agg(["size", "sum"])

    assert len(cvs) == 4870
    assert cvs.groupby("name")["called"].sum().to_dict() == {"white": 235, "black": 157}
    assert {kind: tuple(row) for kind, row in called.iterrows()} == {
        ("high", "white"): (1223, 132),
        ("high", "black"): (1223, 82),
        ("low", "white"): (1212, 103),
        ("low", "black"): (1212, 75),
    }


def test_every_pair_went_to_one_sector_with_one_quality_and_both_names(cvs):
    pairs = cvs.groupby("pair")

    assert pairs["name"].apply(sorted).map(tuple).unique().tolist() == [("black", "white")]
    assert (pairs[["sector", "quality"]].nunique() == 1).all(axis=None)
    assert pairs.first().groupby(["sector", "quality"]).size().to_dict() == {
        kind: sum(counts) for kind, counts in CALLS.items()
    }


def test_solution_finds_what_the_text_says(cvs, solved):
    quality = solved["within"](cvs, "quality")["difference"]
    share = cvs.groupby("name")["called"].mean()

    assert percent(solved["gap"](cvs, "called")) == [3.2, 2.0, 4.4]
    assert percent(tuple(quality)) == [4.1, 2.3]
    assert (round(share["white"], 4), round(share["black"], 4)) == (0.0965, 0.0645)
    assert (round(1 / share["white"]), int(1 / share["black"])) == (10, 15)
    said = ["9.65% were called", "name 6.45%", "3.2 more calls for each 100 CVs, with an interval from 2.0 to 4.4"]
    said += ["high (4.1 points) and among low (2.3 points)", "4.1 less 2.3 is 1.8"]
    assert [each for each in said if each not in text()] == []


def test_difference_between_the_qualities_could_be_chance(cvs, solved):
    low, high = (solved["gap"](cvs[cvs["quality"] == quality], "called") for quality in ("low", "high"))

    margin = np.hypot(low[2] - low[0], high[2] - high[0])
    assert percent((high[0] - low[0], margin)) == [1.8, 2.3]


def test_chance_alone_never_does_as_much(cvs, solved):
    assert solved["by_chance"](differences(cvs), 1000, 24) == 0


def test_lot_left_one_trait_uneven_and_it_favours_the_other_name(cvs, solved):
    intervals = {trait: percent(solved["gap"](cvs, trait)) for trait in TRAITS}

    assert [trait for trait, (_, low, high) in intervals.items() if not low <= 0 <= high] == ["computer"]
    assert intervals["computer"] == [-2.4, -4.4, -0.3]
    assert "by 2.4 points" in text()


def test_sectors_are_as_the_text_says(cvs, solved):
    sectors = solved["within"](cvs, "sector")
    intervals = {name: percent(solved["gap"](cvs[cvs["sector"] == name], "called")) for name in sectors.index}

    assert [name for name, row in sectors.iterrows() if row["difference"] < 0] == ["transport"]
    assert [name for name, (_, low, high) in intervals.items() if low < 0 < high] == ["manufacturing", "transport"]
    assert (sectors.loc["transport", "pairs"], intervals["transport"]) == (74, [-2.7, -11.1, 5.7])
    assert "With 74 pairs its interval goes from -11 to +6 points" in text()


@pytest.mark.parametrize("seed", range(40, 46))
def test_solution_finds_no_difference_where_a_coin_gave_out_the_names(cvs, solved, seed):
    nothing = mixed(cvs, seed=seed)
    _, low, high = solved["gap"](nothing, "called")

    assert low < 0 < high
    assert solved["by_chance"](differences(nothing), 200, seed) > 0.05


def test_other_seed_deals_the_same_counts_differently(cvs, solved):
    other = MAKE(seed=25)

    assert not other.equals(MAKE())
    assert solved["gap"](other, "called") == pytest.approx(solved["gap"](cvs, "called"))
    assert other[TRAITS].sum().to_dict() == cvs[TRAITS].sum().to_dict()


def test_interval_that_ignores_the_pairs_is_wider(cvs, solved):
    share = cvs.groupby("name")["called"].mean()
    margin = 1.96 * (share * (1 - share) / (len(cvs) / 2)).sum() ** 0.5

    difference, low, _ = solved["gap"](cvs, "called")
    assert percent((difference - low, margin)) == [1.2, 1.5]


def test_sums_of_the_lesson_are_right():
    assert "| White British | 987 | 10.7% |" in LESSON
    assert "| Ethnic minority | 1,974 | 6.2% |" in LESSON
    assert (3 * 987 - 987, round(1 / 0.107), round(1 / 0.062)) == (1974, 9, 16)
