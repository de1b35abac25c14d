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
from .disclosure import NOBODY, Ints
from .figures import FIGURES, MEASURES
from .models import Publication, PublicationBasis, PublishedFigures
from .night import Basis, Key, Night, Sliced, kinds_of, order_of, sliced

METHOD = 3  # of protecting figures; the next one after any change of it
NIGHTS_KEPT = 31  # then the first of each month
STORED = np.dtype("<i4")
COUNTED = 1 + len(MEASURES)  # of a basis: an organisation's id, 0 for the whole of government, and its counts
SHOWN = 2 + len(FIGURES)  # an organisation's id, its parent's, its figures; first, as of 0, what goes into the whole
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
    PublicationBasis.objects.filter(root__valid_to__lte=on).delete()  # of departments that are no more
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
    standing = PublicationBasis.objects.filter(skill__in=skills)
    oldest = standing.aggregate(oldest=Min("since_on"))["oldest"] or on
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
            if not shown.units[group].any():
                continue
            basis = _basis_of(slices.kind, name, organisations=organisations)
            one = sliced(night, slices, group=group, shown=shown, order=order, basis=basis)
            _write(one, organisations=organisations, publication=made.publication)
            _keep(one, organisations=organisations, on=made.publication.on)
            made.publication.oldest_on = min(made.publication.oldest_on, dt.date.fromordinal(one.oldest))
            made.publication.roots = max(made.publication.roots, one.roots)
            made.rows += len(one.figures)
            made.units = max(made.units, len(one.figures))
            told = one.figures[..., : len(MEASURES)]
            made.figures += told.size
            made.hidden += int((told < 0).sum())
            made.sets += len(night.skills) * len(one.layout.blocks)
            made.made_anew += len(one.anew)


# --- Storing ---------------------------------------------------------------------------------------------------------


def _basis_of(kind: str, name: str, *, organisations: Organisations) -> dict[Key, Basis]:
    """What stands behind what is shown of a slice. One query."""
    paths = {row.pk if row else None: row.path if row else "" for row in organisations.rows}
    numbers = _Numbers(organisations)
    found = PublicationBasis.objects.filter(slice_kind=kind, slice=name).iterator(chunk_size=BASIS_AT_ONCE)
    return {(paths[each.root_id], each.skill): numbers.unpacked(each) for each in found if each.root_id in paths}


class _Numbers:
    """Tonight's numbers of organisations, for the ids that are stored."""

    def __init__(self, organisations: Organisations) -> None:
        self._within = np.zeros(max(organisations.numbers, default=0) + 1, dtype=np.int64)
        self._within[list(organisations.numbers)] = list(organisations.numbers.values())
        self._itself = np.full_like(self._within, NOBODY)
        self._itself[[row.pk if row else 0 for row in organisations.rows]] = np.arange(len(organisations.rows))

    def unpacked(self, basis: PublicationBasis) -> Basis:
        """Who worked in an organisation that has ended counts where it ended; its figures stand nowhere."""
        counted, shown = _rows_of(basis.counts, width=COUNTED), _rows_of(basis.figures, width=SHOWN)
        units = shown[1:]
        return Basis(
            basis.since_on.toordinal(), home=self._within[counted[:, 0]], counts=counted[:, 1:],
            unit=self._itself[units[:, 0]], parent=self._itself[units[:, 1]], figures=units[:, 2:], whole=shown[0, 2:],
        )  # fmt: skip


def _rows_of(packed: bytes | memoryview, *, width: int) -> Ints:
    return np.frombuffer(zlib.decompress(packed), dtype=STORED).astype(np.int64).reshape(-1, width)


def _packed(*columns: Ints) -> bytes:
    return zlib.compress(np.column_stack(columns).astype(STORED).tobytes(), PACKED)


def _keep(one: Sliced, *, organisations: Organisations, on: dt.date) -> None:
    """Store what stands behind figures that were made anew."""
    roots = {row.path: row.pk for row in organisations.rows if row}
    ids = np.array([row.pk if row else 0 for row in organisations.rows], dtype=np.int64)
    PublicationBasis.objects.bulk_create(
        [
            PublicationBasis(
                root_id=roots.get(root),
                slice_kind=one.kind,
                slice=one.name,
                skill=skill,
                counts=_packed(ids[basis.home], basis.counts),
                figures=_packed(
                    np.append(0, ids[basis.unit]),
                    np.append(0, ids[basis.parent]),
                    np.vstack([basis.whole, basis.figures]),
                ),
                since_on=on,
            )
            for (root, skill), basis in one.anew.items()
        ],
        batch_size=BASIS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["root", "slice_kind", "slice", "skill"],
        update_fields=["counts", "figures", "since_on"],
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
