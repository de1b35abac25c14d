"""Makes referrals.csv: 6,000 invented claims. The same seed gives the same file, byte for byte.

Built-in truth: an overpayment has a chance of 6% in EVERY group. The score carries a real signal (+2.0 for a true
overpayment) and an unfair shift (+0.9 for `other`, +0.5 for people who did not state a language), as if it had been
trained on past checks that were aimed at those groups. No row describes a real person.
"""

from pathlib import Path

import numpy as np
import pandas as pd

CLAIMS = 6000
SEED = 20


def make(claims: int = CLAIMS, *, seed: int = SEED) -> pd.DataFrame:
    """A table of invented claims: claim_id, language ('' when not stated), score, referred, overpaid."""
    rng = np.random.default_rng(seed)
    language = rng.choice(["english", "other", ""], claims, p=[0.78, 0.15, 0.07])
    overpaid = (rng.random(claims) < 0.06).astype(int)
    unfair_shift = 0.9 * (language == "other") + 0.5 * (language == "")
    strength = -2.2 + 2.0 * overpaid + unfair_shift + rng.normal(0, 1, claims)
    score = np.round(1 / (1 + np.exp(-strength)), 3)
    return pd.DataFrame(
        {
            "claim_id": np.arange(1, claims + 1),
            "language": language,
            "score": score,
            "referred": (score >= 0.5).astype(int),
            "overpaid": overpaid,
        }
    )


def write(path: Path) -> None:
    """Write the table as CSV with Unix line ends, so that the bytes are equal on every system."""
    path.write_bytes(make().to_csv(index=False, lineterminator="\n").encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).with_name("referrals.csv"))
