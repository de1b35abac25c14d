"""For a worker's --include: from here on its clock is wrong by WRONG_CLOCK_SECONDS."""

import datetime as dt
import os
import time

from django.utils import timezone

_WRONG_BY = float(os.environ["WRONG_CLOCK_SECONDS"])
_now, _time = timezone.now, time.time


def _wrong_now() -> dt.datetime:
    return _now() + dt.timedelta(seconds=_WRONG_BY)


def _wrong_time() -> float:
    return _time() + _WRONG_BY


timezone.now, time.time = _wrong_now, _wrong_time
