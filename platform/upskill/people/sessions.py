"""What keeps somebody signed in: for how long, and how it ends. Django's settings name this module as the store.

A session lives in the database under a digest of its key: whoever reads a copy of the database can not go on as
anybody. Two moments are kept in it: when its person signed in, and when they last did something.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session

from upskill.core.one_row import one_row

from .models import User

NOTED_EVERY_SECONDS = 5 * 60  # so that not every page writes
ENTERED, SEEN = "entered_at", "seen_at"  # seconds since 1970
IDENTITY = frozenset({SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY})
_KEY = re.compile(r"[0-9a-z]{32}")


class Ended(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    LONG = "long"


class SessionStore(db.SessionStore):
    """Django's store in the database, with digests in place of keys. Any other text than a key of ours is no key."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and _KEY.fullmatch(key))

    def _get_session_from_db(self) -> Session | None:
        key = _digest(self.session_key or "")
        found = one_row(Session, where="session_key = %s AND expire_date > statement_timestamp()", parameters=[key])
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with this key."""
        return super().exists(_digest(session_key))

    def create_model_instance(self, data: dict) -> AbstractBaseSession:
        """The row to save."""
        row = super().create_model_instance(data)
        row.session_key = _digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End this session, or the one with the key given."""
        if key := session_key or self.session_key:
            super().delete(_digest(key))


def begin(session: SessionBase, *, now: dt.datetime) -> None:
    """Somebody has signed in: what the session held before them is forgotten."""
    for name in set(session.keys()) - IDENTITY:
        del session[name]
    session[ENTERED] = session[SEEN] = int(now.timestamp())


def why_ended(session: SessionBase, *, now: dt.datetime) -> Ended | None:
    """Why the session of somebody who signed in is over; None while it lasts."""
    moment = now.timestamp()
    if moment - session.get(ENTERED, 0) > settings.SESSION_LONGEST_SECONDS:
        return Ended.LONG
    return Ended.IDLE if moment - session.get(SEEN, 0) > settings.SESSION_IDLE_SECONDS else None


def note_act(session: SessionBase, *, now: dt.datetime) -> None:
    """Its person does something now. Written at most every five minutes, so somebody may seem idle that much longer."""
    if now.timestamp() - session.get(SEEN, 0) >= NOTED_EVERY_SECONDS:
        session[SEEN] = int(now.timestamp())


def end_all(person: User) -> int:
    """End every session of this person; returns how many. Reads all sessions: about 0.1 s for each 1,000."""
    return end_all_of([person.pk])


def end_all_of(people: Iterable[int]) -> int:
    """End every session of these people, by id; returns how many. Reads all sessions once."""
    store, wanted = SessionStore(), {str(person) for person in people}
    held = ((row.pk, store.decode(row.session_data)) for row in Session.objects.iterator())
    theirs = [key for key, data in held if data.get(SESSION_KEY) in wanted]
    return Session.objects.filter(pk__in=theirs).delete()[0]


def forget_expired(*, now: dt.datetime) -> int:
    """Delete the sessions whose cookie no browser sends any more; returns how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _digest(key: str) -> str:
    """What the database has of a key: 160 bits, as many as the column holds and more than a key has."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]
