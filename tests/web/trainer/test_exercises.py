"""How the exercises of a course were checked, for its trainers: what was tried, and what is otherwise by now."""

import pytest

from tests.factories.catalogue import CERTIFICATE, CourseVersionFactory, ExerciseFactory, ModuleFactory
from tests.factories.people import NOON, trainer_of
from tests.web.learner.pages import links, listed, main, words
from tests.web.tables import rows
from upskill.catalogue.models import Clearance
from upskill.core import heartbeats

pytestmark = pytest.mark.django_db
PAGE = "/trainer/ethics/exercises/"


@pytest.fixture
def module():
    return ModuleFactory(course_version=CourseVersionFactory(course__id="ethics", title="Ethics"), slug="audits")


@pytest.fixture
def trainer():
    return trainer_of("ethics")


def exercise(module, title, **fields):
    return ExerciseFactory(item_version__module=module, item_version__title=title, **fields)


def sections(page) -> list[str]:
    return [text.partition(" What was tried")[0] for text in listed(page, css="app-card")]


def test_list_of_answers_leads_there(signed_in, trainer, module):
    page = signed_in(trainer).get("/trainer/ethics/")

    assert (PAGE, "How the exercises were checked") in links(page)


def test_page_shows_what_was_tried_and_with_what(signed_in, trainer, module):
    browser = {"pyodide": "0.29.0", "checks": 12}
    exercise(module, "Audit", clearance={**CERTIFICATE, "browser": browser})

    page = signed_in(trainer).get(PAGE)

    assert sections(page) == ["Audit Catches 1 known mistake, 4 tricks held. Loaded on 23 November 2026."]
    assert rows(page) == [
        ["Answer", "Points", "Loses"],
        ["The solution", "4", "–"],
        ["The untouched notebook", "0", "–"],
        ["adds", "0", "test_one"],
    ]
    assert rows(page, table=1) == [["Trick", "Held"], ["readers of hidden tests", "4"]]
    said = words(main(page))
    assert "Marker 0.1.0 Python 3.11.7 numpy 2.4.3" in said
    assert "Compared in the browser’s Python Pyodide 0.29.0: 12 results, none differs" in said


def test_exercise_whose_checks_have_no_hidden_tests_says_what_its_marks_show(signed_in, trainer, module):
    exercise(module, "Practise", clearance={**CERTIFICATE, "tricks": {}, "guarded": []})

    page = signed_in(trainer).get(PAGE)

    assert sections(page) == ["Practise Catches 1 known mistake. Loaded on 23 November 2026."]
    assert "No check has hidden tests: marks here show practice, and a trick may earn them." in words(main(page))


def test_another_version_that_marks_now_is_named(signed_in, trainer, module):
    facts = {"engine_version": "0.2.0", "python": "3.12.0", "libraries": {"numpy": "2.4.3", "pandas": "3.0.2"}}
    heartbeats.beat("worker@a:1", program="worker", is_working=True, facts=facts)
    exercise(module, "Audit")

    page = signed_in(trainer).get(PAGE)

    assert "Another version marks now Marker 0.1.0 then, 0.2.0 now. Marks count as before." in sections(page)[0]


@pytest.mark.parametrize(
    ("ground", "words"),
    [
        ("", "Not checked Learners can work on it, and not hand it in."),
        ("operator", "Opened for handing in without a check by those who run this service, on 23 November 2026."),
        ("earlier", "Published before exercises were checked, and open since then."),
    ],
)
def test_exercise_without_a_certificate_says_why_it_is_open_or_not(signed_in, trainer, module, ground, words):
    one = exercise(module, "Audit", clearance=False)
    if ground:
        Clearance.objects.create(exercise=one, ground=ground, given_at=NOON)

    [said] = sections(signed_in(trainer).get(PAGE))

    assert said.startswith(f"Audit {words}")


def test_course_without_exercises_says_so(signed_in, trainer, module):
    assert listed(signed_in(trainer).get(PAGE), css="govuk-inset-text") == ["This course has no exercises."]


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_with_one_exercise_and_with_three(
    signed_in, trainer, module, django_assert_num_queries, count
):
    for number in range(count):
        exercise(module, f"Exercise {number}")
    client = signed_in(trainer)

    with django_assert_num_queries(6):
        client.get(PAGE)
