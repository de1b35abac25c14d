"""What waited for a person before there was a table of it is found. How it is kept: tests/properties."""

import pytest

from tests.factories.marking import SubmissionFactory
from tests.factories.people import NOON
from tests.unit.migrating import migrated, migrated_to_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE, AFTER = [("marking", "0007_index_of_checks_that_wait")], [("marking", "0008_what_waits")]


@pytest.fixture
def before():
    """The tables as they were; afterwards they are as they are now again."""
    yield migrated(BEFORE)
    migrated_to_now()


def a_mark(apps, *, submission_id: int, replaces=None, waiting: int, decided: int):
    """A mark with so many checks that wait and so many that do not."""
    fields = {"points": 0, "max_points": 0, "waiting_points": waiting, "passed": False, "marked_at": NOON}
    mark = apps.get_model("marking", "Mark").objects.create(submission_id=submission_id, replaces=replaces, **fields)
    for number in range(waiting + decided):
        waits = {"status": "waiting", "points": None} if number < waiting else {"status": "not_run", "points": 0}
        place = {"slug": f"check-{number}", "position": number, "max_points": 1}
        apps.get_model("marking", "CheckMark").objects.create(mark=mark, **place, **waits)
    return mark


def test_answers_whose_mark_in_effect_waits_are_in_the_table_and_no_others(before):
    waits, was_decided, never = (SubmissionFactory().pk for _ in range(3))
    a_mark(before, submission_id=waits, waiting=2, decided=1)
    first = a_mark(before, submission_id=was_decided, waiting=1, decided=0)
    a_mark(before, submission_id=was_decided, replaces=first, waiting=0, decided=1)
    a_mark(before, submission_id=never, waiting=0, decided=2)

    after = migrated(AFTER)

    assert list(after.get_model("marking", "Waiting").objects.values_list("pk", flat=True)) == [waits]
