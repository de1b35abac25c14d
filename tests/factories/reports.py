"""Publications, made of what is there as they are made each night."""

import datetime as dt

from django.utils import timezone

from upskill.reports import publication

from .people import NOON


def publish(on: dt.date | None = None) -> publication.Made:
    """The figures of a day, today if none is given."""
    return publication.publish(on or timezone.localdate(), now=NOON)
