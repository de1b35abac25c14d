"""Makes past_letters.csv (600 invented letters with the team that dealt with each) and letters.csv (20 written by hand).

Built-in truth of the past letters: the team decides what a letter is about; 30% mention another team's subject as well;
4% carry a wrong team, as when somebody clicked in the wrong place. The same seed gives the same files, byte for byte. The
20 letters are written out below, with the right team and the team that an invented officer chose. No letter describes a
real person or council.
"""

import csv
import io
from pathlib import Path

import numpy as np

LETTERS = 600
SEED = 5
TEAMS = {
    "benefits": (
        ["my housing benefit", "free school meals", "my benefit claim", "a letter about an overpayment", "the hardship fund"],
        ["has stopped", "was refused", "is still waiting", "does not cover the rent", "changed when my hours changed"],
    ),
    "council tax": (
        ["my council tax bill", "the council tax band", "the single person discount", "my arrears", "the direct debit"],
        ["is wrong", "has gone up", "has not been applied", "came to my old address", "was taken twice"],
    ),
    "housing": (
        ["my housing application", "the repair to my flat", "the damp in our bedroom", "my tenancy", "the broken boiler"],
        ["is still waiting", "has not been done", "is making my child ill", "ends next month", "was promised in May"],
    ),
    "parking": (
        ["my parking permit", "a parking fine", "the blue badge", "a car across my drive", "the visitor vouchers"],
        ["has not come", "was refused", "runs out next week", "is wrong because I had paid", "is there every day"],
    ),
    "registry": (
        ["a copy of a birth certificate", "the death of my mother", "our wedding", "my new surname", "the citizenship day"],
        ["needs registering", "is spelled wrong", "has not come", "is booked for June", "is needed for a passport"],
    ),
    "waste": (
        ["my bin", "the recycling box", "a sofa left in the lane", "the garden waste collection", "a missed collection"],
        ["was not emptied", "is still on the pavement", "is broken", "has not been collected", "has gone up in price"],
    ),
}
SHARES = [0.16, 0.24, 0.2, 0.14, 0.08, 0.18]  # of the teams above, in their order
OPENINGS = ["Hello,", "Good morning.", "I am writing because", "Third time of asking:", "To whom it may concern,"]
CLOSINGS = ["Please help.", "Thank you.", "Who do I speak to?", "I have called twice.", "Please reply by post."]
BY_HAND = [  # the letter, the right team, the team that the officer on duty chose
    ("My bin was not emptied on Tuesday. Please collect it.", "waste", "waste"),
    ("I paid for my parking permit three weeks ago and it has not come.", "parking", "parking"),
    ("There is damp in my daughter's bedroom. The repair was promised in May.", "housing", "housing"),
    ("I need a copy of my birth certificate for a passport.", "registry", "registry"),
    ("Since my husband moved out I live alone. Is my council tax still right?", "council tax", "council tax"),
    ("My housing benefit has stopped and my landlord is asking for the rent.", "benefits", "benefits"),
    ("I AM A LONE PARENT. CAN MY SON GET FREE SCHOOL MEALS?", "benefits", "benefits"),
    ("Somebody left a sofa and two mattresses in our lane.", "waste", "waste"),
    ("A car blocks our lane, so nobody has taken the recycling for two weeks.", "waste", "waste"),
    ("We want to get married in June. How do we give notice?", "registry", "registry"),
    ("I was fined although the machine was broken. I had a ticket on my windscreen.", "parking", "parking"),
    ("Water comes through the ceiling of my flat each time it rains.", "housing", "housing"),
    ("My mother died last week. Where do I report it, and what do I bring?", "registry", "registry"),
    ("Two bailiffs came about arrears that I paid in March.", "council tax", "council tax"),
    ("My tenancy ends on Friday and I have nowhere to go.", "housing", "housing"),
    ("The blue badge for my husband was refused. He can hardly walk.", "parking", "parking"),
    ("Please take my late father's name off the bill. We buried him on Monday.", "council tax", "registry"),
    ("You say that I owe you 300 pounds because I worked more. I did not.", "benefits", "benefits"),
    ("Last year it was my bin and my parking fine. Today it is this: no heating since Sunday.", "housing", "housing"),
    ("Nobody has written my little girl down yet. She came on the second of May.", "registry", "registry"),
]


def past_letters(letters: int = LETTERS, *, seed: int = SEED) -> list[list[str]]:
    """Rows of message and team, made from the phrases above."""
    rng = np.random.default_rng(seed)
    names = list(TEAMS)
    rows = []
    for _ in range(letters):
        team = names[rng.choice(len(names), p=SHARES)]
        subjects, problems = TEAMS[team]
        parts = [str(rng.choice(OPENINGS)), f"{rng.choice(subjects)} {rng.choice(problems)}."]
        if rng.random() < 0.3:
            other = [name for name in names if name != team][rng.integers(len(names) - 1)]
            parts.append(f"I also asked about {rng.choice(TEAMS[other][0])}.")
        parts.append(str(rng.choice(CLOSINGS)))
        clicked = names[rng.integers(len(names))] if rng.random() < 0.04 else team
        rows.append([" ".join(parts), clicked])
    return rows


def write(folder: Path) -> None:
    """Write both tables as CSV with Unix line ends, so that the bytes are equal on every system."""
    numbered = [[str(number), *row] for number, row in enumerate(BY_HAND, 1)]
    _save(folder / "past_letters.csv", [["message", "team"], *past_letters()])
    _save(folder / "letters.csv", [["number", "message", "team", "person"], *numbered])


def _save(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))


if __name__ == "__main__":
    write(Path(__file__).parent)
