"""What the rows behind audit entries are called: which answer, which course, which skill. Names nobody but managers."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import CourseVersion, LearningPath
from upskill.core.models import AuditEntry
from upskill.learning.models import Enrolment, QuizAttempt, Submission
from upskill.marking.models import Job, Mark, Rerun, Review
from upskill.people.models import Membership, RoleGrant
from upskill.people.roles import Role
from upskill.planning.models import Assignment, Completion, Exemption
from upskill.skills.models import Evidence
from upskill.web.templatetags.words import level as level_name

Facts = dict[str, Any]
ANSWERED = "exercise__item_version__module__course_version"
FROM_DETAILS = ("points", "old", "new")  # figures that the entry itself holds


def facts_of(entries: Iterable[AuditEntry]) -> list[Facts]:
    """For each entry what its sentence needs, in their order. One query for each kind of row that they are about."""
    listed = list(entries)
    wanted: dict[str, set[str]] = {}
    for entry in listed:
        wanted.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    found = {kind: READERS[kind](ids) for kind, ids in wanted.items() if kind in READERS}
    return [_figures(entry) | found.get(entry.subject_kind, {}).get(entry.subject_id, {}) for entry in listed]


def _figures(entry: AuditEntry) -> Facts:
    return {name: entry.details[name] for name in FROM_DETAILS if name in entry.details}


def _answer(sent: Submission) -> Facts:
    item = sent.exercise.item_version
    words = _("your answer to “%(title)s”, attempt %(n)d") % {"title": item.title, "n": sent.attempt}
    return {
        "answer": _link(reverse("learner:submission", args=[sent.public_id]), words),
        "course": item.module.course_version.title,
    }


def _submissions(ids: set[str]) -> dict[str, Facts]:
    found = Submission.objects.filter(pk__in=ids).select_related(ANSWERED)
    return {str(sent.pk): _answer(sent) for sent in found}


def _jobs(ids: set[str]) -> dict[str, Facts]:
    found = Job.objects.filter(pk__in=ids).select_related(f"submission__{ANSWERED}")
    return {str(job.pk): _answer(job.submission) for job in found}


def _marks(ids: set[str]) -> dict[str, Facts]:
    found = Mark.objects.filter(pk__in=ids).select_related(f"submission__{ANSWERED}")
    return {str(mark.pk): _answer(mark.submission) for mark in found}


def _reviews(ids: set[str]) -> dict[str, Facts]:
    found = Review.objects.filter(pk__in=ids).select_related(f"mark__submission__{ANSWERED}")
    return {str(review.pk): _answer(review.mark.submission) for review in found}


def _reruns(ids: set[str]) -> dict[str, Facts]:
    found = Rerun.objects.filter(pk__in=ids).select_related(f"mark__submission__{ANSWERED}")
    return {str(rerun.pk): _answer(rerun.mark.submission) for rerun in found}


def _evidence(ids: set[str]) -> dict[str, Facts]:
    found = Evidence.objects.filter(pk__in=ids).select_related("skill")
    return {str(piece.pk): {"skill": piece.skill.name, "level": level_name(piece.level)} for piece in found}


def _enrolments(ids: set[str]) -> dict[str, Facts]:
    found = Enrolment.objects.filter(pk__in=ids).select_related("course__current_version")
    return {str(each.pk): {"course": _quoted(_title(each))} for each in found}


def _course_versions(ids: set[str]) -> dict[str, Facts]:
    found = CourseVersion.objects.filter(pk__in=ids)
    return {str(each.pk): {"course": _quoted(each.title)} for each in found}


def _paths(ids: set[str]) -> dict[str, Facts]:
    titles = LearningPath.objects.filter(pk__in=ids).values_list("pk", "title")
    return {path: {"path": _quoted(title)} for path, title in titles}


def _items(ids: set[str]) -> dict[str, Facts]:
    titles = catalogue.titles_of_items(map(int, ids))
    return {str(item): {"item": _quoted(title)} for item, title in titles.items()}


def _quiz_attempts(ids: set[str]) -> dict[str, Facts]:
    found = QuizAttempt.objects.filter(pk__in=ids).select_related("quiz")
    return {str(each.pk): {"quiz": _quoted(each.quiz.title), "right": _right(each)} for each in found}


def _memberships(ids: set[str]) -> dict[str, Facts]:
    found = Membership.objects.filter(pk__in=ids).select_related("organisation", "line_manager")
    return {str(post.pk): {"place": post.organisation.name, **_manager(post)} for post in found}


def _role_grants(ids: set[str]) -> dict[str, Facts]:
    grants = list(RoleGrant.objects.filter(pk__in=ids).select_related("organisation"))
    titles = catalogue.titles_of([grant.course for grant in grants if grant.course])
    return {str(grant.pk): {"role": role_in_words(grant, titles=titles)} for grant in grants}


def _assignments(ids: set[str]) -> dict[str, Facts]:
    found = Assignment.objects.filter(pk__in=ids).select_related("course__current_version")
    return {str(each.pk): {"course": _quoted(each.title)} for each in found}


def _exemptions(ids: set[str]) -> dict[str, Facts]:
    found = Exemption.objects.filter(pk__in=ids).select_related("assignment__course__current_version")
    return {str(each.pk): {"course": _quoted(each.assignment.title)} for each in found}


def _completions(ids: set[str]) -> dict[str, Facts]:
    found = Completion.objects.filter(pk__in=ids).select_related("course__current_version")
    return {str(each.pk): {"course": _quoted(_title(each))} for each in found}


READERS: dict[str, Callable[[set[str]], dict[str, Facts]]] = {
    "learning.submission": _submissions,
    "marking.job": _jobs,
    "marking.mark": _marks,
    "marking.review": _reviews,
    "marking.rerun": _reruns,
    "skills.evidence": _evidence,
    "learning.enrolment": _enrolments,
    "catalogue.courseversion": _course_versions,
    "catalogue.item": _items,
    "catalogue.learningpath": _paths,
    "learning.quizattempt": _quiz_attempts,
    "people.membership": _memberships,
    "planning.assignment": _assignments,
    "planning.exemption": _exemptions,
    "planning.completion": _completions,
    "people.rolegrant": _role_grants,
}


def role_in_words(grant: RoleGrant, *, titles: dict[str, str]) -> str:
    """A role with what it is for. `titles`: course id -> title, for those that are published."""
    if grant.role == Role.TRAINER:
        return _("trainer of %(course)s") % {"course": titles.get(grant.course, grant.course)}
    if grant.role == Role.DEPARTMENT_VIEWER and grant.organisation:
        return _("department viewer of %(organisation)s") % {"organisation": grant.organisation.name}
    if grant.role == Role.DEPARTMENT_ADMIN and grant.organisation:
        return _("administrator of %(organisation)s") % {"organisation": grant.organisation.name}
    return _("operator of this service")


def _manager(post: Membership) -> Facts:
    if post.line_manager is None:
        return {}
    return {"manager": _("%(name)s is your line manager") % {"name": post.line_manager.full_name}}


def _right(attempt: QuizAttempt) -> str:
    return ngettext("%(right)d of %(total)d right", "%(right)d of %(total)d right", attempt.questions) % {
        "right": attempt.right,
        "total": attempt.questions,
    }


def _title(row: Enrolment | Completion) -> str:
    current = row.course.current_version
    return current.title if current else row.course_id


def _quoted(title: str) -> str:
    return f"“{title}”"


def _link(url: str, words: str) -> SafeString:
    return format_html('<a class="govuk-link" href="{}">{}</a>', url, words)
