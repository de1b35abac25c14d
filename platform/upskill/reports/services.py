"""Writes of reports: none about people, only that somebody looked."""

import datetime as dt
from collections.abc import Iterable

from upskill.core import audit
from upskill.people.models import User


def record_team_view(people: Iterable[User], *, by: User, now: dt.datetime) -> None:
    """Write down that their manager looked at the levels of these people: each of them may know. One query."""
    audit.record_about_each("levels.viewed", people=people, by=by, at=now)
