"""Figures for operators: what waits, what ended, how long it took; the probe in none of them."""

import datetime as dt

import pytest

from tests.factories.marking import DoneJobFactory, MarkFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory
from upskill.marking import figures
from upskill.marking.figures import Ended, Phase
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db
HOUR_AGO = NOON - dt.timedelta(hours=1)


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def of_probe():
    return SubmissionFactory(learner=PersonFactory(email=None, is_probe=True))


def took(marking: float, *, waited: float = 0, ended_at: dt.datetime = NOON, **more) -> Job:
    begun = ended_at - seconds(marking)
    return DoneJobFactory(started_at=begun, queued_at=begun - seconds(waited), ended_at=ended_at, **more)


def test_what_ended_in_the_hour_is_counted_by_outcome_with_its_seconds(django_assert_num_queries):
    for marking in (1, 2, 3):
        took(marking, waited=10)
    took(50, state="refused")
    took(7, ended_at=HOUR_AGO - seconds(1))
    took(500, submission=of_probe())

    with django_assert_num_queries(1):
        found = figures.ended(since=HOUR_AGO)

    assert found == {
        "done": Ended(3, marking_seconds=(2.0, 2.9), total_seconds=(12.0, 12.9)),
        "refused": Ended(1, marking_seconds=(50.0, 50.0), total_seconds=(50.0, 50.0)),
    }


def test_job_that_was_stopped_before_it_ever_started_took_no_time_at_work():
    DoneJobFactory(state="failed_ours", ended_at=NOON)

    assert figures.ended(since=HOUR_AGO)["failed_ours"].marking_seconds == (0.0, 0.0)


def test_marks_made_again_are_no_marks():
    mark = MarkFactory()
    took(5, submission=mark.submission, lane=Job.Lane.PREVIEW, rerun_of=mark)

    assert figures.ended(since=HOUR_AGO)["done"].number == 1


def test_what_was_done_in_the_hour_is_counted_by_lane_with_its_seconds(django_assert_num_queries):
    mark = MarkFactory(submission=took(4, waited=1).submission)
    took(2, waited=23)
    took(30, lane=Job.Lane.REGRADE)
    took(5, submission=mark.submission, lane=Job.Lane.PREVIEW, rerun_of=mark)
    took(50, state="refused")
    took(7, ended_at=HOUR_AGO - seconds(1))
    took(500, submission=of_probe())

    with django_assert_num_queries(1):
        found = figures.done_by_lane(since=HOUR_AGO)

    assert found == {
        "interactive": Ended(2, marking_seconds=(3.0, 3.9), total_seconds=(15.0, 24.0)),
        "preview": Ended(1, marking_seconds=(5.0, 5.0), total_seconds=(5.0, 5.0)),
        "regrade": Ended(1, marking_seconds=(30.0, 30.0), total_seconds=(30.0, 30.0)),
    }


def test_phases_are_those_of_the_automatic_marks_of_the_hour_each_once(django_assert_num_queries):
    def mark(cells: int, **fields):
        return MarkFactory(provenance={"isolation": "landlock", "timings_ms": {"cells": cells}}, **fields)

    for again in (mark(1000), mark(2000)):
        took(5, submission=again.submission, lane=Job.Lane.PREVIEW, rerun_of=again)
    mark(9000, given_by=PersonFactory(), reason="Right.")
    mark(9000, submission=of_probe())
    mark(9000, submission=took(1, ended_at=HOUR_AGO - seconds(1)).submission, marked_at=HOUR_AGO - seconds(1))

    with django_assert_num_queries(1):
        found = figures.phases(since=HOUR_AGO)

    assert found == [Phase("landlock", "cells", 2, (1.5, 1.95))]


def test_nothing_is_no_figure():
    assert (figures.ended(since=HOUR_AGO), figures.done_by_lane(since=HOUR_AGO)) == ({}, {})
