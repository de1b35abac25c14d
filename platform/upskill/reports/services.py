"""Writes of reports: none about people, only that somebody looked."""

import datetime as dt
from collections.abc import Iterable

from upskill.core import audit
from upskill.people.models import User

from .sights import Sight


def record_team_view(people: Iterable[User], *, by: User, now: dt.datetime) -> None:
    """Write down that their manager looked at the levels of these people: each of them may know. One query."""
    audit.record_about_each("levels.viewed", people=people, by=by, at=now)


def record_report_view(person: User, *, by: User, now: dt.datetime) -> None:
    """Write down that their manager looked at the levels of this person and what they rest on. One query."""
    audit.record("level_sources.viewed", subject=person, by=by, at=now, about=person)


def record_team_export(people: Iterable[User], *, form: str, by: User, now: dt.datetime) -> None:
    """Write down that their manager downloaded the levels of these people. One query."""
    audit.record_about_each("levels.exported", people=people, by=by, at=now, form=form)


def record_figures_export(seen: Sight, *, form: str, by: User, now: dt.datetime) -> None:
    """Write down that somebody downloaded the counts of an organisation; those of all of government are written down
    with their publication. One query.
    """
    audit.record("figures.exported", subject=seen.organisation or seen.publication, by=by, at=now, form=form)
