"""The weekly mail: for whom, when, with what, and never two."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as site
from django.core import mail
from django.db import connection

from tests.factories.catalogue import ItemVersionFactory
from tests.factories.marking import MarkFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory
from tests.unit.learning.test_recall import question, quiz_of, taken
from upskill import digests, tasks
from upskill.core import outbox
from upskill.core.models import OutboxMail
from upskill.digests import News
from upskill.learning import services as learning
from upskill.marking.models import Review, ReviewDecision
from upskill.people import services, weekly_mail
from upskill.people.models import User, WeeklyMail

SERVICE = "https://skills.example.gov.uk"
NOTHING = News(left_at="", was_there=False, questions=0, marked=[], decided=[])
ALL = News(left_at="Why we audit", was_there=True, questions=3, marked=["Audit a model"], decided=["Count cases"])


def after(days: float) -> dt.datetime:
    return NOON + dt.timedelta(days=days)


def link(person: User) -> str:
    return f"{SERVICE}/weekly-mail/{person.pk}/"


def write(*, days: float) -> int:
    return digests.write_due(now=after(days), service=SERVICE, stop_link=link)


def asked(**fields) -> User:
    """Somebody who asked for the mail at noon and has a question due from the second day on."""
    person = taken(quiz_of(question("one")), by=PersonFactory(**fields))
    weekly_mail.switch_on(person, now=NOON)
    return person


def news(person: User, *, days: float = 7) -> News:
    return digests.news_of(person, since=NOON, on=after(days).date())


# --- for whom and when -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nobody_is_written_to_who_did_not_ask():
    taken(quiz_of(question("one")))

    assert (write(days=30), OutboxMail.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_mail_is_written_a_week_after_asking_and_a_week_after_the_last():
    asked()

    written = [write(days=days) for days in range(22)]

    assert [days for days, number in enumerate(written) if number] == [7, 14, 21]


@pytest.mark.django_db
def test_second_run_of_a_day_writes_nothing():
    asked()

    assert [write(days=7), write(days=7), write(days=7.1)] == [1, 0, 0]


@pytest.mark.django_db
def test_without_news_nothing_is_written_and_somebody_looks_again_the_next_day():
    person = PersonFactory()
    weekly_mail.switch_on(person, now=NOON)
    before = write(days=7)

    MarkFactory(submission__learner=person, marked_at=after(7.2))
    written = [write(days=7.4), write(days=8)]

    assert (before, written) == (0, [0, 1])


@pytest.mark.django_db
def test_switching_off_and_on_again_does_not_bring_two_in_a_week():
    person = asked()
    write(days=7)

    weekly_mail.switch_off(person, by=person, now=after(8))
    weekly_mail.switch_on(person, now=after(8))

    assert [days for days in range(8, 16) if write(days=days)] == [15]


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["suspended", "erased", "switched off"])
def test_nobody_is_written_to_who_is(why):
    person = asked()
    if why == "suspended":
        services.suspend(person, by=PersonFactory(), now=NOON)
    elif why == "erased":
        User.objects.filter(pk=person.pk).update(email=None)
    else:
        weekly_mail.switch_off(person, by=person, now=after(1))

    assert write(days=7) == 0


@pytest.mark.django_db
def test_everybody_whose_day_it_is_is_written_to_in_one_run():
    people = {asked().pk for _ in range(3)}

    assert write(days=7) == 3
    assert set(OutboxMail.objects.values_list("to", flat=True)) == people


@pytest.mark.django_db
def test_run_ends_after_its_time_and_the_next_one_goes_on(monkeypatch):
    for _ in range(2):
        asked()

    monkeypatch.setattr(digests, "LONGEST_SECONDS", 0)
    none = write(days=7)
    monkeypatch.undo()

    assert (none, write(days=7)) == (0, 2)


@pytest.mark.django_db
def test_run_that_dies_leaves_no_mail_and_holds_up_nobody_else():
    asked(full_name="Broken")
    others = {asked().pk for _ in range(2)}

    def breaks(person: User) -> str:
        if person.full_name == "Broken":
            raise ConnectionError("gone")
        return link(person)

    with pytest.raises(ConnectionError):
        digests.write_due(now=after(7), service=SERVICE, stop_link=breaks)
    rest = digests.write_due(now=after(7), service=SERVICE, stop_link=breaks)

    assert (rest, set(OutboxMail.objects.values_list("to", flat=True))) == (2, others)
    assert write(days=8) == 1


@pytest.mark.django_db
def test_mail_that_is_switched_off_while_it_is_put_together_is_not_written():
    asked()

    def switches_off(person: User) -> str:
        weekly_mail.switch_off(person, by=person, now=after(7))
        return link(person)

    assert digests.write_due(now=after(7), service=SERVICE, stop_link=switches_off) == 0
    assert OutboxMail.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_runs_at_the_same_moment_each_person_is_written_to_by_one():
    people = [asked() for _ in range(4)]
    start = threading.Barrier(4)

    def run(_number: int) -> int:
        start.wait(timeout=10)
        try:
            return write(days=7)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        written = sum(pool.map(run, range(4)))

    assert written == len(people)
    assert sorted(OutboxMail.objects.values_list("to", flat=True)) == sorted(person.pk for person in people)


# --- what is news ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_is_news_for_somebody_who_only_asked():
    assert news(PersonFactory()) == NOTHING


@pytest.mark.django_db
def test_question_that_is_due_is_news():
    assert news(asked()).questions == 1


@pytest.mark.django_db
def test_where_somebody_left_is_said_and_whether_they_were_there_since():
    person, quiz = PersonFactory(), quiz_of(question("one"))
    learning.see_item(person, item=quiz.item, now=after(-1))
    before = news(person)

    learning.see_item(person, item=quiz.item, now=after(1))

    assert (before.left_at, before.was_there) == (quiz.title, False)
    assert (news(person).left_at, news(person).was_there) == (quiz.title, True)


@pytest.mark.django_db
def test_item_that_is_no_longer_published_is_nowhere_to_go_on():
    person, quiz = PersonFactory(), quiz_of(question("one"))
    learning.see_item(person, item=quiz.item, now=after(1))

    type(quiz.item.course).objects.update(current_version=None)

    assert news(person).left_at == ""


@pytest.mark.django_db
def test_exercises_that_were_marked_since_are_named_once_each():
    person = PersonFactory()
    submission = SubmissionFactory(learner=person, exercise__item_version__title="Audit a model")
    MarkFactory(submission=submission, marked_at=after(-1))
    before = news(person).marked
    MarkFactory(submission__learner=person, submission__exercise=submission.exercise, submission__attempt=2,
                marked_at=after(1))  # fmt: skip
    MarkFactory(submission__learner=person, submission__exercise=submission.exercise, submission__attempt=3,
                marked_at=after(2))  # fmt: skip
    MarkFactory(marked_at=after(1))  # of somebody else

    assert (before, news(person).marked) == ([], ["Audit a model"])


@pytest.mark.django_db
def test_reviews_that_were_decided_since_are_named():
    person = PersonFactory()
    mark = MarkFactory(submission__learner=person, submission__exercise__item_version__title="Audit a model",
                       marked_at=after(-2))  # fmt: skip
    review = Review.objects.create(mark=mark, asked_by=person, reason="Why?", asked_at=after(-1))
    before = news(person).decided
    ReviewDecision.objects.create(
        review=review, decided_by=PersonFactory(), outcome="upheld", reason="As it is.", decided_at=after(1)
    )

    assert (before, news(person).decided, news(PersonFactory()).decided) == ([], ["Audit a model"], [])


@pytest.mark.parametrize(
    ("found", "is_worth_it"),
    [
        (NOTHING, False),
        (News("Why we audit", was_there=False, questions=0, marked=[], decided=[]), False),
        (News("Why we audit", was_there=True, questions=0, marked=[], decided=[]), True),
        (News("", was_there=True, questions=0, marked=[], decided=[]), False),
        (News("", was_there=False, questions=1, marked=[], decided=[]), True),
        (News("", was_there=False, questions=0, marked=["A"], decided=[]), True),
        (News("", was_there=False, questions=0, marked=[], decided=["A"]), True),
        (ALL, True),
    ],
)
def test_mail_is_written_for_news_alone(found, is_worth_it):
    assert found.is_worth_a_mail is is_worth_it


@pytest.mark.django_db
def test_looking_for_news_costs_six_queries(django_assert_num_queries):
    person = asked()
    learning.see_item(person, item=quiz_of(question("one")).item, now=NOON)
    MarkFactory(submission__learner=person, marked_at=after(1))

    with django_assert_num_queries(6):
        news(person)


# --- the words -------------------------------------------------------------------------------------------------------


def everything_happens_to(person: User) -> None:
    """They read a lesson, an answer is marked, and a review of an older mark is decided."""
    learning.see_item(person, item=ItemVersionFactory(title="Why we audit").item, now=after(1))
    MarkFactory(**exercise_of(person, title="Audit a model"), marked_at=after(1))
    doubted = MarkFactory(**exercise_of(person, title="Count cases"), marked_at=after(-2))
    review = Review.objects.create(mark=doubted, asked_by=person, reason="Why?", asked_at=after(-1))
    ReviewDecision.objects.create(
        review=review, decided_by=PersonFactory(), outcome="upheld", reason="As it is.", decided_at=after(1)
    )


def exercise_of(person: User, *, title: str) -> dict:
    return {"submission__learner": person, "submission__exercise__item_version__title": title}


@pytest.mark.django_db
def test_mail_says_what_is_new_with_titles_alone_and_how_to_stop_it():
    person = asked(email="leila@example.gov.uk")
    everything_happens_to(person)

    write(days=7)
    outbox.send_due(now=after(7))

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["leila@example.gov.uk"], "Your weekly learning mail")
    assert {name: value for name, value in sent.extra_headers.items() if name != "Message-ID"} == {
        "List-Unsubscribe": f"<{link(person)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert sent.body == (
        "You left at: Why we audit\n\n"
        "1 question waits for you to look back at it.\n\n"
        "Marked since the last mail:\n- Audit a model\n\n"
        "Reviews that you asked for, decided since the last mail:\n- Count cases\n\n"
        "Sign in to see more: https://skills.example.gov.uk\n\n"
        "You get this mail once a week at most, because you switched it on. To stop it, open this link and confirm. "
        f"You need not sign in.\n{link(person)}\n"
    )


@pytest.mark.django_db
def test_mail_holds_no_points_level_name_or_reason():
    person = asked(full_name="Marker Name")
    MarkFactory(submission__learner=person, marked_at=after(1), points=3, checks__answer="marker answer")

    write(days=7)

    text = OutboxMail.objects.get().subject + OutboxMail.objects.get().body
    assert [word for word in ("Marker", "marker", "points", "3 of", "level") if word in text] == []


# --- the task --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", SERVICE])
def test_task_writes_with_a_link_that_stops_the_mail(client, settings, address):
    settings.SERVICE_ADDRESS = address
    person = asked()
    WeeklyMail.objects.update(look_on=NOON.date())

    tasks.write_digests()
    written = OutboxMail.objects.get()
    path = written.body.split()[-1].removeprefix(address)
    client.post(path)

    assert written.stop_link == (f"{address}{path}" if address else "")
    assert not weekly_mail.is_wanted(person)


def test_beat_asks_for_it():
    asked_for = {entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()}

    assert tasks.write_digests.name in asked_for
