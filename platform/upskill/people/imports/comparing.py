"""What would become of each row, compared with what is known now; and the figures and examples of it."""

import datetime as dt
from typing import Any

from django.db import connection

from upskill.people.models import ImportRow, Organisation, PeopleImport, User

from .errors import in_words

MOST_ERRORS, MOST_EXAMPLES = 1_000, 10
VERDICTS = ("new", "back", "moved", "changed")  # "same" changes nothing
COMPARE = """
    UPDATE people_importrow SET post = found.post, until = found.until, act = found.act, verdict = CASE
            WHEN person IS NULL THEN 'new' WHEN NOT found.has_post THEN 'back'
            WHEN found.act <> 'keep' AND found.place IS DISTINCT FROM unit THEN 'moved'
            WHEN found.act <> 'keep' OR found.is_renamed THEN 'changed' ELSE 'same' END
    FROM (
        SELECT said.id, at.id AS post, at.organisation_id AS place,
            coalesce(at.valid_to, CASE WHEN at.id IS NULL THEN (
                SELECT min(next.valid_from) FROM people_membership next WHERE next.person_id = said.person
                    AND next.is_main AND next.valid_from > coalesce(said.valid_from, %(on)s::date)) END) AS until,
            CASE
                WHEN at.organisation_id = said.unit
                    AND (said.line_manager IS NULL OR said.manager IS NOT DISTINCT FROM at.line_manager_id)
                    AND coalesce(said.job_title, at.job_title) = at.job_title
                    AND coalesce(said.grade, at.grade) = at.grade
                    AND coalesce(said.profession, at.profession) = at.profession
                    AND coalesce(said.role, at.role) = at.role
                    AND coalesce(said.persona, at.persona) = at.persona THEN 'keep'
                WHEN at.valid_from = coalesce(said.valid_from, %(on)s::date) THEN 'correct'
                ELSE 'add' END AS act,
            EXISTS (
                SELECT FROM people_membership held WHERE held.person_id = said.person AND held.is_main
                    AND (held.valid_to IS NULL OR held.valid_to > %(on)s::date)
            ) AS has_post,
            known.id IS NOT NULL AND (known.full_name <> said.full_name OR known.email <> said.email
                OR known.staff_number IS DISTINCT FROM said.staff_number) AS is_renamed
        FROM people_importrow said
        LEFT JOIN people_user known ON known.id = said.person
        LEFT JOIN people_membership at ON at.person_id = said.person AND at.is_main
            AND at.valid_from <= coalesce(said.valid_from, %(on)s::date)
            AND (at.valid_to IS NULL OR at.valid_to > coalesce(said.valid_from, %(on)s::date))
        WHERE said.imported_id = %(imported)s::bigint AND said.error = ''
            AND said.number > %(low)s::int AND said.number <= %(high)s::int
    ) AS found
    WHERE people_importrow.id = found.id AND people_importrow.imported_id = %(imported)s::bigint
        AND people_importrow.number > %(low)s::int AND people_importrow.number <= %(high)s::int
"""
# Not in the file: neither by staff number nor, in a row with an error, by e-mail address. Whoever came after it was
# given has not left. A delegated administrator ends nobody who is known to move elsewhere, or whose roles reach beyond
# their organisation.
LEAVERS = """
    FROM people_user person
    WHERE person.staff_number IS NOT NULL AND NOT person.is_probe AND person.joined_at <= %(given)s::timestamptz
        AND person.id IS DISTINCT FROM %(by)s::bigint
        AND EXISTS (
            SELECT FROM people_membership post JOIN people_organisation place ON place.id = post.organisation_id
            WHERE post.person_id = person.id AND post.is_main AND starts_with(place.path, %(scope)s::text)
                AND post.valid_from <= %(on)s::date
                AND (post.valid_to IS NULL OR person.is_active AND post.valid_to > %(on)s::date)
        )
        AND NOT EXISTS (
            SELECT FROM people_importrow said
            WHERE said.imported_id = %(imported)s::bigint AND said.staff_number = person.staff_number
        )
        AND NOT EXISTS (
            SELECT FROM people_importrow said
            WHERE said.imported_id = %(imported)s::bigint AND said.error <> '' AND said.email = person.email
        )
        AND (%(scope)s::text = '' OR NOT EXISTS (
            SELECT FROM people_membership next JOIN people_organisation place ON place.id = next.organisation_id
            WHERE next.person_id = person.id AND next.is_main AND next.valid_from > %(on)s::date
                AND NOT starts_with(place.path, %(scope)s::text)
        ))
        AND (%(scope)s::text = '' OR NOT EXISTS (
            SELECT FROM people_rolegrant given LEFT JOIN people_organisation place ON place.id = given.organisation_id
            WHERE given.person_id = person.id AND given.ended_at IS NULL
                AND NOT coalesce(starts_with(place.path, %(scope)s::text), FALSE)
        ))
"""


