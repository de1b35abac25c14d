"""Saved views: whose, under which names, and their mail: for whom, when, with what, and never two."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.factories.people import NOON, OrganisationFactory, PersonFactory, RoleGrantFactory, operator, viewer_of
from tests.factories.published import FEW, publication, published
from upskill import tasks
from upskill.core.models import OutboxMail
from upskill.core.rules import NotThere
from upskill.people import services as people
from upskill.people.models import RoleGrant
from upskill.people.roles import Role
from upskill.reports import saved_views
from upskill.reports.models import SavedView
from upskill.reports.saved_views import MOST, NameTaken, TooMany

LINK = "https://skills.example.gov.uk/manager/views/"
MONDAY, FIRST = dt.date(2026, 11, 30), dt.date(2026, 12, 1)  # NOON is on Monday 23 November 2026


def after(days: float) -> dt.datetime:
    return NOON + dt.timedelta(days=days)


def write(*, days: float) -> int:
    return saved_views.write_due(now=after(days), link=lambda view: LINK)


def save(owner, *, organisation, name="Gaps", query="", every="week"):
    return saved_views.keep(owner, name=name, organisation=organisation, query=query, every=every, now=NOON)


@pytest.fixture
def health():
    return OrganisationFactory(name="Health", code="health")


@pytest.fixture
def viewer(health):
    return viewer_of(health)


@pytest.fixture
def tonight(health):
    made = publication(skills=("fairness", "privacy"))
    published(
        made, health, people=410, fairness=(200, 100, 60, 40, 10, 300, 120), privacy=(390, FEW, 10, 10, FEW, 90, 20)
    )
    published(made, health, people=90, slice_=("grade", "EO"), fairness=(40, 20, 20, FEW, FEW, 60, 30))


# --- keeping ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_view_is_saved_changed_and_deleted_by_its_owner_and_the_trail_says_so(viewer, health, audit_trail):
    view = save(viewer, organisation=health, query="skill=fairness", every="")
    saved_views.change(view, name="Fair", every="month", by=viewer, now=NOON)
    kept = SavedView.objects.values_list("owner", "organisation", "name", "query", "every", "next_on").get()
    saved_views.throw_away(view, by=viewer, now=NOON)

    assert kept == (viewer.pk, health.pk, "Fair", "skill=fairness", "month", FIRST)
    assert not SavedView.objects.exists()
    assert audit_trail() == [(f"saved_view.{did}", viewer, {}) for did in ("saved", "changed", "deleted")]


@pytest.mark.django_db
def test_view_of_figures_that_somebody_does_not_see_is_not_saved(health):
    for person in (PersonFactory(), viewer_of(OrganisationFactory())):
        with pytest.raises(NotThere):
            save(person, organisation=health)

    assert not SavedView.objects.exists()


@pytest.mark.django_db
def test_name_is_once_for_each_person(viewer, health):
    view = save(viewer, organisation=health)
    other = save(viewer, organisation=health, name="Other")
    save(viewer_of(health), organisation=health)

    with pytest.raises(NameTaken):
        save(viewer, organisation=health)
    with pytest.raises(NameTaken):
        saved_views.change(other, name="Gaps", every="", by=viewer, now=NOON)
    saved_views.change(view, name="Gaps", every="", by=viewer, now=NOON)


@pytest.mark.django_db
def test_nobody_has_more_views_than_can_be_overseen(viewer, health):
    for number in range(MOST):
        save(viewer, organisation=health, name=f"View {number}")

    with pytest.raises(TooMany):
        save(viewer, organisation=health)


@pytest.mark.django_db
def test_days_of_mail_are_mondays_and_the_first_of_months():
    days = [saved_views.next_day(every, after=day) for every, day in
            (("week", NOON.date()), ("week", dt.date(2026, 11, 29)), ("month", NOON.date()),
             ("month", dt.date(2026, 12, 31)), ("month", dt.date(2027, 1, 31)), ("", NOON.date()))]  # fmt: skip

    assert days == [MONDAY, MONDAY, FIRST, dt.date(2027, 1, 1), dt.date(2027, 2, 1), None]


# --- mail ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mail_has_one_sentence_and_a_link(viewer, health, tonight):
    save(viewer, organisation=health)

    assert [write(days=6), write(days=7), write(days=7)] == [0, 1, 0]

    mail = OutboxMail.objects.get()
    assert (mail.to, mail.subject) == (viewer, "Gaps")
    assert mail.body == (
        "Gaps\n\n"
        "About 120 of the 300 people whose role asks for Fairness are below the level it asks for.\n\n"
        f"Sign in to see the figures, and to have them as a file: {LINK}\n\n"
        "You get this mail each Monday, because you asked for it. To stop it, open your saved views and change this "
        "one.\n"
    )
    assert SavedView.objects.get().next_on == MONDAY + dt.timedelta(days=7)


@pytest.mark.django_db
def test_mail_says_what_its_view_shows(viewer, health, tonight):
    save(viewer, organisation=health, name="One skill", query="skill=privacy")
    save(viewer, organisation=health, name="One grade", query="people=grade%3AEO")

    write(days=7)

    bodies = dict(OutboxMail.objects.values_list("subject", "body"))
    assert "About 20 of the 90 people whose role asks for Privacy" in bodies["One skill"]
    assert "About 30 of the 60 people whose role asks for Fairness" in bodies["One grade"]


@pytest.mark.django_db
def test_mail_waits_for_the_first_figures(viewer, health):
    save(viewer, organisation=health)

    assert (write(days=7), OutboxMail.objects.count()) == (0, 0)
    assert SavedView.objects.get().next_on == MONDAY + dt.timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize("small", ["organisation", "slice"])
def test_mail_says_where_too_few_people_are_left_to_show_figures_of(viewer, health, tonight, small):
    part = OrganisationFactory(parent=health)
    place, query = (part, "") if small == "organisation" else (health, "people=grade%3ASCS")
    save(viewer, organisation=place, query=query)

    assert write(days=7) == 1

    assert "\n\nThere are too few people to show figures.\n\n" in OutboxMail.objects.get().body
    assert SavedView.objects.get().next_on == MONDAY + dt.timedelta(days=7)


@pytest.mark.django_db
@pytest.mark.parametrize("lost", ["role ended", "moved to another scope", "organisation ended"])
def test_mail_stops_and_its_owner_is_told_where_they_no_longer_see_the_figures(
    viewer, health, tonight, lost, audit_trail
):
    view = save(viewer, organisation=health)
    if lost == "organisation ended":
        health.valid_to = MONDAY
        health.save()
    else:
        RoleGrant.objects.update(ended_at=NOON)
    if lost == "moved to another scope":
        RoleGrantFactory(person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory())

    assert [write(days=7), write(days=14)] == [1, 0]

    view.refresh_from_db()
    mail = OutboxMail.objects.get()
    assert (view.every, view.next_on, mail.subject) == ("", None, "A saved view has ended")
    assert "120" not in mail.body
    assert audit_trail()[-1] == ("saved_view.stopped", None, {})


@pytest.mark.django_db
def test_nobody_who_left_is_written_to(viewer, health, tonight):
    save(viewer, organisation=health)
    people.suspend(viewer, by=operator(), now=NOON)

    assert (write(days=7), OutboxMail.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_whoever_dies_on_the_way_has_written_both_the_mail_and_the_next_day_or_nothing(viewer, health, tonight):
    save(viewer, organisation=health)

    def die(view: SavedView) -> str:
        raise SystemExit

    with pytest.raises(SystemExit):
        saved_views.write_due(now=after(7), link=die)
    first = (OutboxMail.objects.count(), SavedView.objects.get().next_on)

    assert (first, write(days=7), OutboxMail.objects.count()) == ((0, MONDAY), 1, 1)


@pytest.mark.django_db(transaction=True)
def test_several_at_once_write_one_mail_each(viewer, health, tonight):
    for number in range(6):
        save(viewer, organisation=health, name=f"View {number}")
    together = threading.Barrier(3)

    def run(_number: int) -> int:
        together.wait()
        try:
            return write(days=7)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        written = list(threads.map(run, range(3)))

    assert (sum(written), OutboxMail.objects.count()) == (6, 6)


@pytest.mark.django_db
def test_task_writes_the_address_of_the_view(viewer, health, tonight, settings):
    settings.SERVICE_ADDRESS = "https://skills.example.gov.uk"
    view = save(viewer, organisation=health)
    SavedView.objects.update(next_on=NOON.date())

    tasks.write_saved_views()

    assert f"{settings.SERVICE_ADDRESS}/manager/views/{view.public_id}/" in OutboxMail.objects.get().body
