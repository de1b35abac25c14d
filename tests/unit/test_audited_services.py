"""Each service says who did it and about whom: the entry that its call leaves, written beside it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import exercises
from tests.factories.catalogue import ExerciseFactory, ItemVersionFactory, QuizFactory
from tests.factories.marking import CertificateFactory, JobFactory, MarkFactory, SkillFactory, SubmissionFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
)
from upskill import pipeline
from upskill.core.models import AuditEntry
from upskill.learning import services as learning
from upskill.marking import services as marking
from upskill.marking import stopped
from upskill.marking.models import Job
from upskill.marking.services import RubricMark
from upskill.people import demo, services
from upskill.people.models import Organisation, User
from upskill.people.roles import Role
from upskill.reports import services as reports
from upskill.skills import frameworks, roles
from upskill.skills import services as skills
from upskill.skills.framework_content import GDAD, Content
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
ANSWERS = {"one-of-two": ["this"]}
LEVELS = RubricMark(check="reflection", levels={"finding": 4, "advice": 4, "limit": 4}, comment="Good.")
Act = Callable[[User, User], Any]

# What is done by Olivia to Alice -> the entries, as (event, by, about): "O" Olivia, "A" Alice, "S" the service itself.
OLIVIA: dict[str, tuple[Act, list[tuple[str, str, str]]]] = {
    "suspend": (lambda o, a: services.suspend(a, by=o, now=NOON), [("person.suspended", "O", "A")]),
    "reinstate": (
        lambda o, a: services.reinstate(_without_entry(a, is_active=False), by=o, now=NOON),
        [("person.reinstated", "O", "A")],
    ),
    "add_organisation": (
        lambda o, a: services.add_organisation(
            "Tax", code="tax", kind=Organisation.Kind.DEPARTMENT, parent=None, from_on=TODAY, by=o, now=NOON
        ),
        [("organisation.added", "O", "-")],
    ),
    "move_organisation": (
        lambda o, a: services.move_organisation(OrganisationFactory(), parent=OrganisationFactory(), by=o, now=NOON),
        [("organisation.moved", "O", "-")],
    ),
    "close_organisation": (
        lambda o, a: services.close_organisation(OrganisationFactory(), on=TODAY, by=o, now=NOON),
        [("organisation.closed", "O", "-")],
    ),
    "place": (
        lambda o, a: services.place(
            a, organisation=OrganisationFactory(), line_manager=None, from_on=TODAY, by=o, now=NOON
        ),
        [("person.placed", "O", "A")],
    ),
    "grant_role": (
        lambda o, a: services.grant_role(a, role=Role.OPERATOR, by=o, now=NOON), [("role.granted", "O", "A")],
    ),
    "end_role": (
        lambda o, a: services.end_role(RoleGrantFactory(person=a, role=Role.OPERATOR), by=o, now=NOON),
        [("role.ended", "O", "A")],
    ),
    "record_view": (
        lambda o, a: marking.record_view(SubmissionFactory(learner=a), by=o, now=NOON),
        [("submission.viewed", "O", "A")],
    ),
    "record_team_view": (lambda o, a: reports.record_team_view([a], by=o, now=NOON), [("levels.viewed", "O", "A")]),
    "record_report_view": (
        lambda o, a: reports.record_report_view(a, by=o, now=NOON),
        [("level_sources.viewed", "O", "A")],
    ),
    "override_mark": (
        lambda o, a: pipeline.override_mark(
            MarkFactory(submission__learner=a), points={"test_one": Decimal(1)}, reason="Why.", by=o, now=NOON
        ),
        [("mark.overridden", "O", "A")],
    ),
    "mark_by_rubric": (
        lambda o, a: marking.mark_by_rubric(MarkFactory(submission__learner=a), rubric_mark=LEVELS, by=o, now=NOON),
        [("mark.completed", "O", "A")],
    ),
    "release": (
        lambda o, a: stopped.release(
            JobFactory(submission__learner=a, state=Job.State.FAILED_OURS, ended_at=NOON), by=o, now=NOON
        ),
        [("job.released", "O", "A")],
    ),
    "give_up": (
        lambda o, a: stopped.give_up(
            JobFactory(submission__learner=a, state=Job.State.FAILED_OURS, ended_at=NOON), by=o, now=NOON
        ),
        [("job.given_up", "O", "A")],
    ),
    "sync_skills": (
        lambda o, a: skills.sync_skills([{"slug": "privacy", "name": "Privacy", "statements": {}}], by=o, now=NOON),
        [("skill.added", "O", "-")],
    ),
    "give_role": (
        lambda o, a: roles.give_role(MembershipFactory(person=a, role="gone"), role="", by=o, now=NOON),
        [("person.role_given", "O", "A")],
    ),
    "add_role": (
        lambda o, a: roles.add_role(OrganisationFactory(), name="Clerk", by=o, now=NOON),
        [("capability_role.added", "O", "-")],
    ),
    "import_framework": (
        lambda o, a: frameworks.apply(Content((), ()), source=GDAD, by=o, now=NOON),
        [("framework.imported", "O", "-")],
    ),
}  # fmt: skip
# What Alice does herself.
ALICE: dict[str, tuple[Callable[[User], Any], list[tuple[str, str, str]]]] = {
    "enrol": (
        lambda a: learning.enrol(a, course=ItemVersionFactory().item.course, now=NOON),
        [("learner.enrolled", "A", "A")],
    ),
    "complete_item": (
        lambda a: learning.complete_item(a, item=ItemVersionFactory().item, now=NOON), [("item.completed", "A", "A")],
    ),
    "answer_quiz": (
        lambda a: pipeline.answer_quiz(QuizFactory(), answers=ANSWERS, by=a, now=NOON),
        [
            ("quiz.answered", "A", "A"), ("evidence.added", "S", "A"), ("item.completed", "A", "A"),
            ("course.finished", "S", "A"),
        ],
    ),
    "submit": (
        lambda a: pipeline.submit(
            exercises.real_exercise(), content=exercises.answer(), idempotency_key="key", by=a, now=NOON,
            announce=lambda: None,
        ),
        [("submission.received", "A", "A"), ("job.queued", "S", "A")],
    ),
    "add_mark_evidence": (
        lambda a: skills.add_mark_evidence(MarkFactory(submission__learner=a), now=NOON),
        [("evidence.added", "S", "A")],
    ),
    "say_self_view": (
        lambda a: skills.say_self_view(a, skill=SkillFactory(), level=Level.WORKING, now=NOON),
        [("self_view.said", "A", "A")],
    ),
    "withdraw_certificate": (
        lambda a: skills.withdraw_certificate(CertificateFactory(learner=a), by=a, now=NOON),
        [("certificate.withdrawn", "A", "A")],
    ),
}  # fmt: skip


@pytest.fixture
def alice():
    SkillFactory()
    return PersonFactory()


def _without_entry(person: User, **fields: Any) -> User:
    User.objects.filter(pk=person.pk).update(**fields)
    person.refresh_from_db()
    return person


def entries(**names: User) -> list[tuple[str, str, str]]:
    """(event, by, about) of every entry, people by their letter."""
    letters: dict[int | None, str] = {person.pk: letter for letter, person in names.items()}
    found = AuditEntry.objects.order_by("pk").values_list("event", "by_id", "about_id")
    return [(event, letters.get(by, "?") if by else "S", letters.get(about, "-")) for event, by, about in found]


@pytest.mark.parametrize("act", OLIVIA)
def test_entry_says_who_did_it_and_about_whom(alice, act):
    olivia = operator()
    do, wanted = OLIVIA[act]

    do(olivia, alice)

    assert entries(O=olivia, A=alice) == wanted


@pytest.mark.parametrize("act", ALICE)
def test_what_a_learner_does_is_by_them_and_about_them(alice, act):
    do, wanted = ALICE[act]

    do(alice)

    assert entries(A=alice) == wanted


def test_new_person_is_added_about_themselves():
    olivia = operator()

    alice = services.add_person("Alice", email="alice@example.gov.uk", by=olivia, now=NOON)

    assert entries(O=olivia, A=alice) == [("person.added", "O", "A")]


def test_entering_the_demo_is_by_and_about_its_person():
    demo.load(now=NOON)
    before = AuditEntry.objects.count()

    leila = demo.enter("learner", now=NOON + dt.timedelta(hours=1))

    assert leila
    assert entries(A=leila)[before:] == [("person.signed_in", "A", "A")]


def test_act_that_fails_leaves_no_entry_behind(alice):
    exercise = ExerciseFactory()
    mark = MarkFactory(submission__learner=alice, submission__exercise=exercise)

    with pytest.raises(marking.MarkOutOfRange):
        pipeline.override_mark(mark, points={"test_one": Decimal(99)}, reason="Why.", by=operator(), now=NOON)

    assert AuditEntry.objects.count() == 0
