"""Figures, moments and levels in plain words."""

import datetime as dt
from decimal import Decimal

import pytest

from upskill.catalogue.course_files import schemas
from upskill.web.templatetags import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("4.00"), "4"),
        (Decimal("2.50"), "2.5"),
        (Decimal("0.00"), "0"),
        (Decimal("10.00"), "10"),
        (Decimal(100), "100"),
        (None, ""),
    ],
)
def test_points_have_no_needless_zeros(value, text):
    assert words.points(value) == text


@pytest.mark.parametrize(
    ("hour", "minute", "text"),
    [
        (0, 0, "23 November 2026 at midnight"),
        (0, 5, "23 November 2026 at 12:05am"),
        (9, 0, "23 November 2026 at 9am"),
        (10, 14, "23 November 2026 at 10:14am"),
        (12, 0, "23 November 2026 at midday"),
        (12, 30, "23 November 2026 at 12:30pm"),
        (17, 0, "23 November 2026 at 5pm"),
    ],
)
def test_moment_is_written_as_gov_uk_writes_it(hour, minute, text):
    assert words.moment(dt.datetime(2026, 11, 23, hour, minute, tzinfo=dt.UTC)) == text


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Answer question 1.", "Answer question 1"),
        ("Question 2: enter a number, such as 12.5.", "Question 2: enter a number, such as 12.5"),
        ("Use your work email address. It ends in gov.uk.", "Use your work email address. It ends in gov.uk."),
        ("Choose “Change the mark.” Then save.", "Choose “Change the mark.” Then save."),
        ("Enter a name", "Enter a name"),
    ],
)
def test_error_message_ends_with_a_full_stop_only_after_several_sentences(message, shown):
    assert words.error_message(message) == shown


def test_moment_and_day_are_those_of_the_people_here():
    late = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)

    assert (words.moment(late), words.day(late)) == ("1 July 2026 at 12:30am", "1 July 2026")


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 minutes"), (1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (63, "1 hour 3 minutes"), (120, "2 hours")],
)
def test_duration_is_said_as_people_say_it(minutes, text):
    assert words.duration(minutes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 seconds"), (0.84, "0.8 seconds"), (12.4, "12 seconds"), (119, "119 seconds"), (140, "2 minutes"),
        (3780, "1 hour 3 minutes"), (2 * 86_400, "2 days"), (10 * 86_400, "10 days"),
    ],
)  # fmt: skip
def test_seconds_are_said_as_people_say_them(seconds, text):
    assert words.how_long(seconds) == text


def test_every_level_has_a_name():
    assert [words.level(rank) for rank in range(5)] == ["Not yet", "Awareness", "Working", "Practitioner", "Expert"]


def test_every_principle_that_a_course_may_name_has_a_name_of_its_own():
    allowed = schemas.COURSE["properties"]["principles"]["items"]

    numbers = range(allowed["minimum"], allowed["maximum"] + 1)

    assert list(numbers) == list(words.PRINCIPLES)
    assert len({words.principle(number) for number in numbers}) == 10
    assert words.principle(3) == "Use AI securely"


def test_every_kind_of_item_has_a_name():
    assert [words.kind(name) for name in ("lesson", "quiz", "exercise")] == ["Lesson", "Quiz", "Exercise"]


@pytest.mark.parametrize(
    ("word", "label"), [("existing-staff", "Existing staff"), ("service-designer", "Service designer")]
)
def test_audience_has_a_name_also_where_only_its_author_knows_it(word, label):
    assert words.audience(word) == label
