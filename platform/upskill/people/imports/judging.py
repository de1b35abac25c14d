"""What is wrong with rows beside each other and beside what is known. Whatever was judged before is judged anew.

Each statement takes all rows at once. `scope` is the path below which everything has to lie; "": anywhere.
"""

import datetime as dt
from typing import Any

from django.db import connection

from .errors import READING

FIND = """
    UPDATE people_importrow SET person = found.person, unit = found.unit, error = found.error,
        detail = CASE found.error
            WHEN 'number_twice' THEN staff_number WHEN 'email_twice' THEN left(email, 80)
            WHEN 'email_taken' THEN left(email, 80) WHEN 'person_erased' THEN staff_number
            WHEN 'person_outside' THEN staff_number WHEN 'email_of_role_holder' THEN staff_number
            WHEN 'day_outside' THEN staff_number
            WHEN 'no_organisation' THEN found.missing WHEN 'organisation_outside' THEN found.missing
            WHEN 'organisation_ended' THEN organisation WHEN 'post_there' THEN organisation
            WHEN 'head_twice' THEN head_of ELSE detail END
    FROM (
        SELECT said.id, person.id AS person, unit.id AS unit,
            CASE WHEN unit.id IS NULL OR NOT starts_with(unit.path, %(scope)s::text) THEN said.organisation
                ELSE said.head_of END AS missing,
            CASE
                WHEN said.error = ANY(%(reading)s::text[]) THEN said.error
                WHEN said.of_number > 1 THEN 'number_twice'
                WHEN said.of_email > 1 THEN 'email_twice'
                WHEN person.id IS NOT NULL AND person.email IS NULL THEN 'person_erased'
                WHEN owner.id <> coalesce(person.id, 0) THEN 'email_taken'
                WHEN unit.id IS NULL THEN 'no_organisation'
                WHEN NOT starts_with(unit.path, %(scope)s::text) THEN 'organisation_outside'
                WHEN unit.valid_to IS NOT NULL AND NOT coalesce((
                    SELECT min(CASE WHEN held.valid_from > coalesce(said.valid_from, %(on)s::date) THEN held.valid_from
                        ELSE coalesce(held.valid_to, 'infinity') END)
                    FROM people_membership held WHERE held.person_id = person.id AND held.is_main
                        AND (held.valid_to IS NULL OR held.valid_to > coalesce(said.valid_from, %(on)s::date))
                ) <= unit.valid_to, FALSE) THEN 'organisation_ended'
                WHEN said.head_of <> '' AND led.id IS NULL THEN 'no_organisation'
                WHEN said.head_of <> '' AND NOT starts_with(led.path, %(scope)s::text) THEN 'organisation_outside'
                WHEN said.head_of <> '' AND said.of_head > 1 THEN 'head_twice'
                WHEN person.id IS NOT NULL AND %(scope)s::text <> '' AND NOT coalesce((
                    SELECT starts_with(place.path, %(scope)s::text)
                    FROM people_membership post JOIN people_organisation place ON place.id = post.organisation_id
                    WHERE post.person_id = person.id AND post.is_main AND post.valid_from <= %(on)s::date
                    ORDER BY post.valid_from DESC LIMIT 1), FALSE) THEN 'person_outside'
                WHEN %(scope)s::text <> '' AND person.email <> said.email AND (
                    EXISTS (
                        SELECT FROM people_rolegrant given WHERE given.person_id = person.id AND given.ended_at IS NULL
                    ) OR EXISTS (
                        SELECT FROM people_organisation heads WHERE heads.head_id = person.id
                    ) OR EXISTS (
                        SELECT FROM people_membership below WHERE below.line_manager_id = person.id
                            AND (below.valid_to IS NULL OR below.valid_to > %(on)s::date)
                    )
                ) THEN 'email_of_role_holder'
                WHEN %(scope)s::text <> '' AND EXISTS (
                    SELECT FROM people_membership post JOIN people_organisation place ON place.id = post.organisation_id
                    WHERE post.person_id = person.id AND post.is_main
                        AND post.valid_from <= coalesce(said.valid_from, %(on)s::date)
                        AND (post.valid_to IS NULL OR post.valid_to > coalesce(said.valid_from, %(on)s::date))
                        AND NOT starts_with(place.path, %(scope)s::text)
                ) THEN 'day_outside'
                WHEN EXISTS (
                    SELECT FROM people_membership post WHERE post.person_id = person.id AND NOT post.is_main
                        AND post.organisation_id = unit.id AND post.valid_to IS NULL
                ) THEN 'post_there'
                ELSE '' END AS error
        FROM (
            SELECT *, count(*) OVER (PARTITION BY staff_number) AS of_number,
                count(*) OVER (PARTITION BY email) AS of_email, count(*) OVER (PARTITION BY head_of) AS of_head
            FROM people_importrow WHERE imported_id = %(imported)s::bigint
        ) AS said
        LEFT JOIN people_user owner ON owner.email = said.email
        LEFT JOIN people_user numbered ON numbered.staff_number = said.staff_number
        LEFT JOIN people_user person ON person.id = coalesce(
            numbered.id, CASE WHEN owner.staff_number IS NULL AND NOT owner.is_probe THEN owner.id END)
        LEFT JOIN people_organisation unit ON unit.code = said.organisation
            AND (unit.valid_to IS NULL OR unit.valid_to > greatest(%(on)s::date, said.valid_from))
        LEFT JOIN people_organisation led ON led.code = said.head_of
            AND (led.valid_to IS NULL OR led.valid_to > %(on)s::date)
    ) AS found
    WHERE people_importrow.id = found.id AND people_importrow.imported_id = %(imported)s::bigint
        AND (people_importrow.person, people_importrow.unit, people_importrow.error)
            IS DISTINCT FROM (found.person, found.unit, found.error)
"""
FIND_MANAGERS = """
    UPDATE people_importrow SET manager = found.manager, error = found.error,
        detail = CASE WHEN found.error = '' THEN detail ELSE line_manager END
    FROM (
        SELECT said.id, coalesce(known.id, above.person, -above.id) AS manager,
            CASE
                WHEN known.id IS NULL AND above.id IS NULL THEN 'no_manager'
                WHEN known.id IS NOT NULL AND NOT known.is_active AND above.id IS NULL THEN 'manager_left'
                WHEN coalesce(known.id, above.person) = %(by)s::bigint AND NOT EXISTS (
                    SELECT FROM people_membership post WHERE post.person_id = said.person
                        AND post.line_manager_id = %(by)s::bigint AND post.valid_from <= %(on)s::date
                        AND (post.valid_to IS NULL OR post.valid_to > %(on)s::date)
                ) THEN 'manager_yourself'
                WHEN %(scope)s::text <> '' AND above.id IS NULL AND NOT coalesce((
                    SELECT starts_with(place.path, %(scope)s::text)
                    FROM people_membership post JOIN people_organisation place ON place.id = post.organisation_id
                    WHERE post.person_id = known.id AND post.is_main AND post.valid_from <= %(on)s::date
                    ORDER BY post.valid_from DESC LIMIT 1), FALSE)
                    AND NOT EXISTS (
                        SELECT FROM people_membership post WHERE post.person_id = said.person
                            AND post.line_manager_id = known.id
                            AND post.valid_from <= coalesce(said.valid_from, %(on)s::date)
                            AND (post.valid_to IS NULL OR post.valid_to > coalesce(said.valid_from, %(on)s::date))
                    ) THEN 'manager_outside'
                ELSE '' END AS error
        FROM people_importrow said
        LEFT JOIN people_user known ON known.staff_number = said.line_manager
        LEFT JOIN people_importrow above ON above.imported_id = said.imported_id
            AND above.staff_number = said.line_manager AND above.error = ''
        WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.line_manager <> ''
    ) AS found
    WHERE people_importrow.id = found.id AND people_importrow.imported_id = %(imported)s::bigint
        AND (people_importrow.manager, people_importrow.error) IS DISTINCT FROM (found.manager, found.error)
"""
# Whoever would report to somebody new whose own row has an error, and so on down.
LOSE_MANAGERS = """
    WITH RECURSIVE lost (id, person) AS (
        SELECT said.id, said.person FROM people_importrow said
        JOIN people_importrow above ON above.id = -said.manager AND above.error <> ''
        WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.manager < 0
        UNION
        SELECT said.id, said.person FROM lost
        JOIN people_importrow said ON said.imported_id = %(imported)s::bigint AND said.manager = -lost.id
        WHERE lost.person IS NULL AND said.manager < 0 AND said.error = ''
    )
    UPDATE people_importrow SET error = 'manager_in_error', detail = line_manager
    WHERE id IN (SELECT id FROM lost)
"""
# Who reports to whom once this is carried out, from everybody in the file up to the top: -id of a row for somebody new.
EDGES = """
    INSERT INTO import_edge (round, below, above)
    WITH RECURSIVE said AS MATERIALIZED (
        SELECT coalesce(person, -id) AS below, manager AS above, line_manager IS NOT NULL AS is_told
        FROM people_importrow WHERE imported_id = %(imported)s::bigint AND error = ''
    ), up (below, above) AS (
        SELECT below, above FROM said WHERE above IS NOT NULL
        UNION
        SELECT up.above, CASE WHEN said.is_told THEN said.above ELSE post.line_manager_id END
        FROM up LEFT JOIN said ON said.below = up.above
        LEFT JOIN people_membership post ON post.person_id = up.above AND post.is_main
            AND post.valid_from <= %(on)s::date AND (post.valid_to IS NULL OR post.valid_to > %(on)s::date)
        WHERE CASE WHEN said.is_told THEN said.above ELSE post.line_manager_id END IS NOT NULL
    )
    SELECT 0, below, above FROM up
"""
JUMP = """
    INSERT INTO import_edge (round, below, above)
    SELECT %(round)s::int + 1, low.below, high.above FROM import_edge low
    JOIN import_edge high ON high.round = low.round AND high.below = low.above
    WHERE low.round = %(round)s::int
"""
BREAK_CIRCLES = """
    UPDATE people_importrow SET error = 'circle', detail = line_manager
    WHERE imported_id = %(imported)s::bigint AND error = '' AND line_manager <> ''
        AND coalesce(person, -id) IN (SELECT above FROM import_edge WHERE round = %(round)s::int)
"""
MOST_ROUNDS = 22  # each doubles how far a jump goes: then only circles are longer


