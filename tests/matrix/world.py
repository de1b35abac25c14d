"""Two whole departments, alike in everything: people in every role, a course, and work in every state.

Rows come to be as in the service: through its services and its pipeline. What has no service yet is made directly.
"""

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core import mail
from django.db import connection
from django.db.models import CharField
from django.test import Client
from django.utils import timezone

from grading.protocol import CheckResult, CheckStatus
from tests.factories import exercises
from tests.factories.catalogue import (
    QUESTION,
    CourseFactory,
    CourseVersionFactory,
    DiagnosticFactory,
    ExerciseItemFactory,
    ItemVersionFactory,
    LearningPathFactory,
    ModuleFactory,
    QuizFactory,
    WorkshopFactory,
)
from tests.factories.marking import MarkFactory, SkillFactory, SubmissionFactory
from tests.factories.people import FIRST_DAY, NOON
from tests.factories.pictures import PICTURE
from tests.factories.published import publication, published
from tests.factories.reflections import real_reflection
from upskill import pipeline
from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Course, CourseVersion, ExerciseVersion, ItemVersion, LearningPath
from upskill.core import audit, blobs, outbox
from upskill.learning import diagnostics, paths
from upskill.learning import services as learning
from upskill.learning.models import Submission
from upskill.marking import jobs
from upskill.marking.models import Job, Mark, Rerun, Review, ReviewDecision
from upskill.marking.services import RubricMark, record_view
from upskill.marking.slot import Outcome, Verdict
from upskill.people import services, signin, weekly_mail
from upskill.people.models import (
    AccessToken,
    Feedback,
    ImportRow,
    Membership,
    Organisation,
    PeopleImport,
    TokenScope,
    User,
)
from upskill.people.roles import Role
from upskill.planning import services as planning
from upskill.planning.models import Assignment
from upskill.reports.models import SavedView
from upskill.skills import roles as skill_roles
from upskill.skills import services as skills
from upskill.skills.models import Certificate, Level, RoleLevel, Skill

from .markers import KEPT, MAY_READ, NAME, OURS, PLACE, SAID, STAFF, WORK, marked, marker

HOW_MANY = {
    "id": "how-many", "type": "number", "skill": "fairness", "level": 1, "html": "<p>How many?</p>",
    "hints": [], "options": [],
    "answer": {"number": 3, "tolerance": 0, "feedback": "Yes.", "misconception": ""},
    "wrong": [], "otherwise": {"feedback": "No.", "misconception": ""},
}  # fmt: skip
ASKED = ("team", "one", "organisation", "some")
STAFF_ROLES = (
    "trainer", "manager", "viewer", "operator", "suspended", "admin", "colleague-1", "colleague-2", "colleague-3",
)  # fmt: skip
OLD_ANSWERS = 27  # of a colleague: more than one page of a trainer's list


@dataclass(frozen=True)
class Side:
    """One department. `people` by role, `sent` by what became of a submission of its learner."""

    letter: str
    department: Organisation
    team: Organisation
    people: dict[str, User]
    course: Course
    lesson: ItemVersion
    quiz: ItemVersion
    exercise: ExerciseVersion
    reflection: ExerciseVersion
    workshop: ItemVersion
    earlier: CourseVersion  # of the course: its lesson alone
    path: LearningPath  # takes the course
    diagnostic: ItemVersion
    sent: dict[str, Submission] = field(default_factory=dict)
    link: str = ""  # the secret of a sign-in link of the learner

    @property
    def token(self) -> AccessToken:
        """The learner's."""
        return AccessToken.objects.get(user=self.people["learner"])

    @property
    def certificate(self) -> Certificate:
        """The learner's, of the earlier version."""
        return Certificate.objects.get(course_version=self.earlier)

    def asked(self, what: str) -> Assignment:
        """One of ASKED: of the whole team, of its learner alone, of the organisation, or of some of it."""
        return Assignment.objects.get(reason=self.marked(STAFF, f"asks {what}"))

    @property
    def role_level(self) -> RoleLevel:
        """Of a role of the department; the learner's."""
        return RoleLevel.objects.select_related("role").get(role__organisation=self.department)

    @property
    def view(self) -> SavedView:
        """The viewer's."""
        return SavedView.objects.get(owner=self.people["viewer"])

    @property
    def learner(self) -> User:
        return self.people["learner"]

    def marked(self, kind: str, what: str = "") -> str:
        """A private text of this side."""
        return marked(self.letter, kind, what)


