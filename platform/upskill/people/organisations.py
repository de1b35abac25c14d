"""Organisations that are renamed, led, split, merged or closed. Each change is atomic and audited.

A split or merger closes what there was and says in a Succession where its work goes on. People are moved from the day
on, parts move along with all below them, and what was before stays as it was. Adding, moving and closing an empty
organisation: services.py.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.core.turns import wait_for_turn

from .closing import refuse_end_on
from .models import Membership, Organisation, Succession, User
from .roles import Role
from .services import TREE, add_organisation, grant_role, move_organisation
from .staff import grants_in

CORRECT_POSTS = """
    UPDATE people_membership SET organisation_id = %(successor)s::bigint
    WHERE organisation_id = %(organisation)s::bigint AND valid_from >= %(on)s::date
        AND (person_id = ANY(%(people)s::bigint[])) = %(named)s::boolean
    RETURNING id::text AS subject_id, person_id AS about_id,
        jsonb_build_object('path', %(path)s::text, 'manager', line_manager_id, 'old', %(old)s::text) AS details
"""
ADD_POSTS = """
    INSERT INTO people_membership (person_id, organisation_id, line_manager_id, job_title, grade, profession, role,
        persona, is_main, valid_from, valid_to)
    SELECT person_id, %(successor)s::bigint, line_manager_id, job_title, grade, profession, role, persona, is_main,
        %(on)s::date, held.until
    FROM people_membership JOIN unnest(%(ids)s::bigint[], %(untils)s::date[]) AS held (id, until) USING (id)
    RETURNING id::text AS subject_id, person_id AS about_id,
        jsonb_build_object('path', %(path)s::text, 'manager', line_manager_id) AS details
"""
IN_BOTH = """
    SELECT count(*) FROM people_membership here JOIN people_membership there USING (person_id)
    WHERE here.organisation_id = %s AND here.valid_to IS NULL AND there.organisation_id = ANY(%s::bigint[])
        AND there.valid_to IS NULL
