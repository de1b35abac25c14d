"""One's own account: what is kept, what somebody may do, and the ways to the rest."""

import pytest

from tests.factories.catalogue import CourseVersionFactory
from tests.factories.people import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
)
from tests.web.learner.pages import links, listed, main, words
from upskill.people.roles import Role

pytestmark = pytest.mark.django_db


def facts(page) -> dict[str, str]:
    keys, values = listed(page, css="govuk-summary-list__key"), listed(page, css="govuk-summary-list__value")
    return dict(zip(keys, values, strict=True))


def test_account_shows_what_is_kept_with_the_way_from_team_to_department(signed_in):
    whole = OrganisationFactory(name="Work and Pensions", code="dwp")
    team = OrganisationFactory(name="Referral reviews", parent=whole)
    alice = PersonFactory(full_name="Alice Learner", email="alice@example.gov.uk")
    MembershipFactory(
        person=alice, organisation=team, line_manager=PersonFactory(full_name="Mary"), grade="HEO",
        profession="Policy", job_title="Caseworker",
    )  # fmt: skip

    assert facts(signed_in(alice).get("/account/")) == {
        "Name": "Alice Learner",
        "Email address": "alice@example.gov.uk",
        "Where you work": "Referral reviews, Work and Pensions",
        "Line manager": "Mary",
        "Job title": "Caseworker",
        "Grade": "HEO",
        "Profession": "Policy",
    }


def test_what_is_not_on_record_is_said_in_words(signed_in):
    page = signed_in(PersonFactory(full_name="Bob", email=None)).get("/account/")

    assert facts(page) == {
        "Name": "Bob",
        "Email address": "not on record",
        "Where you work": "not on record",
        "Line manager": "not on record",
        "Grade": "not on record",
        "Profession": "not on record",
    }


def test_roles_are_said_in_words(signed_in):
    CourseVersionFactory(title="Ethics", course__id="ethics")
    tess = PersonFactory()
    MembershipFactory(line_manager=tess)
    RoleGrantFactory(person=tess, role=Role.TRAINER, course="ethics")
    RoleGrantFactory(person=tess, role=Role.TRAINER, course="no-longer-there")
    RoleGrantFactory(person=tess, role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory(name="Work"))
    RoleGrantFactory(person=tess, role=Role.OPERATOR)

    page = words(main(signed_in(tess).get("/account/")))
    assert (
        "Your roles Learner Trainer of Ethics Trainer of no-longer-there Line manager of 1 person "
        "Department viewer of Work, in counts without names Operator of this service"
    ) in page


def test_account_leads_to_the_trail_and_to_no_page_that_is_not_there(signed_in):
    client = signed_in(PersonFactory())

    found = [url for url, _words in links(client.get("/account/"))]

    assert {"/account/trail/", "/skills/", "/privacy/"} <= set(found)
    assert [url for url in found if client.get(url).status_code != 200] == []


def test_name_in_the_header_leads_to_the_account(signed_in):
    page = signed_in(PersonFactory(full_name="Alice")).get("/skills/").content.decode()

    words_for_all = '<span class="govuk-visually-hidden">Your account: </span>Alice'
    assert f'<a class="app-account__link" href="/account/">{words_for_all}</a>' in page


@pytest.mark.parametrize("grants", [1, 3])
def test_account_costs_the_same_with_one_role_and_with_three(signed_in, django_assert_num_queries, grants):
    tess = PersonFactory()
    for number in range(grants):
        RoleGrantFactory(person=tess, role=Role.TRAINER, course=f"course-{number}")
    MembershipFactory(person=tess)
    client = signed_in(tess)

    with django_assert_num_queries(6):
        client.get("/account/")


def test_account_is_for_people_who_are_signed_in(client):
    assert client.get("/account/").url == "/sign-in/?next=/account/"
