"""Makes grants.csv, an untidy register of 1,200 invented grants, and regions.csv. The same seed gives the same files.

Built-in truth: 1,150 grants of the year from April 2025 to March 2026, kept by four people. Each person writes dates in a
style of their own, and money in one of five. 46 rows are copies: 30 of them letter by letter, 16 typed again by another
person, so that they are equal only after cleaning. 4 grants are there a second time with another amount: a question and
no copy. 25 pairs of real grants share recipient, date and amount. 6 dates cannot be read. 12 rows have a code that is not
in regions.csv, where E05 stands twice: under its name of today and under an old one. Nothing describes a real grant.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 11
GRANTS, TYPED_TWICE, TYPED_AGAIN, QUESTIONS, PAIRS = 1150, 30, 16, 4, 25
DATE_STYLES = ["%Y-%m-%d", "%d/%m/%Y", "{day} %B %Y", "%d-%b-%y"]
DATE_SHARES = [0.40, 0.35, 0.15, 0.10]
MONEY_STYLES = ["£{:,.2f}", "{:.2f}", "{:,.2f}", "GBP {:.2f}", " £ {:.2f} "]
UNREADABLE = ["not known", "31/02/2026", "Spring 2025", "tbc", "2025", "00/00/0000"]
STRANGE_CODES = ["E99"] * 7 + ["E1O"] * 5  # a code that was closed, and a letter O for a zero
REGIONS = {
    "E01": "North", "E02": "North", "E03": "North", "E04": "East", "E05": "East", "E06": "East", "E07": "South",
    "E08": "South", "E09": "South", "E10": "West", "E11": "West", "E12": "West",
}  # fmt: skip
PLACES = ["Harbour", "Millside", "Station Road", "Hilltop", "Riverbank", "Old Market", "Parkway", "Quayside"]
KINDS = ["Youth Club", "Food Bank", "Choir", "Allotments", "Repair Café", "Boxing Club", "Playgroup", "History Society"]


def true_grants(rng: np.random.Generator) -> pd.DataFrame:
    """The grants as they were really made: numbers, dates and pence, nothing untidy."""
    days = pd.Timestamp("2025-04-01") + pd.to_timedelta(rng.integers(0, 365, GRANTS), unit="D")
    pence = (np.exp(rng.normal(7, 0.8, GRANTS)) * 2).astype("int64") * 50
    table = pd.DataFrame(
        {
            "grant_id": [f"G{number:04d}" for number in range(1, GRANTS + 1)],
            "recipient": [f"{rng.choice(PLACES)} {rng.choice(KINDS)}" for _ in range(GRANTS)],
            "area_code": rng.choice(list(REGIONS), GRANTS),
            "day": days,
            "pence": pence,
        }
    )
    first = rng.choice(np.arange(0, GRANTS - 1, 2), PAIRS, replace=False)
    for column in ("recipient", "area_code", "day", "pence"):
        table.loc[first + 1, column] = table.loc[first, column].to_numpy()
    strange = rng.choice(np.setdiff1d(np.arange(GRANTS), np.r_[first, first + 1]), len(STRANGE_CODES), replace=False)
    table.loc[strange, "area_code"] = STRANGE_CODES
    return table


def written(day: pd.Timestamp, rng: np.random.Generator) -> str:
    """A date in the style of one of the four people."""
    style = DATE_STYLES[rng.choice(len(DATE_STYLES), p=DATE_SHARES)]
    return day.strftime(style.replace("{day}", str(day.day)))


def as_typed(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The same grants as they were typed into the register."""
    money = [MONEY_STYLES[rng.integers(len(MONEY_STYLES))].format(pence / 100) for pence in table["pence"]]
    codes = [code if rng.random() < 0.85 else f" {code.lower()} " for code in table["area_code"]]
    return pd.DataFrame(
        {
            "grant_id": table["grant_id"].to_numpy(),
            "recipient": table["recipient"].to_numpy(),
            "area_code": codes,
            "awarded": [written(day, rng) for day in table["day"]],
            "amount": money,
        }
    )


def grants(*, seed: int = SEED) -> pd.DataFrame:
    """The register of 1,200 rows in the order in which they were typed."""
    rng = np.random.default_rng(seed)
    truth = true_grants(rng)
    register = as_typed(truth, rng)
    unreadable = rng.choice(GRANTS, len(UNREADABLE), replace=False)
    register.loc[unreadable, "awarded"] = UNREADABLE
    others = rng.permutation(np.setdiff1d(np.arange(GRANTS), unreadable))
    copies = TYPED_TWICE + TYPED_AGAIN
    twice, again, questions = others[:TYPED_TWICE], others[TYPED_TWICE:copies], others[copies : copies + QUESTIONS]
    doubtful = truth.loc[questions].assign(pence=truth.loc[questions, "pence"] * 10)
    more = [register.loc[twice], as_typed(truth.loc[again], rng), as_typed(doubtful, rng)]
    register = pd.concat([register, *more], ignore_index=True)
    return register.iloc[rng.permutation(len(register))].reset_index(drop=True)


def regions() -> pd.DataFrame:
    """The region of each area code. E05 stands there twice: its old name was valid until 2023."""
    table = pd.DataFrame({"code": list(REGIONS), "region": list(REGIONS.values()), "valid_to": ""})
    old = pd.DataFrame({"code": ["E05"], "region": ["Coast"], "valid_to": ["2023-03-31"]})
    return pd.concat([table, old], ignore_index=True)


def write(folder: Path) -> None:
    """Write both tables as CSV with Unix line ends, so that the bytes are equal on every system."""
    for name, table in (("grants.csv", grants()), ("regions.csv", regions())):
        (folder / name).write_bytes(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).parent)