"""


class UnfitSuccessor(Exception):
    """The organisation cannot take over: it is the same, a part of it, or does not exist on that day."""


class PeopleInBoth(Exception):
    """People have posts in the organisation and in its successor."""


@dataclass(frozen=True)
class Share:
    """What a successor takes over: these people and parts, by id. The first one takes what no other does."""

    successor: Organisation
    people: frozenset[int] = frozenset()
    parts: frozenset[int] = frozenset()


@dataclass(frozen=True)
class NewPart:
    """An organisation that begins by a split, with the people and parts, by id, that it takes over."""

    code: str
    name: str
    people: frozenset[int] = frozenset()
    parts: frozenset[int] = frozenset()


@transaction.atomic
def rename(organisation: Organisation, *, name: str, by: User | None, now: dt.datetime) -> None:
    """It is called otherwise from now on, also where the past is shown. Safe to repeat."""
    if organisation.name != name:
        old, organisation.name = organisation.name, name
        organisation.save(update_fields=["name"])
        audit.record("organisation.renamed", subject=organisation, by=by, at=now, old=old, new=name)


@transaction.atomic
def set_head(organisation: Organisation, *, head: User | None, by: User | None, now: dt.datetime) -> None:
    """`head` leads it from now on: they see its figures. None: nobody does. Safe to repeat."""
    before = organisation.head
    if before != head:
        organisation.head = head
        organisation.save(update_fields=["head"])
        if before:
            audit.record("organisation.head_ended", subject=organisation, by=by, at=now, about=before)
        if head:
            audit.record("organisation.led", subject=organisation, by=by, at=now, about=head)


@transaction.atomic
def split(
    organisation: Organisation, *, into: Sequence[NewPart], on: dt.date, by: User | None, now: dt.datetime
) -> list[Organisation]:
    """New organisations beside it from `on`, which take over its people and parts; it is closed. Whoever sees its
    figures or keeps its staff records does so for each of the new ones: they hold together what it was.

    Raises closing.DayOutOfRange and services.CodeInUse.
    """
    refuse_end_on(organisation, on=on, now=now)
    kind, parent = Organisation.Kind(organisation.kind), organisation.parent
    new = [
        add_organisation(part.name, code=part.code, kind=kind, parent=parent, from_on=on, by=by, now=now)
        for part in into
    ]
    shares = [Share(unit, people=part.people, parts=part.parts) for unit, part in zip(new, into, strict=True)]
    hand_over(organisation, shares=shares, on=on, by=by, now=now)
    for grant in grants_in(organisation):
        for unit in new:
            grant_role(grant.person, role=Role(grant.role), organisation=unit, by=by, now=now)
    return new


@transaction.atomic
def merge(
    organisations: Sequence[Organisation], *, into: Organisation, on: dt.date, by: User | None, now: dt.datetime
) -> None:
    """From `on` they are one: their people and parts belong to `into`, and they are closed. Nobody is given to see or
    keep more than before.

    Raises closing.DayOutOfRange, UnfitSuccessor, PeopleInBoth.
    """
    for each in organisations:
        hand_over(each, shares=[Share(into)], on=on, by=by, now=now)


@transaction.atomic
def hand_over(
    organisation: Organisation, *, shares: Sequence[Share], on: dt.date, by: User | None, now: dt.datetime
) -> None:
    """From `on`, today or earlier, its work goes on in the successors; it is closed. A post that began there on that
    day or later is corrected. Takes about ten queries for each successor and part, however many people there are.

    Raises closing.DayOutOfRange, UnfitSuccessor, PeopleInBoth.
    """
    unit, successors = _locked(organisation, successors=[share.successor for share in shares])
    refuse_end_on(unit, on=on, now=now)
    _refuse_successors(unit, successors=successors, on=on)
    parts = list(Organisation.objects.filter(parent=unit, valid_to=None).order_by("pk"))
    for share, successor in reversed(list(zip(shares, successors, strict=True))):  # the first takes what is left
        is_rest = share == shares[0]
        Succession.objects.create(predecessor=unit, successor=successor, on=on)
        for part in [each for each in parts if is_rest or each.pk in share.parts]:
            move_organisation(part, parent=successor, by=by, now=now)
            parts.remove(part)
        _move_people(unit, share=share, is_rest=is_rest, on=on, by=by, now=now)
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    codes = [each.code for each in successors]
    audit.record("organisation.closed", subject=unit, by=by, at=now, on=on.isoformat(), successors=codes)
    organisation.refresh_from_db()


def _locked(unit: Organisation, *, successors: Sequence[Organisation]) -> tuple[Organisation, list[Organisation]]:
    """As they are now, and stay until this is done. Nobody else waits, whoever is placed or given a role meanwhile."""
    wait_for_turn(TREE)
    rows = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    held = rows.in_bulk([unit.pk, *(each.pk for each in successors)])
    return held[unit.pk], [held[each.pk] for each in successors]


def _move_people(
    unit: Organisation, *, share: Share, is_rest: bool, on: dt.date, by: User | None, now: dt.datetime
) -> None:
    """Those of the share, or all that are left."""
    successor = Organisation.objects.get(pk=share.successor.pk)
    held = Membership.objects.select_for_update().filter(organisation=unit, valid_from__lt=on)
    held = held.exclude(valid_to__lte=on) if is_rest else held.exclude(valid_to__lte=on).filter(person__in=share.people)
    rows = list(held.order_by("pk").values_list("pk", "valid_to"))
    parameters: dict[str, Any] = {
        "successor": successor.pk, "organisation": unit.pk, "on": on, "path": successor.path, "old": unit.path,
        "people": [] if is_rest else sorted(share.people), "named": not is_rest,
        "ids": [pk for pk, _until in rows], "untils": [until for _pk, until in rows],
    }  # fmt: skip
    Membership.objects.filter(pk__in=parameters["ids"]).update(valid_to=on)
    said: dict[str, Any] = {"parameters": parameters, "kind": "people.membership", "by": by, "at": now}
    audit.record_rows("post.corrected", act=CORRECT_POSTS, **said)
    audit.record_rows("person.placed", act=ADD_POSTS, **said)


def _refuse_successors(unit: Organisation, *, successors: Iterable[Organisation], on: dt.date) -> None:
    listed = list(successors)
    for each in listed:
        if not each.is_in_force(on) or each.path.startswith(unit.path):
            raise UnfitSuccessor(
                _("%(successor)s cannot take over from %(name)s. Choose an organisation that exists on that day.")
                % {"successor": each.name, "name": unit.name}
            )
    with connection.cursor() as cursor:
        cursor.execute(IN_BOTH, [unit.pk, [each.pk for each in listed]])
        number = cursor.fetchone()[0]
    if number:
        raise PeopleInBoth(
            _("%(n)d people have a post in both organisations. End one of the two posts first.") % {"n": number}
        )
