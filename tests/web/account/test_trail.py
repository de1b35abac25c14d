"""Who has looked at my record: by name, when and why, in plain sentences, and nobody else's."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from tests.factories.catalogue import CourseVersionFactory, ItemVersionFactory, QuizFactory
from tests.factories.marking import EvidenceFactory, JobFactory, MarkFactory, SkillFactory, SubmissionFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    trainer_of,
)
from tests.web.learner.pages import links, listed, main, title, words
from upskill.core import audit
from upskill.learning.models import Enrolment, QuizAttempt
from upskill.marking import services as marking
from upskill.people.roles import Role
from upskill.reports import services as reports
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
LOOKS, EVERYTHING = "/account/trail/", "/account/trail/?show=everything"


def sentences(page) -> list[str]:
    return listed(page, css="app-entry__what")


def answer_of(learner, **fields):
    """A submission of this learner in a course called Ethics."""
    fields = {"exercise__item_version__title": "Audit a model", **fields}
    return SubmissionFactory(learner=learner, exercise__item_version__module__course_version__title="Ethics", **fields)


def test_a_trainers_look_says_who_what_when_and_as_what(signed_in):
    alice, terry = PersonFactory(), PersonFactory(full_name="Terry Trainer")
    marking.record_view(answer_of(alice, attempt=2), by=terry, now=NOON)

    page = signed_in(alice).get(LOOKS)

    assert sentences(page) == [
        "Terry Trainer opened your answer to “Audit a model”, attempt 2 , as a trainer of Ethics."
    ]
    assert listed(page, css="app-meta") == ["23 November 2026 at midday"]


def test_a_line_managers_look_says_so(signed_in):
    alice, mary = PersonFactory(), PersonFactory(full_name="Mary Manager")
    reports.record_team_view([alice], by=mary, now=NOON)

    assert sentences(signed_in(alice).get(LOOKS)) == [
        "Mary Manager looked at the levels you have reached, as your line manager."
    ]


def test_newest_look_comes_first_and_what_was_only_done_is_left_out(signed_in):
    alice, mary = PersonFactory(), PersonFactory(full_name="Mary")
    reports.record_team_view([alice], by=mary, now=NOON)
    marking.record_view(answer_of(alice), by=PersonFactory(full_name="Terry"), now=NOON + dt.timedelta(minutes=5))
    marking.record_view(answer_of(alice), by=alice, now=NOON)
    audit.record("person.added", subject=alice, by=None, at=NOON, about=alice)

    assert [line.split()[0] for line in sentences(signed_in(alice).get(LOOKS))] == ["Terry", "Mary"]


def test_nobody_sees_looks_at_somebody_else(signed_in):
    alice, bob = PersonFactory(full_name="Alice Marker"), PersonFactory()
    marking.record_view(answer_of(alice, exercise__item_version__title="Secret Marker"), by=PersonFactory(), now=NOON)

    for path in (LOOKS, EVERYTHING):
        page = signed_in(bob).get(path)
        assert (sentences(page), "Marker" in page.content.decode()) == ([], False)


def test_a_person_who_looked_sees_nothing_of_it_in_their_own_trail(signed_in):
    alice, mary = PersonFactory(full_name="Alice Marker"), PersonFactory()
    reports.record_team_view([alice], by=mary, now=NOON)

    assert sentences(signed_in(mary).get(EVERYTHING)) == []


def told(event: str, subject, *, alice, by=None, **details) -> None:
    audit.record(event, subject=subject, by=by, at=NOON, about=alice, **details)


def test_everything_tells_what_was_done_by_whom_in_words(signed_in):
    alice, terry = PersonFactory(full_name="Alice"), PersonFactory(full_name="Terry")
    sent = answer_of(alice)
    mark = MarkFactory(submission=sent)
    course = CourseVersionFactory(title="Statistics")
    quiz = QuizFactory(title="Check")
    attempt = QuizAttempt.objects.create(
        learner=alice, quiz=quiz, answers={}, right=4, questions=6, passed=False, answered_at=NOON
    )
    evidence = EvidenceFactory(learner=alice, skill=SkillFactory(slug="fairness"), level=Level.WORKING, mark=mark)
    enrolment = Enrolment.objects.create(learner=alice, course=course.course, enrolled_at=NOON)
    told("learner.enrolled", enrolment, alice=alice, by=alice, course=course.course_id)
    told("item.completed", ItemVersionFactory(title="Why we audit").item, alice=alice, by=alice)
    told("quiz.answered", attempt, alice=alice, by=alice, right=4)
    told("submission.received", sent, alice=alice, by=alice)
    told("job.queued", sent.jobs.get(), alice=alice)
    told("mark.given", mark, alice=alice, points="4")
    told("mark.overridden", mark, alice=alice, by=terry, old="4", new="3.5")
    told("mark.completed", mark, alice=alice, by=terry, levels={"finding": 3})
    told("evidence.added", evidence, alice=alice, skill="fairness", level=2)

    assert sentences(signed_in(alice).get(EVERYTHING)) == [
        "The service wrote into your skills record: Fairness, level Working.",
        "Terry read and marked the free text of your answer to “Audit a model”, attempt 1 .",
        "Terry changed the mark of your answer to “Audit a model”, attempt 1 from 4 to 3.5 points.",
        "The service marked your answer to “Audit a model”, attempt 1 : 4 points.",
        "The service put your answer to “Audit a model”, attempt 1 in the queue for marking.",
        "You handed in your answer to “Audit a model”, attempt 1 .",
        "You answered the quiz “Check”: 4 of 6 right.",
        "You completed “Why we audit”.",
        "You started the course “Statistics”.",
    ]


def test_everything_tells_of_account_post_and_roles_in_words(signed_in):
    alice, mary = PersonFactory(full_name="Alice"), PersonFactory(full_name="Mary")
    work = OrganisationFactory(name="Work and Pensions")
    placed = MembershipFactory(person=alice, organisation=work, line_manager=mary)
    alone = MembershipFactory(organisation=work)
    CourseVersionFactory(title="Ethics", course__id="ethics")
    grants = [
        RoleGrantFactory(person=alice, role=Role.TRAINER, course="ethics"),
        RoleGrantFactory(person=alice, role=Role.DEPARTMENT_VIEWER, organisation=work),
        RoleGrantFactory(person=alice, role=Role.OPERATOR),
    ]
    told("person.added", alice, alice=alice)
    told("person.placed", placed, alice=alice, path=work.path, manager=mary.pk)
    told("person.placed", alone, alice=alice, path=work.path, manager=None)
    told("person.left", placed, alice=alice, on="2026-11-23")
    for grant in grants:
        told("role.granted", grant, alice=alice, by=mary, role=grant.role)
    told("person.signed_in", alice, alice=alice, by=alice, way="link")

    assert sentences(signed_in(alice).get(EVERYTHING)) == [
        "You signed in.",
        "Mary gave you a role: operator of this service.",
        "Mary gave you a role: department viewer of Work and Pensions.",
        "Mary gave you a role: trainer of Ethics.",
        "The service recorded that you no longer work in Work and Pensions.",
        "The service recorded that you work in Work and Pensions, and that nobody is your line manager.",
        "The service recorded that you work in Work and Pensions, and that Mary is your line manager.",
        "The service opened your account.",
    ]


def test_no_id_and_nothing_of_the_entrys_details_is_shown_as_it_is(signed_in):
    alice, mary = PersonFactory(), PersonFactory(pk=918273)
    placed = MembershipFactory(person=alice, line_manager=mary, organisation__code="secret-code")
    told("person.placed", placed, alice=alice, by=mary, path="secret-code/", manager=mary.pk)
    told("moon.landed", mary, alice=alice, by=mary, secret="Marker", token=str(uuid.uuid4()))

    page = words(main(signed_in(alice).get(EVERYTHING)))

    assert [text for text in ("918273", "secret", "Marker", "{", "moon.landed") if text in page] == []


def test_own_answers_are_linked_and_nothing_of_others_is(signed_in):
    alice = PersonFactory()
    sent = answer_of(alice)
    marking.record_view(sent, by=PersonFactory(), now=NOON)

    found = links(signed_in(alice).get(LOOKS))

    assert (f"/submissions/{sent.public_id}/", "your answer to “Audit a model”, attempt 1") in found


def test_empty_trail_says_what_would_appear_there(signed_in):
    alice = PersonFactory()

    assert "Nobody else has looked at your record." in words(main(signed_in(alice).get(LOOKS)))
    assert "Nothing has been done in your record yet." in words(main(signed_in(alice).get(EVERYTHING)))


def test_25_entries_a_page_and_the_filter_stays(signed_in):
    alice, mary = PersonFactory(), PersonFactory()
    for minute in range(26):
        reports.record_team_view([alice], by=mary, now=NOON + dt.timedelta(minutes=minute))
    client = signed_in(alice)

    first, last = client.get(EVERYTHING), client.get(f"{EVERYTHING}&page=2")

    assert (len(sentences(first)), len(sentences(last))) == (25, 1)
    assert ("?show=everything&page=2", "2") in links(first)
    assert (title(first), title(last)) == (
        "Everything in my record – AI skills for government",
        "Everything in my record (page 2) – AI skills for government",
    )


def one_of_each(alice) -> None:
    """One entry about a row of each kind that has words of its own."""
    mark, trainer = MarkFactory(submission=answer_of(alice)), trainer_of("ethics")
    attempt = QuizAttempt.objects.create(
        learner=alice, quiz=QuizFactory(), answers={}, right=1, questions=1, passed=True, answered_at=NOON
    )
    told("submission.viewed", mark.submission, alice=alice, by=trainer)
    told("job.queued", JobFactory(submission=answer_of(alice)), alice=alice)
    told("mark.given", mark, alice=alice, points=str(Decimal(4)))
    told("evidence.added", EvidenceFactory(learner=alice, mark=mark), alice=alice)
    told("item.completed", ItemVersionFactory().item, alice=alice, by=alice)
    told("quiz.answered", attempt, alice=alice, by=alice)
    told("role.granted", RoleGrantFactory(role=Role.OPERATOR), alice=alice)
    told("person.placed", MembershipFactory(), alice=alice)


def test_trail_costs_the_same_with_one_entry_of_each_kind_and_with_three(signed_in, django_assert_num_queries):
    alice = PersonFactory()
    client = signed_in(alice)
    one_of_each(alice)
    with django_assert_num_queries(13):
        client.get(EVERYTHING)
    one_of_each(alice)
    one_of_each(alice)

    with django_assert_num_queries(13):
        page = client.get(EVERYTHING)

    assert len(sentences(page)) == 24


@pytest.mark.parametrize(("rows", "queries"), [(0, 4), (1, 6), (3, 6)])
def test_looks_alone_cost_the_same_with_one_and_three(signed_in, django_assert_num_queries, rows, queries):
    alice = PersonFactory()
    for _ in range(rows):
        marking.record_view(answer_of(alice), by=PersonFactory(), now=NOON)
    client = signed_in(alice)

    with django_assert_num_queries(queries):
        page = client.get(LOOKS)

    assert len(sentences(page)) == rows


def test_trail_is_for_people_who_are_signed_in_and_only_read(client, signed_in):
    assert client.get(LOOKS).url == "/sign-in/?next=/account/trail/"
    assert signed_in(PersonFactory()).post(LOOKS).status_code == 405
