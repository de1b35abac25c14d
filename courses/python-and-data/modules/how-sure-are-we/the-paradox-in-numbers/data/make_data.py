"""Writes admissions.csv and whickham.csv: two published tables in which a comparison turns round.

The numbers are facts from the two papers named in DATASHEET.md; nothing in them is drawn by chance. Both files have the
same columns: `part` is what the groups are made up of, `group` is what is compared, `n` counts people, `cases` those of
them to whom it happened.
"""

from pathlib import Path

import pandas as pd

ADMISSIONS = {  # department: men who applied and were admitted, women who applied and were admitted
    "A": (825, 512, 108, 89),
    "B": (560, 353, 25, 17),
    "C": (325, 120, 593, 202),
    "D": (417, 138, 375, 131),
    "E": (191, 53, 393, 94),
    "F": (373, 22, 341, 24),
}
WHICKHAM = {  # age at the start: women who smoked and died within 20 years, women who never smoked and died
    "18 to 24": (55, 2, 62, 1),
    "25 to 34": (124, 3, 157, 5),
    "35 to 44": (109, 14, 121, 7),
    "45 to 54": (130, 27, 78, 12),
    "55 to 64": (115, 51, 121, 40),
    "65 to 74": (36, 29, 129, 101),
    "75 and over": (13, 13, 64, 64),
}


def long_table(published: dict[str, tuple[int, int, int, int]], *, groups: tuple[str, str]) -> pd.DataFrame:
    """One row for each part and group."""
    rows = []
    for part, (n_first, cases_first, n_second, cases_second) in published.items():
        rows += [(part, groups[0], n_first, cases_first), (part, groups[1], n_second, cases_second)]
    return pd.DataFrame(rows, columns=["part", "group", "n", "cases"])


def write(folder: Path) -> None:
    """Write both tables as CSV with Unix line ends, so that the bytes are equal on every system."""
    tables = {
        "admissions.csv": long_table(ADMISSIONS, groups=("men", "women")),
        "whickham.csv": long_table(WHICKHAM, groups=("smokers", "never smoked")),
    }
    for name, table in tables.items():
        (folder / name).write_bytes(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).parent)
