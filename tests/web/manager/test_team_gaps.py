"""What roles need and a team is short of: in the table, in sentences, and on the pages that follow from it."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.catalogue import CourseVersionFactory, ExerciseFactory, ItemVersionFactory, ModuleFactory
from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.planning import AssignmentFactory
from tests.factories.roles import role_asking
from tests.spreadsheet_files import csv_rows
from tests.web.learner.pages import links, main, title, words
from tests.web.tables import rows, shades
from upskill.catalogue.models import Course
from upskill.core.models import AuditEntry
from upskill.people.models import User
from upskill.reports import publication
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PAGES = ["/manager/team/", "/manager/team/gaps/", "/manager/team/training/"]


@pytest.fixture(autouse=True)
def _two_skills_exist():
    SkillFactory(slug="fairness", name="Fairness", position=0)
    SkillFactory(slug="oversight", name="Oversight", position=1, valid_months=12)


@pytest.fixture
def manager() -> User:
    return PersonFactory(full_name="Mary Manager")


def noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def report(manager, name, *, on=TODAY, role="", **levels) -> User:
    person = MembershipFactory(person__full_name=name, line_manager=manager, role=role).person
    for skill, level in levels.items():
        EvidenceFactory(learner=person, skill_id=skill, level=level, earned_at=noon(on))
    return User.objects.get(pk=person.pk)


def course(*, minutes: int = 30, level: int = 2) -> None:
    """Ethics: a module with ten minutes to read, and an exercise that earns this level of fairness."""
    version = CourseVersionFactory(title="Ethics", course__id="ethics")
    module = ModuleFactory(course_version=version, title="Bias")
    ItemVersionFactory(module=module, minutes=10)
    ExerciseFactory(
        item_version__module=module, item_version__title="Audit", item_version__minutes=minutes,
        item_version__skills=[{"skill": "fairness", "level": level}],
    )  # fmt: skip


def only_ethics() -> None:
    """The courses that evidence rests on are published no more."""
    Course.objects.exclude(pk="ethics").update(current_version=None)


# --- the table -------------------------------------------------------------------------------------------------------


def test_a_cell_says_in_words_what_the_role_needs_whether_it_is_there_and_when_it_ends(signed_in, manager):
    soon = TODAY - dt.timedelta(days=340)
    report(manager, "Adam", role=role_asking(fairness=2, oversight=1), fairness=1, oversight=2, on=soon)
    report(manager, "Zoe", oversight=1, on=TODAY - dt.timedelta(days=400))

    page = signed_in(manager).get("/manager/team/")

    ends_on = (soon + dt.timedelta(days=366)).replace(day=soon.day)
    ended_on = TODAY - dt.timedelta(days=400)
    assert rows(page)[0] == ["Person", "Fairness", "Oversight"]
    adam, zoe = rows(page)[1:]
    assert adam[:2] == ["Adam Data scientist", "1 Awareness gap: needs 2 Working"]
    assert adam[2] == f"2 Working target met ends {ends_on.day} {ends_on:%B %Y}"
    assert zoe[:2] == ["Zoe", "0 Not yet"]
    assert zoe[2] == f"0 Not yet 1 Awareness ended {ended_on.day} {ended_on:%B} {ended_on.year + 1}"
    assert shades(page) == ["1", "2", "0", "0"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", ["Oversight"]), ("?skills=targets", ["Oversight"]), ("?skills=gaps", ["Oversight"]),
     ("?skills=all", ["Oversight", "Fairness"]), ("?skills=nonsense", ["Oversight"])],
)  # fmt: skip
def test_the_table_begins_with_the_skills_that_a_role_needs(signed_in, manager, asked, shown):
    report(manager, "Adam", role=role_asking(oversight=1), fairness=1)

    page = signed_in(manager).get(f"/manager/team/{asked}")

    assert rows(page)[0] == ["Person", *shown]


def test_a_team_without_a_gap_reads_so_in_place_of_the_table(signed_in, manager):
    report(manager, "Adam", role=role_asking(fairness=1), fairness=1)

    page = signed_in(manager).get("/manager/team/?skills=gaps")

    assert "<table" not in main(page)
    assert words(main(page)).count("Nobody is short of what their role needs.") == 2


def test_file_has_what_the_role_needs_and_the_levels_short_beside_each_skill_that_a_role_needs(signed_in, manager):
    report(manager, "Adam", role=role_asking(fairness=3), fairness=1)
    report(manager, "Zoe", role=role_asking(fairness=1), fairness=2)
    report(manager, "Bea", oversight=1)

    answer = signed_in(manager).get("/manager/team/levels.csv")

    assert csv_rows(answer.content) == [
        ["Person", "Fairness", "Fairness: needed", "Fairness: levels short", "Oversight"],
        ["Adam", "1 Awareness", "3 Practitioner", 2, "0 Not yet"],
        ["Bea", "0 Not yet", "", "", "1 Awareness"],
        ["Zoe", "2 Working", "1 Awareness", 0, "0 Not yet"],
    ]


# --- sentences -------------------------------------------------------------------------------------------------------


def test_sentences_say_what_was_reached_this_month_the_largest_gaps_and_what_hangs_on_one_person(signed_in, manager):
    role = role_asking(fairness=2, oversight=2)
    report(manager, "Adam", role=role, fairness=2)
    bea = report(manager, "Bea", role=role)
    AssignmentFactory(team_of=manager, person=bea, due_on=TODAY - dt.timedelta(days=1))

    text = words(main(signed_in(manager).get("/manager/team/")))

    first = TODAY.replace(day=1)
    assert f"Reached since 1 {first:%B %Y}: Adam (working in Fairness)." in text
    assert "The largest gaps: Oversight (2 of 2 short), Fairness (1 of 2 short)." in text
    assert "1 piece of learning is overdue: Bea." in text
    assert "1 skill that your team needs hangs on one person: Fairness." in text


def test_sentences_say_that_there_is_nothing_to_say(signed_in, manager):
    report(manager, "Adam", fairness=1, on=TODAY - dt.timedelta(days=60))

    text = words(main(signed_in(manager).get("/manager/team/")))

    first = TODAY.replace(day=1)
    assert "Nothing that your team was asked to learn is overdue." in text
    assert f"Nobody has reached a new level since 1 {first:%B %Y}." in text
    assert (
        "The staff records name no role for your people that says which levels it needs, so there are no gaps." in text
    )


# --- gaps ------------------------------------------------------------------------------------------------------------


def test_gaps_page_counts_for_each_skill_and_names_what_hangs_on_one_person_and_what_nobody_has(signed_in, manager):
    role = role_asking(fairness=2, oversight=3)
    report(manager, "Adam", role=role, fairness=3)
    report(manager, "Bea", role=role)

    page = signed_in(manager).get("/manager/team/gaps/")

    assert rows(page) == [
        ["Skill", "Roles need it of", "Of them short", "Who is short", "At working level or above"],
        ["Oversight", "2", "2", "Adam , Bea", "0"],
        ["Fairness", "2", "1", "Bea", "1"],
    ]
    text = words(main(page))
    assert "one person alone has them. When that person is away or leaves, nobody has. Fairness: Adam alone" in text
    assert "A role in your team needs these skills at working level or above, and nobody has them. Oversight" in text


# --- training --------------------------------------------------------------------------------------------------------


def test_training_page_shows_the_sum_for_each_person_and_for_all_and_what_remains(signed_in, manager):
    course(minutes=30)
    report(manager, "Adam", role=role_asking(fairness=2))
    report(manager, "Bea", role=role_asking(fairness=2, oversight=1), fairness=1)
    report(manager, "Cem", role=role_asking(fairness=3))

    only_ethics()
    page = signed_in(manager).get("/manager/team/training/")

    bias = ["Ethics : Bias", "Its lessons (10), Audit (30)", "40"]
    assert rows(page) == [
        ["Course", "For whom", "Minutes of all"],
        ["Ethics", "Adam, Bea Ask for this course : Ethics", "80"],
        ["Altogether 1 hour 20 minutes", "80"],
    ]
    assert rows(page, table=1) == [["Module", "To pass there", "Minutes"], bias, ["Altogether 40 minutes", "40"]]
    text = words(main(page))
    asking = [address for address, _words in links(page) if "/ask/" in address]
    bea = User.objects.get(full_name="Bea").public_id
    assert asking[0] == "/manager/team/learning/ask/?course=ethics"
    assert f"/manager/team/learning/ask/?course=ethics&person={bea}" in [each.replace("&amp;", "&") for each in asking]
    assert "1 hour 20 minutes of learning close every gap of 3 people that a course can close." in text
    assert "What no course closes yet: Oversight: the role needs 1 Awareness, no course teaches it" in text
    assert "Fairness: the role needs 3 Practitioner, courses lead to 2 Working" in text


def test_training_says_so_where_the_search_was_cut_short(signed_in, manager, monkeypatch):
    monkeypatch.setattr("upskill.reports.training.MOST_STEPS", 0)
    course()
    report(manager, "Adam", role=role_asking(fairness=2))

    text = words(main(signed_in(manager).get("/manager/team/training/")))

    assert "There are too many choices to try each. Nothing shorter than 40 minutes does the same." in text


# --- everyone below --------------------------------------------------------------------------------------------------


def test_whoever_leads_an_organisation_is_led_to_its_published_figures(signed_in, manager):
    tax, _old, _small = (
        OrganisationFactory(name=name, code=name.lower(), head=manager, **more)
        for name, more in (("Tax", {}), ("Old", {"valid_to": TODAY}), ("Small", {}))
    )
    for boss in [manager, *(PersonFactory() for _ in range(29))]:
        MembershipFactory(organisation=tax, line_manager=boss, grade="EO", profession="Tax")
    client = signed_in(manager)
    before = words(main(client.get("/manager/team/")))

    publication.publish(TODAY, now=timezone.now())
    page = client.get("/manager/team/")

    assert "Everyone below you" in before
    assert "Small : nothing is published yet Tax : nothing is published yet" in before
    day = f"{TODAY.day} {TODAY:%B %Y}"
    assert f"Small : too few people for figures Tax : about 30 people on {day}" in words(main(page))
    assert ("/manager/departments/tax/", "Tax") in links(page)
    assert client.get("/manager/departments/tax/").status_code == 200
    assert "once its administrator has named you as its head" not in words(main(page))


def test_line_manager_who_leads_no_organisation_reads_who_could_name_them(signed_in, manager):
    report(manager, "Adam")

    text = words(main(signed_in(manager).get("/manager/team/")))

    assert (
        "If you lead an organisation, the figures of everyone in it appear here once its administrator has named you "
        "as its head."
    ) in text


# --- one person ------------------------------------------------------------------------------------------------------


def test_page_of_a_direct_report_says_what_each_level_rests_on_and_nothing_of_the_way_there(signed_in, manager):
    course()
    adam = report(manager, "Adam", role=role_asking(fairness=2))
    passed = MarkFactory(
        submission__learner=adam, submission__attempt=7, submission__exercise__item_version__title="Plan",
        submission__exercise__item_version__module__course_version__title="Oversight for all",
    )  # fmt: skip
    EvidenceFactory(learner=adam, skill_id="oversight", mark=passed, level=Level.WORKING, earned_at=noon(TODAY))
    MarkFactory(points=0, submission__learner=adam, submission__exercise__item_version__title="Secret exercise")

    only_ethics()
    page = signed_in(manager).get(f"/manager/team/people/{adam.public_id}/")

    until = TODAY.replace(year=TODAY.year + 1)
    said = f"Plan, in Oversight for all, {TODAY.day} {TODAY:%B %Y}"
    assert rows(page) == [
        ["Skill", "Level", "The role needs", "Rests on", "Holds"],
        ["Fairness", "0 Not yet", "2 Working: gap", "– nothing yet", "– nothing yet"],
        ["Oversight", "2 Working", "– nothing", said, f"until {until.day} {until:%B %Y}"],
    ]
    assert rows(page, table=1)[1:] == [
        ["Ethics : Bias", "Its lessons (10), Audit (30)", "40"],
        ["Altogether 40 minutes", "40"],
    ]
    text = words(main(page))
    assert "The role Data scientist needs 1 skill. 1 of them is not there yet." in text
    assert [word for word in ("Secret exercise", "attempt 7", "4 of 4") if word in text] == []
    assert title(page).startswith("Adam")


def test_look_at_one_person_is_written_down_about_them_alone(signed_in, manager, audit_trail):
    adam = report(manager, "Adam")
    report(manager, "Bea")

    signed_in(manager).get(f"/manager/team/people/{adam.public_id}/")

    entries = [(entry.event, entry.by, entry.about) for entry in AuditEntry.objects.all()]
    assert entries == [("level_sources.viewed", manager, adam)]


def test_page_of_somebody_who_reports_to_another_manager_is_not_there(signed_in, manager):
    report(manager, "Adam")
    other = PersonFactory()
    hidden = report(other, "Bea Hidden", fairness=2)
    below = report(report(manager, "Cem"), "Dot Hidden", fairness=2)

    answers = [signed_in(manager).get(f"/manager/team/people/{each.public_id}/") for each in (hidden, below, manager)]

    manager.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert [answer for answer in answers if "Hidden" in answer.content.decode()] == []
    assert AuditEntry.objects.count() == 0


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_each_page_writes_the_look_down_about_each_person_and_links_to_each(signed_in, manager, page):
    people = [report(manager, name, role=role_asking(fairness=1)) for name in ("Adam", "Bea")]

    answer = signed_in(manager).get(page)

    entries = AuditEntry.objects.filter(event="levels.viewed").order_by("pk")
    assert [(entry.by, entry.about) for entry in entries] == [(manager, person) for person in people]
    addresses = {address for address, _words in links(answer)}
    assert {f"/manager/team/people/{person.public_id}/" for person in people} - addresses == set()


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_empty_in_words_for_a_team_without_roles_or_people(signed_in, manager, page):
    adam = report(manager, "Adam")
    client = signed_in(manager)
    without_roles = client.get(page)
    User.objects.filter(pk=adam.pk).update(is_active=False)

    assert (without_roles.status_code, client.get(page).status_code) == (200, 200)


@pytest.mark.parametrize("page", [*PAGES, "one"])
def test_pages_cost_the_same_with_one_person_and_with_three(signed_in, manager, page, django_assert_max_num_queries):
    course()
    client, role, spent = signed_in(manager), role_asking(fairness=3, oversight=2), []
    first = report(manager, "Adam", role=role, fairness=1)
    path = f"/manager/team/people/{first.public_id}/" if page == "one" else page
    only_ethics()
    client.get(path)
    for names in ([], ["Bea", "Cem"]):
        for name in names:
            report(manager, name, role=role, fairness=1)
        only_ethics()
        with django_assert_max_num_queries(20) as queries:
            client.get(path)
        spent.append(len(queries))

    assert spent[0] == spent[1]
