"""The nightly publication: all figures of one day, counted, rounded, hidden and stored at once.

Figures of a root organisation, slice and skill are made anew only when enough has changed, whatever any one line
manager's team did; until then those of the last time stand (PublicationBasis). With the same counts the same figures
come out always: the secret starts and orders never change.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from upskill.core import audit
from upskill.core.turns import wait_for_turn

from . import counts
from .counts import Organisations, People, Reached, Slices
from .disclosure import (
    LEVELS,
    Bools,
    Ints,
    Layout,
    added_up,
    largest_team,
    lay_out,
    protected,
    rounded,
    shown_units,
    walk_order,
)
from .figures import MEASURES, STEP
from .models import Publication, PublicationBasis, PublishedFigures

METHOD = 1  # of protecting figures; the next one after any change of it
NIGHTS_KEPT = 31  # then the first of each month
ENOUGH_NEW = 2 * STEP  # counts that differ for five people: each leaves one and enters another
OF_EACH_REPORT = 2  # counts that differ at most for one person
SALT = "upskill.reports.publication"
STORED = np.dtype("<i4")
Key = tuple[int | None, str, str, str]  # of a basis: root, kind of slice, slice, skill


class DayHasPassed(Exception):
    """Figures of an earlier day than the newest cannot be made: what is known now was not known then."""


@dataclass
class Made:
    """What a publication came to."""

    publication: Publication
    people: int
    units: int = 0  # organisations that are shown, and the whole of government
    rows: int = 0  # these in all slices
    figures: int = 0
    hidden: int = 0
    made_anew: int = 0  # of so many (root, slice, skill)
    of: int = 0

    @property
    def hidden_share(self) -> float:
        """Of all figures, from 0 to 1."""
        return self.hidden / self.figures if self.figures else 0.0


@dataclass(frozen=True)
class _Night:
    """What one publication is made of."""

    publication: Publication
    organisations: Organisations
    people: People
    reached: Reached
    targets: Ints
    order: Ints
    basis: dict[Key, PublicationBasis] = field(default_factory=dict)


@transaction.atomic
def publish(on: dt.date, *, now: dt.datetime) -> Made:
    """Make the figures of a day, all or nothing, and forget publications that are old. Safe to repeat: the newest of a
    day takes the place of an earlier one. Whoever comes second waits. Raises DayHasPassed.
    """
    started = time.monotonic()
    wait_for_turn("publication")
    newest = Publication.objects.order_by("-on").first()
    if newest and newest.on > on:
        raise DayHasPassed(f"The newest figures are of {newest.on}. Give that day or a later one.")
    Publication.objects.filter(on=on).delete()
    night = _read(on, now=now)
    made = Made(night.publication, people=len(night.people.person))
    for slices, shown in _shown(night):
        for group, name in enumerate(slices.names):
            _publish_slice(night, slices, group=group, name=name, shown=shown[group], made=made)
    night.publication.seconds = time.monotonic() - started
    night.publication.save()
    forget_old(on)
    audit.record("figures.published", subject=night.publication, by=None, at=now)
    return made


def forget_old(on: dt.date) -> None:
    """Delete publications that are neither of the last nights nor the first of their month. Not audited: a publication
    says nothing of any person.
    """
    kept, months = set(), set()
    for publication, day in Publication.objects.order_by("on").values_list("pk", "on"):
        month = (day.year, day.month)
        if month not in months or (on - day).days < NIGHTS_KEPT:
            kept.add(publication)
        months.add(month)
    Publication.objects.exclude(pk__in=kept).delete()


def _read(on: dt.date, *, now: dt.datetime) -> _Night:
    organisations = counts.organisations_on(on)
    people = counts.people_on(on, organisations=organisations)
    skills = counts.skills_counted()
    lots = np.array(
        [_secret("order", organisations.path(number)) for number in range(organisations.tree.size)], dtype=np.int64
    )
    return _Night(
        publication=Publication.objects.create(on=on, made_at=now, method=METHOD, skills=skills, seconds=0),
        organisations=organisations,
        people=people,
        reached=counts.levels_on(on, people=people, skills=skills),
        targets=counts.targets_of(people.roles, skills=skills),
        order=walk_order(organisations.tree, lots=lots),
    )


def _shown(night: _Night) -> Iterator[tuple[Slices, Bools]]:
    """Each kind of slices, and which organisations are shown in them. The first is everybody."""
    tree, everybody = night.organisations.tree, None
    for slices in night.people.slices:
        staff = night.people.staff(slices)
        shown = shown_units(tree, staff, groups=len(slices.names), within=everybody)
        everybody = shown if everybody is None else everybody
        yield slices, shown


# --- One slice -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Slice:
    """One slice of the night."""

    kind: str
    name: str
    layout: Layout
    piece: Ints  # of each person
    true: Ints  # [piece, skill, measure]
    teams: Ints  # of each block: the most people in it who report to one manager


def _publish_slice(night: _Night, slices: Slices, *, group: int, name: str, shown: Bools, made: Made) -> None:
    if not shown.any():
        return
    one = _slice_of(night, slices, group=group, name=name, shown=shown)
    staff = np.bincount(one.piece[one.piece >= 0], minlength=len(one.layout.units))
    skills = night.publication.skills
    used = one.true.copy()
    keep: list[PublicationBasis] = []
    stored = _basis_of(slices.kind, name)
    for number, (start, stop) in enumerate(one.layout.blocks):
        keep += _carried_on(night, one, used=used[start:stop], block=number, stored=stored)
    _keep(keep)
    figures, pieces, people = _rounded(night, one, used=used, staff=staff)
    final = protected(figures, pieces=pieces, has_rest=staff > 0, layout=one.layout)
    _write(night, one, people=people, figures=final)
    made.rows += len(final)
    made.units = max(made.units, len(final))
    made.figures += final.size
    made.hidden += int((final < 0).sum())
    made.of += len(skills) * len(one.layout.blocks)
    made.made_anew += len(keep)


def _slice_of(night: _Night, slices: Slices, *, group: int, name: str, shown: Bools) -> _Slice:
    people, tree = night.people, night.organisations.tree
    layout = lay_out(tree, shown, order=night.order)
    piece = np.where(slices.group == group, layout.piece[people.home], -1)
    starts = np.array([start for start, _stop in layout.blocks])
    block = np.where(piece >= 0, np.searchsorted(starts, piece, side="right") - 1, -1)
    return _Slice(
        slices.kind,
        name=name,
        layout=layout,
        piece=piece,
        true=counts.counted(people, night.reached, targets=night.targets, piece=piece, pieces=len(layout.units)),
        teams=largest_team(block, people.manager, cells=len(starts)),
    )


def _rounded(night: _Night, one: _Slice, *, used: Ints, staff: Ints) -> tuple[Ints, Ints, Ints]:
    """Figures and pieces in steps of five [place, skill, measure], and how many people [place]."""
    pieces, heads = np.zeros_like(used), np.zeros_like(staff)
    for block, (start, stop) in enumerate(one.layout.blocks):
        starts = _starts(night, one, block=block)
        pieces[start:stop, :, 1:] = rounded(used[start:stop, :, 1:], starts=starts[:, 1:])
        heads[start:stop] = rounded(staff[start:stop], starts=starts[0, 0])
    pieces[:, :, 0] = heads[:, None] - pieces[:, :, 1:LEVELS].sum(axis=2)  # so that a row adds up to all people
    return added_up(pieces, one.layout), pieces, added_up(heads, one.layout)


def _starts(night: _Night, one: _Slice, *, block: int) -> Ints:
    """[skill, measure]: where the rounding of one root begins, 0 to 4; of none yet: that of all people."""
    path = _root_path(night, one, block=block)
    starts = np.zeros((len(night.publication.skills) or 1, len(MEASURES)), dtype=np.int64)
    for number, skill in enumerate(night.publication.skills):
        digest = _digest("start", path, one.kind, one.name, skill)
        starts[number] = np.frombuffer(digest[: 2 * len(MEASURES)], dtype="<u2") % STEP
    starts[:, 0] = _secret("people", path, one.kind, one.name) % STEP
    return starts


# --- Nights ----------------------------------------------------------------------------------------------------------


def _carried_on(
    night: _Night, one: _Slice, *, used: Ints, block: int, stored: dict[tuple[int | None, str], PublicationBasis]
) -> list[PublicationBasis]:
    """Put the counts of the last time into `used`, [piece, skill, measure] of one root, for the skills of which not
    enough has changed. Returns what is to be kept for the others.

    Enough is what five people make, and one team more: its manager knows how that changed, and must not be able to
    tell from the next figures what others are.
    """
    enough = ENOUGH_NEW + OF_EACH_REPORT * int(one.teams[block])
    root, digest, keep = _root(night, one, block=block), _digest_of_paths(night, one, block=block), []
    for number, skill in enumerate(night.publication.skills):
        known = stored.get((root, skill))
        if known and known.shown == digest and len(known.counts) == used[:, number].size * STORED.itemsize:
            before = np.frombuffer(known.counts, dtype=STORED).reshape(used[:, number].shape)
            differs = np.abs(used[:, number] - before)
            if max(differs[:, :LEVELS].sum(), differs[:, LEVELS:].sum()) < enough:
                used[:, number] = before
                continue
        keep.append(
            PublicationBasis(
                root_id=root,
                slice_kind=one.kind,
                slice=one.name,
                skill=skill,
                shown=digest,
                counts=used[:, number].astype(STORED).tobytes(),
                since_on=night.publication.on,
            )
        )
    return keep


def _basis_of(kind: str, name: str) -> dict[tuple[int | None, str], PublicationBasis]:
    """(root, skill) -> the counts behind what is shown of a slice. One query."""
    return {(each.root_id, each.skill): each for each in PublicationBasis.objects.filter(slice_kind=kind, slice=name)}


def _keep(basis: list[PublicationBasis]) -> None:
    PublicationBasis.objects.bulk_create(
        basis,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["root", "slice_kind", "slice", "skill"],
        update_fields=["shown", "counts", "since_on"],
    )


def _digest_of_paths(night: _Night, one: _Slice, *, block: int) -> str:
    start, stop = one.layout.blocks[block]
    paths = (night.organisations.path(int(unit)) for unit in one.layout.units[start:stop])
    return hashlib.sha256("\n".join(paths).encode()).hexdigest()


def _root(night: _Night, one: _Slice, *, block: int) -> int | None:
    row = night.organisations.rows[one.layout.units[one.layout.blocks[block][0]]]
    return row.pk if row else None


def _root_path(night: _Night, one: _Slice, *, block: int) -> str:
    return night.organisations.path(int(one.layout.units[one.layout.blocks[block][0]]))


# --- Storing ---------------------------------------------------------------------------------------------------------


def _write(night: _Night, one: _Slice, *, people: Ints, figures: Ints) -> None:
    """The rows of one slice, by COPY."""
    columns = "publication_id, organisation_id, path, parent_path, slice_kind, slice, people, figures"
    statement = f"COPY {PublishedFigures._meta.db_table} ({columns}) FROM STDIN"
    flat = figures.reshape(len(figures), -1)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for place, unit in enumerate(one.layout.units):
            row, path = night.organisations.rows[unit], night.organisations.path(int(unit))
            over = night.organisations.path(int(night.organisations.tree.parent[unit])) if row else ""
            values = "{" + ",".join(map(str, flat[place].tolist())) + "}"
            organisation, total = row.pk if row else None, int(people[place])
            copy.write_row((
                night.publication.pk, organisation, path, over, one.kind, one.name, total, values,
            ))  # fmt: skip


def _secret(*words: str) -> int:
    """A number that only this service can work out, the same for ever."""
    return int.from_bytes(_digest(*words)[:6])


def _digest(*words: str) -> bytes:
    return salted_hmac(SALT, "\n".join(words), secret=settings.SECRET_KEY, algorithm="sha256").digest()
