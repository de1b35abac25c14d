"""Sessions: begun anew, kept under a digest, ended by time, by signing out and with the account."""

import datetime as dt

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session

from tests.factories.people import NOON, PersonFactory
from upskill import tasks
from upskill.core.models import Allowance
from upskill.people import leaving, services, sessions
from upskill.people.models import User
from upskill.people.sessions import Ended, SessionStore

pytestmark = pytest.mark.django_db


def session_of(person: User, **more) -> SessionStore:
    """A saved session of somebody who signed in at noon."""
    session = SessionStore()
    session.update({SESSION_KEY: str(person.pk), **more})
    session.save()
    return session


def after(*, hours: float = 0, seconds: float = 0) -> dt.datetime:
    return NOON + dt.timedelta(hours=hours, seconds=seconds)


# --- How it is kept ---


def test_what_is_saved_under_a_key_is_read_with_it():
    key = session_of(PersonFactory(), place="London").session_key

    assert SessionStore(key).get("place") == "London"


def test_nobody_can_go_on_with_what_a_copy_of_the_database_holds():
    session_of(PersonFactory())
    copied = Session.objects.get().session_key

    assert SessionStore(copied).get(SESSION_KEY) is None
    assert SessionStore(copied[:32]).get(SESSION_KEY) is None


def test_the_key_is_nowhere_in_the_database():
    session = session_of(PersonFactory())

    row = Session.objects.get()

    assert str(session.session_key) not in f"{row.session_key} {row.session_data} {row.get_decoded()}"


@pytest.mark.parametrize("key", ["", "short", "A" * 32, "a" * 33, "a" * 31 + "\0", "a" * 5000, "é" * 32])
def test_any_other_text_than_a_key_of_ours_is_no_session(key):
    store = SessionStore(key)

    assert (store.session_key, store.get(SESSION_KEY)) == (None, None)


def test_saving_again_keeps_one_row():
    session = session_of(PersonFactory())

    session["more"] = 1
    session.save()

    assert (Session.objects.count(), SessionStore(session.session_key)["more"]) == (1, 1)


def test_new_key_leaves_nothing_under_the_one_before():
    session = session_of(PersonFactory(), place="London")
    old = session.session_key

    session.cycle_key()

    assert (SessionStore(old).get("place"), SessionStore(session.session_key)["place"]) == (None, "London")
    assert (session.exists(str(old)), session.exists(str(session.session_key)), Session.objects.count()) == (
        False,
        True,
        1,
    )


def test_flushed_session_is_gone_for_everybody_who_has_its_key():
    session = session_of(PersonFactory())
    old = session.session_key

    session.flush()

    assert (SessionStore(old).get(SESSION_KEY), Session.objects.count()) == (None, 0)


def test_expired_session_is_none():
    session = session_of(PersonFactory())
    Session.objects.update(expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

    assert SessionStore(session.session_key).get(SESSION_KEY) is None


# --- How it begins ---


def test_beginning_forgets_what_a_visitor_had_and_keeps_who_it_is():
    identity = {SESSION_KEY: "7", BACKEND_SESSION_KEY: "backend", HASH_SESSION_KEY: "hash"}
    session = SessionStore()
    session.update({**identity, "planted": "by somebody else", "seen_at": 1})

    sessions.begin(session, now=NOON)

    moment = int(NOON.timestamp())
    assert dict(session.items()) == {**identity, "entered_at": moment, "seen_at": moment}


# --- How long it lasts ---


def begun() -> SessionStore:
    session = SessionStore()
    sessions.begin(session, now=NOON)
    return session


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (after(), None),
        (after(hours=2), None),
        (after(hours=2, seconds=1), Ended.IDLE),
        (after(hours=12), Ended.IDLE),
        (after(hours=12, seconds=1), Ended.LONG),
    ],
)
def test_session_ends_after_two_idle_hours(now, why):
    assert sessions.why_ended(begun(), now=now) == why


def test_session_of_somebody_who_is_never_idle_ends_after_twelve_hours():
    session = begun()
    for quarter in range(1, 48):
        sessions.note_act(session, now=after(hours=quarter / 4))

    ends = [sessions.why_ended(session, now=after(hours=hours, seconds=s)) for hours, s in ((12, 0), (12, 1))]

    assert ends == [None, Ended.LONG]


def test_session_without_its_moments_is_over():
    assert sessions.why_ended(SessionStore(), now=NOON) == Ended.LONG


def test_act_is_noted_at_most_every_five_minutes():
    session = begun()
    session.modified = False

    noted = []
    for seconds in (1, 299, 300, 301, 599, 600):
        sessions.note_act(session, now=after(seconds=seconds))
        noted.append((seconds, session.modified))
        session.modified = False

    assert [seconds for seconds, wrote in noted if wrote] == [300, 600]


def test_what_has_ended_is_forgotten_every_hour():
    alice = PersonFactory()
    ended, lasting = session_of(alice), session_of(alice)
    key, long_ago = sessions._digest(str(ended.session_key)), NOON - dt.timedelta(1000)
    Session.objects.filter(session_key=key).update(expire_date=long_ago)
    Allowance.objects.create(key="a", used=1, ends_at=long_ago)

    tasks.tidy()

    assert (Session.objects.count(), SessionStore(lasting.session_key)[SESSION_KEY]) == (1, str(alice.pk))
    assert Allowance.objects.count() == 0


# --- How it ends with the account ---


def test_suspending_ends_every_session_of_the_person_and_no_other(settings):
    alice, bob = PersonFactory(), PersonFactory()
    hers, his = [session_of(alice), session_of(alice)], session_of(bob)

    services.suspend(alice, by=bob, now=NOON)

    assert [SessionStore(session.session_key).get(SESSION_KEY) for session in [*hers, his]] == [None, None, str(bob.pk)]


def test_reinstating_brings_no_old_session_back():
    alice, bob = PersonFactory(), PersonFactory()
    session = session_of(alice)

    services.suspend(alice, by=bob, now=NOON)
    services.reinstate(alice, by=bob, now=NOON)

    assert SessionStore(session.session_key).get(SESSION_KEY) is None


def test_leaving_ends_sessions_once_nobody_waits_for_it(django_capture_on_commit_callbacks):
    alice, bob = PersonFactory(), PersonFactory()
    for person in (alice, alice, bob):
        session_of(person)

    with django_capture_on_commit_callbacks() as after_commit:
        leaving.leave(alice, on=NOON.date(), by=None, now=NOON)
        before = Session.objects.count()
    for each in after_commit:
        each()

    assert (before, len(after_commit), Session.objects.count()) == (3, 1, 1)


def test_ending_all_counts_them_and_leaves_sessions_that_cannot_be_read():
    alice = PersonFactory()
    session_of(alice)
    Session.objects.create(session_key="x", session_data="not signed", expire_date=NOON)

    assert (sessions.end_all(alice), sessions.end_all(alice), Session.objects.count()) == (1, 0, 1)
