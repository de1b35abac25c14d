"""Writes crimea.csv: deaths in the British army in the East, month by month, from April 1854 to March 1856.

The numbers are those of Florence Nightingale (1858, 1859), as transcribed in the data set Nightingale of the R package
HistData. They are facts of history; nothing in them is drawn by chance. `army` is the average strength in the month.
"""

from pathlib import Path

import pandas as pd

FIRST_MONTH = "1854-04-01"
ARMY = [
    8571, 23333, 28333, 28722, 30246, 30290, 30643, 29736, 32779, 32393, 30919, 30107,
    32252, 35473, 38863, 42647, 44614, 47751, 46852, 37853, 43217, 44212, 43485, 46140,
]  # fmt: skip
DISEASE = [
    1, 12, 11, 359, 828, 788, 503, 844, 1725, 2761, 2120, 1205,
    477, 508, 802, 382, 483, 189, 128, 178, 91, 42, 24, 15,
]  # fmt: skip
WOUNDS = [
    0, 0, 0, 0, 1, 81, 132, 287, 114, 83, 42, 32,
    48, 49, 209, 134, 164, 276, 53, 33, 18, 2, 0, 0,
]  # fmt: skip
OTHER = [
    5, 9, 6, 23, 30, 70, 128, 106, 131, 324, 361, 172,
    57, 37, 31, 33, 25, 20, 18, 32, 28, 48, 19, 35,
]  # fmt: skip


def make() -> pd.DataFrame:
    """A table with one row for each of the 24 months."""
    months = pd.date_range(FIRST_MONTH, periods=len(ARMY), freq="MS").strftime("%Y-%m-%d")
    return pd.DataFrame({"month": months, "army": ARMY, "disease": DISEASE, "wounds": WOUNDS, "other": OTHER})


def write(folder: Path) -> None:
    """Write the table as CSV with Unix line ends, so that the bytes are equal on every system."""
    (folder / "crimea.csv").write_bytes(make().to_csv(index=False, lineterminator="\n").encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).parent)
