"""Paths on pages: above the courses, a page with its steps, following one, and its next step on the home page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import (
    QUESTION,
    DiagnosticFactory,
    LearningPathFactory,
    ModuleFactory,
    QuizFactory,
    WorkshopFactory,
)
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import Taught, finish, learner_of, links, listed, main, taught, title, words
from upskill.catalogue.models import LearningPath
from upskill.core import allowances
from upskill.learning import diagnostics, services
from upskill.learning import paths as learning
from upskill.people.models import User
from upskill.web.learner.paths import MOST_FOLLOWED

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea():
    """A course of an hour: Why we audit, Check, Audit a model, in the module Audits."""
    return taught(course__id="tea", title="Tea for teams")


def path_of(*takes: str, **fields) -> LearningPath:
    path: LearningPath = LearningPathFactory(takes=takes, **fields)
    return path


# --- above the courses -----------------------------------------------------------------------------------------------


def test_courses_lead_with_the_paths_in_plain_lines(signed_in, tea):
    path_of("tea", id="host", title="Host", audience=["new-recruit", "manager"])
    path_of("tea/audits", id="guest", title="Guest", audience=["analyst"])
    learner = PersonFactory()
    learning.follow(learner, path=LearningPath.objects.get(pk="guest"), now=NOON)

    page = signed_in(learner).get("/courses/")

    assert links(page) == [("/paths/host/", "Host"), ("/paths/guest/", "Guest"), (tea.url, "Tea for teams")]
    assert "Host 1 hour. For: New recruits, Managers Guest 1 hour. For: Analysts You follow this path" in words(page)


@pytest.mark.parametrize("narrowed", ["?q=tea", "?time=1-hour", "?page=2"])
def test_paths_stand_above_the_first_page_of_all_courses_only(signed_in, tea, narrowed):
    path_of("tea", title="Host")
    for _ in range(20):
        taught()

    assert "Host" not in words(signed_in(PersonFactory()).get(f"/courses/{narrowed}"))


def test_courses_without_paths_say_nothing_of_them(signed_in, tea):
    path_of("tea", withdrawn_at=NOON)

    assert "Paths" not in words(signed_in(PersonFactory()).get("/courses/"))


# --- the page of a path ----------------------------------------------------------------------------------------------


def test_path_asks_a_visitor_to_sign_in(client):
    page = client.get("/paths/host/")

    assert (page.status_code, page["Location"]) == (302, "/sign-in/?next=/paths/host/")


def test_path_shows_its_steps_with_minutes_and_reasons(signed_in, tea):
    QuizFactory(module=ModuleFactory(course_version=tea.version, slug="more", title="More"), minutes=15, title="Last")
    path_of("tea/audits", "tea/more", "gone", "tea/gone", id="host", title="Host", audience=["analyst"])

    page = signed_in(PersonFactory()).get("/paths/host/")

    assert title(page) == "Path: Host – AI skills for government"
    assert listed(page, css="app-card") == [
        "1. Audits A part of the course Tea for teams, 1 hour It comes first. 0 of 3 parts done Next: Why we audit",
        "2. More A part of the course Tea for teams, 15 minutes It comes first. 0 of 1 part done",
    ]
    assert "Time 1 hour 15 minutes Steps 2 For Analysts" in words(page)
    assert "The order is a suggestion; you may start anywhere. Nobody else sees which path you follow." in words(page)
    assert links(page) == [
        ("/courses/tea/#audits", "Audits"), ("/courses/tea/", "Why we audit"), ("/courses/tea/#more", "More")
    ]  # fmt: skip


def test_path_shows_what_is_done_and_the_next_step(signed_in, tea):
    coffee = taught(course__id="coffee", title="Coffee")
    learner = learner_of(tea)
    services.enrol(learner, course=coffee.version.course, now=NOON)
    finish(tea, learner)
    services.complete_item(learner, item=coffee.lesson.item, now=NOON)
    learning.follow(learner, path=path_of("tea", "coffee", id="host"), now=NOON)

    page = signed_in(learner).get("/paths/host/")

    assert listed(page, css="app-card") == [
        "1. Tea for teams 1 hour It comes first. Done",
        "2. Coffee 1 hour It comes first. 1 of 3 parts done Next: Check",
    ]
    assert listed(page, css="govuk-button") == ["Continue : Coffee", "Stop following"]
    assert (coffee.item_url(coffee.quiz), "Continue : Coffee") in links(page)
    assert "1 of 2 done" in words(page)


def test_workshop_of_a_step_takes_time_and_is_not_counted(signed_in, tea):
    WorkshopFactory(module=tea.lesson.module, position=0, slug="kit", title="Taste together", minutes=60)
    learner = learner_of(tea)
    learning.follow(learner, path=path_of("tea", id="host"), now=NOON)
    before = signed_in(learner).get("/paths/host/")

    finish(tea, learner)

    after = signed_in(learner).get("/paths/host/")
    assert listed(before, css="app-card") == [
        "1. Tea for teams 2 hours It comes first. 0 of 3 parts done Next: Why we audit"
    ]
    assert listed(after, css="app-card") == ["1. Tea for teams 2 hours It comes first. Done"]


def test_path_that_is_done_leads_to_the_skills_record(signed_in, tea):
    learner = learner_of(tea)
    finish(tea, learner)
    learning.follow(learner, path=path_of("tea", id="host"), now=NOON)

    page = signed_in(learner).get("/paths/host/")

    assert ("/skills/", "See your skills record") in links(page)
    assert listed(page, css="govuk-button") == ["Stop following"]


def test_path_that_nobody_wrote_is_not_there(signed_in):
    client = signed_in(PersonFactory())

    assert [client.get("/paths/none/").status_code, client.post("/paths/none/follow/").status_code] == [404, 404]


@pytest.mark.parametrize("steps", [1, 3])
def test_path_costs_the_same_with_more_steps(signed_in, steps):
    courses = [taught(course__id=f"course-{number}") for number in range(steps)]
    learner = learner_of(courses[0])
    learning.follow(learner, path=path_of(*(course.version.course_id for course in courses), id="host"), now=NOON)
    client = signed_in(learner)
    client.get("/paths/host/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/paths/host/")

    assert len(queries) == 11


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_paths_costs_the_same_with_more_of_them(signed_in, tea, count):
    made = [path_of("tea", "tea/audits") for _ in range(count)]
    learner = learner_of(tea)
    learning.follow(learner, path=made[0], now=NOON)
    client = signed_in(learner)
    client.get("/courses/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/courses/")

    assert len(queries) == 12


# --- following -------------------------------------------------------------------------------------------------------


def test_following_says_so_and_replaces_the_path_before(signed_in, tea):
    learner = PersonFactory()
    learning.follow(learner, path=path_of("tea", id="guest", title="Guest"), now=NOON)
    path_of("tea", id="host", title="Host")
    client = signed_in(learner)
    before = client.get("/paths/host/")

    after = client.post("/paths/host/follow/", follow=True)

    assert "You follow the path Guest . If you follow this one, you no longer follow that." in words(before)
    assert after.redirect_chain == [("/paths/host/", 302)]
    assert "You follow this path now. Your home page shows its next step." in words(after)
    assert "Follow this path" not in words(after)
    assert learning.followed(learner) == LearningPath.objects.get(pk="host")


def test_stopping_says_what_stays(signed_in, tea):
    learner = PersonFactory()
    learning.follow(learner, path=path_of("tea", id="host"), now=NOON)

    after = signed_in(learner).post("/paths/host/stop/", follow=True)

    assert after.redirect_chain == [("/paths/host/", 302)]
    assert "You no longer follow this path. What you have done stays in your record." in words(after)
    assert listed(after, css="govuk-button") == ["Follow this path"]


def test_looking_at_the_buttons_changes_nothing(signed_in, tea):
    client = signed_in(PersonFactory())
    path_of("tea", id="host")

    assert [client.get(f"/paths/host/{act}/").status_code for act in ("follow", "stop")] == [405, 405]


def test_path_that_is_offered_no_more_is_there_for_whoever_follows_it(signed_in, tea):
    follower = PersonFactory()
    host = path_of("tea", id="host")
    learning.follow(follower, path=host, now=NOON)
    LearningPath.objects.update(withdrawn_at=NOON)
    theirs, others = signed_in(follower), PersonFactory()

    assert "This path is no longer offered. You can go on with it" in words(theirs.get("/paths/host/"))
    assert signed_in(others).get("/paths/host/").status_code == 404
    assert signed_in(others).post("/paths/host/follow/").status_code == 404
    assert signed_in(follower).post("/paths/host/stop/")["Location"] == "/courses/"


def test_following_too_often_is_refused(signed_in, tea):
    learner = PersonFactory()
    path_of("tea", id="host")
    for _ in range(MOST_FOLLOWED):
        allowances.spend("follow path", who=f"person {learner.pk}", most=MOST_FOLLOWED, seconds=3600)

    assert signed_in(learner).post("/paths/host/follow/").status_code == 429


# --- home ------------------------------------------------------------------------------------------------------------


def test_home_shows_the_next_step_beside_where_the_learner_left(signed_in, tea):
    coffee = taught(course__id="coffee", title="Coffee")
    learner = learner_of(tea)
    services.see_item(learner, item=tea.exercise.item_version.item, now=NOON)
    services.complete_item(learner, item=tea.lesson.item, now=NOON)
    learning.follow(learner, path=path_of("coffee", "tea", id="host", title="Host"), now=NOON)

    home = signed_in(learner).get("/")

    assert "Continue where you left off Audit a model" in words(home)
    assert "Your path: Host Step 1 of 2: Coffee Next: Why we audit Lesson, 10 minutes" in words(home)
    assert ("/paths/host/", "Your path: Host") in links(home)
    assert (coffee.url, "Why we audit") in links(home)  # not started yet: its page has the button


def with_start_in(course: Taught, *, learner: User, module: str, path: str = "host") -> None:
    """The newest result of a diagnostic, which suggests to begin this path at this module of the course."""
    begins = {"skill": "fairness", "at_least": 0, "because": "Begin here.", "path": path}
    rules = [begins | {"course": course.version.course_id, "module": module}]
    quiz = DiagnosticFactory(content={"questions": [QUESTION], "diagnostic": rules})
    diagnostics.record_result(learner, quiz=quiz, answers={"one-of-two": "this"}, now=NOON)


def test_home_begins_a_path_where_the_diagnostic_suggests_and_comes_back_to_what_is_before(signed_in, tea):
    more = ModuleFactory(course_version=tea.version, slug="more", title="More")
    last = QuizFactory(module=more, title="Last", minutes=15)
    coffee = taught(course__id="coffee", title="Coffee")
    learner = learner_of(tea)
    learning.follow(learner, path=path_of("coffee", "tea", id="host", title="Host"), now=NOON)
    with_start_in(tea, learner=learner, module="more")

    homes = [words(signed_in(learner).get("/"))]
    services.complete_item(learner, item=last.item, now=NOON)
    homes += [words(signed_in(learner).get("/"))]
    finish(tea, learner)
    homes += [words(signed_in(learner).get("/"))]

    said = [
        "Step 2 of 2: Tea for teams Next: Last",
        "Step 2 of 2: Tea for teams Next: Why we audit",
        "Step 1 of 2: Coffee Next: Why we audit",
    ]
    assert [line for line, home in zip(said, homes, strict=True) if line not in home] == []
    assert listed(signed_in(learner).get("/paths/host/"), css="govuk-button") == ["Continue : Coffee", "Stop following"]
    assert coffee.url in dict(links(signed_in(learner).get("/")))


def test_start_may_be_a_step_that_is_a_module(signed_in, tea):
    QuizFactory(module=ModuleFactory(course_version=tea.version, slug="more", title="More"), title="Last")
    learner = learner_of(tea)
    learning.follow(learner, path=path_of("tea/audits", "tea/more", "gone", id="host", title="Host"), now=NOON)
    with_start_in(tea, learner=learner, module="more")

    assert "Step 2 of 2: More Next: Last" in words(signed_in(learner).get("/"))


def test_start_on_another_path_changes_nothing(signed_in, tea):
    learner = learner_of(tea)
    learning.follow(learner, path=path_of("tea", id="host", title="Host"), now=NOON)
    with_start_in(taught(course__id="coffee"), learner=learner, module="audits", path="guest")
    with_start_in(tea, learner=PersonFactory(), module="audits")

    assert "Step 1 of 1: Tea for teams Next: Why we audit" in words(signed_in(learner).get("/"))


def test_home_leads_into_a_course_that_is_started(signed_in, tea):
    learner = learner_of(tea)
    learning.follow(learner, path=path_of("tea", id="host"), now=NOON)

    assert (tea.item_url(tea.lesson), "Why we audit") in links(signed_in(learner).get("/"))


def test_home_says_that_a_path_is_done(signed_in, tea):
    learner = learner_of(tea)
    finish(tea, learner)
    learning.follow(learner, path=path_of("tea", title="Host"), now=NOON)

    assert "Your path: Host You have done every step of this path." in words(signed_in(learner).get("/"))


def test_home_of_somebody_else_says_nothing_of_it(signed_in, tea):
    learning.follow(learner_of(tea), path=path_of("tea"), now=NOON)

    assert "Your path" not in main(signed_in(learner_of(tea)).get("/"))
