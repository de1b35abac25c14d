"""What always holds of questions that come back, whatever is answered on whichever days."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from upskill.learning import recall
from upskill.learning.recall import GAPS, MOST_A_DAY, Place

DAY = dt.date(2026, 11, 23)
days = st.integers(0, 120).map(lambda number: DAY + dt.timedelta(days=number))
places = st.builds(
    Place,
    quiz=st.integers(1, 3),
    version=st.just(1),
    question=st.sampled_from("abcdef"),
    step=st.integers(0, len(GAPS)),
    since=days,
    is_kept=st.booleans(),
)
many = st.lists(places, max_size=12, unique_by=lambda place: (place.quiz, place.question))
answers = st.lists(st.booleans(), max_size=30)


@given(places, answers)
def test_a_right_answer_leads_to_the_next_gap_and_a_wrong_one_to_the_first(place, right):
    place = replace(place, step=0)
    for is_right in right:
        if place.due_on is None:
            break
        before, on = place, place.due_on
        place = recall.moved(place, is_right=is_right, on=on)

        step = before.step + 1 if is_right else 0
        over = step == len(GAPS)
        assert place == replace(before, step=step, since=on, is_kept=True)
        assert place.due_on == (None if over else on + dt.timedelta(days=GAPS[step]))


@given(places, answers)
def test_a_question_is_over_after_as_many_right_answers_in_a_row_as_there_are_gaps_and_not_before(place, right):
    place, in_a_row = replace(place, step=0), 0
    for is_right in right:
        place = recall.moved(place, is_right=is_right, on=place.since)
        in_a_row = in_a_row + 1 if is_right else 0

        assert (place.due_on is None) == (in_a_row == len(GAPS))
        if place.due_on is None:
            break


@given(many, st.integers(0, 5), days)
def test_no_more_are_asked_than_a_day_has_room_for_and_none_before_its_day(found, answered, on):
    due = recall.pick(found, answered=answered, on=on).due

    ripe = [place for place in found if place.due_on and place.due_on <= on]
    assert len(due) == min(len(ripe), max(0, MOST_A_DAY - answered))
    assert all(place in ripe for place in due)
    assert len(set(due)) == len(due)


@given(many, days)
def test_nothing_that_waits_longer_stands_behind(found, on):
    due = recall.pick(found, answered=0, on=on).due

    left = [day for place in found if (day := place.due_on) and day <= on and place not in due]
    asked = [day for place in due if (day := place.due_on)]
    assert asked == sorted(asked)
    assert not left or not asked or max(asked) <= min(left)


@given(many, days)
def test_the_next_day_that_is_named_has_a_question_and_no_day_before_it_has(found, on):
    today = recall.pick(found, answered=MOST_A_DAY, on=on)

    if today.next_on is None:
        assert [place for place in found if place.due_on] == []
        return
    assert recall.pick(found, answered=0, on=today.next_on).due != []
    between = (today.next_on - on).days
    assert [n for n in range(1, between) if recall.pick(found, answered=0, on=on + dt.timedelta(days=n)).due] == []
    assert between >= 1


@given(many)
def test_whoever_comes_daily_and_answers_right_is_done_with_everything(found):
    """Three a day, until nothing is left: no question is forgotten behind others."""
    waiting, on, asked = list(found), DAY + dt.timedelta(days=121), 0
    while (today := recall.pick(waiting, answered=0, on=on)).due or today.next_on:
        for place in today.due:
            waiting[waiting.index(place)] = recall.moved(place, is_right=True, on=on)
            asked += 1
        tomorrow = on + dt.timedelta(days=1)
        on = tomorrow if today.due or today.next_on is None else today.next_on

    assert asked == sum(len(GAPS) - place.step for place in found)
    assert [place.due_on for place in waiting] == [None] * len(found)
