"""What counts as a difference between the engine and the browser."""

from dataclasses import replace

import pytest

from grading.protocol import Cause, CheckResult, CheckStatus
from upskill.authoring.parity.comparing import Compared, shown

LOST = CheckResult(
    check="test_large", status=CheckStatus.FAILED, points=0.0, max_points=3.0, message="5, not 6", cause=Cause.ASSERTION
)
CASES = {
    "equal": (LOST, LOST, (False, False)),
    "other points": (LOST, replace(LOST, points=3.0), (True, False)),
    "lost for another reason": (LOST, replace(LOST, cause=Cause.EXCEPTION), (True, False)),
    "not marked there": (LOST, replace(LOST, points=None), (True, False)),
    "other words": (LOST, replace(LOST, message="5, not 7"), (False, True)),
    "other seconds": (replace(LOST, cause=Cause.TIME), replace(LOST, cause=Cause.TIME, message="10 s"), (False, False)),
}


@pytest.mark.parametrize(("engine", "browser", "expected"), CASES.values(), ids=CASES)
def test_points_and_causes_differ_and_words_are_other_words(engine, browser, expected):
    compared = Compared("solution", engine, browser)

    assert (compared.differs, compared.has_other_words) == expected


@pytest.mark.parametrize(("points", "text"), [(4.0, "4"), (0.5, "0.5"), (0.0, "0"), (None, "no mark")])
def test_points_are_shown_as_people_write_them(points, text):
    assert shown(points) == text
