"""How people stand with what they were asked to do: by themselves, by team, and a month later."""

import datetime as dt

import pytest

from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.planning import TODAY, AssignmentFactory, CompletionFactory, ExemptionFactory, report_of
from upskill.planning import queries
from upskill.planning.dues import BEGIN, State
from upskill.planning.models import Assignment

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def past(**fields) -> Assignment:
    """One whose due day was yesterday, asked half a year ago."""
    return AssignmentFactory(**{"due_on": TODAY - DAY, "made_at": NOON - 180 * DAY, **fields})


def stands(person, *, on: dt.date = TODAY) -> list:
    return [(due.assignment, due.state, due.due_on, due.done_on) for due in queries.due_of(person, on=on)]


def test_somebody_sees_what_their_manager_and_every_organisation_above_ask_what_is_overdue_first():
    whole = OrganisationFactory()
    person = MembershipFactory(organisation=OrganisationFactory(parent=whole), line_manager=PersonFactory()).person
    manager = person.memberships.get().line_manager
    later = AssignmentFactory(team_of=manager)
    overdue = past(team_of=None, organisation=whole)
    recommended = past(team_of=manager, is_required=False)
    for other in (
        {"team_of": PersonFactory()},
        {"team_of": manager, "person": PersonFactory()},
        {"team_of": manager, "ended_at": NOON},
        {"team_of": None, "organisation": OrganisationFactory()},
    ):
        AssignmentFactory(**other)

    assert stands(person) == [
        (overdue, State.OVERDUE, TODAY - DAY, None),
        (later, State.DUE, TODAY + 30 * DAY, None),
        (recommended, State.DUE, TODAY - DAY, None),
    ]


def test_course_that_is_published_no_more_is_asked_of_nobody():
    asked = past()
    person = report_of(asked.team_of)
    type(asked.course).objects.filter(pk=asked.course_id).update(current_version=None)

    assert stands(person) == []


def test_finish_counts_for_everybody_who_asks_for_the_course_unless_it_is_taken_back():
    manager = PersonFactory()
    asked, person = past(team_of=manager), report_of(manager)
    done = CompletionFactory(learner=person, course=asked.course, finished_at=NOON - 300 * DAY)

    before = stands(person)
    CompletionFactory(learner=person, course=asked.course, takes_back=done)

    assert before == [(asked, State.DONE, TODAY - DAY, TODAY - 300 * DAY)]
    assert stands(person) == [(asked, State.OVERDUE, TODAY - DAY, None)]


def test_exemption_counts_until_it_is_ended():
    asked = past()
    person = report_of(asked.team_of)
    exemption = ExemptionFactory(assignment=asked, person=person)

    [exempt] = queries.due_of(person, on=TODAY)
    type(exemption).objects.filter(pk=exemption.pk).update(ended_at=NOON)

    assert (exempt.state, exempt.exemption) == (State.EXEMPT, exemption)
    assert stands(person) == [(asked, State.OVERDUE, TODAY - DAY, None)]


def test_whoever_joins_a_team_later_has_time_to_begin():
    asked = past()
    person = report_of(asked.team_of, valid_from=TODAY)

    assert stands(person) == [(asked, State.DUE, TODAY + BEGIN, None)]
    assert [due.state for due in queries.due_of(person, on=TODAY + BEGIN + DAY)] == [State.OVERDUE]


def test_repeated_assignment_is_due_again_when_the_months_have_passed():
    asked = past(due_on=TODAY, repeat_months=1)
    person = report_of(asked.team_of)
    CompletionFactory(learner=person, course=asked.course, finished_at=NOON)

    a_month_later = dt.date(2026, 12, 23)
    assert stands(person) == [(asked, State.DONE, TODAY, TODAY)]
    assert stands(person, on=TODAY + DAY) == [(asked, State.DUE, a_month_later, TODAY)]
    assert stands(person, on=a_month_later + DAY) == [(asked, State.OVERDUE, a_month_later, TODAY)]


def test_team_is_its_manager_s_reports_in_their_posts_under_them():
    manager, place = PersonFactory(), OrganisationFactory()
    ann = report_of(manager, person__full_name="Ann", organisation=place)
    bob = report_of(manager, person__full_name="Bob", organisation=place)
    MembershipFactory(
        person=ann, is_main=False, line_manager=PersonFactory(), organisation=(other := OrganisationFactory())
    )
    of_team, of_place = past(team_of=manager), AssignmentFactory(team_of=None, organisation=place)
    of_one = AssignmentFactory(team_of=manager, person=bob)
    of_nobody = AssignmentFactory(team_of=manager, person=PersonFactory())
    for elsewhere in (past(team_of=None, organisation=other), past()):
        report_of(elsewhere.team_of or PersonFactory())
    CompletionFactory(learner=bob, course=of_team.course)

    found = queries.assignments_of_team(manager, on=TODAY)

    assert {each.assignment: [(due.person, due.state) for due in each.dues] for each in found} == {
        of_team: [(ann, State.OVERDUE), (bob, State.DONE)],
        of_place: [(ann, State.DUE), (bob, State.DUE)],
        of_one: [(bob, State.DUE)],
        of_nobody: [],
    }
    assert [(due.assignment, due.person) for due in queries.overdue_in_team(manager, on=TODAY)] == [(of_team, ann)]


def test_month_shows_what_reports_were_asked_to_finish_and_nothing_else():
    manager = PersonFactory()
    asked = past(team_of=manager)
    person, stranger = report_of(manager), PersonFactory()
    done = CompletionFactory(learner=person, course=asked.course, finished_at=NOON)
    for other in (
        {"learner": person, "course": asked.course, "finished_at": NOON - 30 * DAY},  # last month
        {"learner": person, "course": AssignmentFactory().course},  # of their own accord
        {"learner": stranger, "course": asked.course},
    ):
        CompletionFactory(**other)

    assert queries.done_this_month(manager, on=TODAY) == [done]


@pytest.mark.parametrize("count", [1, 3])
def test_reads_cost_the_same_with_one_row_of_everything_and_with_three(django_assert_num_queries, count):
    manager, place = PersonFactory(), OrganisationFactory()
    reports = [report_of(manager, organisation=place) for _ in range(count)]
    for _ in range(count):
        asked = past(team_of=manager)
        past(team_of=None, organisation=place)
        ExemptionFactory(assignment=asked, person=reports[0])
        CompletionFactory(learner=reports[0], course=asked.course)

    with django_assert_num_queries(4):
        assert len(queries.due_of(reports[0], on=TODAY)) == 2 * count
    with django_assert_num_queries(5):
        assert len(queries.assignments_of_team(manager, on=TODAY)) == 2 * count
    with django_assert_num_queries(6):
        assert len(queries.done_this_month(manager, on=TODAY)) == count


def test_head_and_administrator_plan_for_organisations_in_force():
    head = PersonFactory()
    led = OrganisationFactory(head=head, name="A")
    OrganisationFactory(head=head, valid_to=TODAY)
    OrganisationFactory()

    assert queries.organisations_planned_by(head, on=TODAY) == [led]
