"""The publication that wider views read: made anew, so that it is the dearest night, with some before it to compare."""

import datetime as dt
from dataclasses import dataclass

from upskill.reports.models import Publication, PublicationBasis
from upskill.reports.publication import publish

BEFORE = (60, 30)  # days: what trends are drawn from


@dataclass(frozen=True)
class Night:
    """What making it took, and what it came to."""

    seconds: float
    figures: int
    hidden_share: float
    organisations: int


def publish_all(*, now: dt.datetime) -> Night:
    """Today's publication, none of whose figures were carried on, and those before it where there are none."""
    today = now.date()
    if not Publication.objects.exists():
        for days in BEFORE:
            publish(today - dt.timedelta(days=days), now=now)
    PublicationBasis.objects.all().delete()
    made = publish(today, now=now)
    return Night(made.publication.seconds, made.figures, made.hidden_share, made.units)