@dataclass(frozen=True)
class World:
    """Departments A and B, and a learner of B who takes A's course and has handed something in there."""

    a: Side
    b: Side
    guest: User
    guests_answer: Submission
    sessions: dict[str, str] = field(default_factory=dict)  # role -> the session of somebody who has signed in

    def person(self, role: str) -> User | None:
        """Who asks in a column of the table."""
        strangers = {"elsewhere": "learner", "other": "trainer"}
        if role == "anonymous":
            return None
        return self.b.people[strangers[role]] if role in strangers else self.a.people[role]


def build() -> World:
    """The whole world, in the current transaction. Takes about two seconds."""
    SkillFactory()
    a, b = (_learned(_founded(letter)) for letter in "ab")
    for side in (a, b):
        _wait(side)
        services.suspend(side.people["suspended"], by=side.people["operator"], now=NOON)
    guest, answer = _guest(b, course=a)
    _publish(a, b)
    connection.check_constraints()
    world = World(a=a, b=b, guest=guest, guests_answer=answer)
    world.sessions.update({role: session for role in MAY_READ if (session := _session(world.person(role)))})
    return world


def _session(person: User | None) -> str:
    client = Client()
    if person:
        client.force_login(person)
    return client.session.session_key or "" if person else ""


# --- A department and its course -------------------------------------------------------------------------------------


def _founded(letter: str) -> Side:
    how: dict[str, Any] = {"from_on": FIRST_DAY, "by": None, "now": NOON}
    kinds = Organisation.Kind
    code = f"{marker(letter, PLACE)}-heron"
    department = services.add_organisation(
        marked(letter, PLACE, "department"), code=code, kind=kinds.DEPARTMENT, parent=None, **how
    )
    team = services.add_organisation(
        marked(letter, PLACE, "team"), code=f"{code}-team", kind=kinds.TEAM, parent=department, **how
    )
    people = {"learner": _hired(letter, NAME, "learner")}
    people |= {role: _hired(letter, STAFF, role) for role in STAFF_ROLES}
    side = Side(letter, department, team, people, **_course(letter))
    for role, person in people.items():
        kind = NAME if role == "learner" else STAFF
        post: dict[str, Any] = {
            "job_title": side.marked(kind),
            "grade": side.marked(kind),
            "profession": side.marked(kind),
            "role": f"{marker(letter, kind)}-role",
            "persona": f"{marker(letter, kind)}-persona",
        }
        line_manager = people["manager"] if role in {"learner", "colleague-1"} else None
        services.place(person, organisation=team, line_manager=line_manager, **post, **how)
    wing = services.add_organisation(
        side.marked(PLACE, "wing"), code=f"{code}-wing", kind=kinds.TEAM, parent=department, **how
    )
    services.place(side.learner, organisation=wing, line_manager=None, is_main=False, **how)
    _give_roles(side)
    _ask_for_skills(side)
    _give_file(side)
    return side


def _give_file(side: Side) -> None:
    """A file of staff records that is checked and waits, with a row of it."""
    name, staff = side.marked(NAME), side.marked(STAFF)
    User.objects.filter(pk=side.learner.pk).update(staff_number=f"{marker(side.letter, NAME)}-1")
    said = {"counts": {"new": 1}, "examples": {"new": [[2, name, "", "team"]]}, "errors": [[3, "email", name]],
            "error_count": 1}  # fmt: skip
    imported = PeopleImport.objects.create(
        organisation=side.team, filename=staff, content=name.encode(), state=PeopleImport.State.CHECKED,
        step="compare", rows=2, on=FIRST_DAY, summary=said, given_by=side.people["admin"], given_at=timezone.now(),
    )  # fmt: skip
    texts = [field.name for field in ImportRow._meta.concrete_fields if isinstance(field, CharField)]
    row = dict.fromkeys(texts, marker(side.letter, NAME)) | {"error": "", "act": "add", "verdict": "new"}
    ImportRow.objects.create(imported=imported, number=2, **row)


def _hired(letter: str, kind: str, role: str) -> User:
    email = f"{marker(letter, kind)}-heron-{role}@example.gov.uk"
    return services.add_person(marked(letter, kind, role), email=email, by=None, now=NOON)


