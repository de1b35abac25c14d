"""Where the work of organisations that were split or merged goes on, as of a day.

What goes on in an organisation that the old one was a part of is left out: the whole takes over nothing that was meant
for a part of it.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL

from .models import Organisation, Succession

FORWARD = """
    WITH RECURSIVE found (root, id, path) AS (
        SELECT id, id, path FROM people_organisation WHERE id = ANY(%s)
        UNION
        SELECT found.root, later.id, later.path FROM found
        JOIN people_succession succession ON succession.predecessor_id = found.id AND succession."on" <= %s
        JOIN people_organisation later ON later.id = succession.successor_id
        WHERE NOT starts_with(found.path, later.path)
    )
    SELECT root, id FROM found
"""
# As an array: PostgreSQL reckons with few of them then, and looks each of them up in what is filtered by it.
BACK = """
    SELECT unnest(ARRAY(
        WITH RECURSIVE origin (id, path) AS (
            SELECT id, path FROM people_organisation WHERE code = ANY(%s)
            UNION
            SELECT earlier.id, earlier.path FROM origin
            JOIN people_succession succession ON succession.successor_id = origin.id AND succession."on" <= %s
            JOIN people_organisation earlier ON earlier.id = succession.predecessor_id
            WHERE NOT starts_with(earlier.path, origin.path)
        )
        SELECT id FROM origin
    ))
"""


def successors_of(organisations: Iterable[Organisation], *, on: dt.date) -> dict[int, list[Organisation]]:
    """Organisation id -> itself, and those in which its work goes on by that day. Two queries if one of them is closed,
    none otherwise: only what is closed has successors.
    """
    known = {each.pk: each for each in organisations}
    closed = [each.pk for each in known.values() if each.valid_to]
    successors = {pk: [each] for pk, each in known.items()}
    if closed:
        with connection.cursor() as cursor:
            cursor.execute(FORWARD, [closed, on])
            pairs = [(root, pk) for root, pk in cursor.fetchall() if root != pk]
        later = Organisation.objects.in_bulk({pk for _root, pk in pairs})
        for root, pk in sorted(pairs):
            successors[root].append(later[pk])
    return successors


def origins_of(codes: Iterable[str], *, on: dt.date) -> RawSQL:
    """The ids of the organisations with these codes, and of those whose work goes on in one of them by that day: a
    subquery, to filter by.
    """
    return RawSQL(BACK, [sorted(codes), on])  # noqa: S611 - the text is ours, the rest are parameters # nosec B611


def predecessors_of(organisation: Organisation) -> dict[int, dt.date | None]:
    """The organisation (None) and those whose work it goes on with -> the first day on which that was no longer theirs.
    One query: there are few such rows.
    """
    until: dict[int, dt.date | None] = {organisation.pk: None}
    rows = list(Succession.objects.order_by("-on", "pk").values_list("predecessor_id", "successor_id", "on"))
    waiting = [organisation.pk]
    while waiting:
        later = waiting.pop()
        for predecessor, successor, on in rows:
            if successor == later and predecessor not in until:
                until[predecessor] = on
                waiting.append(predecessor)
    return until
