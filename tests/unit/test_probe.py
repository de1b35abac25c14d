"""What the probe does is in no list and no figure, though its rows are there and everything else would count them."""

import datetime as dt
import logging

import pytest
from django.utils import timezone

from tests.factories.catalogue import ExerciseItemFactory
from tests.factories.marking import EvidenceFactory, JobFactory, MarkFactory, SkillFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    trainer_of,
    viewer_of,
)
from tests.factories.reports import publish
from upskill.core.models import OutboxMail
from upskill.marking import queries as marking
from upskill.people import queries as people
from upskill.people import services, signin
from upskill.people.models import SignInLink, User
from upskill.people.roles import Role
from upskill.reports import team as teams
from upskill.reports.models import PublishedFigures
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def probe() -> User:
    return services.probe_account(by=None, now=NOON)


# --- the account -----------------------------------------------------------------------------------------------------


def test_probe_account_is_made_once_and_has_no_address(probe, audit_trail):
    again = services.probe_account(by=None, now=NOON)

    assert (again, probe.email, probe.is_probe, probe.is_active) == (probe, None, True, True)
    assert audit_trail() == [("person.added", None, {"probe": True})]


def test_nobody_can_ask_for_a_link_to_the_probe(probe):
    for typed in ("service.check@example.gov.uk", "none@example.gov.uk"):
        signin.ask_for_link(typed, link_prefix="http://x/", next_path="", place="here", now=NOON, announce=lambda: None)

    assert signin.send_due(now=NOON) == 0
    assert list(SignInLink.objects.values_list("person", flat=True)) == [None, None]


def test_token_for_the_probe_works_once_within_five_minutes(probe):
    token = signin.token_for_probe(probe, now=NOON)
    late = NOON + dt.timedelta(minutes=5)

    with pytest.raises(signin.LinkNotGood):
        signin.entry(token, now=late)
    assert signin.use_link(token, now=NOON).person == probe
    with pytest.raises(signin.LinkNotGood):
        signin.use_link(token, now=NOON)


def test_token_without_a_mail_is_made_for_no_person(probe, caplog):
    alice = PersonFactory()

    with pytest.raises(signin.NotTheProbe):
        signin.token_for_probe(alice, now=NOON)

    assert SignInLink.objects.count() == 0


def test_token_is_nowhere_in_the_database_or_the_log(probe, caplog, audit_trail):
    caplog.set_level(logging.DEBUG)

    token = signin.token_for_probe(probe, now=NOON)

    assert token not in str([list(model.objects.values_list()) for model in (SignInLink, OutboxMail)])
    assert token not in caplog.text + str(audit_trail())
    assert audit_trail()[-1] == ("person.link_made", None, {})


# --- lists and figures -----------------------------------------------------------------------------------------------


def test_trainers_see_nothing_that_the_probe_handed_in(probe):
    of_person = MarkFactory(submission__learner=PersonFactory()).submission
    exercise = of_person.exercise
    course = exercise.item_version.item.course_id
    MarkFactory(submission__learner=probe, submission__exercise=exercise)
    JobFactory(submission__learner=probe, submission__exercise=exercise)
    trainer = trainer_of(course)

    ahead = marking.ahead_in(course)
    assert ahead == [(of_person.pk, of_person.learner_id, False, True)]
    assert marking.ids_of_course(course, ahead=ahead) == ([of_person.pk], False)
    assert marking.waiting_counts(trainer, courses=[course]) == {course: 1}


def test_trainers_list_page_and_its_count_do_not_know_the_probe(probe, signed_in):
    sent = MarkFactory(submission__learner=PersonFactory(full_name="Alice Learner")).submission
    course = sent.exercise.item_version.item.course_id
    client = signed_in(trainer_of(course))
    before = main_of(client.get(f"/trainer/{course}/"))

    MarkFactory(submission__learner=probe, submission__exercise=sent.exercise)

    assert main_of(client.get(f"/trainer/{course}/")) == before
    assert f"/trainer/submissions/{sent.public_id}/" in before


def test_probe_is_in_no_team_and_makes_nobody_a_manager(probe):
    mary, alice = PersonFactory(), PersonFactory()
    MembershipFactory(person=probe, line_manager=mary)

    alone = (people.roles_of(mary).has_reports, list(people.direct_reports(mary, on=TODAY)))
    MembershipFactory(person=alice, line_manager=mary)

    assert alone == (False, [])
    assert list(people.direct_reports(mary, on=TODAY)) == [alice]
    assert [member.person for member in teams.team(mary, on=TODAY).members] == [alice]


def test_probe_is_no_trainer_of_a_course(probe):
    terry = trainer_of("ethics")
    RoleGrantFactory(person=probe, role=Role.TRAINER, course="ethics")

    assert list(people.trainers_of("ethics")) == [terry]


def test_probe_is_counted_in_no_department(probe):
    health = OrganisationFactory(code="health")
    SkillFactory()
    ExerciseItemFactory(skills=[{"skill": "fairness", "level": 2}])
    for _ in range(30):
        MembershipFactory(organisation=health)
    publish()
    before = list(PublishedFigures.objects.values_list("path", "people", "figures"))

    MembershipFactory(person=probe, organisation=health)
    EvidenceFactory(learner=probe, level=Level.WORKING)
    publish()

    assert list(PublishedFigures.objects.values_list("path", "people", "figures")) == before
    assert "health/" in {path for path, _people, _figures in before}


def test_department_page_is_the_same_to_the_byte_with_and_without_the_probe(probe, signed_in):
    SkillFactory()
    ExerciseItemFactory(skills=[{"skill": "fairness", "level": 2}])
    health = OrganisationFactory(code="health")
    for _ in range(30):
        EvidenceFactory(learner=MembershipFactory(organisation=health, valid_from=timezone.localdate()).person)
    publish()
    client = signed_in(viewer_of(health))
    before = main_of(client.get("/manager/departments/health/"))

    MembershipFactory(person=probe, organisation=health, valid_from=timezone.localdate())
    EvidenceFactory(learner=probe, level=Level.WORKING)
    publish()

    assert main_of(client.get("/manager/departments/health/")) == before


def main_of(answer) -> str:
    """What stands between the header, whose form has a new token each time, and the footer."""
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


def test_what_a_trainer_decides_about_the_probe_is_mailed_to_nobody(probe, mailoutbox):
    from upskill.core import outbox

    outbox.add(to=probe, subject="Your mark", body="It changed.", at=NOON)

    assert outbox.send_due(now=NOON) == 1
    assert mailoutbox == []