def _give_roles(side: Side) -> None:
    """Whoever is suspended afterwards holds every role, so that the suspension alone keeps them out."""
    by = side.people["operator"]
    for role in ("trainer", "suspended"):
        services.grant_role(side.people[role], role=Role.TRAINER, course=side.course.pk, by=by, now=NOON)
    for role in ("viewer", "suspended"):
        person = side.people[role]
        services.grant_role(person, role=Role.DEPARTMENT_VIEWER, organisation=side.department, by=by, now=NOON)
    for role in ("admin", "suspended"):
        person = side.people[role]
        services.grant_role(person, role=Role.DEPARTMENT_ADMIN, organisation=side.department, by=by, now=NOON)
    for role in ("operator", "suspended"):
        services.grant_role(side.people[role], role=Role.OPERATOR, by=by, now=NOON)
    later, manager = FIRST_DAY + dt.timedelta(days=1), side.people["suspended"]
    services.place(
        side.people["colleague-2"], organisation=side.team, line_manager=manager, from_on=later, by=by, now=NOON
    )


def _ask_for_skills(side: Side) -> None:
    """A role of the department, which the learner has."""
    how: dict[str, Any] = {"by": None, "now": NOON}
    texts: dict[str, Any] = {"name": side.marked(PLACE, "role"), "description": side.marked(PLACE, "what one does")}
    role = skill_roles.add_role(side.department, family=side.marked(PLACE, "family"), **texts, **how)
    level = skill_roles.add_level(role, **texts, **how)
    fairness = Skill.objects.get(pk="fairness")
    skill_roles.set_requirement(level, skill=fairness, level=Level.PRACTITIONER, **how)
    post = Membership.objects.get(person=side.learner, is_main=True)
    skill_roles.give_role(post, role=level.code, **how)


def _course(letter: str) -> dict[str, Any]:
    course = CourseFactory(id=f"course-of-{letter}")
    earlier = CourseVersionFactory(course=course, version="0.9.0", title=f"Course {letter}")
    ItemVersionFactory(module=ModuleFactory(course_version=earlier, slug="module"), slug="lesson", title="Lesson")
    version = CourseVersionFactory(course=course, title=f"Course {letter}", skills=[{"skill": "fairness", "level": 2}])
    module = ModuleFactory(course_version=version, slug="module", title="Module")
    questions = {"pass_share": 0.5, "questions": [QUESTION, HOW_MANY]}
    exercise = ExerciseItemFactory(module=module, slug="exercise", title="Exercise")
    workshop = WorkshopFactory(module=module, slug="workshop", title="Workshop", trainer_html=marked(letter, KEPT))
    lesson = {"html": "<p>Read this.</p>", "figures": [blobs.store(PICTURE.encode())]}
    return {
        "course": course,
        "earlier": earlier,
        "path": LearningPathFactory(id=f"path-of-{letter}", title=f"Path {letter}", takes=(course.pk,)),
        "lesson": ItemVersionFactory(module=module, slug="lesson", title="Lesson", content=lesson),
        "workshop": workshop,
        "quiz": QuizFactory(module=module, slug="quiz", title="Quiz", content=questions),
        "diagnostic": DiagnosticFactory(module=module, slug="find-start", title="Start", path=f"path-of-{letter}"),
        "exercise": exercises.real_exercise(
            item=exercise, model_answer=marked(letter, KEPT), files={"data.csv": blobs.store(b"a,b\n1,2\n")}
        ),
        "reflection": real_reflection(module=module, slug="reflection", model_answer=marked(letter, KEPT)),
    }


# --- What its learner did --------------------------------------------------------------------------------------------


def _learned(side: Side) -> Side:
    learner = side.learner
    learning.enrol(learner, course=side.course, now=NOON)
    paths.follow(learner, path=side.path, now=NOON)
    for item in (side.lesson, side.workshop):
        learning.complete_item(learner, item=item.item, now=NOON)
    answers = {"one-of-two": ["this"], "how-many": side.marked(WORK, "typed")}
    pipeline.answer_quiz(side.quiz, answers=answers, by=learner, now=NOON)
    diagnostics.record_result(learner, quiz=side.diagnostic, answers={"one-of-two": ["that"]}, now=NOON)
    marks = {name: _marked(side, learner, name) for name in ("waiting", "doubted", "reviewed", "judged")}
    marks["own"] = _marked(side, side.people["trainer"], "own")  # of a trainer who takes their own course
    sent = {name: mark.submission for name, mark in marks.items()} | _without_a_mark(side) | {"text": _reflected(side)}
    _judge(side, marks["judged"])
    pipeline.save_draft(side.exercise, cells={DRAFT_CELL: side.marked(WORK, "draft")}, revision=0, by=learner, now=NOON)
    _doubt(side, marks["doubted"])
    _doubt(side, marks["reviewed"], decided=True)
    _try_again(side, marks["waiting"])
    _old_answers(side)
    _told(side)
    _certify(side)
    _ask(side)
    record_view(sent["judged"], by=side.people["trainer"], now=NOON)
    return replace(side, sent=sent, link=_sign_in_link(side))


