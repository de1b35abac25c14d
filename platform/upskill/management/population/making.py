"""A whole population, or a few hundred colleagues, from nothing but a seed."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.utils import timezone

from upskill.people.models import Membership, Organisation, Succession, User

from . import copying, departments, learned, offers, planned, roles, staff
from .departments import Place
from .offers import Teaching
from .past import past as past_of
from .trees import grow
from .work import worked

EVIDENCE = 5_000_000 / 550_000  # rows for each person, on average
TABLES = (User, Organisation, Succession, Membership, *learned.TABLES, *planned.TABLES)
Say = Callable[[str], object]


@dataclass(frozen=True)
class Added:
    """The ids of the people who were added, and how many organisations and rows of evidence with them."""

    ids: range
    organisations: int
    evidence: int


@dataclass(frozen=True)
class Made:
    """How much there is."""

    people: int
    organisations: int
    evidence: int
    tallies: int
    seconds: float


@transaction.atomic
def civil_service(people: int, *, seed: int, now: dt.datetime, say: Say) -> Made:
    """So many people in the organisations of the Civil Service, with two years behind them. All or nothing.

    The same for the same seed and day in databases that hold the same. Needs a superuser of PostgreSQL, and everybody
    else waits meanwhile. Raises offers.NothingTaught.
    """
    begun = time.monotonic()
    teaching = offers.published()
    places = departments.civil_service(people)
    with copying.bare(TABLES):
        added = add(places, teaching=teaching, seed=seed, now=now, say=_timed(say, begun=begun))
        tallies = learned.tally(added.ids)
    say(f"{tallies:,} tallies of levels, all indexes ({time.monotonic() - begun:.0f} s)")
    return Made(len(added.ids), added.organisations, added.evidence, tallies, time.monotonic() - begun)


def add(
    places: Sequence[Place],
    *,
    teaching: Teaching,
    seed: int,
    now: dt.datetime,
    say: Say = lambda text: None,
    since: dt.date | None = None,
    reviewed: float = learned.REVIEWED,
) -> Added:
    """Everybody below these places, without their tallies. Nothing of where they work began before `since`; of all
    evidence the share `reviewed` rests on marks that a person gave in place of another.
    """
    rng = np.random.default_rng(seed)
    trees = grow(list(places), rng=rng)
    past = past_of(trees, rng=rng)
    hired = staff.write(trees, places=places, past=past, today=timezone.localdate(now), since=since, rng=rng)
    roles.add_to(hired.paths, now=now)
    say(f"{len(trees):,} people, {len(trees.units):,} organisations")
    work = worked(hired.professions, teaching=teaching, evidence=round(EVIDENCE * len(trees)), rng=rng)
    pieces = learned.write(work, people=hired.people, teaching=teaching, reviewed=reviewed, now=now, rng=rng)
    say(f"{pieces:,} rows of evidence")
    planned.write(trees, hired=hired, work=work, teaching=teaching, now=now, rng=rng)
    return Added(hired.people, len(trees.units), pieces)


def refresh_statistics() -> None:
    """What PostgreSQL knows of all tables, made new, as a service in use has it. Outside of a transaction."""
    for table in TABLES:
        copying.execute(f'VACUUM "{table._meta.db_table}"')
    copying.execute("ANALYZE")


def _timed(say: Say, *, begun: float) -> Say:
    return lambda text: say(f"{text} ({time.monotonic() - begun:.0f} s)")
