"""A service with everybody in it, for tests that ask it anything."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils import timezone

from tests.factories import exercises
from tests.factories.marking import CertificateFactory, EvidenceFactory, MarkFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    operator,
    trainer_of,
    viewer_of,
)
from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs
from upskill.learning.models import Enrolment
from upskill.marking.models import Mark
from upskill.people import tokens
from upskill.people.models import AccessToken, Organisation, TokenScope, User

ROLES = [
    "anonymous", "learner", "learner elsewhere", "trainer", "trainer of another course", "line manager",
    "department viewer", "operator", "suspended",
]  # fmt: skip


@dataclass(frozen=True)
class World:
    """Who there is, and what each could ask for."""

    people: dict[str, User | None]
    exercise: ExerciseVersion
    mark: Mark
    other_mark: Mark
    organisation: Organisation
    tokens: list[AccessToken]
    secret: str  # of a token of the learner's, with every scope

    def ids(self, name: str, operation: str) -> list[str]:
        """Values of a parameter that lead somewhere, and some that do not."""
        module, item = self.exercise.item_version.item.key.split("/")
        known: dict[str, list[object]] = {
            "course": [self.exercise.item_version.item.course_id],
            "module": [module],
            "item": [item],
            "file": ["table.csv"],
            "code": [self.organisation.code],
            "people": [""],  # everybody, and all skills: nothing is published
            "skill": [""],
            "public_id": [self.mark.submission.public_id, self.other_mark.submission.public_id],
        }
        if operation == "revoke_token":
            known["public_id"] = [token.public_id for token in self.tokens]
        if name in {"module", "item"}:  # an unknown course is enough: or by chance no exercise would be found
            return [str(value) for value in known[name]]
        unknown: UUID | str = uuid4() if name == "public_id" else "nothing"
        return [str(value) for value in [*known[name], unknown]]


def build() -> World:
    """A course with a learner's marked answer, and one person of each role, who all take the course; the learner
    elsewhere in another department.
    """
    exercise = exercises.real_exercise(files={"table.csv": blobs.store(b"a,b\n1,2\n")})
    course = exercise.item_version.item.course
    unit = OrganisationFactory()
    people: dict[str, User | None] = {
        "anonymous": None,
        "learner": PersonFactory(),
        "learner elsewhere": PersonFactory(),
        "trainer": trainer_of(course.pk),
        "trainer of another course": trainer_of("another-course"),
        "line manager": PersonFactory(),
        "department viewer": viewer_of(unit),
        "operator": operator(),
        "suspended": PersonFactory(),
    }
    everybody = [person for person in people.values() if person]
    managed = {people["line manager"], people["learner elsewhere"]} ^ set(everybody)
    for person in everybody:
        Enrolment.objects.create(learner=person, course=course, enrolled_at=NOON)
        MembershipFactory(
            person=person,
            organisation=unit if person != people["learner elsewhere"] else OrganisationFactory(),
            line_manager=people["line manager"] if person in managed else None,
        )
    marks = [MarkFactory(submission__learner=person, submission__exercise=exercise) for person in everybody]
    for mark in marks:
        EvidenceFactory(learner=mark.submission.learner, mark=mark)
        version = exercise.item_version.module.course_version
        CertificateFactory(learner=mark.submission.learner, course_version=version)
    made = [
        tokens.issue_token(person, name="Script", scopes=[TokenScope.READ], days=90, now=timezone.now()).token
        for person in everybody
    ]
    learner = marks[0].submission.learner
    program = tokens.issue_token(learner, name="All", scopes=TokenScope, days=90, now=timezone.now())
    return World(
        people=people,
        exercise=exercise,
        mark=marks[0],
        other_mark=marks[-1],
        organisation=unit,
        tokens=made,
        secret=program.secret,
    )