DRAFT_CELL = next(cell["id"] for cell in json.loads(exercises.notebooks()[1])["cells"] if cell["cell_type"] == "code")


def hand_in(side: Side, learner: User, name: str) -> Submission:
    """An answer by `learner` to the exercise of `side`; every text in it is marked as work of that learner's side."""
    letter = side.letter if learner in side.people.values() else "b"
    text = marked(letter, WORK, name)
    return pipeline.submit(
        side.exercise,
        content=exercises.answer(f"def double(x):\n    return {text!r}", reflection=text, added=f"# {text}"),
        idempotency_key=f"{text} key",
        by=learner,
        now=NOON,
        announce=_nobody,
    )


def _nobody() -> None:
    """No worker runs here."""


def _marked(side: Side, learner: User, name: str) -> Mark:
    """Handed in, and marked by a verdict: the test failed with a message, the free text waits."""
    submission = hand_in(side, learner, name)
    text = submission.idempotency_key
    checks = (
        CheckResult(check="test_double", status=CheckStatus.FAILED, points=0.0, max_points=4.0, message=text),
        CheckResult(check="reflection", status=CheckStatus.WAITING, points=None, max_points=6.0),
    )
    mark = _ended(submission, outcome=Outcome.MARKED, checks=checks, free_text={"reflection": text})
    assert mark
    return mark


def _ended(submission: Submission, *, outcome: Outcome, **said: Any) -> Mark | None:
    claim = jobs.claim()
    assert claim
    assert claim.submission_id == submission.pk
    verdict = Verdict(job_id=str(claim.token), outcome=outcome, **said)
    return pipeline.store_verdict(submission, claim=claim, verdict=verdict, now=NOON)


def _without_a_mark(side: Side) -> dict[str, Submission]:
    refused = hand_in(side, side.learner, "refused")
    _ended(refused, outcome=Outcome.REFUSED, reason=side.marked(WORK, "refusal"))
    failed = hand_in(side, side.learner, "failed")
    _ended(failed, outcome=Outcome.FAILED_OURS, reason=side.marked(OURS, "fault"))
    failed.jobs.update(state=Job.State.FAILED_OURS, ended_at=NOON)  # as after the fifth try
    return {"refused": refused, "failed": failed}


def _reflected(side: Side) -> Submission:
    """A text, marked by the trainer, and another that is saved for later."""
    text, trainer = side.marked(WORK, "text"), side.people["trainer"]
    sent = pipeline.send_reflection(
        side.reflection, text=text, idempotency_key=f"{text} key", by=side.learner, now=NOON, announce=_nobody
    )
    check = CheckResult(check="answer", status=CheckStatus.WAITING, points=None, max_points=6.0)
    mark = _ended(sent, outcome=Outcome.MARKED, checks=(check,), free_text={"answer": text})
    assert mark
    levels = {"finding": 2, "advice": 2}
    judgement = RubricMark(check="answer", levels=levels, comment=side.marked(WORK, "comment"))
    pipeline.mark_by_rubric(mark, rubric_mark=judgement, by=trainer, now=NOON)
    pipeline.save_reflection(side.reflection, text=side.marked(WORK, "saved"), revision=0, by=side.learner, now=NOON)
    return sent


def _judge(side: Side, mark: Mark) -> None:
    trainer = side.people["trainer"]
    levels = {"finding": 4, "advice": 4}
    judgement = RubricMark(check="reflection", levels=levels, comment=side.marked(WORK, "comment"))
    new = pipeline.mark_by_rubric(mark, rubric_mark=judgement, by=trainer, now=NOON)
    points, reason = {"test_double": Decimal(4)}, side.marked(WORK, "reason")
    pipeline.override_mark(new, points=points, reason=reason, by=trainer, now=NOON)


def _doubt(side: Side, mark: Mark, *, decided: bool = False) -> None:
    reason = side.marked(WORK, "doubt")
    review = Review.objects.create(mark=mark, asked_by=side.learner, reason=reason, asked_at=NOON)
    if decided:
        ReviewDecision.objects.create(
            review=review, decided_by=side.people["trainer"], outcome="upheld", reason=reason, decided_at=NOON
        )


def _try_again(side: Side, mark: Mark) -> None:
    ended = {"state": Job.State.DONE, "queued_at": NOON, "ended_at": NOON}
    whose = {"submission": mark.submission, "learner": mark.submission.learner}
    job = Job.objects.create(**whose, lane=Job.Lane.PREVIEW, rerun_of=mark, **ended)
    said = [side.marked(WORK, "difference")]
    Rerun.objects.create(job=job, mark=mark, is_same=False, differences=said, finished_at=NOON)


