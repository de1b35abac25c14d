"""The weekly digest of required learning: to whom, when, with what words, and never two."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as site
from django.db import connection

from tests.factories.catalogue import CourseVersionFactory
from tests.factories.people import NOON, OrganisationFactory, PersonFactory
from tests.factories.planning import TODAY, AssignmentFactory, CompletionFactory, report_of
from upskill import tasks
from upskill.core import outbox
from upskill.core.models import OutboxMail
from upskill.planning import reminders
from upskill.planning.models import Reminder
from upskill.planning.reminders import Links

LINKS = Links(own="https://skills.example.gov.uk/asked/", team="https://skills.example.gov.uk/team/")
ENDS = (
    "You get this mail once a week at most, while learning that is required is due within two weeks or overdue. "
    "It cannot be switched off.\n"
)


def after(days: float) -> dt.datetime:
    return NOON + dt.timedelta(days=days)


def run(*, days: float) -> int:
    """A run of the task on that day."""
    reminders.put_down(now=after(days))
    return reminders.write_due(now=after(days), links=LINKS)


def asked(*, due: int, title: str = "AI ethics", **fields):
    """Due so many days after today."""
    course = CourseVersionFactory(title=title).course
    return AssignmentFactory(course=course, due_on=TODAY + dt.timedelta(days=due), **fields)


def mail() -> list[tuple[str, str, str]]:
    return [(each.to.full_name, each.subject, each.body) for each in OutboxMail.objects.order_by("to__full_name", "pk")]


@pytest.mark.django_db
def test_person_is_told_once_a_week_from_two_weeks_before_until_they_have_finished():
    assignment = asked(due=20)
    person = report_of(assignment.team_of)

    written = {day: OutboxMail.objects.filter(to=person).count() for day in range(40) if run(days=day) >= 0}
    CompletionFactory(learner=person, course=assignment.course, finished_at=after(40))
    later = {day: OutboxMail.objects.filter(to=person).count() for day in range(40, 60) if run(days=day) >= 0}

    news = [day for day in range(1, 40) if written[day] > written[day - 1]]
    assert (written[0], news, set(later.values())) == (0, [7, 14, 21, 28, 35], {5})


@pytest.mark.django_db
def test_mail_says_titles_and_days_to_the_person_and_a_count_without_names_to_their_manager():
    manager = PersonFactory(full_name="Maya")
    asked(due=-1, title="AI ethics", team_of=manager, reason="Because Leila failed.")
    asked(due=14, title="Privacy", team_of=manager)
    asked(due=15, title="Too far ahead", team_of=manager)
    asked(due=1, title="Recommended", team_of=manager, is_required=False)
    report_of(manager, person__full_name="Leila")

    run(days=0)

    assert mail() == [
        (
            "Leila",
            "Learning that you must do is overdue",
            "Overdue:\n- AI ethics, by 22 November 2026\n\nDue soon:\n- Privacy, by 7 December 2026\n\n"
            f"See why, and who asked you: {LINKS.own}\n\n{ENDS}",
        ),
        (
            "Maya",
            "Learning in your team is overdue",
            f"In your team, 1 piece of required learning is overdue. See whose: {LINKS.team}\n\n{ENDS}",
        ),
    ]


@pytest.mark.django_db
def test_nobody_is_written_to_about_what_is_recommended():
    report_of(asked(due=1, is_required=False).team_of)

    assert (run(days=0), run(days=9), mail(), Reminder.objects.count()) == (0, 0, [], 0)


@pytest.mark.django_db
def test_something_new_is_told_before_the_week_is_over_to_whoever_was_not_told_in_it():
    place = OrganisationFactory()
    quiet = report_of(asked(due=20).team_of, organisation=place, person__full_name="Quiet")
    told = report_of(asked(due=-1).team_of, organisation=place, person__full_name="Told")
    run(days=0)
    before = OutboxMail.objects.count()

    asked(due=4, team_of=None, organisation=place)
    run(days=1)

    assert list(OutboxMail.objects.filter(to__in=[quiet, told]).values_list("to", flat=True)) == [told.pk, quiet.pk]
    assert before == 2  # to Told and to their manager


@pytest.mark.django_db
def test_nobody_looks_any_more_at_somebody_of_whom_nothing_is_asked_or_who_left():
    assignment = asked(due=-1)
    report_of(assignment.team_of)
    run(days=0)

    type(assignment).objects.update(ended_at=after(1))
    run(days=7)

    assert (OutboxMail.objects.count(), Reminder.objects.count()) == (2, 0)


@pytest.mark.django_db
def test_run_that_is_killed_in_the_middle_is_gone_on_with_the_next_day(monkeypatch):
    person = report_of(asked(due=-1).team_of)

    def die(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "add", die)
        with pytest.raises(KeyboardInterrupt):
            run(days=0)
    same_day = run(days=0.1)

    assert same_day == 1  # the other of the two: who was looked at when it died rests until tomorrow
    assert run(days=1) == 1
    assert OutboxMail.objects.filter(to=person).count() == 1


@pytest.mark.django_db
def test_many_people_are_put_down_in_pieces_and_each_once(monkeypatch):
    monkeypatch.setattr(reminders, "MOST_PUT_DOWN", 2)
    place = OrganisationFactory()
    asked(due=1, team_of=None, organisation=place)
    for _ in range(5):
        report_of(None, organisation=place)

    assert (reminders.put_down(now=NOON), reminders.put_down(now=NOON)) == (5, 0)


@pytest.mark.django_db(transaction=True)
def test_several_processes_at_once_write_each_mail_once():
    place = OrganisationFactory()
    asked(due=-1, team_of=None, organisation=place)
    for _ in range(12):
        report_of(None, organisation=place)
    together = threading.Barrier(3)

    def work(_number: int) -> int:
        together.wait()
        try:
            return run(days=0)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        written = sum(workers.map(work, range(3)))
    left = run(days=0)

    assert (written + left, OutboxMail.objects.count(), OutboxMail.objects.distinct("to").count()) == (12, 12, 12)


@pytest.mark.django_db
def test_task_writes_where_to_look(settings):
    settings.SERVICE_ADDRESS = "https://skills.example.gov.uk"
    report_of(asked(due=-10_000).team_of)

    tasks.write_reminders()

    text = "".join(body for _name, _subject, body in mail())
    assert "https://skills.example.gov.uk/learning/asked/" in text
    assert "https://skills.example.gov.uk/manager/team/learning/" in text
    assert tasks.write_reminders.name in {entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()}
