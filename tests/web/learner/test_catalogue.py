"""The list of courses: what it says of each, words and filters, what was chosen, and nothing that fits."""

import pytest

from tests.factories.catalogue import CourseVersionFactory, ItemVersionFactory, ModuleFactory
from tests.factories.marking import SkillFactory
from tests.factories.people import PersonFactory
from tests.web.learner.pages import errors, learner_of, links, listed, main, taught, title, words
from upskill.core import allowances
from upskill.web.learner.search import MOST_SEARCHES

pytestmark = pytest.mark.django_db
FAIRNESS = [{"skill": "fairness", "level": 2}]


def course(name: str, *, minutes: int = 30, lesson: str = "", **version):
    """A published course of one lesson."""
    made = CourseVersionFactory(title=name, **version)
    content = {"html": f"<p>{lesson}</p>"}
    ItemVersionFactory(module=ModuleFactory(course_version=made), minutes=minutes, content=content)
    return made


def shown(page) -> list[str]:
    return listed(page, css="app-card__title")


def test_courses_asks_a_visitor_to_sign_in_and_brings_them_back_with_what_they_chose(client):
    page = client.get("/courses/?level=working&q=audit")

    assert (page.status_code, page["Location"]) == (302, "/sign-in/?next=/courses/%3Flevel%3Dworking%26q%3Daudit")


def test_courses_lists_every_published_course_by_title_with_its_number(signed_in):
    ethics = taught(title="AI ethics", summary="Who could be harmed?", skills=FAIRNESS, audience=["manager"])
    python = taught(title="Python for analysis", summary="Work with tables.")

    page = signed_in(learner_of(ethics)).get("/courses/")

    assert title(page) == "Courses – AI skills for government"
    assert links(page) == [(ethics.url, "AI ethics"), (python.url, "Python for analysis")]
    assert '<h2 class="govuk-heading-m">2 courses</h2>' in main(page)
    assert listed(page, css="app-card") == [
        "AI ethics 1 hour, 3 parts Who could be harmed? "
        "Skills: Fairness, up to level Working For: Managers 0 of 3 done",
        "Python for analysis 1 hour, 3 parts Work with tables.",
    ]


def test_courses_without_any_says_what_to_do_and_has_no_filters(signed_in):
    page = signed_in(PersonFactory()).get("/courses/")

    assert "No course has been published yet. Ask the person who runs this service" in words(page)
    assert "<form" not in main(page)


def test_filters_are_boxes_of_a_plain_form_folded_into_details(signed_in):
    SkillFactory(slug="fairness")
    course("AI ethics", audience=["everyone", "new-recruit", "beekeeper", "manager"], skills=FAIRNESS)
    course("Tables", audience=["everyone"], minutes=200)

    page = signed_in(PersonFactory()).get("/courses/")

    assert '<form class="app-filter" method="get" action="/courses/" novalidate>' in main(page)
    assert '<details class="govuk-details app-filter__panel">' in main(page)
    assert listed(page, css="govuk-fieldset__legend") == ["For whom", "Level", "Time", "Skill"]
    assert listed(page, css="govuk-checkboxes__label") == [
        "New recruits", "Managers", "Beekeeper",
        "Working",
        "Up to 1 hour", "Up to 3 hours", "More than 3 hours",
        "Fairness",
    ]  # fmt: skip


def test_filters_that_every_course_or_none_fits_are_not_there(signed_in):
    SkillFactory(slug="fairness")
    for name in ("AI ethics", "Tables"):
        course(name, audience=["everyone"], skills=FAIRNESS)

    page = signed_in(PersonFactory()).get("/courses/")

    assert listed(page, css="govuk-checkboxes__label") == []
    assert "Filter the courses" not in words(page)


def test_a_filter_that_was_chosen_is_there_also_where_it_makes_no_difference(signed_in):
    course("AI ethics", audience=["everyone"])

    page = signed_in(PersonFactory()).get("/courses/?audience=everyone&level=expert")

    assert listed(page, css="govuk-checkboxes__label") == ["Everyone", "Expert"]
    assert listed(page, css="app-chosen__list") == [
        "For whom: Everyone Remove For whom: Everyone Level: Expert Remove Level: Expert"
    ]


