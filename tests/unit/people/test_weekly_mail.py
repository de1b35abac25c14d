"""Whether somebody wants the weekly mail: off until they ask, off again at once, by a link that does no more."""

import datetime as dt

import pytest
from django.core.signing import Signer

from tests.factories.people import NOON, PersonFactory
from upskill.people import weekly_mail
from upskill.people.models import WeeklyMail
from upskill.people.weekly_mail import TokenNotGood

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=3)


def test_nobody_gets_it_who_did_not_ask():
    assert not weekly_mail.is_wanted(PersonFactory())


def test_switching_on_twice_keeps_the_first_moment_and_audits_it_once(audit_trail):
    person = PersonFactory()

    weekly_mail.switch_on(person, now=NOON)
    weekly_mail.switch_on(person, now=LATER)

    assert weekly_mail.is_wanted(person)
    assert list(WeeklyMail.objects.values_list("person", "told_at", "look_on")) == [
        (person.pk, NOON, dt.date(2026, 11, 30))
    ]
    assert audit_trail() == [("weekly_mail.switched_on", person, {})]


def test_switching_off_leaves_nothing_and_is_audited_once(audit_trail):
    person, other = PersonFactory(), PersonFactory()
    for each in (person, other):
        weekly_mail.switch_on(each, now=NOON)

    weekly_mail.switch_off(person, by=person, now=LATER)
    weekly_mail.switch_off(person, by=person, now=LATER)

    assert list(WeeklyMail.objects.values_list("person", flat=True)) == [other.pk]
    assert audit_trail()[2:] == [("weekly_mail.switched_off", person, {})]


def test_key_of_the_link_names_its_person_and_stays_the_same():
    person = PersonFactory()

    token = weekly_mail.token_of(person)

    assert (weekly_mail.person_of(token), weekly_mail.token_of(person)) == (person, token)


@pytest.mark.parametrize("made", ["", "nobody", "other key", "changed", "no id", "gone"])
def test_key_that_this_service_did_not_make_is_refused(made):
    person, other = PersonFactory(), PersonFactory()
    token = weekly_mail.token_of(person)
    signature = token.partition(":")[2]
    tokens = {
        "": "",
        "nobody": "nobody",
        "other key": Signer(salt="elsewhere").sign(person.public_id.hex),
        "changed": f"{other.public_id.hex}:{signature}",
        "no id": Signer(salt="upskill.people.weekly_mail").sign("nobody"),
        "gone": Signer(salt="upskill.people.weekly_mail").sign("0" * 32),
    }

    with pytest.raises(TokenNotGood):
        weekly_mail.person_of(tokens[made])
