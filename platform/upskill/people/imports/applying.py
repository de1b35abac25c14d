"""Carrying out rows: people, their main posts, who leads what, and leavers, with an entry in the trail for each.

Every statement acts only where something differs now, so a part that was lost or done twice ends the same.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.people import leaving
from upskill.people.models import PeopleImport

from . import comparing

ADD_PEOPLE = """
    INSERT INTO people_user (staff_number, full_name, email, is_active, joined_at, is_probe)
    SELECT staff_number, full_name, email, TRUE, %(now)s::timestamptz, FALSE FROM people_importrow
    WHERE imported_id = %(imported)s::bigint AND error = '' AND person IS NULL
        AND number > %(low)s::int AND number <= %(high)s::int ORDER BY number
    RETURNING id::text AS subject_id, id AS about_id, '{}'::jsonb AS details
"""
LINK_PEOPLE = """
    UPDATE people_importrow said SET person = known.id FROM people_user known
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.person IS NULL
        AND said.number > %(low)s::int AND said.number <= %(high)s::int AND known.staff_number = said.staff_number
"""
# Whoever reads the new mailbox can sign in from then on.
TELL_OLD_ADDRESS = """
    INSERT INTO core_outboxmail (to_id, address, subject, body, created_at, tries)
    SELECT known.id, known.email, %(subject)s, %(body)s, %(now)s::timestamptz, 0
    FROM people_importrow said JOIN people_user known ON known.id = said.person
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND known.email <> said.email
        AND known.is_active AND said.number > %(low)s::int AND said.number <= %(high)s::int
"""
CHANGE_PEOPLE = """
    UPDATE people_user SET full_name = said.full_name, email = said.email, staff_number = said.staff_number
    FROM people_importrow said JOIN people_user before ON before.id = said.person
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND people_user.id = said.person
        AND said.number > %(low)s::int AND said.number <= %(high)s::int
        AND (before.full_name <> said.full_name OR before.email <> said.email
            OR before.staff_number IS DISTINCT FROM said.staff_number)
    RETURNING people_user.id::text AS subject_id, people_user.id AS about_id, jsonb_build_object('fields', array_remove(
        ARRAY[CASE WHEN before.full_name <> said.full_name THEN 'full_name' END,
            CASE WHEN before.email <> said.email THEN 'email' END,
            CASE WHEN before.staff_number IS DISTINCT FROM said.staff_number THEN 'staff_number' END], NULL)) AS details
"""
# What was closed because its person had left, in one act with the end of their posts; what an operator suspended stays.
REOPEN_ACCOUNTS = """
    UPDATE people_user SET is_active = TRUE FROM people_importrow said
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND people_user.id = said.person
        AND said.number > %(low)s::int AND said.number <= %(high)s::int AND said.verdict = 'back' AND NOT is_active
        AND EXISTS (
            SELECT FROM core_auditentry gone
            WHERE gone.about_id = people_user.id AND gone.event = 'person.left' AND gone.at = (
                SELECT max(at) FROM core_auditentry closed
                WHERE closed.about_id = people_user.id AND closed.event = 'person.suspended')
        )
    RETURNING people_user.id::text AS subject_id, people_user.id AS about_id, '{}'::jsonb AS details
"""
FIND_NEW_MANAGERS = """
    UPDATE people_importrow said SET manager = above.person FROM people_importrow above
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.manager < 0 AND above.id = -said.manager
        AND said.number > %(low)s::int AND said.number <= %(high)s::int
"""
CUT_POSTS = """
    UPDATE people_membership SET valid_to = coalesce(said.valid_from, %(on)s::date) FROM people_importrow said
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.act = 'add'
        AND said.number > %(low)s::int AND said.number <= %(high)s::int AND people_membership.id = said.post
"""
ADD_POSTS = """
    INSERT INTO people_membership (person_id, organisation_id, line_manager_id, job_title, grade, profession, role,
        persona, is_main, valid_from, valid_to)
    SELECT said.person, said.unit, CASE WHEN said.line_manager IS NULL THEN at.line_manager_id ELSE said.manager END,
        coalesce(said.job_title, at.job_title, ''), coalesce(said.grade, at.grade, ''),
        coalesce(said.profession, at.profession, ''), coalesce(said.role, at.role, ''),
        coalesce(said.persona, at.persona, ''), TRUE, coalesce(said.valid_from, %(on)s::date), said.until
    FROM people_importrow said LEFT JOIN people_membership at ON at.id = said.post
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.act = 'add'
        AND said.number > %(low)s::int AND said.number <= %(high)s::int ORDER BY said.number
    RETURNING id::text AS subject_id, person_id AS about_id, jsonb_build_object('manager', line_manager_id, 'path',
        (SELECT path FROM people_organisation place WHERE place.id = organisation_id)) AS details
"""
CORRECT_POSTS = """
    UPDATE people_membership SET organisation_id = said.unit,
        line_manager_id = CASE WHEN said.line_manager IS NULL THEN before.line_manager_id ELSE said.manager END,
        job_title = coalesce(said.job_title, before.job_title), grade = coalesce(said.grade, before.grade),
        profession = coalesce(said.profession, before.profession), role = coalesce(said.role, before.role),
        persona = coalesce(said.persona, before.persona)
    FROM people_importrow said JOIN people_membership before ON before.id = said.post
    JOIN people_organisation old ON old.id = before.organisation_id
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.act = 'correct'
        AND said.number > %(low)s::int AND said.number <= %(high)s::int AND people_membership.id = said.post
    RETURNING people_membership.id::text AS subject_id, people_membership.person_id AS about_id, jsonb_build_object(
        'manager', people_membership.line_manager_id, 'old', old.path, 'path', (
            SELECT path FROM people_organisation place WHERE place.id = people_membership.organisation_id)) AS details
