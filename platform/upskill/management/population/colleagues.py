"""Some hundred colleagues of the demo's people, so that figures of its departments are about enough people to show.

They work in teams of their own below the demo's directorates and agencies; the teams of the demo accounts stay as they
are. Nobody signs in as one of them.
"""

import datetime as dt
from dataclasses import replace

from django.db import transaction

from upskill.people import demo
from upskill.people.models import Organisation, User

from . import copying, learned, making, offers
from .departments import Place
from .offers import Teaching

SEED = 61
COUNTS = {"dwp-service": 260, "dwp-fraud": 90, "dwp-data": 70, "hse": 60, "dvla": 70, "dft": 50}  # in each so many


@transaction.atomic
def load(*, now: dt.datetime) -> int:
    """Add the colleagues; returns how many are new. Safe to repeat: where there are any, nothing is done.

    Raises NothingTaught.
    """
    first = next(iter(COUNTS))
    if Organisation.objects.filter(code=f"{first}-1").exists():
        return 0
    teaching = _without_answers_for_the_trainer(offers.published())
    places = _places()
    since = Organisation.objects.filter(code__in=COUNTS).latest("valid_from").valid_from
    with copying.without_tallies():
        added = making.add(places, teaching=teaching, seed=SEED, now=now, since=since, reviewed=0)
    learned.tally(added.ids)
    return len(added.ids)


def _places() -> list[Place]:
    """The units of the demo that get colleagues, each with whoever leads it there."""
    leaders = {each.leads: each.email for each in demo.cast() if each.leads in COUNTS}
    heads = dict(User.objects.filter(email__in=leaders.values()).values_list("email", "pk"))
    units = {unit.code: unit for unit in Organisation.objects.filter(code__in=COUNTS)}
    return [
        Place(units[code].name, code, units[code].kind, None, people, units[code].pk, heads[leaders[code]])
        for code, people in COUNTS.items()
    ]


def _without_answers_for_the_trainer(teaching: Teaching) -> Teaching:
    """Nobody hands in what the demo's trainer would open: what was answered is not invented."""
    trained = teaching.courses.index(demo.TRAINED_COURSE) if demo.TRAINED_COURSE in teaching.courses else None
    return replace(teaching, offers=[each for each in teaching.offers if each.quiz or each.course != trained])
