"""A small world that grows: one round adds one row of everything that a list could show.

Whoever adds a table adds a row of it to `grow`: then every page is tested with more of it by itself.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from upskill.catalogue.models import Check, Course, CourseVersion, ExerciseVersion, ItemVersion, LearningPath
from upskill.core import audit, heartbeats
from upskill.learning.models import Enrolment, FollowedPath, ItemProgress, QuizAttempt, Recall, Submission
from upskill.marking.models import CheckMark, Job, Mark, Rerun, Review
from upskill.people import tokens, weekly_mail
from upskill.people.models import Feedback, Organisation, PeopleImport, TokenScope, User
from upskill.people.roles import Role
from upskill.reports.models import SavedView

from .catalogue import (
    CourseVersionFactory,
    ExerciseFactory,
    ItemVersionFactory,
    LearningPathFactory,
    ModuleFactory,
    QuizFactory,
    WorkshopFactory,
)
from .marking import (
    CertificateFactory,
    DoneJobFactory,
    EvidenceFactory,
    JobFactory,
    MarkFactory,
    RegradeFactory,
    RegradeJobFactory,
    RegradeResultFactory,
    SkillFactory,
    SubmissionFactory,
)
from .people import NOON, MembershipFactory, OrganisationFactory, PersonFactory, RoleGrantFactory
from .planning import AssignmentFactory, CompletionFactory, ExemptionFactory
from .published import publication, published
from .roles import role_asking


@dataclass
class World:
    """One person for each role, and what they have to look at. Begins with one round."""

    learner: User = field(default_factory=lambda: PersonFactory(full_name="Leila"))
    trainer: User = field(default_factory=lambda: PersonFactory(full_name="Terry"))
    manager: User = field(default_factory=lambda: PersonFactory(full_name="Maya"))
    viewer: User = field(default_factory=lambda: PersonFactory(full_name="Vikram"))
    administrator: User = field(default_factory=lambda: PersonFactory(full_name="Ada"))
    operator: User = field(default_factory=lambda: PersonFactory(full_name="Olivia"))
    department: Organisation = field(default_factory=lambda: OrganisationFactory(code="department"))
    rounds: int = 0

    def __post_init__(self) -> None:
        """A first course with a submission, whose pages are looked at while the world grows."""
        RoleGrantFactory(person=self.operator, role=Role.OPERATOR)
        self.report: User = MembershipFactory(organisation=self.department).person
        self.imported: PeopleImport = PeopleImport.objects.create(
            organisation=self.department, filename="staff.csv", state="checked", on=NOON.date(),
            given_by=self.administrator, given_at=NOON, summary={"counts": {"new": 1}, "examples": {"new": []}},
        )  # fmt: skip
        self.course = CourseVersionFactory(course__id="course")
        self.module = ModuleFactory(course_version=self.course, slug="module")
        self.quiz = QuizFactory(module=self.module, slug="quiz")
        self.exercise = ExerciseFactory(item_version__module=self.module, item_version__slug="exercise")
        self.mark: Mark = MarkFactory(submission__learner=self.learner, submission__exercise=self.exercise)
        self.first_mark = self.mark
        for organisation in (self.department, OrganisationFactory()):  # with one only, the list would lead there
            RoleGrantFactory(person=self.viewer, role=Role.DEPARTMENT_VIEWER, organisation=organisation)
            Organisation.objects.filter(pk=organisation.pk).update(head=self.viewer)
            RoleGrantFactory(person=self.administrator, role=Role.DEPARTMENT_ADMIN, organisation=organisation)
        for course in ("course", "another"):
            RoleGrantFactory(person=self.trainer, role=Role.TRAINER, course=course)
        Enrolment.objects.create(learner=self.learner, course=self.course.course, enrolled_at=NOON)
        item = self.exercise.item_version.item  # where the learner left
        ItemProgress.objects.create(learner=self.learner, item=item, opened_at=NOON, last_seen_at=NOON)
        weekly_mail.switch_on(self.learner, now=NOON)
        self.path: LearningPath = LearningPathFactory(id="path")
        MembershipFactory(person=self.learner, organisation=self.department, line_manager=self.manager)
        FollowedPath.objects.create(learner=self.learner, path=self.path, followed_at=NOON)
        self.figures = publication()
        for place in (self.department, None):
            published(self.figures, place, people=900, fairness=(500, 200, 100, 60, 40, 300, 100))
        published(self.figures, self.department, people=90, slice_=("grade", "EO"))
        self.grow()

    @property
    def people(self) -> dict[str, User | None]:
        """Role -> who has it; somebody signed out for the visitor."""
        roles = ("learner", "trainer", "manager", "viewer", "administrator", "operator")
        return {"visitor": None} | {role: getattr(self, role) for role in roles}

    def grow(self) -> None:
        """One more row of everything."""
        self.rounds += 1
        helps = [{"skill": f"skill-{self.rounds}-{self.course.pk}", "level": 1}]  # the skill of _grow_course
        module = ModuleFactory(course_version=self.course, prerequisites=helps)
        self._grow_course(self.course, module=module)
        another = CourseVersionFactory()
        self._grow_course(another)
        LearningPathFactory(takes=(another.course_id,))
        self.path.steps.append({"course": another.course_id, "module": "", "why": "It is next."})
        self.path.save()
        self._grow_exercise(self.exercise)
        self._grow_history()
        self._grow_certificates()
        self._grow_organisation()
        self._grow_assignments(another)
        for program in ("worker", "housekeeper"):
            heartbeats.beat(f"{program}-{self.rounds}", program=program, is_working=True)
        tokens.issue_token(
            self.learner, name=f"Notebook {self.rounds}", scopes=[TokenScope.READ], days=30, now=timezone.now()
        )
        Feedback.objects.create(text="Good.", page="/", sent_by=self.learner, sent_at=NOON)
        for person in (self.learner, self.trainer, self.manager, self.viewer, self.administrator, self.operator):
            audit.record("levels.viewed", subject=person, by=self.manager, at=NOON, about=person)
        audit.record("submission.viewed", subject=self.mark.submission, by=self.trainer, at=NOON, about=self.learner)

    def _grow_course(self, course: CourseVersion, *, module=None) -> None:
        """Items of each kind, and the learner's work on them, with the skill that it shows."""
        module = module or ModuleFactory(course_version=course)
        skill = SkillFactory(slug=f"skill-{self.rounds}-{course.pk}")
        awards = [{"skill": skill.pk, "level": 2}]
        lesson = ItemVersionFactory(module=module, skills=awards)
        quiz = QuizFactory(module=module, skills=awards)
        exercise = ExerciseFactory(item_version__module=module, item_version__skills=awards)
        if course != self.course:
            Enrolment.objects.create(learner=self.learner, course=course.course, enrolled_at=NOON)
            RoleGrantFactory(person=self.trainer, role=Role.TRAINER, course=course.course_id)
        workshop = WorkshopFactory(module=module)
        for item in (lesson, quiz, workshop):
            self._complete(item)
        self._answer(quiz)
        Recall.objects.create(
            learner=self.learner, item=quiz.item, question="one-of-two", step=0, answered_on=NOON.date()
        )
        mark = MarkFactory(submission__learner=self.learner, submission__exercise=exercise)
        EvidenceFactory(learner=self.learner, skill=skill, mark=mark)

    def _grow_exercise(self, exercise: ExerciseVersion) -> None:
        """Another check, another attempt of the learner, and somebody else's answer that is doubted."""
        Check.objects.create(exercise=exercise, slug=f"more_{self.rounds}", position=10, title="More", max_points=1)
        MarkFactory(submission=self._sent(self.learner, attempt=2 * self.rounds))
        for learner, attempt in ((self.learner, 2 * self.rounds + 1), (PersonFactory(), 1)):
            doubted = MarkFactory(submission=self._sent(learner, attempt=attempt))
            Review.objects.create(mark=doubted, asked_by=learner, reason="Why?", asked_at=NOON)
        JobFactory(submission=self._sent(PersonFactory(), attempt=1), state=Job.State.FAILED_OURS, ended_at=NOON)
        self._answer(self.quiz)

    def _grow_history(self) -> None:
        """The learner's first mark is replaced by another, with more checks."""
        old = self.mark
        again = DoneJobFactory(submission=old.submission, lane=Job.Lane.PREVIEW, rerun_of=self.first_mark)
        Rerun.objects.create(job=again, mark=self.first_mark, is_same=True, finished_at=NOON)
        RegradeJobFactory(regrade=RegradeFactory(newest=self.exercise, ended_at=NOON), rerun_of=self.first_mark)
        RegradeResultFactory(points=2)
        self.mark = Mark.objects.create(
            submission=old.submission,
            points=Decimal(3),
            max_points=Decimal(4),
            waiting_points=Decimal(6),
            passed=False,
            marked_at=NOON + dt.timedelta(minutes=self.rounds),
            given_by=self.trainer,
            reason="Read again.",
            replaces=old,
        )
        for position, check in enumerate(old.checks.all()):
            check.pk, check.mark, check.position = None, self.mark, position
            check._state.adding = True
            check.save()
        CheckMark.objects.create(
            mark=self.mark, slug=f"more_{self.rounds}", position=10, title="More", points=1, max_points=1,
            status="passed",
        )  # fmt: skip

    def _grow_certificates(self) -> None:
        """Another version of a course of one lesson, which the learner has read, with the certificate of it."""
        course = Course.objects.get_or_create(pk="a-read-one")[0]
        version = CourseVersionFactory(course=course, version=f"1.{self.rounds}.0")
        lesson = ItemVersionFactory(module=ModuleFactory(course_version=version, slug="read"), slug="read")
        if self.rounds == 1:
            self._complete(lesson)
        CertificateFactory(learner=self.learner, course_version=version)

    def _grow_organisation(self) -> None:
        """A part with people who reached a level, one of whom reports to the manager; a grant more for the viewer."""
        part = OrganisationFactory(parent=self.department)
        for _ in range(6):
            person = MembershipFactory(organisation=part).person
            EvidenceFactory(learner=person, skill=SkillFactory(slug=f"skill-{self.rounds}-{self.course.pk}"))
        role = role_asking({f"skill-{self.rounds}-{self.course.pk}": 3})
        report = MembershipFactory(organisation=part, line_manager=self.manager, role=role).person
        EvidenceFactory(learner=report, skill=SkillFactory(slug=f"skill-{self.rounds}-{self.course.pk}"))
        RoleGrantFactory(person=self.viewer, role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory())
        self._grow_staff(part)
        published(self.figures, part, people=60)
        published(self.figures, self.department, people=50, slice_=("profession", f"Profession {self.rounds}"))
        SavedView.objects.create(
            owner=self.viewer, name=f"View {self.rounds}", organisation=self.department, made_at=NOON
        )

    def _grow_staff(self, part: Organisation) -> None:
        """Somebody directly in the department, with a post before; another role over it; a file with an error more."""
        MembershipFactory(organisation=self.department, line_manager=PersonFactory())
        first, last = (dt.date(2020 + self.rounds, month, 1) for month in (1, 2))
        MembershipFactory(person=self.report, organisation=part, valid_from=first, valid_to=last)
        RoleGrantFactory(role=Role.DEPARTMENT_VIEWER, organisation=self.department)
        said = self.imported.summary
        said["errors"] = [[number, "email", "nobody"] for number in range(self.rounds)]
        said["examples"]["new"].append([self.rounds, "Somebody", "", "department"])
        self.imported.save()
        PeopleImport.objects.create(
            organisation=self.department, filename="staff.csv", state="applied", on=NOON.date(), given_at=NOON,
            given_by=self.administrator,
        )  # fmt: skip

    def _grow_assignments(self, version: CourseVersion) -> None:
        """A course that the team and the department are asked to do; the learner finished it and is exempt."""
        for audience in ({"team_of": self.manager}, {"team_of": None, "organisation": self.department}):
            asked = AssignmentFactory(course=version.course, due_on=timezone.localdate(), **audience)
            ExemptionFactory(assignment=asked, person=self.learner)
            AssignmentFactory(due_on=timezone.localdate(), **audience)  # of another course, which nobody has begun
        CompletionFactory(learner=self.learner, course=version.course, finished_at=timezone.now())

    def _sent(self, learner: User, *, attempt: int) -> Submission:
        return SubmissionFactory(learner=learner, exercise=self.exercise, attempt=attempt)

    def _complete(self, item: ItemVersion) -> None:
        moments = dict.fromkeys(("opened_at", "last_seen_at", "completed_at"), NOON)
        ItemProgress.objects.create(learner=self.learner, item=item.item, **moments)

    def _answer(self, quiz: ItemVersion) -> None:
        QuizAttempt.objects.create(
            learner=self.learner, quiz=quiz, answers={"one-of-two": ["this"]}, right=1, questions=1, passed=True,
            answered_at=NOON + dt.timedelta(minutes=self.rounds),
        )  # fmt: skip
