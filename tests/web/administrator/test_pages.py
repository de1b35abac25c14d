"""An administrator keeps the staff records of an organisation: finds, moves, ends, adds, splits, grants, imports."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories.people import (
    FIRST_DAY,
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
)
from tests.unit.people.imports.files import as_csv, row
from tests.web.learner.pages import errors, links, listed, main, words
from upskill import tasks
from upskill.core.models import AuditEntry
from upskill.people.imports import giving
from upskill.people.models import Organisation, PeopleImport, RoleGrant, User
from upskill.people.roles import Role
from upskill.skills import frameworks, roles

pytestmark = pytest.mark.django_db
SAID = "govuk-notification-banner__heading"


@pytest.fixture
def dep():
    department = OrganisationFactory(code="dep", name="Department")
    OrganisationFactory(code="team", name="Team", parent=department)
    return department


@pytest.fixture
def ada(dep):
    """The administrator."""
    return RoleGrantFactory(person__full_name="Ada", role=Role.DEPARTMENT_ADMIN, organisation=dep).person


@pytest.fixture
def alice(dep):
    team = Organisation.objects.get(code="team")
    return MembershipFactory(
        organisation=team, person__full_name="Alice <b>", person__staff_number="s1", grade="EO"
    ).person


def test_people_are_found_by_name_or_staff_number_here_and_below_and_nowhere_else(signed_in, ada, alice):
    MembershipFactory(person__full_name="Alice Elsewhere", person__staff_number="s2")
    client = signed_in(ada)

    found = [words(main(client.get(f"/administrator/organisations/dep/?q={q}"))) for q in ("alice", "s1", "s2", "%00")]

    assert [("Alice <b>" in page, "Elsewhere" in page) for page in found] == [
        (True, False), (True, False), (False, False), (False, False),
    ]  # fmt: skip
    assert client.get("/administrator/", follow=True).redirect_chain == [("/administrator/organisations/dep/", 302)]


def test_person_is_moved_from_a_past_day_and_reads_in_their_trail_who_did_it(signed_in, ada, alice):
    mary = MembershipFactory(
        organisation=Organisation.objects.get(code="dep"), person__email="mary@example.gov.uk"
    ).person
    form = {"organisation": "dep", "from_on": "1/3/2026", "line_manager": "mary@example.gov.uk", "grade": "HEO"}

    page = signed_in(ada).post(f"/administrator/people/{alice.public_id}/move/", form, follow=True)

    assert listed(page, css=SAID) == ["Saved."]
    posts = alice.memberships.order_by("valid_from").values_list(
        "organisation__code", "line_manager", "grade", "valid_to"
    )
    assert list(posts) == [("team", None, "EO", dt.date(2026, 3, 1)), ("dep", mary.pk, "HEO", None)]
    seen = AuditEntry.objects.filter(about=alice).order_by("pk").values_list("event", "by")
    assert list(seen) == [("person.placed", ada.pk), ("staff_record.viewed", ada.pk)]
    trail = words(main(signed_in(alice).get("/account/trail/?show=everything")))
    assert "Ada opened your staff record, as an administrator of your organisation." in trail


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"organisation": "elsewhere", "from_on": "1/3/2026"}, "None of your organisations has this code"),
        ({"organisation": "dep", "from_on": "31/2/2026"}, "Enter a day such as 27/11/2026, at most a year ahead"),
        ({"organisation": "dep", "from_on": "1/3/2026", "line_manager": "s9"},
         "Nobody in your organisation has this staff number or e-mail address"),
        ({"organisation": "dep", "from_on": "1/3/2026", "role": "king"},
         "Choose a role level from the list"),
        ({"organisation": "dep", "from_on": "1/3/2026", "line_manager": "s1"}, "Alice <b> is Alice <b>, or reports to"),
    ],
)  # fmt: skip
def test_move_that_cannot_be_is_explained_and_changes_nothing(signed_in, ada, alice, form, sentence):
    elsewhere = OrganisationFactory(code="elsewhere")
    MembershipFactory(organisation=elsewhere, person__staff_number="s9")

    page = signed_in(ada).post(f"/administrator/people/{alice.public_id}/move/", form)

    assert (page.status_code, alice.memberships.count()) == (422, 1)
    assert sentence in words(main(page))


def test_nobody_makes_themselves_a_line_manager_and_whoever_is_one_keeps_their_report(signed_in, ada, alice):
    team = Organisation.objects.get(code="team")
    MembershipFactory(person=ada, organisation=team)
    User.objects.filter(pk=ada.pk).update(staff_number="a1")
    client, sentence = signed_in(ada), "You would become a line manager yourself"
    to = f"/administrator/people/{alice.public_id}"
    moved = {"organisation": "dep", "from_on": "1/3/2026", "line_manager": "a1"}

    refused = [client.post(f"{to}/{page}/", moved) for page in ("move", "line-manager")]
    before = alice.memberships.count()
    alice.memberships.update(line_manager=ada)
    kept = client.post(f"{to}/move/", moved)

    assert [(page.status_code, sentence in words(main(page))) for page in refused] == [(422, True)] * 2
    assert (before, kept.status_code, alice.memberships.count()) == (1, 302, 2)


def test_days_that_somebody_spent_elsewhere_are_not_an_administrators_to_write(signed_in, ada, alice):
    elsewhere = OrganisationFactory(code="elsewhere")
    alice.memberships.update(valid_from=dt.date(2026, 6, 1))
    MembershipFactory(person=alice, organisation=elsewhere, valid_to=dt.date(2026, 6, 1))
    further = MembershipFactory(person=alice, organisation=OrganisationFactory(), is_main=False)
    client, sentence = signed_in(ada), "They work outside your organisation then. Choose another day"
    forms = {"move": {"organisation": "dep", "from_on": "1/3/2026"}, "line-manager": {"from_on": "1/3/2026"},
             "leave": {"on": "1/3/2026"}, "posts/add": {"organisation": "dep", "from_on": "1/3/2026"},
             f"posts/{further.pk}/end": {"on": "1/3/2026"}}  # fmt: skip
    held = list(alice.memberships.order_by("pk").values())

    pages = [client.post(f"/administrator/people/{alice.public_id}/{name}/", form) for name, form in forms.items()]

    assert [(page.status_code, sentence in words(main(page))) for page in pages] == [(422, True)] * 5
    assert list(alice.memberships.order_by("pk").values()) == held
    page = client.post(f"/administrator/people/{alice.public_id}/leave/", {"on": "1/6/2026"})
    alice.refresh_from_db()
    assert (page.status_code, alice.is_active) == (302, False)


def test_what_a_post_says_already_stays_a_choice_though_nobody_new_could_have_it(signed_in, ada, alice, dep):
    """A line manager from elsewhere, a role that has ended, and a head who has left."""
    mona = MembershipFactory(person__staff_number="m1").person
    level = roles.add_level(roles.add_role(dep, name="Clerk", by=None, now=NOON), name="Chief clerk", by=None, now=NOON)
    roles.end_role(level.role, by=None, now=NOON)
    alice.memberships.update(line_manager=mona, role=level.code)
    Organisation.objects.filter(code="team").update(
        head=MembershipFactory(organisation=dep, person__staff_number="h1", person__is_active=False).person
    )
    client, move = signed_in(ada), f"/administrator/people/{alice.public_id}/move/"

    offered = words(main(client.get(move)))
    moved = client.post(
        move,
        {"organisation": "team", "from_on": "1/3/2026", "line_manager": "m1", "grade": "SEO", "role": level.code},
        follow=True,
    )
    named = client.post("/administrator/organisations/team/change/", {"name": "New team", "head": "h1"}, follow=True)

    assert "Chief clerk" in offered
    assert [listed(page, css=SAID) for page in (moved, named)] == [["Saved."], ["Saved."]]
    post = alice.memberships.get(valid_to=None)
    assert (post.line_manager, post.grade, post.role) == (mona, "SEO", level.code)
    page = words(main(client.get(f"/administrator/people/{alice.public_id}/")))
    assert ("SEO, Chief clerk. Line manager" in page, level.code in page) == (True, False)


def test_role_level_and_persona_are_chosen_by_name_from_what_people_here_can_be_given(signed_in, ada, alice, dep):
    for organisation in (dep, OrganisationFactory(code="elsewhere")):
        role = roles.add_role(organisation, name="Clerk", by=None, now=NOON)
        roles.add_level(role, name=f"Clerk of {organisation.code}", by=None, now=NOON)
    frameworks.load_packaged(by=None, now=NOON)
    client, move = signed_in(ada), f"/administrator/people/{alice.public_id}/move/"

    offered = words(main(client.get(move)))
    form = {"organisation": "team", "from_on": "1/3/2026", "line_manager": "", "role": "dep-clerk-clerk-of-dep"}
    client.post(move, form | {"persona": "turing-ai-skills-business-ai-worker"})

    assert ("Clerk of dep" in offered, "Clerk of elsewhere" in offered) == (True, False)
    post = alice.memberships.get(valid_to=None)
    assert (post.role, post.persona) == ("dep-clerk-clerk-of-dep", "turing-ai-skills-business-ai-worker")


def test_split_closes_the_team_and_people_and_parts_go_where_they_are_told(signed_in, ada, alice):
    team = Organisation.objects.get(code="team")
    part = OrganisationFactory(code="part", parent=team)
    bob = MembershipFactory(organisation=team, person__staff_number="s2").person
    form = {"first_name": "One", "first_code": "one", "second_name": "Two", "second_code": "two", "people": "s2\r\n",
            "parts": [str(part.pk)], "on": f"{timezone.localdate():%d/%m/%Y}"}  # fmt: skip

    page = signed_in(ada).post("/administrator/organisations/team/split/", form, follow=True)

    assert listed(page, css=SAID) == ["Team is split."]
    part.refresh_from_db()
    now = {person: person.memberships.get(valid_to=None).organisation.code for person in (alice, bob)}
    assert (now, part.path) == ({alice: "one", bob: "two"}, "dep/two/part/")


def test_split_that_names_somebody_who_is_not_there_says_so_and_changes_nothing(signed_in, ada, alice):
    MembershipFactory(person__staff_number="s2", organisation=Organisation.objects.get(code="dep"))
    form = {"first_name": "One", "first_code": "one", "second_name": "Two", "second_code": "two",
            "people": "s1\ns2 s11\ns11", "on": f"{timezone.localdate():%d/%m/%Y}"}  # fmt: skip

    page = signed_in(ada).post("/administrator/organisations/team/split/", form)

    sentence = "Nobody in this organisation has these staff numbers: s2, s11. Correct or remove them."
    assert (page.status_code, sentence in words(main(page))) == (422, True)
    assert Organisation.objects.filter(code__in=("one", "two")).count() == 0


@pytest.mark.parametrize(("began", "sentence"), [(0, "Come back on a later day to end it"), (1, "Choose a day after")])
def test_part_is_not_closed_on_the_day_it_began_or_in_a_year(signed_in, ada, began, sentence):
    today = timezone.localdate()
    part = OrganisationFactory(
        code="part", parent=Organisation.objects.get(code="dep"), valid_from=today - dt.timedelta(days=began)
    )
    day = today + dt.timedelta(days=365 * began)

    page = signed_in(ada).post("/administrator/organisations/part/close/", {"on": f"{day:%d/%m/%Y}", "successor": ""})

    part.refresh_from_db()
    assert (page.status_code, part.valid_to, sentence in words(main(page))) == (422, None, True)


def test_access_is_given_to_somebody_inside_and_ended_again(signed_in, ada, alice):
    client = signed_in(ada)
    client.post("/administrator/organisations/team/roles/add/", {"person": "s1", "role": "department_viewer"})
    grant = RoleGrant.objects.get(person=alice)

    page = client.post(f"/administrator/roles/{grant.pk}/end/", follow=True)

    grant.refresh_from_db()
    assert grant.organisation
    assert (grant.role, grant.organisation.code, grant.ended_at is None) == ("department_viewer", "team", False)
    assert listed(page, css=SAID) == ["Alice <b> has access.", "The access of Alice <b> has ended."]


def test_ending_access_asks_first_and_says_whose_it_is(signed_in, ada, alice):
    own = RoleGrant.objects.get(person=ada)
    theirs = RoleGrantFactory(person=alice, role=Role.DEPARTMENT_VIEWER, organisation=own.organisation)
    client = signed_in(ada)

    asked = [words(main(client.get(f"/administrator/roles/{grant.pk}/end/"))) for grant in (own, theirs)]
    ended_before = RoleGrant.objects.exclude(ended_at=None).count()
    client.post(f"/administrator/roles/{own.pk}/end/")

    assert asked == [
        "End the access of Ada to Department This is your own access. Somebody else would have to give it to you"
        " again. End access",
        "End the access of Alice <b> to Department They see the figures of it and what is below it no more. End access",
    ]
    assert (ended_before, list(RoleGrant.objects.exclude(ended_at=None))) == (0, [own])


def test_further_post_is_added_and_ended_and_the_main_one_stays(signed_in, ada, alice):
    client, record = signed_in(ada), f"/administrator/people/{alice.public_id}/"
    form = {"organisation": "dep", "from_on": "1/3/2026", "line_manager": "", "job_title": "Adviser"}

    client.post(f"{record}posts/add/", form)
    post = alice.memberships.get(is_main=False)
    link = f"{record}posts/{post.pk}/end/"
    before = link in dict(links(client.get(record)))
    page = client.post(link, {"on": f"{timezone.localdate():%d/%m/%Y}"}, follow=True)

    posts = alice.memberships.order_by("valid_from").values_list("organisation__code", "is_main", "valid_to")
    assert list(posts) == [("team", True, None), ("dep", False, timezone.localdate())]
    assert (before, link in dict(links(page))) == (True, False)
    assert listed(page, css=SAID) == ["The post of Alice <b> in Department ends."]
    assert client.get(f"{record}posts/{alice.memberships.get(is_main=True).pk}/end/").status_code == 404


def test_whoever_left_is_not_moved_but_comes_back_with_a_file_and_the_page_says_so(signed_in, ada, alice):
    client, record = signed_in(ada), f"/administrator/people/{alice.public_id}/"
    client.post(f"{record}leave/", {"on": "1/3/2026"})
    form = {"organisation": "dep", "from_on": "1/4/2026", "line_manager": ""}

    page = client.post(f"{record}move/", form)

    sentence = "The account of Alice <b> is closed. To open it again, import a file with their row."
    assert (page.status_code, sentence in words(main(page)), alice.memberships.count()) == (422, True, 1)
    for place in (record, "/administrator/organisations/dep/"):
        assert ("/administrator/imports/", "import a file with their row") in links(client.get(place))


def test_nobody_ends_the_record_of_an_operator_or_gives_a_role_to_a_stranger(signed_in, ada, alice):
    RoleGrantFactory(person=alice, role=Role.OPERATOR)
    PersonFactory(email="stranger@example.gov.uk")
    client = signed_in(ada)

    refused = client.post(f"/administrator/people/{alice.public_id}/leave/", {"on": "1/3/2026"})
    page = client.post(
        "/administrator/organisations/dep/roles/add/", {"person": "stranger@example.gov.uk", "role": "department_admin"}
    )

    assert (refused.status_code, page.status_code, RoleGrant.objects.count()) == (403, 422, 2)
    assert errors(page) != []


# --- Imports ---


def given(client, content: bytes, **more) -> str:
    file = SimpleUploadedFile("staff <1>.csv", content)
    return client.post("/administrator/imports/", {"file": file, **more}, follow=True).request["PATH_INFO"]


def test_file_is_checked_shown_confirmed_and_carried_out_and_is_gone_then(signed_in, ada):
    client = signed_in(ada)
    hostile = row(1)
    hostile[1] = "</script><script>alert(1)</script>"

    page = given(client, as_csv(hostile, row(2, unit="nowhere")))
    waiting = client.get(f"{page}state/")
    tasks.import_people()
    checked = client.get(page)
    before = User.objects.filter(staff_number="s1").count()
    client.post(f"{page}confirm/")
    client.post(f"{page}confirm/")
    tasks.import_people()
    done = client.get(f"{page}state/")

    assert (waiting["X-Poll"], done["X-Poll"]) == ("wait", "done")
    text = words(main(checked))
    assert "</script><script>alert(1)</script>, dep" in text
    assert "There is no organisation nowhere now." in text
    assert "<script>alert" not in checked.content.decode()
    made = PeopleImport.objects.get()
    assert (before, made.state, made.content, User.objects.get(staff_number="s1").memberships.count()) == (
        0, "applied", None, 1,
    )  # fmt: skip
    entries = AuditEntry.objects.filter(event__startswith="import.").order_by("pk").values_list("event", flat=True)
    assert list(entries) == ["import.given", "import.confirmed", "import.applied"]
    assert set(
        AuditEntry.objects.filter(event="person.added", about__staff_number="s1").values_list("by", flat=True)
    ) == {ada.pk}


def test_second_file_waits_until_the_first_is_withdrawn_and_a_forgotten_one_withdraws_itself(signed_in, ada):
    client = signed_in(ada)
    page = given(client, as_csv(row(1)))

    refused = client.post("/administrator/imports/", {"file": SimpleUploadedFile("b.csv", as_csv(row(1)))})
    client.post(f"{page}withdraw/")
    second = given(client, as_csv(row(1)))
    tasks.import_people()
    late = timezone.now() + dt.timedelta(days=8)

    assert (refused.status_code, second != page) == (422, True)
    assert giving.withdraw_forgotten(now=late) == 1
    assert list(PeopleImport.objects.values_list("state", "content")) == [("withdrawn", None)] * 2
    assert "withdrawn" in words(main(client.get(second)))


def test_operator_imports_for_the_whole_service_and_sees_no_file_of_an_administrator(signed_in, ada):
    given(signed_in(ada), as_csv(row(1)))
    theirs = PeopleImport.objects.get()
    client = signed_in(operator())

    page = given(client, as_csv(row(1), row(2, unit="team", day=FIRST_DAY.isoformat())))

    assert client.get(f"/administrator/imports/{theirs.public_id}/").status_code == 404
    assert "For the whole service." in words(main(client.get(page)))
    assert "staff <1>.csv" in words(main(client.get("/administrator/imports/")))
