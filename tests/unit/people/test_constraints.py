"""What the tables of people refuse, whoever asks."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F

from tests.factories.people import (
    FIRST_DAY,
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.unit.refusing import refused_by
from upskill.people.models import Membership, Organisation, RoleGrant, SignInLink, User
from upskill.people.roles import Role

pytestmark = pytest.mark.django_db

A_YEAR_LATER = FIRST_DAY.replace(year=2027)


# --- User ---


def test_person_has_a_name():
    with refused_by("user_has_name"):
        PersonFactory(full_name="")


def test_person_has_an_address_of_their_own():
    PersonFactory(email="alice@example.gov.uk")

    with refused_by("people_user_email"):
        PersonFactory(email="alice@example.gov.uk")


@pytest.mark.parametrize("address", ["Alice@example.gov.uk", "alice@EXAMPLE.gov.uk", "ÄNNE@example.gov.uk"])
def test_address_is_kept_in_small_letters_so_that_it_cannot_be_taken_twice(address):
    with refused_by("user_email_in_small_letters"):
        PersonFactory(email=address)


def test_address_is_missing_or_there_but_never_empty():
    with refused_by("user_email_not_empty"):
        PersonFactory(email="")


def test_many_erased_people_have_no_address():
    PersonFactory.create_batch(2, email=None)

    assert User.objects.filter(email=None).count() == 2


def test_public_id_is_given_by_the_database_and_is_nobody_elses():
    alice, bob = PersonFactory(), PersonFactory()
    alice.refresh_from_db()

    with refused_by("people_user_public_id"):
        User.objects.filter(pk=bob.pk).update(public_id=alice.public_id)


# --- Organisation ---


def test_organisation_has_a_code_of_its_own():
    OrganisationFactory(code="dwp")

    with refused_by("people_organisation_code"):
        OrganisationFactory(code="dwp", path="x/dwp/")


@pytest.mark.parametrize("path", ["", "dwp", "/dwp", "dwp/x/"])
def test_path_ends_with_the_code(path):
    with refused_by("organisation_path_ends_with_code"):
        OrganisationFactory(code="dwp", path=path)


def test_path_of_a_root_is_its_code_alone():
    with refused_by("does not lead to it"):
        OrganisationFactory(code="dwp", path="somewhere/dwp/")


def test_path_leads_through_the_parent():
    parent = OrganisationFactory(code="dwp")

    with refused_by("does not lead to it"):
        OrganisationFactory(code="fraud", parent=parent, path="hmrc/fraud/")


def test_path_cannot_pretend_that_a_similar_code_is_the_parent():
    parent = OrganisationFactory(code="dwp")

    with refused_by("does not lead to it"):
        OrganisationFactory(code="p", parent=parent, path="dwp/dwp/")


def test_parent_cannot_move_and_leave_the_paths_of_its_parts_behind():
    department, other = OrganisationFactory(code="dwp"), OrganisationFactory(code="hmrc")
    directorate = OrganisationFactory(code="fraud", parent=department)
    OrganisationFactory(code="reviews", parent=directorate)

    with refused_by("does not lead to it"):
        Organisation.objects.filter(pk=directorate.pk).update(parent=other, path="hmrc/fraud/")

    assert sorted(Organisation.objects.values_list("path", flat=True)) == [
        "dwp/", "dwp/fraud/", "dwp/fraud/reviews/", "hmrc/",
    ]  # fmt: skip


def test_organisation_cannot_be_its_own_parent():
    department = OrganisationFactory(code="dwp")

    with refused_by("does not lead to it"):
        Organisation.objects.filter(pk=department.pk).update(parent=department)


@pytest.mark.parametrize("last", [FIRST_DAY, FIRST_DAY - dt.timedelta(days=1)])
def test_organisation_exists_for_a_day_at_least(last):
    with refused_by("organisation_valid_range"):
        OrganisationFactory(valid_from=FIRST_DAY, valid_to=last)


def test_organisation_with_people_cannot_be_deleted():
    membership = MembershipFactory()

    with pytest.raises(Exception, match="protected foreign keys"):
        membership.organisation.delete()

    assert Organisation.objects.get() == membership.organisation


# --- Membership ---


def test_person_works_in_one_place_at_a_time():
    alice = MembershipFactory().person

    with refused_by("membership_one_main"):
        MembershipFactory(person=alice)


def test_person_may_have_worked_in_many_places():
    alice = PersonFactory()
    MembershipFactory(person=alice, valid_to=A_YEAR_LATER)
    MembershipFactory(person=alice, valid_to=A_YEAR_LATER, is_main=False)

    MembershipFactory(person=alice, valid_from=A_YEAR_LATER)

    assert alice.memberships.count() == 3


@pytest.mark.parametrize("day", [FIRST_DAY, A_YEAR_LATER - dt.timedelta(days=1)])
def test_two_main_posts_of_a_person_never_overlap(day):
    alice = MembershipFactory(valid_to=A_YEAR_LATER).person

    with refused_by("Two main posts"):
        MembershipFactory(person=alice, valid_from=day)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("last", [FIRST_DAY, FIRST_DAY - dt.timedelta(days=1)])
def test_membership_lasts_for_a_day_at_least(last):
    with refused_by("membership_valid_range"):
        MembershipFactory(valid_to=last)


def test_nobody_is_their_own_line_manager():
    alice = PersonFactory()

    with refused_by("membership_not_own_manager"):
        MembershipFactory(person=alice, line_manager=alice)


def test_membership_is_history_and_cannot_be_deleted():
    membership = MembershipFactory(valid_to=A_YEAR_LATER)

    with refused_by("Cannot delete rows from people_membership table"):
        membership.delete()

    assert Membership.objects.get() == membership


# --- RoleGrant ---


@pytest.mark.parametrize(
    ("role", "course", "has_organisation"),
    [
        (Role.TRAINER, "", False),
        (Role.TRAINER, "", True),
        (Role.TRAINER, "ethics", True),
        (Role.DEPARTMENT_VIEWER, "", False),
        (Role.DEPARTMENT_VIEWER, "ethics", False),
        (Role.DEPARTMENT_VIEWER, "ethics", True),
        (Role.OPERATOR, "ethics", False),
        (Role.OPERATOR, "", True),
        ("emperor", "", False),
        ("", "", False),
    ],
)
def test_role_has_the_scope_that_it_needs_and_no_other(role, course, has_organisation):
    organisation = OrganisationFactory() if has_organisation else None

    with refused_by("role_grant_scope_fits_role"):
        RoleGrantFactory(role=role, course=course, organisation=organisation)


@pytest.mark.parametrize(
    ("give", "scope"),
    [
        (lambda unit, **who: trainer_of("ethics", **who), "ethics"),
        (lambda unit, **who: viewer_of(unit, **who), "unit"),
        (lambda unit, **who: operator(**who), "all"),
    ],
)
def test_role_is_held_once_at_a_time(give, scope):
    alice, unit = PersonFactory(), OrganisationFactory()
    give(unit, person=alice)

    with refused_by("role_grant_once"):
        give(unit, person=alice)


def test_role_that_ended_may_be_given_again():
    alice = PersonFactory()
    trainer_of("ethics", person=alice, ended_at=NOON)

    trainer_of("ethics", person=alice)

    assert alice.role_grants.count() == 2


def test_role_grant_is_history_and_cannot_be_deleted():
    operator()

    with refused_by("Cannot delete rows from people_rolegrant table"):
        RoleGrant.objects.all()._raw_delete("default")

    assert RoleGrant.objects.count() == 1


# --- SignInLink ---


def link(**fields) -> SignInLink:
    """A link that was mailed and can be used."""
    usual = {
        "person": PersonFactory(),
        "email_digest": "e" * 64,
        "place_digest": "p" * 64,
        "token_digest": "t" * 64,
        "requested_at": NOON,
        "expires_at": NOON + dt.timedelta(minutes=30),
    }
    return SignInLink.objects.create(**{**usual, **fields})


def test_link_lasts_for_some_time():
    with refused_by("sign_in_link_lasts"):
        link(expires_at=NOON)


def test_link_without_a_person_has_no_token():
    with refused_by("sign_in_link_is_somebodys"):
        link(person=None)


def test_request_without_a_person_may_be_noted():
    assert link(person=None, token_digest=None).token_digest is None


def test_link_that_was_never_mailed_cannot_have_been_used():
    with refused_by("sign_in_link_used_after_mailed"):
        link(token_digest=None, used_at=NOON)


def test_token_opens_one_link():
    link()

    with refused_by("people_signinlink_token_digest"):
        link()


def test_many_requests_wait_for_a_token():
    link(token_digest=None)
    link(token_digest=None)

    assert SignInLink.objects.filter(token_digest=None).update(tries=F("tries") + 1) == 2
