"""The way to a lesson: home, the courses, one course, starting it, and what somebody takes."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import CourseVersionFactory, ItemVersionFactory, ModuleFactory
from tests.factories.marking import (
    DoneJobFactory,
    EvidenceFactory,
    JobFactory,
    MarkFactory,
    SkillFactory,
    SubmissionFactory,
)
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import learner_of, links, listed, main, taught, title, words
from upskill.learning import services
from upskill.learning.models import Enrolment

pytestmark = pytest.mark.django_db


def done(person, *items):
    for item in items:
        services.complete_item(person, item=item.item, now=NOON)


def queries_of(client, url: str) -> int:
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_home_of_a_visitor_says_what_this_is_and_where_to_sign_in(client):
    page = client.get("/")

    assert title(page) == "Learn data science and AI ethics by doing – AI skills for government"
    assert links(page) == [("/sign-in/", "Sign in")]


def test_home_offers_the_item_where_the_learner_left(signed_in):
    course = taught()
    person = learner_of(course, full_name="Alice Adams")
    services.see_item(person, item=course.quiz.item, now=NOON)

    page = signed_in(person).get("/")

    assert title(page) == "Home – AI skills for government"
    assert "Welcome, Alice Adams Continue where you left off Check Quiz, 5 minutes Continue" in words(page)
    assert links(page)[0] == (course.item_url(course.quiz), "Continue")


def test_home_offers_the_first_open_item_to_somebody_who_left_nothing_open(signed_in):
    course = taught()
    person = learner_of(course)
    done(person, course.lesson)

    page = signed_in(person).get("/")

    assert links(page)[0] == (course.item_url(course.quiz), "Continue")


def test_home_forgets_a_place_that_is_no_longer_published(signed_in):
    course = taught()
    person = learner_of(course)
    services.see_item(person, item=course.quiz.item, now=NOON)
    newer = CourseVersionFactory(course=course.version.course, version="1.1.0")
    kept = ItemVersionFactory(module__course_version=newer, module__slug="audits", slug="why", title="Why we audit")

    page = signed_in(person).get("/")

    assert links(page)[0] == (course.item_url(kept), "Continue")


def test_home_of_somebody_new_leads_to_the_courses(signed_in):
    taught()

    page = signed_in(PersonFactory()).get("/")

    assert links(page) == [("/courses/", "Find a course"), ("/skills/", "Your skills record")]
    assert "Start your first course" in words(page)


def test_home_of_somebody_who_finished_everything_says_so(signed_in):
    course = taught()
    person = learner_of(course)
    done(person, course.lesson, course.quiz, course.exercise.item_version)

    page = signed_in(person).get("/")

    assert "You have finished what you started" in words(page)
    assert links(page)[0] == ("/courses/", "Find another course")


def test_home_shows_levels_that_were_reached(signed_in):
    person = EvidenceFactory(level=2).learner

    page = signed_in(person).get("/")

    assert "Your skills Fairness Working" in words(page)


@pytest.mark.parametrize("url", ["/courses/", "/", "/learning/"])
def test_pages_with_courses_cost_the_same_for_one_and_for_three(signed_in, url):
    person = learner_of(taught())
    client = signed_in(person)
    client.get(url)
    one = queries_of(client, url)
    for _ in range(2):
        Enrolment.objects.create(learner=person, course=taught().version.course, enrolled_at=NOON)

    three = queries_of(client, url)

    assert three == one


def test_course_page_of_somebody_who_has_not_started_offers_that_and_opens_nothing(signed_in):
    course = taught(title="AI ethics", summary="Who could be harmed?", skills=[{"skill": "fairness", "level": 2}])

    page = signed_in(PersonFactory()).get(course.url)

    assert title(page) == "AI ethics – AI skills for government"
    assert links(page) == []
    assert f'<form method="post" action="{course.url}enrol/">' in main(page)
    assert listed(page, css="govuk-task-list__name-and-hint") == ["Why we audit", "Check", "Audit a model"]
    assert listed(page, css="govuk-details") == ["What you will be able to do : Audits You can read one."]
    assert "Skills you can show Fairness up to level Working" in words(page)
    assert "Time 1 hour Parts 3 Version 1.0.0 Licence CC-BY-4.0" in words(page)


def test_course_page_shows_what_is_done_and_goes_on_with_the_rest(signed_in):
    course = taught()
    person = learner_of(course)
    done(person, course.lesson)

    page = signed_in(person).get(course.url)

    assert listed(page, css="govuk-task-list__status") == ["Done", "To do", "To do"]
    assert "Audits 1 of 3 done" in words(page)
    assert links(page)[0] == (course.item_url(course.quiz), "Continue : Check")
    assert links(page)[1:] == [
        (course.item_url(course.lesson), "Why we audit"),
        (course.item_url(course.quiz), "Check"),
        (course.exercise_url, "Audit a model"),
    ]


def test_course_page_of_a_finished_course_says_so(signed_in):
    course = taught()
    person = learner_of(course)
    done(person, course.lesson, course.quiz, course.exercise.item_version)

    page = signed_in(person).get(course.url)

    assert "You have done everything in this course. Get your certificate . See your skills record" in words(page)
    assert (f"{course.url}certificate/", "Get your certificate") in links(page)


def test_course_page_does_not_show_what_somebody_else_has_done(signed_in):
    course = taught()
    done(learner_of(course), course.lesson, course.quiz)

    page = signed_in(learner_of(course)).get(course.url)

    assert listed(page, css="govuk-task-list__status") == ["To do", "To do", "To do"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_course_that_is_not_published_is_not_found(signed_in, method):
    client = signed_in(PersonFactory())
    url = "/courses/nothing/" if method == "get" else "/courses/nothing/enrol/"

    page = getattr(client, method)(url)

    assert (page.status_code, title(page)) == (404, "Page not found – AI skills for government")


def test_enrol_starts_the_course_at_its_first_item(signed_in):
    course, person = taught(), PersonFactory()

    page = signed_in(person).post(f"{course.url}enrol/")

    assert (page.status_code, page["Location"]) == (302, course.item_url(course.lesson))
    assert list(person.enrolments.values_list("course", flat=True)) == [course.version.course_id]
    assert [str(message) for message in get_messages(page.wsgi_request)] == [
        "You have started this course. Your place is kept for you."
    ]


def test_enrol_twice_keeps_one_enrolment(signed_in):
    course = taught()
    person = learner_of(course)

    signed_in(person).post(f"{course.url}enrol/")

    assert person.enrolments.count() == 1


def test_enrol_is_not_done_by_looking(signed_in):
    course, person = taught(), PersonFactory()

    page = signed_in(person).get(f"{course.url}enrol/")

    assert (page.status_code, person.enrolments.count()) == (405, 0)


def test_learning_parts_what_goes_on_from_what_is_finished(signed_in):
    going, finished = taught(title="Going on"), taught(title="Finished one")
    person = learner_of(going)
    Enrolment.objects.create(learner=person, course=finished.version.course, enrolled_at=NOON)
    done(person, finished.lesson, finished.quiz, finished.exercise.item_version)

    page = signed_in(person).get("/learning/")

    assert links(page) == [
        (going.url, "Going on"),
        (going.item_url(going.lesson), "Why we audit"),
        (finished.url, "Finished one"),
        (f"{finished.url}certificate/", "Certificate : Finished one"),
        ("/learning/asked/", "Learning you were asked to do"),
        ("/review/", "Questions to look back at"),
    ]
    assert "In progress Going on 0 of 3 done" in words(page)
    assert "Finished Finished one 3 of 3 done You have done everything in this course." in words(page)


def test_learning_lists_what_was_handed_in_with_its_state(signed_in):
    course = taught()
    person = learner_of(course)
    sent = [
        SubmissionFactory(learner=person, exercise=course.exercise, attempt=n, submitted_at=NOON) for n in range(1, 6)
    ]
    MarkFactory(submission=sent[0], points=2)
    MarkFactory(submission=sent[1], points=4)
    JobFactory(submission=sent[2])
    DoneJobFactory(submission=sent[3], state="refused", reason="Not a notebook.")
    DoneJobFactory(submission=sent[4], state="failed_ours", reason="A secret of the operators.")

    page = signed_in(person).get("/learning/")

    assert listed(page, css="app-attempt__state") == [
        "Held up by a fault of ours",
        "Could not be marked",
        "Waiting for its mark",
        "Passed 4 of 4 points",
        "Not passed yet 2 of 4 points",
    ]
    assert "A secret of the operators." not in page.content.decode()
    assert f"/submissions/{sent[0].public_id}/" in [url for url, _words in links(page)]


def test_learning_does_not_list_what_somebody_else_handed_in(signed_in):
    course = taught()
    other = SubmissionFactory(learner=learner_of(course), exercise=course.exercise)

    page = signed_in(learner_of(course)).get("/learning/")

    assert str(other.public_id) not in page.content.decode()


def test_learning_costs_the_same_for_one_and_for_three_submissions(signed_in):
    course = taught()
    person = learner_of(course)
    client = signed_in(person)
    MarkFactory(submission=SubmissionFactory(learner=person, exercise=course.exercise))
    client.get("/learning/")
    one = queries_of(client, "/learning/")
    for attempt in (2, 3):
        MarkFactory(submission=SubmissionFactory(learner=person, exercise=course.exercise, attempt=attempt))

    three = queries_of(client, "/learning/")

    assert three == one


def test_learning_of_somebody_new_leads_to_the_courses(signed_in):
    page = signed_in(PersonFactory()).get("/learning/")

    assert links(page) == [("/courses/", "Find a course"), ("/learning/asked/", "Learning you were asked to do")]


ADA = {"name": "Ada Olin", "role": "Makes the tea", "html": "<p>She pours <strong>slowly</strong>.</p>"}


def test_course_says_for_whom_it_is_written(signed_in):
    course = taught(profiles=[ADA])

    page = signed_in(PersonFactory()).get(course.url)

    said = "Written for people like … Ada Olin . Makes the tea She pours slowly . This person is invented."
    assert said in words(main(page))
    assert "Ada" not in "".join(listed(page, css="govuk-details__summary-text"))


def test_several_profiles_of_a_course_are_folded_away(signed_in):
    course = taught(profiles=[ADA, {**ADA, "name": "Bo <Olin>"}])

    page = signed_in(PersonFactory()).get(course.url)

    folded = listed(page, css="govuk-details__summary-text")
    assert folded[-2:] == ["Ada Olin. Makes the tea", "Bo <Olin>. Makes the tea"]


def test_course_without_profiles_says_nothing_of_them(signed_in):
    page = signed_in(PersonFactory()).get(taught().url)

    assert "Written for people like" not in words(main(page))


def helped_by(course, *skills: tuple[str, int]):
    """A module of the course, before which these skills at these levels help."""
    helps = [{"skill": SkillFactory(slug=slug).slug, "level": level} for slug, level in skills]
    return ModuleFactory(course_version=course.version, title="Afterwards", prerequisites=helps)


def advice(page) -> list[str]:
    """What each module says helps to have first."""
    return [text for text in listed(page, css="app-meta") if text.startswith("Helps")]


def test_module_says_what_helps_to_have_first_and_what_the_learner_has_of_it(signed_in):
    course, person = taught(), PersonFactory()
    helped_by(course, ("data-handling", 1))
    helped_by(course, ("genai-use", 1))
    helped_by(course, ("privacy", 2), ("oversight", 1), ("data-viz", 2))
    for skill, level in (("data-viz", 1), ("genai-use", 1), ("oversight", 2)):
        EvidenceFactory(learner=person, skill=SkillFactory(slug=skill), level=level)
    EvidenceFactory(skill=SkillFactory(slug="privacy"))  # somebody else's

    page = signed_in(person).get(course.url)

    assert advice(page) == [
        "Helps to have first: Data handling, level Awareness",
        "Helps to have first: Genai use, level Awareness (you have it)",
        "Helps to have first: Privacy, level Working; Oversight, level Awareness (you have it); "
        "Data viz, level Working",
    ]


def test_what_would_help_first_locks_nothing(signed_in):
    course = taught()
    person = learner_of(course)
    lesson = ItemVersionFactory(module=helped_by(course, ("privacy", 3)), title="Open to you")
    client = signed_in(person)

    assert (course.item_url(lesson), "Open to you") in links(client.get(course.url))
    assert title(client.get(course.item_url(lesson))).startswith("Open to you")


def test_skill_that_is_taught_no_more_is_not_said_to_help(signed_in):
    course = taught()
    ModuleFactory(course_version=course.version, prerequisites=[{"skill": "gone", "level": 1}])

    page = signed_in(PersonFactory()).get(course.url)

    assert advice(page) == []


@pytest.mark.parametrize("modules", [1, 3])
def test_what_helps_costs_two_queries_however_many_modules_it_helps(signed_in, modules):
    course = taught()
    client = signed_in(PersonFactory())
    client.get(course.url)
    none = queries_of(client, course.url)
    for number in range(modules):
        helped_by(course, ("privacy", 1), (f"skill-{number}", 2))

    assert queries_of(client, course.url) == none + 2


def test_course_names_the_principles_that_it_serves_in_a_list_that_is_folded_away(signed_in):
    course = taught(principles=[2, 10])

    page = signed_in(PersonFactory()).get(course.url)

    assert listed(page, css="govuk-details__summary-text")[-1] == (
        "Principles of the UK government’s AI Playbook that this course serves"
    )
    assert (
        "Principle 2: Use AI lawfully, ethically and responsibly "
        "Principle 10: Follow your organisation’s policies and have the right assurance"
    ) in words(main(page))


def test_course_without_principles_says_nothing_of_them(signed_in):
    page = signed_in(PersonFactory()).get(taught().url)

    assert "Playbook" not in words(main(page))
