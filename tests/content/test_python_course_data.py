"""The data of the course Python and data: what its data sheets and its texts say is true in it."""

import json
import runpy

import numpy as np
import pandas as pd
import pytest

from tests.content.library import COURSES, course

MODULES = COURSES / "python-and-data" / "modules"
GRANTS = MODULES / "clean-and-join" / "clean-the-grants"
CRIME = MODULES / "tables" / "crime-rates"
CRIMEA = MODULES / "honest-charts" / "nightingale"
SURVEY = MODULES / "how-sure-are-we" / "pulse-survey"
PARADOX = MODULES / "how-sure-are-we" / "the-paradox-in-numbers"


def lesson(name: str) -> str:
    """The text of a lesson of the course, with its line breaks taken out."""
    (found,) = (it for module in course("python-and-data").modules for it in module.items if it.slug == name)
    return " ".join(str(found.page["html"]).split())


def notebook(name: str) -> str:
    """All cells of an exercise of the course, with their line breaks taken out."""
    items = (it for module in course("python-and-data").modules for it in module.items)
    (content,) = (it.exercise for it in items if it.slug == name and it.exercise)
    return " ".join(" ".join("".join(cell["source"]).split()) for cell in json.loads(content.source)["cells"])


def test_list_by_rate_differs_from_the_list_by_count_in_three_of_five_areas():
    recorded = pd.read_csv(CRIME / "data" / "recorded.csv")
    people = pd.read_csv(CRIME / "data" / "population.csv").set_index("area")["population"]

    areas = recorded[(recorded["area"] != "ALL AREAS") & (recorded["offence"] == "burglary")]
    counts = areas.groupby("area")["recorded"].sum()
    rates = (1000 * counts / people).dropna().sort_values(ascending=False)
    assert list(rates.index[:4]) == ["Minster Quarter", "Hallowby", "Oakhaven", "Coldmere"]
    assert len(set(rates.index[:5]) - set(counts.sort_values(ascending=False).index[:5])) == 3
    assert [7 <= rate <= 9 for rate in rates.iloc[1:4]] == [True] * 3
    doubled = recorded.loc[recorded["offence"] == "burglary", "recorded"].sum()
    assert doubled == 2 * counts.sum()
    assert f"It says {doubled:,}." in notebook("crime-rates")


@pytest.fixture(scope="module")
def register() -> pd.DataFrame:
    """The register of grants as the solution of its exercise cleans it."""
    grants = pd.read_csv(GRANTS / "data" / "grants.csv", dtype="str")
    text = grants["awarded"].str.strip()
    dates = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    for style in ("%d/%m/%Y", "%d %B %Y", "%d-%b-%y"):
        dates = dates.fillna(pd.to_datetime(text, format=style, errors="coerce"))
    amount = grants["amount"].str.replace(r"GBP|[£, ]", "", regex=True).astype(float)
    return grants.assign(awarded=dates, amount=amount, area_code=grants["area_code"].str.strip().str.upper())


def test_register_has_the_rows_totals_and_questions_of_its_data_sheet(register):
    kept = register.drop_duplicates()
    unknown = kept[kept["area_code"].isin(["E99", "E1O"])]

    assert (len(register), len(kept), register["awarded"].isna().sum()) == (1200, 1154, 6)
    assert (register["amount"].sum(), kept["amount"].sum()) == (1879548.50, 1817743.50)
    assert (len(unknown), unknown["amount"].sum()) == (12, 19964.00)
    twice = kept[kept["grant_id"].duplicated(keep=False)].groupby("grant_id")["amount"]
    assert list((twice.max() / twice.min()).round(6)) == [10.0] * 4
    advice = notebook("clean-the-grants").split("What would you tell the finance director?")[1]
    assert [figure in advice for figure in ("£1,817,743.50", "46 copies", "£19,964.00")] == [True] * 3


def test_one_style_of_dates_hides_hundreds_and_the_american_reading_leaves_the_year(register):
    text = pd.read_csv(GRANTS / "data" / "grants.csv", dtype="str")["awarded"]

    assert pd.to_datetime(text, errors="coerce").isna().sum() > 600
    american = pd.to_datetime(text, format="mixed", errors="coerce")
    swapped = american.notna() & register["awarded"].notna() & (american != register["awarded"])
    assert swapped.sum() > 100
    assert not american[swapped].between("2025-04-01", "2026-03-31").all()
    assert register["awarded"].dropna().between("2025-04-01", "2026-03-31").all()


