"""An answer that waits for its mark: where it stands, and how long whoever looks at it may rest."""

import datetime as dt
import math
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.learning.models import Submission
from upskill.marking import dispatch, engines
from upskill.marking.dispatch import Place
from upskill.marking.models import Job
from upskill.web.templatetags.words import duration

LONG_WAIT = dt.timedelta(seconds=30)
LONGEST_REST_SECONDS = 5.0


@dataclass(frozen=True)
class Waiting:
    """What the page says of an answer that waits or is being marked."""

    submission: Submission
    is_running: bool
    is_paused: bool
    is_slow: bool
    place: str  # how many are before it and about how long that takes; "" where it is next
    rest_seconds: float  # until it is worth looking again; 0: at any time


def waiting(job: Job, *, submission: Submission) -> Waiting:
    """How it is with the answer of this job, which is queued or running, now. At most two queries."""
    engine = engines.state()
    place = dispatch.place(job, slots=engine.slots) if job.state == Job.State.QUEUED else None
    wait = place.wait if place and place.ahead else None
    return Waiting(
        submission,
        is_running=job.state == Job.State.RUNNING,
        is_paused=not engine.is_marking,
        is_slow=timezone.now() - submission.submitted_at > LONG_WAIT,
        place=_words(place) if place and place.ahead else "",
        rest_seconds=_rest(place, wait=wait) if place and wait else 0,
    )


def _rest(place: Place, *, wait: dt.timedelta) -> float:
    """Half the time that is left, and no more than half a second for each who is before: theirs may be quick ones."""
    return min(wait.total_seconds() / 2, place.ahead / 2, LONGEST_REST_SECONDS)


def _words(place: Place) -> str:
    if place.ahead >= dispatch.MOST_COUNTED:
        ahead = _("At least %(n)d answers will be marked before yours.") % {"n": dispatch.MOST_COUNTED}
    else:
        ahead = ngettext(
            "%(n)d answer will be marked before yours.",
            "About %(n)d answers will be marked before yours.",
            place.ahead,
        ) % {"n": place.ahead}
    if place.wait is None:
        return ahead
    minutes = math.ceil(place.wait / dt.timedelta(minutes=1))
    wait = _("less than a minute") if minutes <= 1 else _("about %(time)s") % {"time": duration(minutes)}
    return _("%(ahead)s That takes %(wait)s.") % {"ahead": ahead, "wait": wait}
