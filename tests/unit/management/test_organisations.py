"""Departments split, merge and move by commands; what cannot be is refused, and changes nothing."""

import datetime as dt

import pytest
from django.core.management import CommandError

from tests.factories.people import FIRST_DAY, MembershipFactory, OrganisationFactory, PersonFactory
from tests.unit.management.commands import run
from upskill.core.models import AuditEntry
from upskill.people.models import Membership, Organisation

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)


def places() -> dict[str, str]:
    """Code -> path, of what is not closed."""
    return dict(Organisation.objects.filter(valid_to=None).order_by("path").values_list("code", "path"))


def test_department_is_split_with_people_and_parts_where_they_are_told(tmp_path):
    beis = OrganisationFactory(code="beis", name="BEIS")
    for code in ("energy", "trade"):
        OrganisationFactory(code=code, parent=beis)
    ada, bea = (
        MembershipFactory(organisation=beis, person=PersonFactory(staff_number=number)).person for number in ("1", "2")
    )
    file = tmp_path / "people.csv"
    file.write_text("\ufeff2, DBT\n\n")

    said = run(
        "split_organisation", "beis", "--into", "DESNZ", "Energy and Net Zero", "--into", "dbt", "Business and Trade",
        "--part", "trade", "dbt", "--people", str(file), "--on", DAY.isoformat(),
    )  # fmt: skip

    assert said == ["BEIS is split into Energy and Net Zero, Business and Trade."]
    assert places() == {"desnz": "desnz/", "energy": "desnz/energy/", "dbt": "dbt/", "trade": "dbt/trade/"}
    posts = Membership.objects.order_by("person", "valid_from").values_list("person", "organisation__code", "valid_to")
    assert list(posts) == [
        (ada.pk, "beis", DAY), (ada.pk, "desnz", None), (bea.pk, "beis", DAY), (bea.pk, "dbt", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--into", "a", "A", "--part", "nowhere", "a"], "BEIS has nobody and no part called nowhere"),
        (["--into", "a", "A", "--part", "energy", "b"], "No --into has the code b"),
        (["--into", "a", "A", "--into", "A", "B"], "a is named twice"),
        (["--into", "energy", "Energy"], "organisation with the code energy already"),
        (["--into", "a", "A", "--on", FIRST_DAY.isoformat()], "Choose a day after"),
        (["--into", "a", "A", "--people", "9,a\n"], "BEIS has nobody and no part called 9"),
        (["--into", "a", "A", "--people", "1\n"], "Give a staff number and a code on each line, not: 1"),
        (["--into", "a", "A", "--people", "1,a\n1,a\n"], "1 is named twice"),
    ],
)
def test_split_that_cannot_be_is_refused_and_changes_nothing(tmp_path, told, said):
    beis = OrganisationFactory(code="beis", name="BEIS")
    OrganisationFactory(code="energy", parent=beis)
    MembershipFactory(organisation=beis, person=PersonFactory(staff_number="1"))
    PersonFactory(staff_number="9")
    if "--people" in told:
        (tmp_path / "people.csv").write_text(told[-1])
        told = [*told[:-1], str(tmp_path / "people.csv")]

    with pytest.raises(CommandError, match=said):
        run("split_organisation", "beis", *told)

    assert (places(), AuditEntry.objects.count()) == ({"beis": "beis/", "energy": "beis/energy/"}, 0)


def test_departments_merge_into_another_one_and_what_is_closed_cannot():
    into, *_both = (OrganisationFactory(code=code, name=code.upper()) for code in ("dbt", "beis", "dit"))
    told = ["merge_organisations", "beis", "dit", "--into", into.code, "--on", DAY.isoformat()]

    assert run(*told) == ["BEIS, DIT: closed. Their work goes on in DBT."]
    with pytest.raises(CommandError, match="There is no organisation beis"):
        run(*told)
    with pytest.raises(CommandError, match="DBT cannot take over from DBT"):
        run("merge_organisations", "dbt", "--into", "dbt", "--on", DAY.isoformat())

    assert places() == {"dbt": "dbt/"}


def test_agency_changes_department_or_becomes_one_of_its_own():
    old, _new = (OrganisationFactory(code=code) for code in ("old", "new"))
    agency = OrganisationFactory(code="agency", name="Agency", parent=old)
    OrganisationFactory(code="team", parent=agency)

    assert run("move_organisation", "agency", "--parent", "new") == ["Agency: new/agency/"]
    assert places()["team"] == "new/agency/team/"
    with pytest.raises(CommandError, match="Agency cannot move below itself"):
        run("move_organisation", "agency", "--parent", "team")
    assert run("move_organisation", "agency", "--top") == ["Agency: agency/"]
    with pytest.raises(CommandError, match="one of the arguments --parent --top is required"):
        run("move_organisation", "agency")
