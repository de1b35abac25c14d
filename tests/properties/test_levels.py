"""The level that tallies give is the one that the evidence itself gives, whatever came in which order."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import PersonFactory
from upskill.skills import queries
from upskill.skills.models import Evidence, Level
from upskill.skills.validity import Standing, months_after

HERE = ZoneInfo("Europe/London")
MIDNIGHT = dt.datetime(2024, 2, 29, 23, 30, tzinfo=dt.UTC)  # in summer that is the next day here
levels = st.integers(1, 4)
moments = st.integers(0, 400).map(lambda days: MIDNIGHT + dt.timedelta(days=days))
added = st.tuples(st.just("added"), levels, moments, st.just(0))
replaced = st.tuples(st.just("replaced"), st.integers(0, 4), moments, st.integers(0, 9))
histories = st.lists(st.one_of(added, added, replaced), min_size=1, max_size=8)
validities = st.sampled_from([None, 1, 3, 6, 12, 13, 24])


@dataclass
class Reference:
    """Evidence as a list in Python: (level, day), None where it was replaced."""

    pieces: list[tuple[int, dt.date] | None] = field(default_factory=list)
    said: list[tuple[int, dt.date]] = field(default_factory=list)  # also what was replaced

    def standing(self, *, valid_months: int | None, on: dt.date) -> Standing:
        def end(day: dt.date) -> dt.date:
            return months_after(day, months=valid_months) if valid_months else dt.date.max

        counts = [(level, day) for level, day in filter(None, self.pieces) if level]
        holds = [(level, day) for level, day in counts if end(day) > on]
        best = max((level for level, _day in holds), default=0)
        earned = max((day for level, day in holds if level >= best), default=None)
        over = [(level, end(day)) for level, day in counts if level > best]
        lapsed = max((level for level, _end in over), default=0)
        lapsed_on = max((day for level, day in over if level >= lapsed), default=None)
        expires_on = end(earned) if earned and valid_months else None
        return Standing(Level(best), earned, expires_on, Level(lapsed), lapsed_on)

    def day_beside_an_end(self, which: int, *, days: int, valid_months: int | None) -> dt.date:
        """A day on which something may end, or one before or after it; never one before any evidence."""
        earned = [day for _level, day in self.said]
        ends = [months_after(day, months=valid_months or 0) for day in earned]
        later = [day for day in ends if day >= max(earned)] or [MIDNIGHT.date() + dt.timedelta(days=500)]
        return max([*earned, later[which % len(later)] + dt.timedelta(days=days)])


def play(person, skill, history) -> Reference:
    """Write the evidence that the history tells of, and keep the same beside it."""
    reference = Reference()
    rows: list[Evidence] = []
    for what, level, at, which in history:
        old = which if what == "replaced" and which < len(rows) and reference.pieces[which] else None
        if old is None and (what == "replaced" or not level):
            continue
        rows.append(EvidenceFactory(
            learner=person, skill=skill, level=level, earned_at=at, replaces=rows[old] if old is not None else None,
        ))  # fmt: skip
        reference.said.append((level, at.astimezone(HERE).date()))
        reference.pieces.append(reference.said[-1])
        if old is not None:
            reference.pieces[old] = None
    return reference


class Levels(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(history=histories, months=validities, which=st.integers(0, 7), days=st.sampled_from([0, -1, 1]))
    def test_level_of_tallies_is_the_level_of_the_evidence(self, history, months, which, days):
        person, skill = PersonFactory(), SkillFactory(slug="privacy", valid_months=months)

        reference = play(person, skill, history)
        on = reference.day_beside_an_end(which, days=days, valid_months=months)

        expected = reference.standing(valid_months=months, on=on)
        assert queries.levels_with_days([person.pk], on=on).get((person.pk, "privacy"), Standing()) == expected
        assert queries.levels([person.pk], on=on) == (
            {(person.pk, "privacy"): expected.level} if expected.level else {}
        )

    @settings(max_examples=100, deadline=None)
    @given(day=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), months=st.integers(0, 600))
    def test_months_after_counts_as_postgresql_does(self, day, months):
        with connection.cursor() as cursor:
            cursor.execute("SELECT (%s::date + make_interval(months => %s))::date", [day, months])
            assert months_after(day, months=months) == cursor.fetchone()[0]