def judge(imported: int, *, scope: str, on: dt.date, by: int | None) -> None:
    """Find each row's person, organisation and line manager, and write down what is wrong. Safe to repeat. `by`: the
    id of whoever gave the file (None: the command).
    """
    known: dict[str, Any] = {"imported": imported, "scope": scope, "on": on, "by": by, "reading": list(READING)}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_importrow")  # PostgreSQL would look some minutes later
        for statement in (FIND, FIND_MANAGERS, LOSE_MANAGERS):
            cursor.execute(statement, known)
        if _break_circles(known):
            cursor.execute(LOSE_MANAGERS, known)


def _break_circles(known: dict[str, Any]) -> bool:
    """Whether somebody would report to themselves in the end: whoever stands in a circle is where ever longer jumps
    upwards still arrive.
    """
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS import_edge (round int, below bigint, above bigint)")
        cursor.execute("TRUNCATE import_edge")
        cursor.execute(EDGES, known)
        for number in range(MOST_ROUNDS):
            cursor.execute(JUMP, {"round": number})
            if not cursor.rowcount:
                return False
            cursor.execute("DELETE FROM import_edge WHERE round = %s::int", [number])
        cursor.execute(BREAK_CIRCLES, {**known, "round": MOST_ROUNDS})
        return bool(cursor.rowcount)
