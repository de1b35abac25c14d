"""Words that stand in every private text of the world, so that a page that shows one is caught whatever it shows.

A marker names its side and what kind of secret it is: "xqbwork" is work of somebody in department B. Every text also
holds HERON, a plain word, so that a search finds what must not be found without the marker being in the question.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Field

HERON = "heron"
HIDDEN_TEST = "double(-7)"  # stands in the source notebooks of both courses, which no page may show to anybody

# Kinds of private text
NAME = "name"  # who the learner is: name, address, post
WORK = "work"  # what the learner wrote, and what was said to them about it
STAFF = "staff"  # names of trainers, managers and the like
PLACE = "place"  # organisations
KEPT = "kept"  # model answers, and the trainer's side of workshops
SAID = "said"  # what the learner told the people who run the service
OURS = "ours"  # why a fault of ours stopped a job
KINDS = (NAME, WORK, STAFF, PLACE, KEPT, SAID, OURS)

# Role -> the kinds that it may read, of department A and of department B. Roles are the columns of the table. A trainer
# reads NAME once they have opened an answer: what their list says before is tested by itself.
MAY_READ: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "anonymous": ((), ()),
    "learner": ((NAME, WORK, STAFF, PLACE, SAID), ()),
    "elsewhere": ((), (NAME, WORK, STAFF, PLACE, SAID)),  # a learner of B
    "trainer": ((NAME, WORK, STAFF, PLACE, KEPT), ()),
    "other": ((), (NAME, WORK, STAFF, PLACE, KEPT)),  # a trainer of B
    "manager": ((NAME, STAFF, PLACE), ()),
    "viewer": ((STAFF, PLACE), ()),
    "operator": ((STAFF, PLACE, SAID, OURS), (SAID, OURS)),
    "suspended": ((), ()),
    "admin": ((NAME, STAFF, PLACE), ()),
}


def marker(side: str, kind: str) -> str:
    """The word that stands in every private text of this side ("a" or "b") and kind, such as "xqbwork"."""
    return f"xq{side}{kind}"


def marked(side: str, kind: str, what: str = "") -> str:
    """A private text, such as "xqbwork heron reason"."""
    return f"{marker(side, kind)} {HERON} {what}".strip()


def forbidden(role: str) -> list[str]:
    """What no answer to this role may hold."""
    allowed = {marker(side, kind) for side, kinds in zip("ab", MAY_READ[role], strict=True) for kind in kinds}
    return [HIDDEN_TEST, *(marker(side, kind) for side in "ab" for kind in KINDS if marker(side, kind) not in allowed)]


DIGEST = "a digest"
OUR_WORD = "a word of our own, the same for everybody"
COURSE_TEXT = "course text, for everybody who is signed in"
MACHINE = "about our machines, not about a person"
NIGHTLY = "counts that the nightly publication alone reads; no page does"
FRAMEWORK = "a framework's own words, for everybody"

# Columns that hold no marker, each with the reason why no leak of a person can begin there.
PUBLIC: dict[str, str] = {
    "core.AuditEntry.event": OUR_WORD,
    "core.AuditEntry.subject_kind": OUR_WORD,
    "core.Allowance.key": DIGEST,
    "core.Blob.sha256": DIGEST,
    "core.Heartbeat.facts": MACHINE,
    "core.Heartbeat.note": MACHINE,
    "core.Heartbeat.process": MACHINE,
    "core.Heartbeat.program": MACHINE,
    "core.OutboxMail.address": "an old e-mail address until the mail to it is sent; no page reads it",
    "core.OutboxMail.stop_link": "a signed link that stops mail and does nothing else",
    "core.Stamp.digest": MACHINE,
    "core.Stamp.name": MACHINE,
    "people.AccessToken.digest": DIGEST,
    "people.AccessToken.scopes": OUR_WORD,
    "people.AccessToken.token_key": "the beginning of a random token; no page reads it",
    "people.ImportRow.act": OUR_WORD,
    "people.ImportRow.error": OUR_WORD,
    "people.ImportRow.verdict": OUR_WORD,
    "people.Organisation.kind": OUR_WORD,
    "people.PeopleImport.state": OUR_WORD,
    "people.PeopleImport.step": OUR_WORD,
    "people.RoleGrant.course": COURSE_TEXT,
    "people.RoleGrant.role": OUR_WORD,
    "people.SignInLink.email_digest": DIGEST,
    "people.SignInLink.link_prefix": "the address of the service",
    "people.SignInLink.place_digest": DIGEST,
    "people.SignInLink.token_digest": DIGEST,
    "catalogue.Check.rubric": COURSE_TEXT,
    "catalogue.Check.slug": COURSE_TEXT,
    "catalogue.Check.title": COURSE_TEXT,
    "catalogue.Course.id": COURSE_TEXT,
    "catalogue.Clearance.certificate": "names of answers to a course, and versions of the marking engine",
    "catalogue.Clearance.ground": OUR_WORD,
    "catalogue.CourseVersion.audience": COURSE_TEXT,
    "catalogue.CourseVersion.content_sha256": DIGEST,
    "catalogue.CourseVersion.language": COURSE_TEXT,
    "catalogue.CourseVersion.licence": COURSE_TEXT,
    "catalogue.CourseVersion.principles": COURSE_TEXT,
    "catalogue.CourseVersion.profiles": COURSE_TEXT,
    "catalogue.CourseVersion.skills": COURSE_TEXT,
    "catalogue.CourseVersion.summary": COURSE_TEXT,
    "catalogue.CourseVersion.title": COURSE_TEXT,
    "catalogue.CourseVersion.version": COURSE_TEXT,
    "catalogue.ExerciseVersion.filename": COURSE_TEXT,
    "catalogue.ExerciseVersion.files": COURSE_TEXT,
    "catalogue.ExerciseVersion.hidden_messages": COURSE_TEXT,
    "catalogue.ExerciseVersion.limits": COURSE_TEXT,
    "catalogue.ExerciseVersion.release_sha256": DIGEST,
    "catalogue.ExerciseVersion.source_sha256": DIGEST,
    "catalogue.Item.key": COURSE_TEXT,
    "catalogue.Item.kind": OUR_WORD,
    "catalogue.ItemVersion.content": COURSE_TEXT,
    "catalogue.ItemVersion.content_sha256": DIGEST,
    "catalogue.ItemVersion.skills": COURSE_TEXT,
    "catalogue.ItemVersion.title": COURSE_TEXT,
    "catalogue.LearningPath.audience": COURSE_TEXT,
    "catalogue.LearningPath.id": COURSE_TEXT,
    "catalogue.LearningPath.steps": COURSE_TEXT,
    "catalogue.LearningPath.summary": COURSE_TEXT,
    "catalogue.LearningPath.title": COURSE_TEXT,
    "catalogue.Module.objectives": COURSE_TEXT,
    "catalogue.Module.prerequisites": COURSE_TEXT,
    "catalogue.Module.slug": COURSE_TEXT,
    "catalogue.Module.summary": COURSE_TEXT,
    "catalogue.Module.title": COURSE_TEXT,
    "learning.DiagnosticResult.right": "figures by skill",
    "learning.Recall.question": COURSE_TEXT,
    "marking.CheckMark.rubric_levels": "figures by criterion of the course",
    "marking.CheckMark.slug": COURSE_TEXT,
    "marking.CheckMark.status": OUR_WORD,
    "marking.CheckMark.title": COURSE_TEXT,
    "marking.Job.lane": OUR_WORD,
    "marking.Job.request_id": "a random id, for the logs",
    "marking.Job.state": OUR_WORD,
    "marking.Mark.provenance": "versions and digests of the marking engine",
    "marking.Regrade.reason": "an operator's words to every learner of an exercise",
    "marking.Rerun.provenance": "versions and digests of the marking engine",
    "marking.ReviewDecision.outcome": OUR_WORD,
    "skills.CapabilityRole.changed_in": FRAMEWORK,
    "skills.CapabilityRole.kind": OUR_WORD,
    "skills.Framework.licence": FRAMEWORK,
    "skills.Framework.name": FRAMEWORK,
    "skills.Framework.slug": FRAMEWORK,
    "skills.Framework.source_url": FRAMEWORK,
    "skills.Framework.version": FRAMEWORK,
    "skills.Requirement.source": OUR_WORD,
    "skills.Skill.changed_in": FRAMEWORK,
    "skills.Skill.description": FRAMEWORK,
    "skills.Skill.same_as": FRAMEWORK,
    "reports.Publication.skills": COURSE_TEXT,
    "reports.PublishedFigures.figures": "figures, protected by the publication",
    "reports.PublishedFigures.slice_kind": OUR_WORD,
    "reports.PublicationBasis.counts": NIGHTLY,
    "reports.PublicationBasis.figures": NIGHTLY,
    "reports.PublicationBasis.skill": COURSE_TEXT,
    "reports.PublicationBasis.slice": NIGHTLY,
    "reports.PublicationBasis.slice_kind": OUR_WORD,
    "reports.SavedView.every": OUR_WORD,
    "skills.Skill.name": COURSE_TEXT,
    "skills.Skill.slug": COURSE_TEXT,
    "skills.Skill.statements": COURSE_TEXT,
}

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField, models.FileField)


def is_text(field: "Field[object, object]") -> bool:
    """True for a column that can hold what somebody wrote."""
    return isinstance(field, TEXTS)
