"""Moves from a day on, also told afterwards; further posts; line managers. Each is atomic and audited.

A person's main posts are a line of days without overlaps: a move says that from a day on another post holds, until the
next one that is known. History stays: what was told later only cuts the line anew.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upskill.core import audit

from .models import Membership, Organisation, User, in_force
from .queries import forget_roles

FARTHEST = dt.timedelta(days=366)  # a move may be told this long before its day


class OrganisationClosed(Exception):
    """The organisation does not exist on that day."""


class CircleOfManagers(Exception):
    """Somebody would be their own line manager, directly or through others."""


class HasPostThere(Exception):
    """The person has another post in that organisation."""


class DayTooFar(Exception):
    """The day is more than a year ahead."""


class NoPost(Exception):
    """The person works in no organisation on that day."""


class OwnReport(Exception):
    """Somebody would make themselves a line manager."""


class AccountClosed(Exception):
    """The person has left, and a move alone would not let them in again."""


class IsMainPost(Exception):
    """The post is the main one: it ends by a move or when its person leaves."""


@dataclass(frozen=True)
class Post:
    """Where somebody works, for whom, and as what. `role` and `persona` are codes of skills.RoleLevel."""

    organisation: Organisation
    line_manager: User | None = None
    job_title: str = ""
    grade: str = ""
    profession: str = ""
    role: str = ""
    persona: str = ""

    @property
    def fields(self) -> dict[str, object]:
        """As a membership holds them."""
        return {name: getattr(self, name) for name in Post.__dataclass_fields__}

    def is_of(self, held: Membership) -> bool:
        """True for a membership that says the same."""
        return all(getattr(held, name) == value for name, value in self.fields.items())


@transaction.atomic
def move(person: User, *, to: Post, from_on: dt.date, by: User | None, now: dt.datetime) -> Membership:
    """From `from_on` the main post is `to`, until the next one that is known of. A post that began on that very day is
    corrected. Safe to repeat. `from_on` may be past, or a year ahead.

    Raises OrganisationClosed, CircleOfManagers, HasPostThere, DayTooFar, OwnReport, AccountClosed.
    """
    _refuse(person, to=to, from_on=from_on, by=by, now=now)
    main = Membership.objects.select_for_update(of=("self",)).filter(person=person, is_main=True)
    held = main.filter(in_force(from_on)).select_related("organisation", "line_manager").first()
    if held and to.is_of(held):
        return held
    later = main.filter(valid_from__gt=from_on).order_by("valid_from").first()
    until = held.valid_to if held else later.valid_from if later else None
    _refuse_beyond_end(to.organisation, until=until)
    _refuse_circle(person, to=to, days=(from_on, until))
    if until is None and not held:
        _refuse_closed(person)
    if held and held.valid_from == from_on:
        return _correct(held, to=to, by=by, now=now)
    if held:
        held.valid_to = from_on
        held.save(update_fields=["valid_to"])
    return _added(person, to=to, days=(from_on, until), is_main=True, by=by, now=now)


@transaction.atomic
def add_post(person: User, *, to: Post, from_on: dt.date, by: User | None, now: dt.datetime) -> Membership:
    """A further post beside the main one. It counts in no figure.

    Raises OrganisationClosed, CircleOfManagers, HasPostThere, DayTooFar, OwnReport, AccountClosed.
    """
    _refuse(person, to=to, from_on=from_on, by=by, now=now)
    _refuse_closed(person)
    _refuse_beyond_end(to.organisation, until=None)
    _refuse_circle(person, to=to, days=(from_on, None))
    if Membership.objects.filter(person=person, organisation=to.organisation, valid_to=None).exists():
        raise HasPostThere(_has_post_there(person, to.organisation))
    return _added(person, to=to, days=(from_on, None), is_main=False, by=by, now=now)


@transaction.atomic
def end_post(post: Membership, *, on: dt.date, by: User | None, now: dt.datetime) -> None:
    """A further post is over from `on`, or a day after it began at the earliest. Safe to repeat. Raises IsMainPost."""
    held = Membership.objects.select_for_update(of=("self",)).select_related("person").get(pk=post.pk)
    if held.is_main:
        raise IsMainPost(_("This is the main post of %(name)s. Move them instead.") % {"name": held.person.full_name})
    if held.valid_to is None:
        held.valid_to = max(on, held.valid_from + dt.timedelta(days=1))
        held.save(update_fields=["valid_to"])
        audit.record("person.left", subject=held, by=by, at=now, about=held.person, on=held.valid_to.isoformat())


@transaction.atomic
def change_line_manager(
    person: User, *, line_manager: User | None, from_on: dt.date, by: User | None, now: dt.datetime
) -> Membership:
    """From `from_on` the person reports to somebody else in the main post that they hold on that day; the next post
    that is known of stays as it was told. Safe to repeat. Raises NoPost, CircleOfManagers, DayTooFar,
    OwnReport.
    """
    held = (
        Membership.objects.filter(in_force(from_on), person=person, is_main=True).select_related("organisation").first()
    )
    if held is None:
        raise NoPost(_("%(name)s works nowhere on that day. Choose another day.") % {"name": person.full_name})
    told = {name: getattr(held, name) for name in Post.__dataclass_fields__}
    return move(person, to=Post(**{**told, "line_manager": line_manager}), from_on=from_on, by=by, now=now)


def _refuse_beyond_end(unit: Organisation, *, until: dt.date | None) -> None:
    """A post told of afterwards, in what has closed since, would go on there."""
    if unit.valid_to and (until is None or until > unit.valid_to):
        raise OrganisationClosed(
            _("%(name)s closed on %(day)s. Choose the organisation in which its work goes on.")
            % {"name": unit.name, "day": unit.valid_to.isoformat()}
        )


def _refuse_closed(person: User) -> None:
    """Whoever has left gets no post that goes on, as long as their account stays closed."""
    if not User.objects.filter(pk=person.pk, is_active=True).exists():
        raise AccountClosed(
            _("The account of %(name)s is closed. To open it again, import a file with their row.")
            % {"name": person.full_name}
        )


def _refuse(person: User, *, to: Post, from_on: dt.date, by: User | None, now: dt.datetime) -> None:
    _refuse_own_report(person, manager=to.line_manager, by=by, on=timezone.localdate(now))
    User.objects.select_for_update().get(pk=person.pk)  # two changes to one person wait for each other
    if from_on > timezone.localdate(now) + FARTHEST:
        raise DayTooFar(_("Choose a day that is at most a year ahead."))
    unit = to.organisation
    if unit.valid_to and unit.valid_to <= from_on:
        raise OrganisationClosed(
            _("%(name)s closed on %(day)s. Choose another organisation or an earlier day.")
            % {"name": unit.name, "day": unit.valid_to.isoformat()}
        )
    others = Membership.objects.filter(person=person, organisation=unit, valid_to=None, is_main=False)
    if others.exists():
        raise HasPostThere(_has_post_there(person, unit))


def _refuse_circle(person: User, *, to: Post, days: tuple[dt.date, dt.date | None]) -> None:
    if to.line_manager and _leads_to(person, manager=to.line_manager, days=days):
        raise CircleOfManagers(
            _("%(manager)s is %(name)s, or reports to them in the end. Choose another line manager.")
            % {"manager": to.line_manager.full_name, "name": person.full_name}
        )
    if to.line_manager:
        forget_roles(to.line_manager)


def _refuse_own_report(person: User, *, manager: User | None, by: User | None, on: dt.date) -> None:
    """Whoever keeps staff records sees no level: they do not become a line manager by their own hand."""
    if manager is None or manager != by:
        return
    if not Membership.objects.filter(in_force(on), person=person, line_manager=by).exists():
        raise OwnReport(_("You would become a line manager yourself. Ask another administrator to do this."))


def _leads_to(person: User, *, manager: User, days: tuple[dt.date, dt.date | None]) -> bool:
    """Whether the way up from `manager` comes to `person` on any day from the first until the second. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE up (id, days) AS (
                SELECT %s::bigint, daterange(%s::date, %s::date)
                UNION
                SELECT post.line_manager_id, up.days * daterange(post.valid_from, post.valid_to)
                FROM up JOIN people_membership post ON post.person_id = up.id
                    AND up.days && daterange(post.valid_from, post.valid_to)
                WHERE post.is_main AND post.line_manager_id IS NOT NULL
            )
            SELECT EXISTS (SELECT FROM up WHERE id = %s::bigint)
            """,
            [manager.pk, *days, person.pk],
        )
        return bool(cursor.fetchone()[0])


def _correct(held: Membership, *, to: Post, by: User | None, now: dt.datetime) -> Membership:
    old = held.organisation.path
    for name, value in to.fields.items():
        setattr(held, name, value)
    held.save(update_fields=list(to.fields))
    audit.record("post.corrected", subject=held, by=by, at=now, about=held.person, old=old, **_where(held))
    return held


def _added(
    person: User, *, to: Post, days: tuple[dt.date, dt.date | None], is_main: bool, by: User | None, now: dt.datetime
) -> Membership:
    added = Membership.objects.create(person=person, is_main=is_main, valid_from=days[0], valid_to=days[1], **to.fields)
    audit.record("person.placed", subject=added, by=by, at=now, about=person, **_where(added))
    return added


def _where(post: Membership) -> dict[str, Any]:
    return {"path": post.organisation.path, "manager": post.line_manager_id}


def _has_post_there(person: User, unit: Organisation) -> str:
    return _("%(name)s has another post in %(place)s. End that first.") % {
        "name": person.full_name, "place": unit.name,
    }  # fmt: skip
