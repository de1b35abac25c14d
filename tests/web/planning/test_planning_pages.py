"""Asking a team or an organisation to learn something, and what those who are asked see of it."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.catalogue import CourseVersionFactory, ModuleFactory, QuizFactory
from tests.factories.marking import SkillFactory
from tests.factories.people import OrganisationFactory, PersonFactory
from tests.factories.planning import AssignmentFactory, CompletionFactory, ExemptionFactory, report_of
from tests.factories.roles import RoleLevelFactory
from tests.web.learner.pages import errors, links, listed, main, title, words
from tests.web.tables import rows
from upskill.core.models import AuditEntry
from upskill.people import organisations
from upskill.people.organisations import NewPart
from upskill.planning.models import Assignment, Exemption

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = timezone.now()
DAY = dt.timedelta(days=1)
TEAM, ASK = "/manager/team/learning/", "/manager/team/learning/ask/"


@pytest.fixture
def manager():
    return PersonFactory(full_name="Maya")


@pytest.fixture
def course():
    SkillFactory(slug="fairness")
    version = CourseVersionFactory(title="AI ethics")
    QuizFactory(module=ModuleFactory(course_version=version))
    return version.course


def form(of, **fields) -> dict[str, str]:
    due = TODAY + 30 * DAY
    day = {"due_on_0": str(due.day), "due_on_1": str(due.month), "due_on_2": str(due.year)}
    return {"course": of.pk, "kind": "required", **day, "repeat_months": "12", "reason": "By law.", **fields}


def said_of(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


# --- a team ----------------------------------------------------------------------------------------------------------


def test_manager_asks_the_team_and_a_person_sees_it_on_their_home_page(signed_in, manager, course):
    report = report_of(manager)

    answer = signed_in(manager).post(ASK, form(course), follow=True)
    asked = Assignment.objects.get()
    client = signed_in(report)
    home, page = client.get("/"), client.get("/learning/asked/")

    assert "Asked. Whoever it means sees it on their home page now." in words(answer)
    assert (asked.team_of, asked.person, asked.is_required, asked.repeat_months) == (manager, None, True, 12)
    day = said_of(TODAY + 30 * DAY)
    assert f"To do AI ethics by {day}" in words(main(home))
    assert listed(page, css="app-card") == [
        f"AI ethics To do Required, by {day}. Again every year. Asked by Maya. By law."
    ]


def test_link_can_begin_the_form_with_a_course_and_a_person(signed_in, manager, course):
    report = report_of(manager)

    page = signed_in(manager).get(f"{ASK}?course={course.pk}&person={report.public_id}")

    assert f'value="{course.pk}" selected' in main(page)
    assert f'value="{report.public_id}" selected' in main(page)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"course": ""}, ("id_course", "Choose a course")),
        ({"course": "no-such-course"}, ("id_course", "Choose a course from the list")),
        ({"kind": ""}, ("id_kind_0", "Choose whether it is required or recommended")),
        (
            dict.fromkeys(("due_on_0", "due_on_1", "due_on_2"), ""),
            ("id_due_on_0", "Enter the day by which it is to be done"),
        ),
        ({"due_on_0": "31", "due_on_1": "2"}, ("id_due_on_0", "The day must be a real one, such as 27 3 2027")),
        ({"due_on_2": "9" * 30}, ("id_due_on_0", "The day must be a real one, such as 27 3 2027")),
        ({"due_on_2": "2020"}, ("id_due_on_0", "The due day must be today or later")),
        ({"repeat_months": "0"}, ("id_repeat_months", "It can be repeated every 1 to 120 months")),
        ({"repeat_months": "x"}, ("id_repeat_months", "The number of months must be a whole number from 1 to 120")),
        ({"reason": "x" * 1001}, ("id_reason", "Give the reason in 1000 characters or fewer")),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_beside_the_field(signed_in, manager, course, fields, line):
    report_of(manager)

    page = signed_in(manager).post(ASK, form(course, **fields))

    assert (page.status_code, errors(page)) == (422, [line])
    assert title(page).startswith("Error: ")
    assert Assignment.objects.count() == 0


def test_person_of_another_team_cannot_be_asked(signed_in, manager, course):
    report_of(manager)
    stranger = report_of(PersonFactory())

    page = signed_in(manager).post(ASK, form(course, person=str(stranger.public_id)))

    assert (page.status_code, Assignment.objects.count()) == (422, 0)


def test_manager_sees_who_has_done_it_for_whom_it_is_overdue_and_who_is_exempt(signed_in, manager, course):
    asked = AssignmentFactory(
        course=course, team_of=manager, due_on=TODAY - DAY, made_at=NOW - 90 * DAY, reason="By law."
    )
    ann, bea, cat = (report_of(manager, person__full_name=name) for name in ("Ann", "Bea", "Cat"))
    CompletionFactory(learner=bea, course=course, finished_at=NOW)
    ExemptionFactory(assignment=asked, person=cat)

    page = signed_in(manager).get(TEAM)

    due, today = said_of(TODAY - DAY), said_of(TODAY)
    assert rows(page)[1:] == [
        ["Ann", "Overdue", due, "Not yet", "Exempt for Ann, AI ethics"],
        ["Bea", "Done", due, today, "Exempt for Bea, AI ethics"],
        ["Cat", "Exempt", due, "Not yet", "See or end it for Cat, AI ethics"],
    ]
    said = words(main(page))
    assert "1 piece of learning is overdue in your team." in said
    assert f"Bea finished “AI ethics” on {today}." in said
    assert "1 of 3 people have done it. For 1 it is overdue." in said
    looks = AuditEntry.objects.filter(event="assignments.viewed")
    assert [(entry.by, entry.about) for entry in looks.order_by("about__full_name")] == [
        (manager, person) for person in (ann, bea, cat)
    ]


@pytest.mark.parametrize("asked", [1, 3])
def test_manager_reads_the_names_of_roles_that_are_asked(signed_in, manager, course, asked, django_assert_num_queries):
    roles = [RoleLevelFactory(name=f"Senior caseworker {number}").code for number in range(asked)]
    report_of(manager, role=roles[0])
    made = [AssignmentFactory(course=course, team_of=manager, role=role) for role in roles]
    client = signed_in(manager)

    pages = [client.get(TEAM), client.get(f"/manager/asked/{made[0].public_id}/end/")]

    assert ["Asked of: Senior caseworker 0" in words(main(page)) for page in pages] == [True, True]
    with django_assert_num_queries(11):
        client.get(TEAM)


def test_manager_exempts_somebody_who_reads_why_and_is_asked_again(signed_in, manager, course):
    asked, report = AssignmentFactory(course=course, team_of=manager), report_of(manager, person__full_name="Ann")
    address = f"/manager/asked/{asked.public_id}/exempt/{report.public_id}/"
    client = signed_in(manager)

    empty = client.post(address, {"reason": " "})
    given = client.post(address, {"reason": "On leave until May."}, follow=True)
    page = client.get(address)
    theirs = signed_in(report).get("/learning/asked/")
    signed_in(manager).post(f"{address}end/")

    assert (empty.status_code, errors(empty)) == (422, [("id_reason", "Say why they need not do it")])
    assert "Ann need not do it." in words(given)
    assert "On leave until May." in words(main(page))
    assert "You need not do" in words(main(theirs))
    assert "On leave until May." in words(main(theirs))
    assert Exemption.objects.filter(ended_at=None).count() == 0


def test_manager_stops_asking_and_is_asked_first_whether_they_want_to(signed_in, manager, course):
    report_of(manager)
    asked = AssignmentFactory(course=course, team_of=manager)
    address = f"/manager/asked/{asked.public_id}/end/"
    client = signed_in(manager)

    page = client.get(address)
    still = Assignment.objects.filter(ended_at=None).count()
    client.post(address)
    gone = client.post(address)

    assert "Do you want to stop asking for “AI ethics”?" in words(main(page))
    assert (still, Assignment.objects.filter(ended_at=None).count(), gone.status_code) == (1, 0, 404)


def test_another_manager_finds_nothing_of_this_team(signed_in, manager, course):
    report = report_of(manager, person__full_name="Ann")
    report_of(other := PersonFactory())
    asked = AssignmentFactory(course=course, team_of=manager)
    client = signed_in(other)

    page = client.get(TEAM)
    tries = [
        client.post(f"/manager/asked/{asked.public_id}/{what}", {"reason": "No."}).status_code
        for what in ("end/", "exempt/", f"exempt/{report.public_id}/", f"exempt/{report.public_id}/end/")
    ]

    assert "Nothing is asked of your team now." in words(main(page))
    assert (tries, Exemption.objects.count()) == ([404] * 4, 0)


# --- an organisation -------------------------------------------------------------------------------------------------


def test_head_asks_everybody_of_a_grade_below_and_sees_no_number_of_who_did(signed_in, course):
    head = PersonFactory(full_name="Perm Sec")
    whole = OrganisationFactory(code="dept", name="Department", head=head)
    part = OrganisationFactory(parent=whole)
    meant, other = report_of(None, organisation=part, grade="SEO"), report_of(None, organisation=part, grade="EO")
    client = signed_in(head)

    first = client.get("/manager/learning/")
    client.post("/manager/learning/dept/ask/", form(course, grade="SEO"))
    page = client.get("/manager/learning/dept/")
    theirs = [words(main(signed_in(person).get("/learning/asked/"))) for person in (meant, other)]

    assert first["Location"] == "/manager/learning/dept/"
    assert "Asked of: SEO" in words(main(page))
    assert "1 of" not in words(main(page))
    assert ["Asked by Department." in said for said in theirs] == [True, False]


def test_head_exempts_somebody_by_their_address_and_finds_nobody_else_by_it(signed_in, course):
    head = PersonFactory()
    place = OrganisationFactory(code="dept", head=head)
    person = report_of(None, organisation=place, person__email="ann@example.gov.uk")
    PersonFactory(email="bob@example.gov.uk")
    asked = AssignmentFactory(course=course, team_of=None, organisation=place)
    client, address = signed_in(head), f"/manager/asked/{asked.public_id}/exempt/"

    refused = [client.post(address, {"email": who}) for who in ("bob@example.gov.uk", "nobody@example.gov.uk")]
    found = client.post(address, {"email": "Ann@example.gov.uk"})
    client.post(found["Location"], {"reason": "On leave."})

    nobody = [("id_email", "Nobody with this address is asked to do this")]
    assert [errors(page) for page in refused] == [nobody] * 2
    assert list(Exemption.objects.values_list("person", "given_by")) == [(person.pk, head.pk)]


def test_line_manager_exempts_from_what_the_organisation_asks_and_is_led_back_to_the_team(signed_in, manager, course):
    place = OrganisationFactory()
    report = report_of(manager, organisation=place)
    asked = AssignmentFactory(course=course, team_of=None, organisation=place)
    client, address = signed_in(manager), f"/manager/asked/{asked.public_id}/exempt/{report.public_id}/"

    page = client.get(address)
    answer = client.post(address, {"reason": "On leave."})

    assert (TEAM, "Cancel") in links(page)
    assert answer["Location"] == TEAM
    assert client.get(f"/manager/asked/{asked.public_id}/end/").status_code == 404


@pytest.mark.parametrize("address", ["/manager/learning/", "/manager/learning/dept/", "/manager/learning/dept/ask/"])
def test_whoever_leads_and_administers_nothing_plans_for_nobody(signed_in, address):
    OrganisationFactory(code="dept", head=PersonFactory())

    answer = signed_in(PersonFactory()).get(address)

    assert answer.status_code == (403 if address == "/manager/learning/" else 404)


def test_half_of_what_was_split_shows_what_it_goes_on_with_and_who_plans_for_both_ends_it(signed_in):
    dept = OrganisationFactory(code="dept", head=(top := PersonFactory()))
    old = OrganisationFactory(code="old", name="Old", parent=dept)
    asked = AssignmentFactory(team_of=None, organisation=old)
    halves = [NewPart("one", "One"), NewPart("two", "Two")]
    one, _two = organisations.split(old, into=halves, on=TODAY, by=None, now=NOW)
    organisations.set_head(one, head=(head := PersonFactory()), by=None, now=NOW)
    address, end = "/manager/learning/one/", f"/manager/asked/{asked.public_id}/end/"

    of_head, of_top = signed_in(head).get(address), signed_in(top).get(address)

    said = "This was asked of Old, whose work goes on here."
    elsewhere = "It goes on elsewhere too, so whoever plans for all of it may exempt somebody or stop asking."
    assert [(said in words(page), elsewhere in words(page), end in main(page)) for page in (of_head, of_top)] == [
        (True, True, False), (True, False, True),
    ]  # fmt: skip
    assert signed_in(head).get(end).status_code == 404
    assert signed_in(top).post(end)["Location"] == address


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_with_one_row_of_everything_and_with_three(
    signed_in, manager, django_assert_num_queries, count
):
    place = OrganisationFactory(code="dept", head=(head := PersonFactory()))
    OrganisationFactory(head=head)
    reports = [report_of(manager, organisation=place) for _ in range(count)]
    for _ in range(count):
        asked = AssignmentFactory(team_of=manager)
        AssignmentFactory(team_of=None, organisation=place)
        ExemptionFactory(assignment=asked, person=reports[0])
        CompletionFactory(learner=reports[0], course=asked.course, finished_at=NOW)

    client = signed_in(manager)
    with django_assert_num_queries(10):
        client.get(TEAM)
    client = signed_in(reports[0])
    with django_assert_num_queries(7):
        client.get("/learning/asked/")
    client = signed_in(head)
    with django_assert_num_queries(7):
        client.get("/manager/learning/dept/")
