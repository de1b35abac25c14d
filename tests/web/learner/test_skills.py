"""The skills record: levels with what they rest on, and what each level means."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.catalogue import QuizFactory
from tests.factories.marking import EvidenceFactory, MarkFactory, SkillFactory
from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory, operator, viewer_of
from tests.repository.tree import python_files, text_of
from tests.web.learner.pages import finish, links, listed, taught, title, words
from upskill.core.models import AuditEntry
from upskill.learning.models import QuizAttempt
from upskill.people.models import Organisation, User
from upskill.reports.publication import publish
from upskill.skills import roles, services
from upskill.skills.models import Evidence, Level, RoleLevel, SelfAssessment, Skill

pytestmark = pytest.mark.django_db


def quiz_evidence(person, *, name: str, skill) -> Evidence:
    attempt = QuizAttempt.objects.create(
        learner=person,
        quiz=QuizFactory(title=name),
        answers={},
        right=1,
        questions=1,
        passed=True,
        answered_at=NOON,
    )
    return Evidence.objects.create(
        learner=person, skill=skill, level=1, quiz_attempt=attempt, earned_at=NOON - dt.timedelta(days=3)
    )


def test_record_shows_the_level_its_meaning_and_every_piece_of_evidence(signed_in):
    skill = SkillFactory(slug="fairness", name="Fairness")
    person = PersonFactory()
    mark = MarkFactory(submission__learner=person, submission__exercise__item_version__title="Audit a model")
    EvidenceFactory(learner=person, mark=mark, level=2)
    quiz_evidence(person, name="Check", skill=skill)

    page = signed_in(person).get("/skills/")

    assert title(page) == "My skills – AI skills for government"
    assert listed(page, css="app-skill__name") == ["Fairness"]
    assert (
        "Fairness Working Newest evidence of it: 23 November 2026. "
        "Awareness You can say it. Working You can do it. Practitioner You can lead it."
    ) in words(page)
    assert listed(page, css="app-evidence") == [
        "Audit a model, attempt 1 , exercise marked automatically (open exercise). Level Working, 23 November 2026. "
        "Check, 1 of 1 right, quiz marked automatically. Level Awareness, 20 November 2026 at midday."
    ]
    assert links(page) == [
        ("/skills/role/", "What your role asks for"),
        (f"/submissions/{mark.submission.public_id}/", "Audit a model, attempt 1"),
    ]


def test_two_passes_of_a_quiz_on_one_day_can_be_told_apart(signed_in):
    person, skill = PersonFactory(), SkillFactory(slug="fairness")
    first = quiz_evidence(person, name="Check", skill=skill)
    quiz = QuizAttempt.objects.get().quiz
    attempt = QuizAttempt.objects.create(
        learner=person, quiz=quiz, answers={}, right=1, questions=1, passed=True, answered_at=NOON
    )
    Evidence.objects.create(
        learner=person,
        skill=skill,
        level=1,
        quiz_attempt=attempt,
        earned_at=first.earned_at + dt.timedelta(minutes=5),
    )

    assert listed(signed_in(person).get("/skills/"), css="app-evidence") == [
        "Check, 1 of 1 right, quiz marked automatically. Level Awareness, 20 November 2026 at 12:05pm. "
        "Check, 1 of 1 right, quiz marked automatically. Level Awareness, 20 November 2026 at midday."
    ]


def test_record_of_somebody_new_shows_what_can_be_learnt(signed_in):
    SkillFactory(slug="fairness", name="Fairness", position=1)
    SkillFactory(slug="oversight", name="Oversight", position=0)

    page = signed_in(PersonFactory()).get("/skills/")

    assert "There is no evidence yet." in words(page)
    assert [text.split(" Awareness")[0] for text in listed(page, css="govuk-details")] == ["Oversight", "Fairness"]


def test_record_leaves_out_what_was_replaced(signed_in):
    SkillFactory(slug="fairness")
    evidence = EvidenceFactory(level=2)
    mark = evidence.mark
    newer = MarkFactory(submission=mark.submission, replaces=mark, given_by=PersonFactory(), reason="Not so.")
    Evidence.objects.create(
        learner=evidence.learner, skill=evidence.skill, level=0, mark=newer, earned_at=NOON, replaces=evidence
    )

    page = signed_in(evidence.learner).get("/skills/")

    assert listed(page, css="app-skill__name") == []


def test_record_shows_nothing_of_anybody_else(signed_in):
    other = EvidenceFactory(level=2)

    page = signed_in(PersonFactory()).get("/skills/")

    assert (listed(page, css="app-skill__name"), str(other.mark.submission.public_id) in words(page)) == ([], False)


def test_record_costs_the_same_for_one_and_for_three_pieces(signed_in):
    person = PersonFactory()
    client = signed_in(person)
    EvidenceFactory(learner=person)
    client.get("/skills/")
    with CaptureQueriesContext(connection) as one:
        client.get("/skills/")
    EvidenceFactory(learner=person, skill__slug="oversight")
    quiz_evidence(person, name="Check", skill=SkillFactory(slug="privacy"))

    with CaptureQueriesContext(connection) as three:
        client.get("/skills/")

    assert len(three) == len(one)


# --- How long a level holds, and what the role asks for ---


def in_role(organisation: Organisation | None = None, **asked: Level) -> User:
    """Somebody whose role, of their own department, asks for these skills, which exist."""
    here = organisation or OrganisationFactory(name="Department of Work")
    role = roles.add_role(here, name="Caseworker", by=None, now=NOON)
    level: RoleLevel = roles.add_level(role, name="Senior caseworker", by=None, now=NOON)
    for slug, wanted in asked.items():
        roles.set_requirement(level, skill=SkillFactory(slug=slug), level=wanted, by=None, now=NOON)
    person: User = MembershipFactory(organisation=here, role=level.code).person
    return person


def test_record_says_when_a_level_ends_and_how_to_renew_one_that_has(signed_in):
    person = in_role(privacy=Level.WORKING)
    privacy = Skill.objects.get(pk="privacy")
    privacy.valid_months = 24
    privacy.save()
    EvidenceFactory(learner=person, skill=privacy, level=2, earned_at=NOON - dt.timedelta(days=1000))
    EvidenceFactory(learner=person, skill=privacy, level=1, earned_at=NOON)

    page = signed_in(person).get("/skills/")

    assert (
        "Privacy Awareness Newest evidence of it: 23 November 2026. It ends on 23 November 2028. "
        "Level Working ended on 27 February 2026: evidence of this skill counts for 24 months. "
        "To renew it, pass a quiz or an exercise of this skill again. Courses that teach Privacy "
        "Your role asks for Working."
    ) in words(page)
    assert ("/courses/?skill=privacy", "Courses that teach Privacy") in links(page)


def test_role_page_says_what_is_asked_where_one_is_and_what_closes_the_gap(signed_in):
    course = taught(title="Audits", skills=[{"skill": "fairness", "level": 2}])
    person = in_role(fairness=Level.WORKING, privacy=Level.AWARENESS, oversight=Level.AWARENESS)
    EvidenceFactory(learner=person, skill=SkillFactory(slug="privacy"), level=1)
    EvidenceFactory(learner=person, level=1)
    client = signed_in(person)

    before = client.get("/skills/role/")
    finish(course, person)
    after = client.get("/skills/role/")

    assert "Your role Senior caseworker Set by Department of Work Still to reach" in words(before)
    assert "Fairness Your role asks for Working . You have: Awareness. You can show it in: Audits , 1 hour" in words(
        before
    )
    assert (
        "Oversight Your role asks for Awareness . You have: Not yet. No course here teaches this level yet."
        in words(before)
    )
    assert "Reached Privacy Awareness. Your role asks for Awareness." in words(before)
    assert listed(after, css="app-skill__name") == ["Oversight"]


def test_role_page_of_somebody_without_a_role_says_who_can_add_it(signed_in):
    page = signed_in(PersonFactory()).get("/skills/role/")

    assert title(page) == "What your role asks for – AI skills for government"
    assert "The staff records name no role for your post." in words(page)


# --- Where somebody sees themselves ---


def test_self_view_is_shown_apart_and_changes_no_level(signed_in):
    SkillFactory(slug="fairness", name="Fairness")
    alice = PersonFactory()
    client = signed_in(alice)

    for level in ("2", "4"):
        sent = client.post("/skills/self-view/", {"skill": "fairness", "level": level})
        assert (sent.status_code, sent.url) == (302, "/skills/#self-view")

    page = client.get("/skills/")
    assert listed(page, css="app-skill__name") == []
    assert "no manager, no trainer, no figure. Fairness Expert" in words(page)
    assert list(SelfAssessment.objects.order_by("pk").values_list("person", "skill", "level")) == [
        (alice.pk, "fairness", 2),
        (alice.pk, "fairness", 4),
    ]
    assert set(AuditEntry.objects.values_list("event", "by", "about")) == {("self_view.said", alice.pk, alice.pk)}
    assert list(AuditEntry.objects.values_list("details", flat=True)) == [{}, {}]


@pytest.mark.parametrize("data", [{}, {"skill": "unknown", "level": "1"}, {"skill": "fairness", "level": "5"}])
def test_self_view_that_is_none_is_refused_and_the_page_says_why(signed_in, data):
    SkillFactory(slug="fairness", name="Fairness")

    page = signed_in(PersonFactory()).post("/skills/self-view/", data)

    assert page.status_code == 422
    assert "There is a problem" in words(page)
    assert SelfAssessment.objects.count() == 0


def test_self_view_is_on_no_page_in_no_export_and_in_no_answer_for_anybody_else(signed_in):
    """What everybody else sees is the same before and after somebody has said it."""
    unit = OrganisationFactory(code="unit")
    alice, manager = in_role(unit, fairness=Level.WORKING), MembershipFactory(organisation=unit).person
    alice.memberships.update(line_manager=manager)
    EvidenceFactory(learner=alice, level=1)
    MembershipFactory.create_batch(20, organisation=unit)
    publish(timezone.localdate(), now=timezone.now())
    viewer = viewer_of(unit)
    looks = [
        (manager, "/manager/team/"), (manager, "/manager/team/levels.csv"), (manager, "/api/v1/team/"),
        (viewer, "/manager/departments/unit/"), (viewer, "/manager/departments/unit/figures.csv"),
        (viewer, "/api/v1/departments/unit/"), (operator(), "/operator/"),
        (alice, "/api/v1/me/skills/"), (alice, "/"), (alice, "/skills/role/"),
    ]  # fmt: skip

    def seen() -> list[tuple[int, str]]:
        answers = [signed_in(person).get(path) for person, path in looks]
        return [(answer.status_code, words(answer)) for answer in answers]

    before = seen()
    for level in (Level.EXPERT, Level.NONE):
        services.say_self_view(alice, skill=Skill.objects.get(pk="fairness"), level=level, now=NOON)

        assert seen() == before
    assert {status for status, _text in before} == {200}


def test_self_views_are_read_for_their_own_page_alone():
    reading = {"SelfAssessment", "self_view_of", "self_assessments", "selfassessment"}
    apps = [path for path in python_files("platform/upskill/") if any(name in text_of(path) for name in reading)]

    assert apps == [
        "platform/upskill/skills/models.py",
        "platform/upskill/skills/queries.py",
        "platform/upskill/skills/services.py",
        "platform/upskill/web/learner/skills.py",
    ]