"""
# Whoever is in the file works here: a line of posts that had ended goes on, from its end.
GO_ON = """
    INSERT INTO people_membership (person_id, organisation_id, line_manager_id, job_title, grade, profession, role,
        persona, is_main, valid_from)
    SELECT said.person, said.unit, CASE WHEN said.line_manager IS NULL THEN last.line_manager_id ELSE said.manager END,
        coalesce(said.job_title, last.job_title), coalesce(said.grade, last.grade),
        coalesce(said.profession, last.profession), coalesce(said.role, last.role),
        coalesce(said.persona, last.persona), TRUE, last.valid_to
    FROM people_importrow said CROSS JOIN LATERAL (
        SELECT * FROM people_membership held WHERE held.person_id = said.person AND held.is_main
        ORDER BY held.valid_from DESC LIMIT 1) AS last
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.verdict = 'back'
        AND said.number > %(low)s::int AND said.number <= %(high)s::int AND last.valid_to <= %(on)s::date
    RETURNING id::text AS subject_id, person_id AS about_id, jsonb_build_object('manager', line_manager_id, 'path',
        (SELECT path FROM people_organisation place WHERE place.id = organisation_id)) AS details
"""
LEAD = """
    UPDATE people_organisation SET head_id = said.person FROM people_importrow said
    WHERE said.imported_id = %(imported)s::bigint AND said.error = '' AND said.head_of <> ''
        AND people_organisation.code = said.head_of AND head_id IS DISTINCT FROM said.person
    RETURNING people_organisation.id::text AS subject_id, said.person AS about_id, '{}'::jsonb AS details
"""
PERSON, POST = "people.user", "people.membership"


def apply_people(imported: PeopleImport, *, low: int, high: int, now: dt.datetime) -> None:
    """Accounts of the rows numbered above `low` up to `high`: added, changed, and opened again. Where an administrator
    changes the address of one, the old address is told.
    """
    known = _known(imported, low=low, high=high, now=now)
    said = _said(imported, known)
    audit.record_rows("person.added", act=ADD_PEOPLE, kind=PERSON, **said)
    _run(LINK_PEOPLE, known)
    if imported.organisation_id:
        _run(TELL_OLD_ADDRESS, {**known, **_changed_address()})
    audit.record_rows("person.changed", act=CHANGE_PEOPLE, kind=PERSON, **said)
    audit.record_rows("person.reinstated", act=REOPEN_ACCOUNTS, kind=PERSON, **said)


def apply_posts(imported: PeopleImport, *, low: int, high: int, survey: bool, now: dt.datetime) -> None:
    """Main posts of these rows, compared anew. The people must be there already, and all line managers. `survey`: the
    tables have grown since PostgreSQL looked how large they are, or do so now: of a table that it holds to be empty it
    reads each row for each row.
    """
    if survey:
        _survey()
    known = _known(imported, low=low, high=high, now=now)
    said = _said(imported, known)
    _run(FIND_NEW_MANAGERS, known)
    comparing.compare(imported.pk, on=imported.on, low=low, high=high)
    _run(CUT_POSTS, known)
    audit.record_rows("person.placed", act=ADD_POSTS, kind=POST, **said)
    if survey:
        _survey()
    audit.record_rows("post.corrected", act=CORRECT_POSTS, kind=POST, **said)
    audit.record_rows("person.placed", act=GO_ON, kind=POST, **said)


def apply_heads(imported: PeopleImport, *, now: dt.datetime) -> None:
    """Whoever leads an organisation according to the file leads it. One query."""
    known = _known(imported, low=0, high=0, now=now)
    said = _said(imported, known)
    audit.record_rows("organisation.led", act=LEAD, kind="people.organisation", **said)


def apply_leavers(imported: PeopleImport, *, scope: str, most: int, now: dt.datetime) -> int:
    """Up to `most` people whom the file does not name have left; returns how many."""
    people = comparing.leavers(imported, scope=scope, most=most)
    if people:
        leaving.leave_each(people, on=imported.on, by=imported.given_by, now=now)
    return len(people)


def _known(imported: PeopleImport, *, low: int, high: int, now: dt.datetime) -> dict[str, Any]:
    return {"imported": imported.pk, "on": imported.on, "low": low, "high": high, "now": now}


def _said(imported: PeopleImport, known: dict[str, Any]) -> dict[str, Any]:
    """What every audit entry of an import has."""
    return {"parameters": known, "by": imported.given_by, "at": known["now"]}


def _changed_address() -> dict[str, str]:
    service = {"service": settings.SERVICE_NAME}
    body = _(
        "The staff records of your organisation give another e-mail address for your account in %(service)s. From now"
        " on, links for signing in go there, and no longer to this address.\n\nIf you do not know of this, tell the"
        " people who run the service: somebody else may be able to sign in as you."
    )
    return {"subject": _("Your e-mail address in %(service)s has changed") % service, "body": body % service}


def _run(statement: str, known: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, known)


def _survey() -> None:
    """Takes a fraction of a second, whatever the size of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_user, people_membership")
