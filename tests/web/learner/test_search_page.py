"""The page that finds: what it found, where it leads, and words for what it cannot find."""

import pytest

from tests.factories.catalogue import CourseVersionFactory, ItemVersionFactory, ModuleFactory
from tests.factories.people import PersonFactory
from tests.web.learner.pages import errors, learner_of, links, listed, main, taught, title, words

pytestmark = pytest.mark.django_db


def lessons(count: int, *, text: str = "zebra") -> None:
    for number in range(count):
        ItemVersionFactory(title=f"Lesson {number:02d}", content={"html": f"<p>{text}</p>"})


def test_course_module_and_item_are_linked_and_each_link_opens(signed_in):
    course = taught(title="Ethics of zebras", summary="Stripes.")
    client = signed_in(learner_of(course))

    found = [link for link in links(client.get("/search/?q=zebra+or+audits+or+why")) if link[0].startswith("/courses/")]

    assert sorted(found) == [
        (course.url, "Ethics of zebras"),
        (f"{course.url}#audits", "Audits"),
        (course.item_url(course.exercise.item_version), "Audit a model"),
        (course.item_url(course.lesson), "Why we audit"),
    ]
    assert [url for url, _title in found if client.get(url).status_code != 200] == []
    assert '<h2 class="govuk-heading-l" id="audits">Audits</h2>' in client.get(course.url).content.decode()


def test_result_says_kind_course_and_the_found_words(signed_in):
    module = ModuleFactory(course_version=CourseVersionFactory(title="Ethics"))
    ItemVersionFactory(module=module, title="Why", content={"html": "<p>A zebra.</p>"})

    page = signed_in(PersonFactory()).get("/search/", {"q": "zebra"})

    assert listed(page, css="app-card") == ["Why Lesson in Ethics A zebra ."]
    assert "A <mark>zebra</mark>." in page.content.decode()


@pytest.mark.parametrize(("count", "said"), [(1, "1 result"), (3, "3 results")])
def test_number_of_results_is_announced(signed_in, count, said):
    lessons(count)

    page = signed_in(PersonFactory()).get("/search/?q=zebra")

    assert f'<h2 class="govuk-heading-m">{said}</h2>' in main(page)
    assert title(page) == f"Search: zebra, {said} – AI skills for government"


@pytest.mark.parametrize("count", [1, 3])
def test_search_costs_the_same_with_one_result_and_with_three(signed_in, django_assert_num_queries, count):
    lessons(count)
    client = signed_in(PersonFactory())

    with django_assert_num_queries(7):
        client.get("/search/?q=zebra")


def test_ten_results_a_page_and_the_words_stay(signed_in):
    lessons(12)
    client = signed_in(PersonFactory())

    first, second = client.get("/search/", {"q": "zebra"}), client.get("/search/", {"q": "zebra", "page": "2"})
    beyond = client.get("/search/", {"q": "zebra", "page": "999"})

    assert [len(listed(page, css="app-card")) for page in (first, second, beyond)] == [10, 2, 2]
    assert ("?q=zebra&page=2", "2") in links(first)
    assert (title(first), title(second)) == (
        "Search: zebra, 12 results – AI skills for government",
        "Search: zebra, 12 results (page 2) – AI skills for government",
    )


def test_words_that_were_searched_for_stay_in_the_box_and_are_shown_as_text(signed_in):
    page = signed_in(PersonFactory()).get("/search/", {"q": '"><script>alert(1)</script>'})

    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in main(page)
    assert "<script>alert" not in page.content.decode()


def test_page_without_words_says_what_is_searched(signed_in):
    page = signed_in(PersonFactory()).get("/search/")

    assert "Questions of quizzes, hints and the code of exercises are not searched." in words(main(page))
    assert title(page) == "Search courses – AI skills for government"


def test_nothing_found_says_what_to_try(signed_in):
    page = signed_in(PersonFactory()).get("/search/?q=zebra")

    assert "0 results Nothing fits all of these words. Try: fewer words" in words(main(page))
    assert ("/courses/", "See all courses") in links(page)


def test_only_common_words_are_answered_in_words(signed_in):
    page = signed_in(PersonFactory()).get("/search/?q=the+of")

    assert (page.status_code, "Words such as “the” and “of” are not searched for." in words(main(page))) == (200, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nul\0", "Search for words that can be printed"),
        ("bell\a", "Search for words that can be printed"),
        ("z" * 10_000, "Search for 200 characters or fewer"),
        ("z " * 5_000, "Search for 200 characters or fewer"),
    ],
)
def test_bad_words_are_refused_beside_the_box(signed_in, typed, said):
    page = signed_in(PersonFactory()).get("/search/", {"q": typed})

    assert (page.status_code, errors(page)) == (422, [("id_q", said)])
    assert title(page).startswith("Error: ")


@pytest.mark.parametrize("page_number", ["0", "-1", "x", "", "9" * 400])
def test_odd_page_numbers_are_answered(signed_in, page_number):
    lessons(1)

    page = signed_in(PersonFactory()).get("/search/", {"q": "zebra", "page": page_number})

    assert (page.status_code, len(listed(page, css="app-card"))) == (200, 1)


def test_box_stands_in_the_header_for_people_who_are_signed_in_and_once_on_a_page(client, signed_in):
    assert 'role="search"' not in client.get("/privacy/").content.decode()
    signed_in(PersonFactory())

    pages = [client.get(path).content.decode() for path in ("/", "/privacy/", "/no/", "/search/")]

    assert [page.count('role="search"') for page in pages] == [1, 1, 1, 1]
    assert '<label class="govuk-visually-hidden" for="search">Search courses</label>' in pages[0]


def test_search_is_for_people_who_are_signed_in_and_only_read(client, signed_in):
    assert client.get("/search/?q=zebra").url == "/sign-in/?next=/search/%3Fq%3Dzebra"
    assert signed_in(PersonFactory()).post("/search/", {"q": "zebra"}).status_code == 405
