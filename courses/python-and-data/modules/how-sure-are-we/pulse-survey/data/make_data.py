"""Makes survey.csv and grades.csv: an invented staff survey with holes. The same seed gives the same files.

Built-in truth: 2,400 people in five grades were asked whether they would recommend the department as a place to work. Who
would say yes is drawn for everybody, also for those who did not answer: 52% of the lowest grade to 80% of the highest, and
about 60% in all. The higher grades answer more often. And people who would say no answer less often than people of the
same grade who would say yes. Of those who answer, one in twenty prefers not to say. Nothing describes a real department.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 5
GRADES = {  # staff, share who would say yes, share of them who answer
    "AO": (900, 0.52, 0.30),
    "EO": (700, 0.58, 0.45),
    "HEO": (450, 0.66, 0.58),
    "SEO": (230, 0.72, 0.68),
    "G7": (120, 0.80, 0.78),
}
NO_ANSWERS_LESS = 0.7  # how often somebody who would say no answers, beside somebody who would say yes
PREFERS_NOT_TO_SAY = 0.05


def true_opinions(*, seed: int = SEED) -> pd.DataFrame:
    """Everybody who was asked, with what they think, whether or not they answered."""
    rng = np.random.default_rng(seed)
    parts = []
    for grade, (staff, yes, answering) in GRADES.items():
        says_yes = rng.random(staff) < yes
        answered = rng.random(staff) < np.where(says_yes, answering, answering * NO_ANSWERS_LESS)
        quiet = rng.random(staff) < PREFERS_NOT_TO_SAY
        answer = np.where(quiet, "prefer not to say", np.where(says_yes, "yes", "no"))
        parts.append(pd.DataFrame({"grade": grade, "says_yes": says_yes, "answer": np.where(answered, answer, "")}))
    table = pd.concat(parts, ignore_index=True)
    return table.iloc[rng.permutation(len(table))].reset_index(drop=True)


def survey(*, seed: int = SEED) -> pd.DataFrame:
    """What the department knows: everybody who was asked, and the answers of those who gave one."""
    table = true_opinions(seed=seed)[["grade", "answer"]]
    table.insert(0, "person", [f"P{number:04d}" for number in range(1, len(table) + 1)])
    return table


def grades() -> pd.DataFrame:
    """How many people work in each grade."""
    return pd.DataFrame({"grade": list(GRADES), "staff": [staff for staff, _, _ in GRADES.values()]})


def write(folder: Path) -> None:
    """Write both tables as CSV with Unix line ends, so that the bytes are equal on every system."""
    for name, table in (("survey.csv", survey()), ("grades.csv", grades())):
        (folder / name).write_bytes(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).parent)
