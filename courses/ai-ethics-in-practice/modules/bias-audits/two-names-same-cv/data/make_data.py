"""Makes cvs.csv: 2,435 pairs of CVs, rebuilt from counts of a real experiment. The same seed gives the same file.

The counts are facts from the experiment of Bertrand and Mullainathan (2004); DATASHEET.md says how we got them. Real are:
how many pairs there were of each kind of CV in each kind of firm, in how many of them both, one or neither CV brought a
call, and in how many both, one or neither CV had a trait. Drawn by chance are: which pair has which trait, and the order.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 24
NAMES = ["white", "black"]
OUTCOMES = [(1, 1), (1, 0), (0, 1), (0, 0)]  # of the CV with the white-sounding name, and of the other one

CALLS = {  # pairs in which both were called, only the white-sounding name, only the Black-sounding name, neither
    ("business services", "high"): (15, 23, 10, 278),
    ("business services", "low"): (11, 19, 5, 291),
    ("finance", "high"): (4, 8, 2, 90),
    ("finance", "low"): (2, 7, 1, 93),
    ("manufacturing", "high"): (0, 9, 1, 89),
    ("manufacturing", "low"): (3, 2, 4, 94),
    ("other services", "high"): (19, 24, 15, 336),
    ("other services", "low"): (15, 20, 12, 338),
    ("trade", "high"): (9, 15, 4, 236),
    ("trade", "low"): (9, 12, 5, 231),
    ("transport", "high"): (2, 4, 1, 29),
    ("transport", "low"): (3, 0, 5, 30),
}
TRAITS = {  # pairs in which both CVs show it, only the white-sounding name's, only the other's, neither
    "computer": {"high": (1035, 63, 92, 33), "low": (639, 232, 261, 80)},
    "email": {"high": (1117, 10, 16, 80), "low": (3, 36, 32, 1141)},
    "special": {"high": (220, 214, 221, 568), "low": (277, 93, 79, 763)},
    "gaps": {"high": (206, 213, 206, 598), "low": (387, 290, 287, 248)},
}


def make(*, seed: int = SEED) -> pd.DataFrame:
    """One row for each CV: pair, sector, quality, name, the four traits, called. Two rows for each pair."""
    rng = np.random.default_rng(seed)
    kinds = [(*kind, *both) for kind, counts in CALLS.items() for both in _dealt(counts)]
    pairs = pd.DataFrame(kinds, columns=["sector", "quality", "called_white", "called_black"])
    pairs = pairs.sample(frac=1, random_state=rng).reset_index(drop=True)
    for trait, by_quality in TRAITS.items():
        for quality, counts in by_quality.items():
            rows = pairs.index[pairs["quality"] == quality]
            pairs.loc[rows, [f"{trait}_white", f"{trait}_black"]] = rng.permutation(_dealt(counts))
    return _one_row_for_each_cv(pairs, first=rng.permutation(len(pairs)) % 2)


def _dealt(counts: tuple[int, ...]) -> list[tuple[int, int]]:
    """As many outcomes of a pair as the counts say."""
    return [outcome for outcome, count in zip(OUTCOMES, counts, strict=True) for _ in range(count)]


def _one_row_for_each_cv(pairs: pd.DataFrame, *, first: np.ndarray) -> pd.DataFrame:
    """The two CVs of each pair under each other; `first` says which of them comes first."""
    halves = [_half(pairs, name=name, place=np.where(first == number, 0, 1)) for number, name in enumerate(NAMES)]
    cvs = pd.concat(halves).sort_values(["pair", "place"])
    return cvs[["pair", "sector", "quality", "name", *TRAITS, "called"]].reset_index(drop=True)


def _half(pairs: pd.DataFrame, *, name: str, place: np.ndarray) -> pd.DataFrame:
    """One CV of each pair."""
    own = {column: pairs[f"{column}_{name}"].astype(np.int64) for column in [*TRAITS, "called"]}
    return pd.DataFrame(
        {
            "pair": np.arange(1, len(pairs) + 1),
            "sector": pairs["sector"],
            "quality": pairs["quality"],
            "name": name,
            "place": place,
            **own,
        }
    )


def write(path: Path) -> None:
    """Write the table as CSV with Unix line ends, so that the bytes are equal on every system."""
    path.write_bytes(make().to_csv(index=False, lineterminator="\n").encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).with_name("cvs.csv"))
