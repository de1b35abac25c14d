"""Makes recorded.csv and population.csv: recorded crime in 20 invented areas. The same seed gives the same files.

Built-in truth: each area has a rate of its own for each kind of offence. What is recorded in a quarter is a Poisson draw
with that rate times the residents. Minster Quarter is a centre with few residents and many visitors, so its rate for each
resident is very high. No row describes a real place.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 3
TOTAL = "ALL AREAS"
QUARTERS = ["2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4"]
OFFENCES = {"burglary": 1.1, "criminal damage": 2.0, "shoplifting": 1.6, "vehicle crime": 1.3}  # a quarter, for 1,000
RESIDENTS = {
    "Alderfield": 212000, "Brackmouth": 148000, "Coldmere": 61000, "Dunholt": 34000, "Eastmarch": 305000,
    "Fernhythe": 27000, "Gorsebridge": 88000, "Hallowby": 45000, "Inchwater": 176000, "Kestrelham": 19000,
    "Larkwick": 52000, "Minster Quarter": 7000, "Netherlow": 97000, "Oakhaven": 41000, "Penrow": 128000,
    "Quillstead": 23000, "Ravenscote": 73000, "Saltmarsh": 38000, "Thornbeck": 66000, "Underhill": 15000,
}  # fmt: skip


def population() -> pd.DataFrame:
    """Residents of each area, from the largest area to the smallest, and of all areas together."""
    table = pd.DataFrame({"area": list(RESIDENTS), "population": list(RESIDENTS.values())})
    table = table.sort_values("population", ascending=False)
    total = pd.DataFrame({"area": [TOTAL], "population": [table["population"].sum()]})
    return pd.concat([table, total], ignore_index=True)


def recorded(*, seed: int = SEED) -> pd.DataFrame:
    """Offences recorded in each area, quarter and kind, and for all areas together."""
    rng = np.random.default_rng(seed)
    rows = []
    for area, residents in RESIDENTS.items():
        level = np.exp(rng.normal(0, 0.45))
        for offence, rate in OFFENCES.items():
            own = level * np.exp(rng.normal(0, 0.2)) * (6 if area == "Minster Quarter" else 1)
            for quarter in QUARTERS:
                rows.append((area, quarter, offence, int(rng.poisson(own * rate * residents / 1000))))
    table = pd.DataFrame(rows, columns=["area", "quarter", "offence", "recorded"])
    totals = table.groupby(["quarter", "offence"], as_index=False)["recorded"].sum().assign(area=TOTAL)
    return pd.concat([table, totals[table.columns]], ignore_index=True)


def write(folder: Path) -> None:
    """Write both tables as CSV with Unix line ends, so that the bytes are equal on every system."""
    for name, table in (("recorded.csv", recorded()), ("population.csv", population())):
        (folder / name).write_bytes(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).parent)
