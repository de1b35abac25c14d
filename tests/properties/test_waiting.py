"""What waits for a person is kept with each mark and its checks, in whatever order they come."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.marking import SubmissionFactory
from tests.factories.people import NOON
from upskill.marking.models import CheckMark, Mark, Waiting

FIELDS = {"points": 0, "max_points": 0, "waiting_points": 0, "passed": False, "marked_at": NOON}
# For each mark which of three answers it judges, for each of its checks whether it waits, and whether these are
# written only after all marks
MARKS = st.lists(st.tuples(st.integers(0, 2), st.lists(st.booleans(), max_size=3), st.booleans()), max_size=8)
WAITS, DECIDED = {"status": "waiting", "points": None}, {"status": "not_run", "points": 0}


def add_mark(submission_id: int) -> Mark:
    """One more mark in place of the one in effect, still without checks."""
    before = Mark.objects.filter(submission_id=submission_id).order_by("-pk").first()
    return Mark.objects.create(submission_id=submission_id, replaces=before, **FIELDS)


def add_checks(mark: Mark, checks: list[bool]) -> None:
    for number, waits in enumerate(checks):  # the first offers no points, and waits like any other
        place = {"slug": f"check-{number}", "position": number, "max_points": number}
        CheckMark.objects.create(mark=mark, **place, **(WAITS if waits else DECIDED))


class WhatWaits(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(marks=MARKS)
    def test_an_answer_waits_while_a_check_of_its_mark_in_effect_does(self, marks):
        answers = [SubmissionFactory().pk for _ in range(3)]

        late = []
        for number, checks, is_late in marks:
            mark = add_mark(answers[number])
            late += [(mark, checks)] if is_late else []
            add_checks(mark, [] if is_late else checks)
        for mark, checks in late:
            add_checks(mark, checks)

        last = {number: checks for number, checks, _is_late in marks}
        assert set(Waiting.objects.values_list("pk", flat=True)) == {
            answers[number] for number, checks in last.items() if any(checks)
        }
