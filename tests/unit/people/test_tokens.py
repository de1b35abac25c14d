"""Access tokens: told once, kept as a digest, for some days, by their person alone."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.people import NOON, PersonFactory, operator
from tests.unit.refusing import act_that_fails
from upskill.core.models import AuditEntry
from upskill.people import rules, services, tokens
from upskill.people.models import AccessToken, TokenScope
from upskill.people.tokens import AccountClosed, NotALifetime, TooManyTokens

DAY = dt.timedelta(days=1)
READ, LEARN = TokenScope.READ, TokenScope.LEARN


def issue(person, *, name="Laptop", scopes=(READ,), days=30, now=NOON):
    return tokens.issue_token(person, name=name, scopes=scopes, days=days, now=now)


@pytest.mark.django_db
def test_issue_token_keeps_all_but_the_secret(audit_trail):
    alice = PersonFactory()

    new = issue(alice, scopes=[LEARN, READ, LEARN])

    kept = AccessToken.objects.get()
    assert (kept.user, kept.name, kept.scopes, kept.expiry, kept.last_used_on) == (
        alice, "Laptop", ["read", "learn"], NOON + 30 * DAY, None,
    )  # fmt: skip
    assert (kept, new.secret.startswith("upskill_"), len(new.secret)) == (new.token, True, 72)
    assert new.secret not in str({field.name: getattr(kept, field.name) for field in AccessToken._meta.fields})
    assert audit_trail() == [("token.issued", alice, {"token": str(kept.public_id), "scopes": ["read", "learn"]})]


@pytest.mark.django_db
def test_audit_trail_holds_neither_secret_nor_digest_nor_name():
    new = issue(PersonFactory(), name="My very own name")

    entry = AuditEntry.objects.get()

    written = f"{entry.subject_kind} {entry.subject_id} {entry.details}"
    assert [word for word in (new.secret, new.token.digest, new.token.token_key, "own name") if word in written] == []
    assert (entry.subject_kind, entry.about) == ("people.user", new.token.user)


@pytest.mark.django_db
def test_two_tokens_share_nothing():
    alice = PersonFactory()

    one, two = issue(alice), issue(alice)

    assert one.secret != two.secret
    assert one.token.public_id != two.token.public_id


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 0, 91, 10_000])
def test_token_lasts_from_a_day_to_ninety(days):
    with pytest.raises(NotALifetime, match="Choose a number of days from 1 to 90"):
        issue(PersonFactory(), days=days)

    assert AccessToken.objects.count() == 0


@pytest.mark.django_db
def test_nobody_has_more_than_ten_tokens_that_work():
    alice, bob = PersonFactory(), PersonFactory()
    for _ in range(10):
        issue(alice)

    with pytest.raises(TooManyTokens, match="You have 10 access tokens already"):
        issue(alice)
    issue(bob)

    assert (alice.auth_token_set.count(), bob.auth_token_set.count()) == (10, 1)


@pytest.mark.django_db
def test_tokens_that_have_ended_make_room_and_are_deleted():
    alice = PersonFactory()
    for _ in range(10):
        issue(alice, days=1)

    issue(alice, now=NOON + DAY)

    assert alice.auth_token_set.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_tokens_made_at_the_same_moment_no_more_than_ten_are_left():
    alice = PersonFactory()
    for _ in range(8):
        issue(alice)
    start = threading.Barrier(5)

    def make(_number) -> bool:
        start.wait(timeout=10)
        try:
            issue(alice)
        except TooManyTokens:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(5) as pool:
        made = list(pool.map(make, range(5)))

    assert (made.count(True), alice.auth_token_set.count()) == (2, 10)


@pytest.mark.django_db
def test_suspended_account_gets_no_token():
    with pytest.raises(AccountClosed):
        issue(PersonFactory(is_active=False))


@pytest.mark.django_db
def test_live_tokens_are_ones_own_that_have_not_ended_newest_first():
    alice = PersonFactory()
    issue(PersonFactory())
    first, ended, last = issue(alice, days=2), issue(alice, days=1), issue(alice, days=3)

    live = tokens.live_tokens(alice, now=NOON + DAY)

    assert list(live) == [last.token, first.token]
    assert ended.token not in live


@pytest.mark.django_db
def test_revoke_token_ends_it_once_and_no_other(audit_trail):
    alice = PersonFactory()
    gone, stays = issue(alice).token, issue(alice).token
    before = len(audit_trail())

    for _ in range(2):
        tokens.revoke_token(gone, by=alice, now=NOON)

    assert list(AccessToken.objects.all()) == [stays]
    assert audit_trail()[before:] == [
        ("token.revoked", alice, {"token": str(gone.public_id), "scopes": ["read"]}),
    ]


@pytest.mark.django_db
def test_tokens_die_with_a_suspended_account_and_do_not_come_back(audit_trail):
    alice, bob, boss = PersonFactory(), PersonFactory(), operator()
    issue(alice), issue(alice)
    kept = issue(bob).token

    services.suspend(alice, by=boss, now=NOON)
    services.reinstate(alice, by=boss, now=NOON)

    assert list(AccessToken.objects.all()) == [kept]
    assert [event for event, by, _details in audit_trail() if by == boss] == [
        "person.suspended", "token.revoked", "token.revoked", "person.reinstated",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["issue", "revoke"])
def test_what_fails_later_leaves_nothing_behind(act):
    alice = PersonFactory()
    token = issue(alice).token
    before = AuditEntry.objects.count()

    with act_that_fails():
        if act == "issue":
            issue(alice)
        else:
            tokens.revoke_token(token, by=alice, now=NOON)

    assert (list(AccessToken.objects.all()), AuditEntry.objects.count()) == ([token], before)


@pytest.mark.django_db
def test_note_use_keeps_the_newest_day_and_costs_a_query_a_day(django_assert_num_queries):
    token = issue(PersonFactory()).token
    today = NOON.date()

    tokens.note_use(token, on=today)
    tokens.note_use(token, on=today - DAY)
    token.refresh_from_db()
    with django_assert_num_queries(0):
        tokens.note_use(token, on=today)

    assert token.last_used_on == today


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}])
def test_token_without_name_or_scope_is_refused_by_the_database(wrong):
    alice = PersonFactory()

    with pytest.raises(IntegrityError, match="access_token_has"), transaction.atomic():
        issue(alice, **wrong)


@pytest.mark.django_db
def test_token_is_its_persons_alone_to_manage():
    alice = PersonFactory()
    token = issue(alice).token
    suspended = PersonFactory(is_active=False)

    may = {
        "alice": rules.can_manage_token(alice, token=token),
        "another": rules.can_manage_token(PersonFactory(), token=token),
        "operator": rules.can_manage_token(operator(), token=token),
        "suspended": rules.can_manage_token(suspended, token=AccessToken(user=suspended)),
    }

    assert may == {"alice": True, "another": False, "operator": False, "suspended": False}
