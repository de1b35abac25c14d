"""All cases, and what nbgrader gives for each, as recorded by `python -m tests.grading.conformance`."""

from pathlib import Path

from tests.grading.conformance import generated, nbgraders
from tests.grading.conformance.generated import Case

RECORD = Path(__file__).with_name("nbgrader.json")


def every_case() -> list[Case]:
    """The generated ones, then nbgrader's own."""
    return [*(generated.case(number) for number in range(generated.NUMBER)), *nbgraders.cases()]
