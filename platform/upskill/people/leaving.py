"""People who have left: every post ends, the account is closed, roles, access tokens and sessions are over.

Written for many at once, as an import of staff records finds them; `leave` is the same for one person.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upskill.core import audit

from . import sessions
from .models import User
from .queries import forget_roles
from .services import NotSuspendable

# A post that was only planned cannot be deleted. It stops being a main one and has no line manager, for nobody held it:
# whoever comes back goes on from the post that they did hold.
END_POSTS = """
    UPDATE people_membership SET valid_to = greatest(%(on)s::date, valid_from + 1),
        is_main = is_main AND valid_from <= %(today)s::date,
        line_manager_id = CASE WHEN valid_from <= %(today)s::date THEN line_manager_id END
    WHERE person_id = ANY(%(people)s::bigint[]) AND (is_main AND valid_from > %(today)s::date
        OR valid_to IS NULL OR valid_to > greatest(%(on)s::date, valid_from + 1))
    RETURNING id::text AS subject_id, person_id AS about_id, jsonb_build_object('on', valid_to) AS details
"""
END_ROLES = """
    UPDATE people_rolegrant SET ended_at = %(now)s::timestamptz
    WHERE person_id = ANY(%(people)s::bigint[]) AND ended_at IS NULL
    RETURNING id::text AS subject_id, person_id AS about_id, jsonb_build_object('role', role) AS details
"""
END_TOKENS = """
    DELETE FROM people_accesstoken WHERE user_id = ANY(%(people)s::bigint[])
    RETURNING user_id::text AS subject_id, user_id AS about_id,
        jsonb_build_object('token', public_id, 'scopes', to_jsonb(scopes)) AS details
"""
END_LEADS = """
    UPDATE people_organisation SET head_id = NULL
    FROM (SELECT id AS led, head_id AS head FROM people_organisation) AS before
    WHERE led = id AND head_id = ANY(%(people)s::bigint[])
    RETURNING id::text AS subject_id, before.head AS about_id, '{}'::jsonb AS details
"""
CLOSE_ACCOUNTS = """
    UPDATE people_user SET is_active = FALSE WHERE id = ANY(%(people)s::bigint[]) AND is_active
    RETURNING id::text AS subject_id, id AS about_id, '{}'::jsonb AS details
"""


class DayAhead(Exception):
    """The day has not come yet."""


@transaction.atomic
def leave(person: User, *, on: dt.date, by: User | None, now: dt.datetime) -> None:
    """From `on`, today or earlier, the person works nowhere; they can sign in no more. Their record stays. A post that
    began on that day or later lasts one day. Safe to repeat. Raises DayAhead, NotSuspendable.
    """
    if on > timezone.localdate(now):
        raise DayAhead(_("Give today or a day before: an account is closed at once."))
    if person == by:
        raise NotSuspendable(_("You cannot record that you have left yourself. Ask another administrator."))
    User.objects.select_for_update().get(pk=person.pk)
    leave_each([person.pk], on=on, by=by, now=now)
    person.is_active = False
    forget_roles(person)


@transaction.atomic
def leave_each(people: Sequence[int], *, on: dt.date, by: User | None, now: dt.datetime) -> int:
    """Have all of these people, by id, left; returns how many accounts were closed. A fixed number of queries.

    A closed account lets nobody in. Its sessions are deleted after the commit: all sessions are read for that, which is
    slow, and nobody should wait for it at a row that is locked here.
    """
    known = {"people": list(people), "on": on, "today": timezone.localdate(now), "now": now}
    said: dict[str, Any] = {"parameters": known, "by": by, "at": now}
    audit.record_rows("person.left", act=END_POSTS, kind="people.membership", **said)
    audit.record_rows("role.ended", act=END_ROLES, kind="people.rolegrant", **said)
    audit.record_rows("token.revoked", act=END_TOKENS, kind="people.user", **said)
    audit.record_rows("organisation.head_ended", act=END_LEADS, kind="people.organisation", **said)
    closed = audit.record_rows("person.suspended", act=CLOSE_ACCOUNTS, kind="people.user", **said)
    transaction.on_commit(lambda: sessions.end_all_of(people))
    return closed
