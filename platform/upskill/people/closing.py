"""From which day an organisation can end, whether it is closed, split or merged into another one."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Organisation


class DayOutOfRange(Exception):
    """The organisation did not exist before that day, is closed, or the day has not come yet."""


def refuse_end_on(organisation: Organisation, *, on: dt.date, now: dt.datetime) -> None:
    """Nothing, where the organisation can be closed or split from that day on. Raises DayOutOfRange."""
    began, today = organisation.valid_from, timezone.localdate(now)
    if organisation.valid_to:
        raise DayOutOfRange(_("%(name)s is closed already.") % {"name": organisation.name})
    if began >= today:
        raise DayOutOfRange(
            _("%(name)s begins on %(day)s. Come back on a later day to end it.")
            % {"name": organisation.name, "day": began.isoformat()}
        )
    if not began < on <= today:
        raise DayOutOfRange(_("Choose a day after %(day)s, today at the latest.") % {"day": began.isoformat()})
