"""What may be done so often: counted exactly, for everybody on their own, and forgotten afterwards."""

import datetime as dt

import pytest
from django.utils import timezone

from upskill.core import allowances
from upskill.core.allowances import Limit
from upskill.core.models import Allowance

pytestmark = pytest.mark.django_db


def spent(*, who: str = "alice", most: int = 2) -> int | None:
    """Seconds to wait, or None where it was allowed."""
    try:
        allowances.spend("search", who=who, most=most, seconds=60)
    except allowances.UsedUp as used_up:
        return used_up.seconds
    return None


def test_one_more_than_allowed_is_refused_with_the_seconds_to_wait():
    assert [spent(), spent(), spent()] == [None, None, 60]


def test_everybody_has_their_own_allowance():
    spent(most=1)

    assert (spent(who="alice", most=1), spent(who="bob", most=1)) == (60, None)


def test_allowance_begins_anew_when_its_time_is_over():
    spent(most=1)
    Allowance.objects.update(ends_at=timezone.now() - dt.timedelta(seconds=1))

    assert (spent(most=1), spent(most=1)) == (None, 60)


def test_spending_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        spent()


def test_one_act_counts_against_several_limits_in_one_query_and_the_longest_wait_is_told(django_assert_num_queries):
    minute, hour = Limit("save", "alice", 2, 60), Limit("write", "alice", 1, 3600)
    with django_assert_num_queries(1):
        allowances.spend_each([minute, hour])

    with pytest.raises(allowances.UsedUp) as refusal:
        allowances.spend_each([minute, hour])

    assert refusal.value.seconds == 3600
    assert sorted(Allowance.objects.values_list("used", flat=True)) == [2, 2]


def test_nobody_can_read_who_it_was():
    spent(who="alice@example.gov.uk")

    assert "alice" not in Allowance.objects.get().key


def test_counts_that_have_ended_are_forgotten():
    spent(who="alice")
    Allowance.objects.update(ends_at=timezone.now() - dt.timedelta(seconds=1))
    spent(who="bob")

    assert (allowances.forget_ended(now=timezone.now()), Allowance.objects.count()) == (1, 1)
