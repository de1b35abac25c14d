"""What always holds of due days that come again, whenever somebody finishes: month ends and leap days included."""

import calendar
import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from upskill.planning import dues
from upskill.planning.dues import AGAIN, BEGIN, Standing, State, standing, state
from upskill.skills.validity import months_after

days = st.dates(dt.date(2023, 1, 1), dt.date(2030, 12, 31))
months = st.integers(1, 36)
finishes = st.lists(days, max_size=8)
DAY = dt.timedelta(days=1)


@given(days, st.integers(-60, 400))
@example(dt.date(2024, 2, 29), 12)
@example(dt.date(2024, 2, 29), 48)
@example(dt.date(2026, 1, 31), 1)
def test_a_day_so_many_months_later_is_in_that_month_and_as_late_in_it_as_it_can_be(day, number):
    later = months_after(day, months=number)

    assert (later.year - day.year) * 12 + later.month - day.month == number
    assert later.day == min(day.day, calendar.monthrange(later.year, later.month)[1])


def told_day_by_day(first: dt.date, *, months: int, finished: list[dt.date], on: dt.date) -> Standing:
    """The same rule, told as a story: each day somebody may finish, and at the end of a due day they may owe one."""
    day, number = months_after(first, months=-months) + DAY, 0
    owed, is_done, done_on = None, False, None
    while True:
        due = months_after(first, months=number * months)
        for _ in range(finished.count(day) if day <= on else 0):
            done_on = day
            owed, is_done = (None, is_done) if owed else (owed, True)
        if day >= on and day <= due:
            # the rest of the stretch has not come yet
            return Standing(owed or due, is_done=is_done and not owed, done_on=done_on)
        if day == due:
            owed = owed or (None if is_done else due)
            is_done, number = False, number + 1
        day += DAY


@given(days, months, finishes, days)
@example(dt.date(2024, 2, 29), 12, [dt.date(2025, 2, 28)], dt.date(2026, 2, 28))
@example(dt.date(2026, 1, 31), 1, [dt.date(2026, 2, 28), dt.date(2026, 2, 28)], dt.date(2026, 3, 1))
def test_standing_is_what_the_story_day_by_day_comes_to(first, number, finished, on):
    found = standing(first, repeat_months=number, finished=finished, on=on)

    assert found == told_day_by_day(first, months=number, finished=finished, on=on)


@given(days, months, finishes, days)
def test_one_more_finish_today_leaves_nobody_overdue(first, number, finished, on):
    found = standing(first, repeat_months=number, finished=[*finished, on], on=on)

    assert state(found, on=on, is_required=True) != State.OVERDUE


@given(days, months, days)
def test_whoever_finishes_on_each_due_day_is_never_overdue(first, number, on):
    finished = [months_after(first, months=each * number) for each in range(120)]

    assert state(standing(first, repeat_months=number, finished=finished, on=on), on=on, is_required=True) in {
        State.DONE,
        State.DUE,
    }


@given(days, finishes, days)
def test_what_is_asked_once_is_done_by_any_finish_up_to_that_day(first, finished, on):
    found = standing(first, repeat_months=None, finished=finished, on=on)

    before = [day for day in finished if day <= on]
    assert found == Standing(first, is_done=bool(before), done_on=max(before, default=None))


@given(days, days)
def test_what_is_recommended_is_never_overdue(first, on):
    assert state(Standing(first, is_done=False), on=on, is_required=False) == State.DUE


def test_due_day_itself_is_not_overdue_yet():
    due = Standing(dt.date(2026, 12, 1), is_done=False)

    assert [state(due, on=dt.date(2026, 12, day), is_required=True) for day in (1, 2)] == [State.DUE, State.OVERDUE]


def test_who_did_the_last_one_rests_until_the_next_is_near():
    done, next_due = dt.date(2026, 12, 1), dt.date(2027, 12, 1)
    found = standing(done, repeat_months=12, finished=[done], on=done + DAY)

    states = [state(found, on=day, is_required=True) for day in (done + DAY, next_due - AGAIN - DAY, next_due - AGAIN)]

    assert (found, states) == (Standing(next_due, is_done=False, done_on=done), [State.DONE, State.DONE, State.DUE])


def test_whoever_is_asked_later_than_others_has_time_to_begin():
    missed, since = Standing(dt.date(2026, 1, 1), is_done=False), dt.date(2026, 12, 1)

    assert dues.asked_later(missed, since=since).due_on == since + BEGIN
