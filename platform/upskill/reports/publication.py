"""The nightly publication: all figures of one day, counted, made (night.py) and stored at once."""

import datetime as dt
import time
import zlib
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.utils.crypto import salted_hmac

from upskill.core.turns import wait_for_turn

from . import counts
from .counts import Organisations
from .disclosure import Ints
from .figures import MEASURES
from .models import Publication, PublicationBasis, PublishedFigures
from .night import Basis, Key, Night, Sliced, kinds_of, order_of, sliced

METHOD = 2  # of protecting figures; the next one after any change of it
NIGHTS_KEPT = 31  # then the first of each month
STORED = np.dtype("<i4")
ROW = 1 + len(MEASURES)  # of a basis: an organisation's id, 0 for the whole of government, and its counts
PACKED = 1  # how hard: counts are small, and made anew often
BASIS_AT_ONCE = 200


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
    sets: int = 0  # of figures of a root, slice and skill
    made_anew: int = 0  # of these

    @property
    def hidden_share(self) -> float:
        """Of all figures, from 0 to 1."""
        return self.hidden / self.figures if self.figures else 0.0


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
    organisations = counts.organisations_on(on)
    night = _night(on, organisations=organisations)
    held = Publication(on=on, made_at=now, method=METHOD, skills=night.skills, seconds=0, oldest_on=on)
    held.save()
    made = Made(held, people=len(night.people.person))
    _publish_slices(night, organisations=organisations, made=made)
    made.publication.seconds = time.monotonic() - started
    made.publication.save()
    forget_old(on)
    return made


def forget_old(on: dt.date) -> None:
    """Delete publications that are neither of the last nights nor the first of their month."""
    kept, months = set(), set()
    for publication, day in Publication.objects.order_by("on").values_list("pk", "on"):
        month = (day.year, day.month)
        if month not in months or (on - day).days < NIGHTS_KEPT:
            kept.add(publication)
        months.add(month)
    Publication.objects.exclude(pk__in=kept).delete()


def _night(on: dt.date, *, organisations: Organisations) -> Night:
    people = counts.people_on(on, organisations=organisations)
    skills = counts.skills_counted(on)
    oldest = PublicationBasis.objects.aggregate(oldest=Min("since_on"))["oldest"] or on
    return Night(
        tree=organisations.tree,
        paths=tuple(organisations.path(number) for number in range(organisations.tree.size)),
        people=people,
        led=counts.led_since(oldest, on=on, organisations=organisations, people=people),
        reached=counts.levels_on(on, people=people, skills=skills),
        targets=counts.targets_of(people.roles, skills=skills),
        skills=skills,
        secret=salted_hmac("upskill.reports.night", "", secret=settings.SECRET_KEY, algorithm="sha256").digest(),
        day=on.toordinal(),
    )


def _publish_slices(night: Night, *, organisations: Organisations, made: Made) -> None:
    order = order_of(night)
    for slices, shown in kinds_of(night):
        for group, name in enumerate(slices.names):
            if not shown[group].any():
                continue
            basis = _basis_of(slices.kind, name, organisations=organisations)
            one = sliced(night, slices, group=group, shown=shown[group], order=order, basis=basis)
            _write(one, organisations=organisations, publication=made.publication)
            _keep(one, organisations=organisations, on=made.publication.on)
            made.publication.oldest_on = min(made.publication.oldest_on, dt.date.fromordinal(one.oldest))
            made.publication.roots = max(made.publication.roots, one.roots)
            made.rows += len(one.figures)
            made.units = max(made.units, len(one.figures))
            made.figures += one.figures.size
            made.hidden += int((one.figures < 0).sum())
            made.sets += len(night.skills) * len(one.layout.blocks)
            made.made_anew += len(one.anew)


# --- Storing ---------------------------------------------------------------------------------------------------------


def _basis_of(kind: str, name: str, *, organisations: Organisations) -> dict[Key, Basis]:
    """The counts behind what is shown of a slice. One query."""
    paths = {row.pk if row else None: row.path if row else "" for row in organisations.rows}
    number = np.zeros(max(organisations.numbers, default=0) + 1, dtype=np.int64)
    number[list(organisations.numbers)] = list(organisations.numbers.values())
    found = PublicationBasis.objects.filter(slice_kind=kind, slice=name).iterator(chunk_size=BASIS_AT_ONCE)
    return {
        (paths[each.root_id], each.skill): _unpacked(each, number=number) for each in found if each.root_id in paths
    }


def _unpacked(basis: PublicationBasis, *, number: Ints) -> Basis:
    rows = np.frombuffer(zlib.decompress(basis.counts), dtype=STORED).astype(np.int64).reshape(-1, ROW)
    return Basis(basis.since_on.toordinal(), home=number[rows[:, 0]], counts=rows[:, 1:])


def _packed(basis: Basis, *, ids: Ints) -> bytes:
    rows = np.column_stack([ids[basis.home], basis.counts]).astype(STORED)
    return zlib.compress(rows.tobytes(), PACKED)


def _keep(one: Sliced, *, organisations: Organisations, on: dt.date) -> None:
    """Store the counts behind figures that were made anew."""
    roots = {row.path: row.pk for row in organisations.rows if row}
    ids = np.array([row.pk if row else 0 for row in organisations.rows], dtype=np.int64)
    PublicationBasis.objects.bulk_create(
        [
            PublicationBasis(
                root_id=roots.get(root),
                slice_kind=one.kind,
                slice=one.name,
                skill=skill,
                counts=_packed(basis, ids=ids),
                since_on=on,
            )
            for (root, skill), basis in one.anew.items()
        ],
        batch_size=BASIS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["root", "slice_kind", "slice", "skill"],
        update_fields=["counts", "since_on"],
    )


def _write(one: Sliced, *, organisations: Organisations, publication: Publication) -> None:
    """The rows of one slice, by COPY."""
    columns = "publication_id, organisation_id, path, parent_path, slice_kind, slice, people, figures"
    statement = f"COPY {PublishedFigures._meta.db_table} ({columns}) FROM STDIN"
    flat, units = one.figures.reshape(len(one.figures), -1), one.layout.units
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for place, unit in enumerate(units):
            row = organisations.rows[unit]
            above = organisations.path(int(organisations.tree.parent[unit])) if row else ""
            named = (row.pk, row.path, above) if row else (None, "", "")
            values = "{" + ",".join(map(str, flat[place].tolist())) + "}"
            copy.write_row((publication.pk, *named, one.kind, one.name, int(one.people[place]), values))