def compare(imported: int, *, on: dt.date, low: int, high: int) -> None:
    """Write down what becomes of the rows numbered above `low` up to `high`. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, {"imported": imported, "on": on, "low": low, "high": high})


def leavers(imported: PeopleImport, *, scope: str, most: int) -> list[int]:
    """Ids of people in the scope whom the file does not name, lowest first. None without `has_leavers`."""
    if not imported.has_leavers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person.id {LEAVERS} ORDER BY person.id LIMIT %(most)s::int",
            {**_known(imported, scope=scope), "most": most},
        )
        return [pk for (pk,) in cursor.fetchall()]


def summary(imported: PeopleImport, *, scope: str) -> dict[str, Any]:
    """Counts, the first examples of each kind, and the first errors by row. A fixed number of queries."""
    rows = ImportRow.objects.filter(imported=imported)
    counts = dict.fromkeys((*VERDICTS, "same"), 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verdict, count(*) FROM people_importrow WHERE imported_id = %s AND error = '' GROUP BY verdict",
            [imported.pk],
        )
        counts |= dict(cursor.fetchall())
        cursor.execute(
            f"SELECT count(*) {LEAVERS}",
            _known(imported, scope=scope),
        )
        counts["ended"] = cursor.fetchone()[0] if imported.has_leavers else 0
    wrong = rows.exclude(error="").order_by("number")
    return {
        "counts": counts,
        "examples": {verdict: _examples(rows, verdict=verdict) for verdict in VERDICTS}
        | {"ended": _people(leavers(imported, scope=scope, most=MOST_EXAMPLES))},
        "errors": list(wrong.values_list("number", "error", "detail")[:MOST_ERRORS]),
        "error_count": wrong.count(),
    }


def errors_in_words(summary: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Row, what is wrong, and how it is mended."""
    return [(number, *in_words(code, detail=detail)) for number, code, detail in summary.get("errors", [])]


def _known(imported: PeopleImport, *, scope: str) -> dict[str, Any]:
    return {
        "imported": imported.pk, "scope": scope, "on": imported.on, "by": imported.given_by_id,
        "given": imported.given_at,
    }  # fmt: skip


def _examples(rows: Any, *, verdict: str) -> list[list[Any]]:
    """Row, name, the code of the organisation before ("" for none), and the one in the file."""
    found = list(rows.filter(error="", verdict=verdict).order_by("number")[:MOST_EXAMPLES])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post.id, place.code FROM people_membership post"
            " JOIN people_organisation place ON place.id = post.organisation_id WHERE post.id = ANY(%s::bigint[])",
            [[row.post for row in found if row.post]],
        )
        places = dict(cursor.fetchall())
    return [[row.number, row.full_name, places.get(row.post, ""), row.organisation] for row in found]


def _people(ids: list[int]) -> list[list[Any]]:
    return [
        [0, name, "", ""] for name in User.objects.filter(pk__in=ids).order_by("pk").values_list("full_name", flat=True)
    ]


def scope_of(imported: PeopleImport) -> str:
    """The path below which everything has to lie; "" for the whole service."""
    if imported.organisation_id is None:
        return ""
    return Organisation.objects.get(pk=imported.organisation_id).path
