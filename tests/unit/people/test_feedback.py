"""Feedback is kept with its page and moment; who sent it is written down, and no key to an account is."""

import datetime as dt

import pytest

from tests.factories.people import NOON, PersonFactory
from tests.unit.refusing import refused_by
from upskill.people import feedback
from upskill.people.models import Feedback

pytestmark = pytest.mark.django_db


def kept() -> list[tuple]:
    return list(Feedback.objects.order_by("pk").values_list("text", "page", "sent_by", "sent_at"))


def test_feedback_of_somebody_who_is_signed_in_is_kept_and_audited(audit_trail):
    alice = PersonFactory()

    sent = feedback.send("The quiz is good.\nMore!", page="/courses/", by=alice, now=NOON)

    assert kept() == [("The quiz is good.\nMore!", "/courses/", alice.pk, NOON)]
    assert audit_trail() == [("feedback.sent", alice, {})]
    assert str(sent) == f"Feedback {sent.pk}"


def test_feedback_of_a_visitor_is_kept_and_nobody_is_said_to_have_sent_it(audit_trail):
    feedback.send("Hello", page="", by=None, now=NOON)

    assert (kept(), audit_trail()) == ([("Hello", "", None, NOON)], [])


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_feedback_without_a_word_is_refused(text):
    with pytest.raises(feedback.NothingSaid, match="Write what went wrong"):
        feedback.send(text, page="/", by=None, now=NOON)

    assert kept() == []


def test_feedback_may_be_2000_characters_and_no_more():
    feedback.send("ä" * 2000, page="", by=None, now=NOON)

    with pytest.raises(feedback.TooLong, match="Write 2000 characters or fewer"):
        feedback.send("ä" * 2001, page="", by=None, now=NOON)

    assert [len(text) for text, *_rest in kept()] == [2000]


def test_key_of_a_sign_in_link_is_not_kept():
    feedback.send("Broken", page="/sign-in/Abc_-123456789012345678901234/", by=None, now=NOON)

    assert kept()[0][1] == "/sign-in//"


def test_path_longer_than_its_column_is_cut():
    feedback.send("Long", page="/" + "a" * 400, by=None, now=NOON)

    assert kept()[0][1] == "/" + "a" * 299


def test_newest_comes_first_and_reads_no_sender(django_assert_num_queries):
    for hour, text in enumerate(["old", "new"]):
        feedback.send(text, page="", by=PersonFactory(), now=NOON + dt.timedelta(hours=hour))

    with django_assert_num_queries(1) as queries:
        found = [each.text for each in feedback.newest()]

    assert found == ["new", "old"]
    assert "sent_by_id" not in queries[0]["sql"]


def test_database_refuses_feedback_without_words():
    with refused_by("feedback_has_text"):
        Feedback.objects.create(text="", sent_at=NOON)
