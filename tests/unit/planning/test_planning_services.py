"""Asking a team or an organisation to learn: what is refused, what is written down, and whom it means."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.factories.catalogue import CourseFactory, CourseVersionFactory, ModuleFactory, QuizFactory
from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.planning import TODAY, AssignmentFactory, ExemptionFactory, report_of
from upskill.core.models import AuditEntry
from upskill.people.models import User
from upskill.planning import audience, rules, services
from upskill.planning.audience import Audience
from upskill.planning.models import Assignment
from upskill.planning.services import AskedAlready, AssignmentRefused, ExemptionRefused

pytestmark = pytest.mark.django_db
LATER = TODAY + dt.timedelta(days=30)


def course():
    """One with something to pass."""
    version = CourseVersionFactory(title="AI ethics")
    QuizFactory(module=ModuleFactory(course_version=version))
    return version.course


def assign(of, *, by: User | None = None, audience: Audience | None = None, **how: Any) -> Assignment:
    fields: dict[str, Any] = {"due_on": LATER, "is_required": True, "repeat_months": None, "reason": " By law. "}
    manager = by or PersonFactory()
    whom = audience or Audience(team_of=manager)
    return services.assign(of, audience=whom, by=manager, now=NOON, **fields | how)


def trail(event: str) -> list:
    return [(entry.by, entry.about, entry.details) for entry in AuditEntry.objects.filter(event=event).order_by("pk")]


def test_assignment_says_who_asks_whom_for_what_and_is_written_down():
    manager, of = PersonFactory(), course()
    report = report_of(manager)

    asked = assign(of, by=manager, audience=Audience(team_of=manager, person=report), repeat_months=12)

    asked.refresh_from_db()
    assert (asked.course, asked.team_of, asked.person, asked.organisation) == (of, manager, report, None)
    assert (asked.due_on, asked.is_required, asked.repeat_months, asked.reason) == (LATER, True, 12, "By law.")
    assert (asked.made_by, asked.made_at, asked.ended_at) == (manager, NOON, None)
    said = {"course": of.pk, "due_on": LATER.isoformat(), "required": True}
    assert trail("assignment.made") == [(manager, report, said)]


@pytest.mark.parametrize(
    ("how", "field", "said"),
    [
        ({"due_on": TODAY - dt.timedelta(days=1)}, "due_on", "The due day must be today or later."),
        ({"due_on": dt.date(2036, 11, 24)}, "due_on", "The due day must be within 10 years."),
        ({"repeat_months": 0}, "repeat_months", "It can be repeated every 1 to 120 months."),
        ({"repeat_months": 121}, "repeat_months", "It can be repeated every 1 to 120 months."),
        ({"reason": "x" * 1001}, "reason", "Give the reason in 1000 characters or fewer."),
        ({"reason": "\0"}, "reason", "Give the reason in 1000 characters or fewer."),
        ({"role": "no-such-role"}, "role", "Choose a role from the list."),
        ({"grade": "Emperor"}, "grade", "Choose a grade from the list."),
        (
            {"profession": "Alchemy"},
            "profession",
            "Nobody there has this profession, grade and role: write them as the staff records do.",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence_about_that_part(how, field, said):
    filters = {name: how.pop(name) for name in ("role", "grade", "profession") if name in how}
    whom = Audience(organisation=OrganisationFactory(), **filters)

    with pytest.raises(AssignmentRefused) as refusal:
        assign(course(), audience=whom, **how)

    assert (refusal.value.field, str(refusal.value)) == (field, said)
    assert (Assignment.objects.count(), trail("assignment.made")) == (0, [])


def test_course_that_is_not_published_cannot_be_asked_for():
    with pytest.raises(AssignmentRefused, match="not published"):
        assign(CourseFactory())


def test_course_with_nothing_to_pass_cannot_be_repeated():
    of = ModuleFactory(course_version=CourseVersionFactory()).course_version.course

    with pytest.raises(AssignmentRefused, match="nothing to pass"):
        assign(of, repeat_months=12)

    assert assign(of).repeat_months is None


def test_same_course_of_the_same_people_is_refused_until_the_first_is_ended():
    manager, of = PersonFactory(), course()
    first = assign(of, by=manager)

    with pytest.raises(AskedAlready) as refusal:
        assign(of, by=manager, due_on=LATER + dt.timedelta(days=1))
    services.end_assignment(first, by=manager, now=NOON)
    services.end_assignment(first, by=manager, now=NOON)
    again = assign(of, by=manager)

    assert str(refusal.value) == (
        "The same people are asked to finish this course by 23 December 2026 already: end that first."
    )
    assert list(Assignment.objects.filter(ended_at=None)) == [again]
    assert len(trail("assignment.ended")) == 1


def test_table_holds_one_assignment_of_the_same_people():
    first = AssignmentFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentFactory(course=first.course, team_of=first.team_of)


def test_exemption_is_given_once_with_a_reason_and_ended():
    asked, person, manager = AssignmentFactory(), PersonFactory(), PersonFactory()
    with pytest.raises(ExemptionRefused, match="why they need not"):
        services.exempt(asked, person=person, reason=" ", by=manager, now=NOON)

    given = services.exempt(asked, person=person, reason="On leave.", by=manager, now=NOON)

    with pytest.raises(ExemptionRefused, match="exempt already"):
        services.exempt(asked, person=person, reason="Twice.", by=manager, now=NOON)
    services.end_exemption(given, by=manager, now=NOON)
    services.exempt(asked, person=person, reason="Again.", by=manager, now=NOON)
    assert [entry[:2] for entry in trail("exemption.given")] == [(manager, person)] * 2
    assert [entry[:2] for entry in trail("exemption.ended")] == [(manager, person)]


# --- whom it means ---------------------------------------------------------------------------------------------------


def test_organisation_means_all_below_it_with_the_role_grade_and_profession_that_are_given():
    whole = OrganisationFactory(code="dept")
    part, other = OrganisationFactory(code="part", parent=whole), OrganisationFactory(code="dept-2")
    wanted = {"role": "analyst-1", "grade": "SEO", "profession": "Statistics"}
    meant = MembershipFactory(organisation=part, **wanted).person
    posts = [
        MembershipFactory(organisation=other, **wanted),
        *(MembershipFactory(organisation=whole, **wanted | {name: "x"}) for name in wanted),
        MembershipFactory(organisation=part, person=PersonFactory(is_active=False), **wanted),
        MembershipFactory(organisation=part, valid_to=TODAY, **wanted),
    ]
    asked = AssignmentFactory(team_of=None, organisation=whole, **wanted)

    assert [post.person for post in audience.posts_meant(asked, on=TODAY)] == [meant]
    [found] = audience.asking(audience.posts_of(meant, on=TODAY), on=TODAY)
    assert found == asked
    places = audience.places([asked], on=TODAY)
    assert [audience.means(asked, post, places=places) for post in posts] == [False] * 4 + [
        True
    ] * 2  # whom posts_meant leaves out


# --- who may ---------------------------------------------------------------------------------------------------------


def test_only_who_leads_or_administers_an_organisation_or_one_above_asks_it():
    head, stranger = PersonFactory(), PersonFactory()
    whole = OrganisationFactory(head=head)
    part = OrganisationFactory(parent=whole, head=PersonFactory())

    may = [rules.can_ask_organisation(head, organisation=each) for each in (whole, part, OrganisationFactory())]

    assert may == [True, True, False]
    assert not rules.can_ask_organisation(part.head, organisation=whole)
    assert not rules.can_ask_organisation(stranger, organisation=part)
    assert (rules.can_ask_organisations(head, on=TODAY), rules.can_ask_organisations(stranger, on=TODAY)) == (
        True,
        False,
    )


def test_somebody_is_exempted_by_their_line_manager_or_by_who_may_end_the_assignment():
    head, manager, other = PersonFactory(), PersonFactory(), PersonFactory()
    place = OrganisationFactory(head=head)
    report, stranger = report_of(manager, organisation=place), report_of(other)
    asked = AssignmentFactory(team_of=None, organisation=place)
    of_team = AssignmentFactory(team_of=manager)

    def may(person, assignment, learner) -> bool:
        return rules.can_exempt(person, assignment=assignment, learner=learner, on=TODAY)

    assert [may(person, asked, report) for person in (head, manager, other, report)] == [True, True, False, False]
    assert [may(person, of_team, report) for person in (head, manager, other)] == [False, True, False]
    assert [may(person, asked, stranger) for person in (head, manager, other)] == [False, False, False]


def test_head_exempts_others_and_never_themselves():
    head = PersonFactory()
    place = OrganisationFactory(head=head)
    MembershipFactory(person=head, organisation=place)
    asked = AssignmentFactory(team_of=None, organisation=place)
    other = MembershipFactory(organisation=place).person

    may = [rules.can_exempt(head, assignment=asked, learner=each, on=TODAY) for each in (other, head)]

    assert may == [True, False]


def test_suspended_manager_ends_and_exempts_nothing():
    manager = PersonFactory()
    report = report_of(manager)
    asked = AssignmentFactory(team_of=manager)
    manager.is_active = False

    assert not rules.can_end(manager, assignment=asked, on=TODAY)
    assert not rules.can_exempt(manager, assignment=asked, learner=report, on=TODAY)


def test_ended_exemption_leaves_room_for_another_in_the_table():
    given = ExemptionFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ExemptionFactory(assignment=given.assignment, person=given.person)
