"""Every mark of the bench is compared with the one that the answer deserves."""

from grading.bench.contest import MarkBook
from grading.protocol import CheckResult, CheckStatus, Outcome, Provenance, Verdict

EXPECTED = {"test_sum": 2.0, "why": None}


def verdict(*, points, outcome=Outcome.MARKED):
    checks = (
        CheckResult(check="test_sum", status=CheckStatus.PASSED, points=points, max_points=2.0),
        CheckResult(check="why", status=CheckStatus.WAITING, points=None, max_points=4.0),
    )
    return Verdict(
        job_id="sums",
        outcome=outcome,
        checks=checks if outcome is Outcome.MARKED else (),
        reason="" if outcome is Outcome.MARKED else "The marking process ended.",
        provenance=Provenance(isolation="namespace"),
    )


def test_a_right_mark_leaves_nothing_but_the_isolation():
    book = MarkBook()

    book.verdict(verdict(points=2.0), expected=EXPECTED)

    assert (book.wrong, book.isolation) == ([], "namespace")


def test_a_wrong_mark_is_noted():
    book = MarkBook()

    book.verdict(verdict(points=1.5), expected=EXPECTED)

    assert book.wrong == ["sums: {'test_sum': 1.5, 'why': None} instead of {'test_sum': 2.0, 'why': None}"]


def test_no_mark_is_a_wrong_mark():
    book = MarkBook()

    book.verdict(verdict(points=0, outcome=Outcome.FAILED_OURS), expected=EXPECTED)

    assert book.wrong == ["sums: failed_ours: The marking process ended."]
