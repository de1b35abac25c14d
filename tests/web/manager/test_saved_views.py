"""One's own saved views: list, save, change, delete; nobody else's."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.people import NOON, OrganisationFactory, PersonFactory, viewer_of
from tests.factories.published import publication, published
from tests.web.learner.pages import errors, links, words
from upskill.people.models import Organisation, RoleGrant
from upskill.reports.models import SavedView

pytestmark = pytest.mark.django_db


@pytest.fixture
def health():
    return OrganisationFactory(name="Health", code="health")


@pytest.fixture
def viewer(health):
    made = publication()
    published(made, health, people=410, fairness=(200, 100, 60, 40, 10, 300, 120))
    published(made, health, people=90, slice_=("grade", "EO"))
    return viewer_of(health)


def view_of(viewer, health, *, name="Gaps", query=""):
    return SavedView.objects.create(owner=viewer, name=name, organisation=health, query=query, made_at=NOON)


def test_view_is_saved_from_its_page_and_leads_back_there(signed_in, viewer, health):
    client = signed_in(viewer)
    address = "/manager/departments/health/save/?skill=fairness&people=grade%3AEO"

    page = client.get(address)
    answer = client.post(address, {"name": " Fair  grades ", "every": "week"})

    view = SavedView.objects.get()
    assert "It shows: Health, Fairness, Grade EO." in words(page)
    assert (answer.status_code, answer.url) == (302, "/manager/views/")
    assert (view.name, view.query, view.every) == ("Fair grades", "skill=fairness&people=grade%3AEO", "week")
    opened = client.get(f"/manager/views/{view.public_id}/")
    assert opened.url == "/manager/departments/health/compare/?skill=fairness&people=grade%3AEO"
    assert (f"/manager/views/{view.public_id}/", "Fair grades") in links(client.get("/manager/views/"))


def test_view_by_grade_opens_by_grade(signed_in, viewer):
    client = signed_in(viewer)
    address = "/manager/departments/health/save/?skill=fairness&by=grade"

    page = client.get(address)
    client.post(address, {"name": "Fair grades", "every": ""})

    opened = client.get(f"/manager/views/{SavedView.objects.get().public_id}/")
    assert "It shows: Health, Fairness, By grade." in words(page)
    assert opened.url == "/manager/departments/health/compare/?skill=fairness&by=grade"


@pytest.mark.parametrize("more", ["skill=x&by=grade", "by=grade", "people=grade:SCS"])
def test_view_keeps_nothing_of_an_address_but_what_is_known(signed_in, viewer, more):
    address = f"/manager/departments/health/save/?{more}&next=//evil.example"
    signed_in(viewer).post(address, {"name": "Gaps", "every": ""})

    view = SavedView.objects.get()
    assert (view.query, view.every, view.next_on) == ("", "", None)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "", "every": ""}, "Enter a name"),
        ({"name": "Gaps", "every": ""}, "You have a saved view with this name. Give another one."),
        ({"name": "New", "every": "day"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(signed_in, viewer, health, data, said):
    view_of(viewer, health)

    page = signed_in(viewer).post("/manager/departments/health/save/", data)

    assert page.status_code == 422
    assert said in words(page)
    assert SavedView.objects.count() == 1


def test_view_is_changed_and_deleted(signed_in, viewer, health):
    view, client = view_of(viewer, health), signed_in(viewer)

    client.post(f"/manager/views/{view.public_id}/change/", {"name": "Other", "every": "month"})
    changed = list(SavedView.objects.values_list("name", "every"))
    asked = client.get(f"/manager/views/{view.public_id}/delete/")
    client.post(f"/manager/views/{view.public_id}/delete/")

    assert changed == [("Other", "month")]
    assert "Do you want to delete the saved view “Other”?" in words(asked)
    assert SavedView.objects.count() == 0


def test_views_of_others_are_not_there(signed_in, viewer, health):
    view, other = view_of(viewer, health, name="Marker"), signed_in(viewer_of(health))

    asked = [other.get(f"/manager/views/{view.public_id}/{path}").status_code for path in ("", "change/", "delete/")]
    sent = [other.post(f"/manager/views/{view.public_id}/{path}", {"name": "x"}).status_code
            for path in ("change/", "delete/")]  # fmt: skip

    assert asked + sent == [404] * 5
    assert "Marker" not in other.get("/manager/views/").content.decode()
    assert SavedView.objects.get() == view


def test_whoever_no_longer_sees_figures_still_has_their_list_and_can_delete(signed_in, viewer, health):
    view, client = view_of(viewer, health), signed_in(viewer)
    RoleGrant.objects.update(ended_at=NOON)

    page = client.get("/manager/views/")
    client.post(f"/manager/views/{view.public_id}/delete/")

    assert "Gaps" in words(page)
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize("lost", ["role ended", "organisation ended"])
def test_view_whose_figures_its_owner_no_longer_sees_says_so_in_their_list(signed_in, viewer, health, lost):
    view, client = view_of(viewer, health), signed_in(viewer)
    if lost == "role ended":
        RoleGrant.objects.update(ended_at=NOON)
    else:
        Organisation.objects.update(valid_to=timezone.localdate())

    page = client.get(f"/manager/views/{view.public_id}/", follow=True)

    assert page.redirect_chain == [("/manager/views/", 302)]
    assert "You no longer see the figures of this view. Delete it, or ask for access." in words(page)


def test_mail_about_figures_that_its_owner_no_longer_sees_is_refused_beside_the_choice(signed_in, viewer, health):
    view, client = view_of(viewer, health), signed_in(viewer)
    RoleGrant.objects.update(ended_at=NOON)

    page = client.post(f"/manager/views/{view.public_id}/change/", {"name": "Gaps", "every": "week"})

    assert (page.status_code, errors(page)) == (422, [("id_every_0", "You do not see figures of this organisation")])
    assert SavedView.objects.get().every == ""


def test_list_of_nothing_says_how_to_begin(signed_in):
    assert "You have saved no view yet." in words(signed_in(PersonFactory()).get("/manager/views/"))


def test_list_costs_the_same_with_one_view_and_with_three(signed_in, viewer, health, django_assert_num_queries):
    client = signed_in(viewer)
    for views in (1, 2):
        for number in range(views):
            view_of(viewer, health, name=f"View {views} {number}")
        client.get("/manager/views/")
        with django_assert_num_queries(5):
            client.get("/manager/views/")


def test_next_mail_is_said(signed_in, viewer, health):
    view = view_of(viewer, health)
    SavedView.objects.filter(pk=view.pk).update(every="week", next_on=dt.date(2026, 11, 30))

    assert "30 November 2026" in words(signed_in(viewer).get("/manager/views/"))