def _old_answers(side: Side) -> None:
    """Of a colleague, handed in before everything else."""
    for number in range(OLD_ANSWERS):
        MarkFactory(
            submission=SubmissionFactory(
                learner=side.people["colleague-1"],
                exercise=side.exercise,
                attempt=number + 1,
                submitted_at=NOON - dt.timedelta(days=number + 1),
                idempotency_key=side.marked(WORK, f"key {number}"),
            ),
            points=4,
            checks__answer=side.marked(WORK, "old answer"),
        )


def _told(side: Side) -> None:
    """What hangs on the learner beside their work."""
    learner = side.learner
    AccessToken.objects.create(
        user=learner, expiry=dt.timedelta(days=300), name=side.marked(WORK, "token"), scopes=[TokenScope.READ]
    )
    page, text = f"/{marker(side.letter, SAID)}-heron/", side.marked(SAID, "feedback")
    Feedback.objects.create(page=page, text=text, sent_by=learner, sent_at=NOON)
    weekly_mail.switch_on(learner, now=NOON)
    outbox.add(to=learner, subject=side.marked(WORK, "subject"), body=side.marked(WORK, "body"), at=NOON)
    audit.record("note.kept", subject=learner, by=learner, about=learner, at=NOON, note=side.marked(WORK, "detail"))


def _ask(side: Side) -> None:
    """What its manager asks of the team and of the learner, who is exempt, and its head, the viewer, of everybody."""
    manager, head = side.people["manager"], side.people["viewer"]
    Organisation.objects.filter(pk=side.department.pk).update(head=head)
    some = {"role": marker(side.letter, STAFF), "grade": marker(side.letter, STAFF), "profession": side.marked(STAFF)}
    audiences: dict[str, dict[str, Any]] = {
        "team": {"team_of": manager},
        "one": {"team_of": manager, "person": side.learner},
        "organisation": {"organisation": side.department},
        "some": {"organisation": side.department, **some},
    }
    for what, audience in audiences.items():
        by = head if "organisation" in audience else manager
        how = {"due_on": NOON.date(), "reason": side.marked(STAFF, f"asks {what}"), "made_by": by, "made_at": NOON}
        Assignment.objects.create(course=side.course, **audience, **how)
    why = side.marked(STAFF, "exempts")
    planning.exempt(side.asked("one"), person=side.learner, reason=why, by=manager, now=NOON)


def _certify(side: Side) -> None:
    [outline] = catalogue.outlines_of_versions([side.earlier.pk])
    skills.issue_certificate(side.learner, outline=outline, now=NOON)


def _sign_in_link(side: Side) -> str:
    """The secret of a link that was mailed just now: the pages look at the real clock."""
    now, prefix = timezone.now(), "https://service/sign-in/"
    next_path = f"/{marker(side.letter, WORK)}-heron/"
    signin.ask_for_link(
        side.learner.email or "", link_prefix=prefix, next_path=next_path, place="192.0.2.1", now=now, announce=_nobody
    )
    signin.send_due(now=now)
    found = re.search(rf"{prefix}(\S+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def _wait(side: Side) -> None:
    """Last, because whoever claims a job gets the oldest."""
    side.sent["queued"] = hand_in(side, side.learner, "queued")


def _publish(*sides: Side) -> None:
    """Figures of each department, of its team and of a profession in it, and a view of them that its viewer saved."""
    made = publication()
    published(made, None, people=900)
    for side in sides:
        for place in (side.department, side.team):
            published(made, place, people=400, fairness=(200, 100, 50, 40, 10, 300, 100))
        published(made, side.department, people=90, slice_=("profession", side.marked(PLACE, "profession")))
        SavedView.objects.create(
            owner=side.people["viewer"], name=side.marked(PLACE, "view"), organisation=side.department, made_at=NOON,
            query=urlencode({"people": f"profession:{side.marked(PLACE, 'profession')}"}),
        )  # fmt: skip


def _guest(side: Side, *, course: Side) -> tuple[User, Submission]:
    guest = _hired(side.letter, NAME, "guest")
    services.place(guest, organisation=side.team, line_manager=None, from_on=FIRST_DAY, by=None, now=NOON)
    learning.enrol(guest, course=course.course, now=NOON)
    learning.see_item(guest, item=course.lesson.item, now=NOON)
    submission = hand_in(course, guest, "guest")
    text = marked(side.letter, WORK, "guest")
    MarkFactory(submission=submission, points=2, checks__answer=text)
    return guest, submission


Reader = Callable[[Side], list[str]]
