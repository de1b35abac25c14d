"""What somebody was asked to learn, and what their team was, as the pages show it."""

import pytest
from django.utils import timezone

from tests.factories.catalogue import CourseVersionFactory
from tests.factories.people import OrganisationFactory, PersonFactory
from tests.factories.planning import AssignmentFactory, CompletionFactory, ExemptionFactory, report_of
from upskill.core.models import AuditEntry
from upskill.people.models import TokenScope

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
MINE, TEAM = "/api/v1/me/assignments/", "/api/v1/team/assignments/"


@pytest.fixture
def asked():
    """Of the team of Maya, today, once a year."""
    manager = PersonFactory(full_name="Maya")
    course = CourseVersionFactory(title="AI ethics").course
    return AssignmentFactory(course=course, team_of=manager, due_on=TODAY, repeat_months=12, reason="By law.")


def about(asked) -> dict[str, object]:
    return {
        "assignment": str(asked.public_id),
        "course": asked.course_id,
        "title": "AI ethics",
        "url": f"/api/v1/courses/{asked.course_id}/",
        "is_required": True,
        "due_on": TODAY.isoformat(),
        "repeat_months": 12,
        "asked_by": "Maya",
        "reason": "By law.",
    }


def standing(stands: str, *, done: bool = False, why: str = "") -> dict[str, object]:
    done_on = TODAY.isoformat() if done else None
    return {"stands": stands, "due_on": TODAY.isoformat(), "done_on": done_on, "exempt_because": why}


def test_person_reads_what_is_asked_of_them_and_of_nobody_else(program, asked):
    person = report_of(asked.team_of)
    AssignmentFactory(team_of=None, organisation=OrganisationFactory())

    answer = program(person, TokenScope.READ).get(MINE)

    assert answer.json()["results"] == [{"asked": about(asked), "standing": standing("due")}]


def test_manager_reads_how_each_report_stands_and_each_look_is_written_down(program, asked):
    ann, bea, cat = (report_of(asked.team_of, person__full_name=name) for name in ("Ann", "Bea", "Cat"))
    CompletionFactory(learner=bea, course=asked.course, finished_at=timezone.now())
    ExemptionFactory(assignment=asked, person=cat)

    answer = program(asked.team_of, TokenScope.TEAM).get(TEAM)

    people = [
        ("Ann", standing("due")),
        ("Bea", standing("done", done=True)),
        ("Cat", standing("exempt", why="On leave.")),
    ]
    assert answer.json()["results"] == [
        {"asked": about(asked), "people": [{"full_name": name, "standing": each} for name, each in people]}
    ]
    looks = AuditEntry.objects.filter(event="assignments.viewed")
    assert set(looks.values_list("by", "about")) == {(asked.team_of.pk, each.pk) for each in (ann, bea, cat)}


@pytest.mark.parametrize(("scope", "path"), [(TokenScope.READ, TEAM), (TokenScope.TEAM, MINE)])
def test_token_of_another_scope_is_refused(program, asked, scope, path):
    report_of(asked.team_of)

    assert program(asked.team_of, scope).get(path).status_code == 403