def test_deaths_in_the_crimea_are_those_that_nightingale_published():
    crimea = pd.read_csv(CRIMEA / "data" / "crimea.csv")

    rates = (12000 * crimea["disease"] / crimea["army"]).round(1)
    assert crimea[["disease", "wounds", "other"]].sum().to_dict() == {"disease": 14476, "wounds": 1758, "other": 1748}
    assert (rates.max(), crimea["month"][rates.idxmax()]) == (1022.8, "1855-01-01")
    assert list(rates[9:13]) == [1022.8, 822.8, 480.3, 177.5]  # falls before the commission came in March 1855


def test_truth_of_the_survey_lies_below_its_interval_and_within_its_bounds():
    survey = pd.read_csv(SURVEY / "data" / "survey.csv")
    staff = pd.read_csv(SURVEY / "data" / "grades.csv").set_index("grade")["staff"]
    truth = runpy.run_path(str(SURVEY / "data" / "make_data.py"))["true_opinions"]()["says_yes"].mean()

    answers = survey[survey["answer"].notna()]
    is_yes = answers["answer"] == "yes"
    share, margin = is_yes.mean(), 1.96 * np.sqrt(is_yes.mean() * (1 - is_yes.mean()) / len(answers))
    weighted = (is_yes.groupby(answers["grade"]).mean() * staff).sum() / staff.sum()
    lowest, highest = is_yes.sum() / len(survey), 1 - (answers["answer"] == "no").sum() / len(survey)
    assert lowest < truth < share - margin < weighted < share < highest
    figures = [f"{value:.0%}" for value in (truth, share, share - margin, share + margin, weighted, lowest, highest)]
    assert figures == ["61%", "69%", "66%", "72%", "67%", "28%", "89%"]
    assert [figure in notebook("pulse-survey") for figure in figures] == [True] * 7


@pytest.mark.parametrize(
    ("name", "overall", "same_mix"),
    [
        ("admissions", {"men": "45%", "women": "30%"}, {"men": "39%", "women": "43%"}),
        ("whickham", {"smokers": "24%", "never smoked": "31%"}, {"smokers": "30%", "never smoked": "26%"}),
    ],
)
def test_famous_comparison_turns_round_with_the_same_mix(name, overall, same_mix):
    table = pd.read_csv(PARADOX / "data" / f"{name}.csv")

    sums = table.groupby("group")[["n", "cases"]].sum()
    people = table.groupby("part")["n"].sum()
    rates = table.assign(rate=table["cases"] / table["n"]).pivot(index="part", columns="group", values="rate")
    mixed = rates.mul(people, axis=0).sum() / people.sum()
    assert {group: f"{rate:.0%}" for group, rate in (sums["cases"] / sums["n"]).items()} == overall
    assert {group: f"{rate:.0%}" for group, rate in mixed.items()} == same_mix
    assert [figure in notebook("the-paradox-in-numbers") for figure in same_mix.values()] == [True] * 2


def test_table_of_departments_in_the_lesson_is_that_of_the_exercise():
    table = pd.read_csv(PARADOX / "data" / "admissions.csv").set_index(["part", "group"])
    html = lesson("the-paradox")

    rows = [
        f"<td>{part}</td> "
        + " ".join(
            f"<td>{table.loc[(part, group), 'n']}</td> "
            f"<td>{table.loc[(part, group), 'cases'] / table.loc[(part, group), 'n']:.0%}</td>"
            for group in ("men", "women")
        )
        for part in "ABCDEF"
    ]
    assert [row for row in rows if row not in html] == []


def test_waits_in_the_lesson_on_lists_give_the_figures_around_them():
    days = [3, 14, 9, 21, 5, 14, 7, 30, 2, 12, 14, 16]
    html = lesson("names-lists-functions")

    assert str(days) in html
    assert (len(days), sum(days), sum(days) / len(days)) == (12, 147, 12.25)
    assert (sum(wait <= 14 for wait in days), sum(wait < 14 for wait in days)) == (9, 6)


def test_margins_in_the_lesson_on_intervals_are_right():
    html = lesson("how-sure")

    for asked, low, high in ((25, 30, 70), (100, 40, 60), (400, 45, 55), (2500, 48, 52)):
        margin = 1.96 * np.sqrt(0.25 / asked)
        assert (round(100 * (0.5 - margin)), round(100 * (0.5 + margin))) == (low, high)
        assert f"<td>{asked:,}</td> <td>{low}% and {high}%</td>" in html
    assert round(1.96 * np.sqrt(0.6 * 0.4 / 400), 3) == 0.048
    assert round(1.96 * np.sqrt(0.6 * 0.4 / 400 + 0.66 * 0.34 / 400), 3) == 0.067
