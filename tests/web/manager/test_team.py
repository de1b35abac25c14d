"""A manager's own direct reports, by name, live; and that each look is written down about each of them."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.catalogue import ExerciseItemFactory
from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.web.learner.pages import listed, main, title, words
from tests.web.tables import rows, shades
from upskill.core.models import AuditEntry
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def manager():
    return PersonFactory(full_name="Mary Manager")


@pytest.fixture(autouse=True)
def _two_skills_are_taught():
    for position, slug in enumerate(("fairness", "oversight")):
        SkillFactory(slug=slug, position=position)
    ExerciseItemFactory(skills=[{"skill": "fairness", "level": 2}, {"skill": "oversight", "level": 1}])


def report(manager, name, *, fairness=0, oversight=0, **fields):
    person = MembershipFactory(person__full_name=name, line_manager=manager, **fields).person
    for slug, level in (("fairness", fairness), ("oversight", oversight)):
        if level:
            EvidenceFactory(learner=person, skill_id=slug, level=level)
    return person


def test_somebody_without_direct_reports_is_told_whom_to_ask(signed_in):
    page = signed_in(PersonFactory()).get("/manager/team/")

    said = words(main(page))
    assert page.status_code == 403
    assert "This page is for line managers, and the staff records name nobody who reports to you." in said
    assert "If you think you should have access, ask the people who keep your department’s staff records." in said


def test_team_is_a_table_of_people_and_skills_with_numbers_and_words(signed_in, manager):
    report(manager, "Zoe", fairness=2, oversight=1)
    report(manager, "Adam")

    page = signed_in(manager).get("/manager/team/")

    assert rows(page) == [
        ["Person", "Fairness", "Oversight"],
        ["Adam", "0 Not yet", "0 Not yet"],
        ["Zoe", "2 Working", "1 Awareness"],
    ]
    assert shades(page) == ["0", "0", "2", "1"]
    assert title(page) == "My team – AI skills for government"


def test_team_has_a_key_and_one_sentence_that_sums_it_up(signed_in, manager):
    for name, level in (("Adam", 0), ("Bea", 1), ("Cem", 2), ("Dot", 3)):
        report(manager, name, fairness=level)

    page = signed_in(manager).get("/manager/team/")

    assert "2 of the 4 people who report to you have reached working level or above in a skill." in words(main(page))
    assert listed(page, css="app-key") == ["0 Not yet 1 Awareness 2 Working 3 Practitioner 4 Expert"]


def test_skills_that_somebody_has_reached_come_first_and_the_others_are_announced(signed_in, manager):
    report(manager, "Adam", oversight=1)

    page = signed_in(manager).get("/manager/team/")

    assert rows(page) == [["Person", "Oversight", "Fairness"], ["Adam", "1 Awareness", "0 Not yet"]]
    assert "The table has 2 skills, those that your team has reached first." in words(main(page))


def test_team_of_one_is_summed_up_in_the_singular(signed_in, manager):
    report(manager, "Adam")

    page = signed_in(manager).get("/manager/team/")

    assert "0 of the 1 person who reports to you has reached working level" in words(main(page))


def test_team_shows_levels_and_nothing_of_the_way_there(signed_in, manager):
    adam = report(manager, "Adam", fairness=2)
    MarkFactory(points=0, submission__learner=adam, submission__exercise__item_version__title="Secret exercise")

    text = words(main(signed_in(manager).get("/manager/team/")))

    assert "Adam 2 Working" in text
    assert [word for word in ("Secret exercise", "points", "attempt 1", "failed") if word in text] == []


def test_team_is_live(signed_in, manager):
    adam = report(manager, "Adam")
    client = signed_in(manager)
    before = rows(client.get("/manager/team/"))[1]

    EvidenceFactory(learner=adam, level=Level.WORKING)

    assert (before, rows(client.get("/manager/team/"))[1]) == (
        ["Adam", "0 Not yet", "0 Not yet"],
        ["Adam", "2 Working", "0 Not yet"],
    )


def test_team_leaves_out_everybody_else(signed_in, manager):
    adam = report(manager, "Adam")
    report(adam, "Grandchild Hidden", fairness=2)
    report(PersonFactory(), "Stranger Hidden", fairness=2)
    report(manager, "Suspended Hidden", fairness=2, person__is_active=False)
    report(manager, "Left Hidden", fairness=2, valid_to=TODAY)

    page = signed_in(manager).get("/manager/team/")

    assert [line[0] for line in rows(page)] == ["Person", "Adam"]
    assert "Hidden" not in page.content.decode()


def test_each_look_is_written_down_about_each_person_once(signed_in, manager):
    people = [report(manager, name) for name in ("Adam", "Bea")]

    signed_in(manager).get("/manager/team/")

    entries = AuditEntry.objects.filter(event="levels.viewed").order_by("pk")
    assert [(entry.by, entry.about) for entry in entries] == [(manager, person) for person in people]


@pytest.mark.parametrize("person", ["learner", "trainer", "viewer", "operator"])
def test_people_without_reports_are_refused_and_nothing_is_written_down(signed_in, manager, person):
    report(manager, "Adam Hidden")
    somebody = {
        "learner": PersonFactory,
        "trainer": lambda: trainer_of("ethics"),
        "viewer": lambda: viewer_of(OrganisationFactory()),
        "operator": operator,
    }[person]()

    page = signed_in(somebody).get("/manager/team/")

    assert (page.status_code, "Hidden" in page.content.decode()) == (403, False)
    assert AuditEntry.objects.count() == 0


def test_nobody_sees_a_team_without_signing_in(client):
    page = client.get("/manager/team/")

    assert (page.status_code, page.url) == (302, "/sign-in/?next=/manager/team/")


def test_manager_whose_people_are_all_suspended_reads_why_the_page_is_empty(signed_in, manager):
    report(manager, "Adam", person__is_active=False)

    page = signed_in(manager).get("/manager/team/")

    assert "Nobody reports to you at the moment." in words(main(page))


def test_page_is_kept_in_no_cache_and_only_read(signed_in, manager):
    report(manager, "Adam")
    client = signed_in(manager)

    assert "no-store" in client.get("/manager/team/")["Cache-Control"]
    assert client.post("/manager/team/").status_code == 405


def test_team_costs_the_same_with_one_person_and_with_three(signed_in, manager, django_assert_max_num_queries):
    client, spent = signed_in(manager), []
    for names in (["Adam"], ["Bea", "Cem"]):
        for name in names:
            report(manager, name, fairness=2)
        with django_assert_max_num_queries(20) as queries:
            client.get("/manager/team/")
        spent.append(len(queries))

    assert spent[0] == spent[1]


def test_a_name_is_shown_as_text(signed_in, manager):
    report(manager, "<b>Adam</b>")

    assert "&lt;b&gt;Adam&lt;/b&gt;" in main(signed_in(manager).get("/manager/team/"))


def test_a_move_counts_from_its_day(signed_in, manager):
    tomorrow = TODAY + dt.timedelta(days=1)
    report(manager, "Leaves tomorrow", valid_to=tomorrow)
    report(manager, "Comes tomorrow", valid_from=tomorrow)

    page = signed_in(manager).get("/manager/team/")

    assert [line[0] for line in rows(page)] == ["Person", "Leaves tomorrow"]
