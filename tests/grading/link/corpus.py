"""What a case of the corpus is: a test cell as an author writes it, a right answer, and answers that are wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One test cell. `wrong` must not pass; None where the test has no wrong answer worth telling."""

    name: str
    right: str
    wrong: str | None
    test: str
    setup: str = ""
    before: str = ""  # an earlier test cell
