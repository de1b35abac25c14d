"""The home page of people with more roles than a learner's: a card for each, with what waits there."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.catalogue import CourseVersionFactory
from tests.factories.marking import EvidenceFactory, JobFactory, MarkFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.factories.roles import role_asking
from tests.web.learner.pages import learner_of, links, listed, main, taught, words
from upskill.core import heartbeats
from upskill.core.models import AuditEntry
from upskill.marking.models import Job
from upskill.people import feedback
from upskill.people.models import Membership
from upskill.people.roles import Role
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db


def cards(page) -> list[str]:
    return listed(page, css="app-role")


def team_of(manager, *, people: int, reached: int) -> None:
    for number in range(people):
        report = MembershipFactory(line_manager=manager).person
        if number < reached:
            EvidenceFactory(learner=report, level=Level.WORKING)


def waiting_answer(course: str):
    return MarkFactory(submission__exercise__item_version__module__course_version__course__id=course)


def test_learner_alone_has_no_card(signed_in):
    page = signed_in(PersonFactory()).get("/")

    assert (cards(page), "Your roles" in words(page)) == ([], False)


@pytest.mark.parametrize(
    ("answers", "said"),
    [(0, "No answer waits for you."), (1, "1 answer waits for you."), (3, "3 answers wait for you.")],
)
def test_trainer_reads_how_many_answers_wait_in_all_their_courses(signed_in, answers, said):
    for number in range(answers):
        MarkFactory(
            submission__exercise__item_version__module__course_version=CourseVersionFactory(
                course__id=f"course-of-{number}"
            )
        )
    terry = trainer_of("course-of-0")
    for number in (1, 2):
        RoleGrantFactory(person=terry, role=Role.TRAINER, course=f"course-of-{number}")

    page = signed_in(terry).get("/")

    assert cards(page) == [f"Marking {said}"]
    assert ("/trainer/", "Marking") in links(page)


def test_manager_of_five_reads_how_many_have_reached_working_level(signed_in):
    mary = PersonFactory()
    team_of(mary, people=5, reached=2)

    page = signed_in(mary).get("/")

    assert cards(page) == [
        "My team 2 of the 5 people who report to you have reached working level or above in a skill. "
        "What your team was asked to learn"
    ]
    assert ("/manager/team/", "My team") in links(page)


def test_manager_of_five_reads_how_many_are_short_of_what_their_role_needs(signed_in):
    mary, role = PersonFactory(), role_asking(fairness=3)
    team_of(mary, people=5, reached=2)
    Membership.objects.filter(line_manager=mary).update(role=role)

    page = signed_in(mary).get("/")

    assert "5 are short of what their role needs." in cards(page)[0]
    assert ("/manager/team/training/", "Training that closes the gaps") in links(page)
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(("people", "said"), [(1, "1 person reports to you."), (4, "4 people report to you.")])
def test_manager_of_fewer_is_told_no_level_for_that_would_be_a_look_that_nobody_wrote_down(signed_in, people, said):
    mary = PersonFactory()
    team_of(mary, people=people, reached=1)

    assert cards(signed_in(mary).get("/")) == [f"My team {said} What your team was asked to learn"]
    assert AuditEntry.objects.count() == 0


def test_department_viewer_goes_straight_to_each_organisation(signed_in):
    viewer = viewer_of(OrganisationFactory(name="Work", code="work"))
    RoleGrantFactory(
        person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory(name="Tax", code="tax")
    )

    page = signed_in(viewer).get("/")

    assert cards(page)[0].startswith("Departments Skills in counts, without names.")
    assert [link for link in links(page) if link[0].startswith("/manager/departments/")] == [
        ("/manager/departments/", "Departments"),
        ("/manager/departments/tax/", "Tax"),
        ("/manager/departments/work/", "Work"),
    ]


def test_operator_reads_the_state_of_the_service(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=True)
    heartbeats.beat("housekeeper@a:2", program="housekeeper", is_working=True)
    JobFactory()
    JobFactory(state=Job.State.FAILED_OURS, ended_at=NOON)
    feedback.send("Good", page="", by=None, now=timezone.now())
    feedback.send("Long ago", page="", by=None, now=timezone.now() - dt.timedelta(days=8))

    page = signed_in(operator()).get("/")

    assert cards(page) == [
        "State of the service Marking is on. Mail goes out. 1 answer waits for its mark. "
        "A fault of ours stopped 1 answer. 1 piece of feedback in the last week."
    ]
    assert ("/operator/", "State of the service") in links(page)


def test_operator_of_a_silent_service_reads_that_and_no_noughts(signed_in):
    assert cards(signed_in(operator()).get("/")) == [
        "State of the service No sign of life from what marks. No sign of life from what sends mail. "
        "0 answers wait for their marks."
    ]


def test_operator_reads_that_marking_is_paused_while_a_worker_lives(signed_in):
    heartbeats.beat("worker@a:1", program="worker", is_working=False, note="Marking is paused: no slot.")

    assert cards(signed_in(operator()).get("/"))[0].startswith("State of the service Marking is paused.")


def test_roles_stand_above_a_first_course_and_below_one_that_was_begun(signed_in):
    begun = learner_of(taught())
    RoleGrantFactory(person=begun, role=Role.OPERATOR)

    first, later = (words(main(signed_in(person).get("/"))) for person in (operator(), begun))

    assert first.index("Your roles") < first.index("Start your first course")
    assert later.index("Your courses") > later.index("Your roles") > later.index("Welcome")


def everything(count: int):
    """Somebody with every role, each with so many rows."""
    person = operator()
    RoleGrantFactory(person=person, role=Role.TRAINER, course="ethics")
    for number in range(count):
        RoleGrantFactory(person=person, role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory())
        MembershipFactory(line_manager=person)
        heartbeats.beat(f"worker@a:{number}", program="worker", is_working=True)
        JobFactory()
        feedback.send("Good", page="", by=None, now=timezone.now())
    return person


@pytest.mark.parametrize("count", [1, 3])
def test_home_costs_the_same_with_one_row_of_each_role_and_with_three(signed_in, django_assert_num_queries, count):
    client = signed_in(everything(count))

    with django_assert_num_queries(18):
        page = client.get("/")

    assert len(cards(page)) == 4
