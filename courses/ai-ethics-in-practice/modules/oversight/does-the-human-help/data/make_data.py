"""Makes trial.csv: 6,000 invented decisions of officers. The same seed gives the same file, byte for byte.

Built-in truth: an officer alone is right in 82% of cases. The advice of the tool is right in 90% of the claims of
employees, and in 60% of the claims of self-employed people. Officers who see advice follow it in 90% of cases without
looking; officers who also see reasons follow it in 80% for employees and in 55% for the self-employed. In all other
cases they decide as they would alone. The way a case is shown is drawn by lot. No row describes a real person.
"""

from pathlib import Path

import numpy as np
import pandas as pd

CASES = 6000
SEED = 8
ARMS = ["alone", "advice", "reasons"]


def make(cases: int = CASES, *, seed: int = SEED, weak_for_self_employed: bool = True) -> pd.DataFrame:
    """A table of invented decisions: case, arm, work, advice ('' when none was shown), decision, right."""
    rng = np.random.default_rng(seed)
    arm = rng.choice(ARMS, cases)
    self_employed = rng.random(cases) < 0.2
    truth = rng.random(cases) < 0.5
    tool_is_right = rng.random(cases) < np.where(self_employed & weak_for_self_employed, 0.60, 0.90)
    officer_is_right = rng.random(cases) < 0.82
    follows = rng.random(cases) < _following(arm, self_employed)
    advice = np.where(tool_is_right, truth, ~truth)
    decision = np.where(follows, advice, np.where(officer_is_right, truth, ~truth))
    return pd.DataFrame(
        {
            "case": np.arange(1, cases + 1),
            "arm": arm,
            "work": np.where(self_employed, "self-employed", "employee"),
            "advice": np.where(arm == "alone", "", np.where(advice, "pay", "refuse")),
            "decision": np.where(decision, "pay", "refuse"),
            "right": (decision == truth).astype(int),
        }
    )


def _following(arm: np.ndarray, self_employed: np.ndarray) -> np.ndarray:
    """How likely an officer is to follow the advice without looking."""
    with_reasons = np.where(self_employed, 0.55, 0.80)
    return np.where(arm == "alone", 0.0, np.where(arm == "advice", 0.90, with_reasons))


def write(path: Path) -> None:
    """Write the table as CSV with Unix line ends, so that the bytes are equal on every system."""
    path.write_bytes(make().to_csv(index=False, lineterminator="\n").encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).with_name("trial.csv"))