def test_page_has_one_search_and_leads_on_to_lessons_with_the_same_words(signed_in):
    course("AI ethics")

    page = signed_in(PersonFactory()).get("/courses/?q=ethics+%26")

    assert page.content.decode().count('type="search"') == 1
    assert '<label class="govuk-label govuk-label--s" for="id_q">Search courses</label>' in main(page)
    assert ("/search/?q=ethics+%26", "Look for “ethics &” in lessons, quizzes and exercises") in links(page)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("audience=manager", ["Ethics", "Leading"]),
        ("audience=manager&audience=analyst", ["Ethics", "Leading", "Tables"]),
        ("level=working", ["Ethics", "Tables"]),
        ("skill=data-handling", ["Tables"]),
        ("skill=fairness&level=practitioner", ["Leading"]),
        ("time=1-hour", ["Ethics", "Leading"]),
        ("time=longer", ["Tables"]),
        ("audience=manager&time=1-hour&level=working", ["Ethics"]),
        ("q=stripes", ["Tables"]),
        ("q=leading&audience=manager", ["Leading"]),
        ("level=expert", []),
    ],
)
def test_courses_are_narrowed_by_what_is_chosen(signed_in, query, titles):
    for slug in ("fairness", "data-handling"):
        SkillFactory(slug=slug)
    course("Ethics", audience=["manager"], skills=FAIRNESS)
    course("Leading", audience=["manager"], skills=[{"skill": "fairness", "level": 3}])
    table = [{"skill": "data-handling", "level": 2}]
    course("Tables", audience=["analyst"], skills=table, minutes=200, lesson="Zebras have stripes.")

    page = signed_in(PersonFactory()).get(f"/courses/?{query}")

    assert shown(page) == titles


def test_what_was_chosen_is_said_with_a_link_that_takes_it_away(signed_in):
    SkillFactory(slug="fairness")
    course("AI ethics", audience=["manager"], skills=FAIRNESS)

    page = signed_in(PersonFactory()).get("/courses/?q=ethics&audience=manager&level=working")

    assert listed(page, css="app-chosen__list") == [
        "Words: “ethics” Remove Words: “ethics” "
        "For whom: Managers Remove For whom: Managers Level: Working Remove Level: Working"
    ]
    assert [url for url, _words in links(page)][:4] == [
        "/courses/?audience=manager&level=working",
        "/courses/?q=ethics&level=working",
        "/courses/?q=ethics&audience=manager",
        "/courses/",
    ]
    assert title(page) == "Courses: 1 result – AI skills for government"
    assert main(page).count(" checked>") == 2
    assert 'value="ethics"' in main(page)


def test_nothing_that_fits_says_what_to_try(signed_in):
    course("AI ethics")

    page = signed_in(PersonFactory()).get("/courses/?q=zebra")

    assert "0 courses" in words(page)
    assert "No course is all of this. Try: removing one of your choices above" in words(page)
    assert ("/courses/", "Remove all, and see every course") in links(page)


def test_common_words_alone_are_explained(signed_in):
    course("AI ethics")

    page = signed_in(PersonFactory()).get("/courses/?q=the")

    assert "Words such as “the” and “of” are not searched for." in words(page)
    assert shown(page) == []


@pytest.mark.parametrize(
    "query",
    [
        "level=9&time=x&skill=%00&audience=%27",
        "level=&level=&time=",
        "page=x&unknown=1",
        f"level={'a' * 5000}",
        "skill=x",
    ],
)
def test_unknown_values_are_as_if_they_were_not_there(signed_in, query):
    course("AI ethics")

    page = signed_in(PersonFactory()).get(f"/courses/?{query}")

    assert (page.status_code, shown(page), listed(page, css="app-chosen")) == (200, ["AI ethics"], [])


@pytest.mark.parametrize(
    ("asked", "said"),
    [("a" * 201, "Search for 200 characters or fewer"), ("a\0b", "Search for words that can be printed")],
)
def test_words_that_cannot_be_searched_for_are_refused_and_the_filters_hold(signed_in, asked, said):
    course("AI ethics")
    course("Long", minutes=300)

    page = signed_in(PersonFactory()).get("/courses/", {"q": asked, "time": "longer"})

    assert (page.status_code, errors(page), shown(page)) == (422, [("id_q", said)], ["Long"])


def test_twenty_courses_a_page_and_the_filters_stay(signed_in):
    for number in range(21):
        course(f"Course {number:02d}")
    client = signed_in(PersonFactory())

    first, second = client.get("/courses/?time=1-hour"), client.get("/courses/?time=1-hour&page=2")

    assert [len(shown(page)) for page in (first, second)] == [20, 1]
    assert ("?time=1-hour&page=2", "2") in links(first)
    assert title(second) == "Courses: 21 results (page 2) – AI skills for government"


@pytest.mark.parametrize("count", [1, 3])
def test_a_narrowed_list_costs_the_same_for_one_course_and_for_three(signed_in, django_assert_num_queries, count):
    SkillFactory(slug="fairness")
    for _ in range(count):
        course("Zebra", skills=FAIRNESS)
    client = signed_in(PersonFactory())

    with django_assert_num_queries(13):
        page = client.get("/courses/?q=zebra&skill=fairness")

    assert len(shown(page)) == count


def test_words_count_as_a_search_and_filters_do_not(signed_in):
    course("AI ethics")
    person = PersonFactory()
    client = signed_in(person)
    for _ in range(MOST_SEARCHES):
        allowances.spend("search", who=f"person {person.pk}", most=MOST_SEARCHES, seconds=3600)

    assert (client.get("/courses/?q=ethics").status_code, client.get("/courses/?time=1-hour").status_code) == (429, 200)
