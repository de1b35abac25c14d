"""What a certificate says, and whether it may say it: read anew from progress, marks and evidence each time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Item, ItemVersion
from upskill.catalogue.queries import Outline
from upskill.core.rules import NotNow
from upskill.learning.models import DiagnosticResult, ItemProgress, QuizAttempt
from upskill.marking.models import Mark
from upskill.people.models import User

from .awards import Award
from .models import Certificate, Level
from .queries import in_effect


class NotFinished(NotNow):
    """Something of the course is not done, or no longer passed."""


@dataclass(frozen=True)
class Facts:
    """What stands behind a finished course: the day, the time it takes, the skills that its evidence shows, and how
    many attempts were marked automatically and by people.
    """

    outline: Outline
    finished_at: dt.datetime
    awards: list[Award]
    by_tests: int
    by_people: int


@dataclass(frozen=True)
class Genuine:
    """A certificate that holds, with what it says."""

    certificate: Certificate
    facts: Facts


def missing(learner: User, *, outlines: Iterable[Outline]) -> dict[int, list[ItemVersion]]:
    """Version id -> the items that keep the learner from a certificate of it. Three queries, however many versions.

    A lesson must be read. A quiz must have been passed once; where this version has a diagnostic, it must have been
    answered: nobody can fail one, and one that became a quiz since is to be passed. Of an exercise an answer must have
    a mark in effect that passes: one that a trainer or a regrade has taken away no longer does. A workshop need not be
    done.
    """
    listed = list(outlines)
    items = {item.item_id for outline in listed for item in outline.required}
    done = set(_progress(learner, items=items).values_list("item_id", flat=True))
    quizzes = set(_passed_quizzes(learner, among={item.pk for outline in listed for item in outline.required}))
    exercises = set(_passed_exercises(learner, items=items))
    return {
        outline.version.pk: [
            item
            for item in outline.required
            if item.item_id not in done
            or not (item.item.kind == Item.Kind.LESSON or item.pk in quizzes or item.item_id in exercises)
        ]
        for outline in listed
    }


def check_finished(learner: User, *, outline: Outline) -> None:
    """Somebody who has done all of this version, and passed what can be passed. Raises NotFinished."""
    if not outline.required or missing(learner, outlines=[outline])[outline.version.pk]:
        raise NotFinished(_("You get a certificate when every part of the course is done and passed."))


def facts(learner: User, *, outline: Outline) -> Facts:
    """What a certificate of this version says, where nothing of it is `missing`. Four queries."""
    items = {item.item_id for item in outline.required}
    marks = _marks(learner, items=items).aggregate(
        # a text that waits for a person was marked by nobody yet
        by_tests=Count("pk", filter=Q(given_by=None, max_points__gt=0)),
        by_people=Count("pk", filter=Q(given_by__isnull=False)),
    )
    return Facts(
        outline=outline,
        finished_at=_progress(learner, items=items).aggregate(last=Max("completed_at"))["last"],
        awards=_awards(learner, items=items),
        by_tests=marks["by_tests"] + _attempts(learner, items=items).count(),
        by_people=marks["by_people"],
    )


def certificate(public_id: UUID) -> Certificate | None:
    """The certificate at this address, whether it holds or not; None for an erased person's. One query."""
    found = Certificate.objects.filter(public_id=public_id, learner__email__isnull=False)
    return found.select_related("learner", "course_version__course__current_version").first()


def genuine(public_id: UUID) -> Genuine | None:
    """The certificate at this address with what it says, for whoever has the address; None if there is none that holds:
    there was none, it was taken back, its person was erased, or what it rests on was withdrawn.
    """
    found = certificate(public_id)
    if found is None:
        return None
    [outline] = catalogue.outlines_of_versions([found.course_version_id])
    try:
        check_finished(found.learner, outline=outline)
    except NotFinished:
        return None
    return Genuine(found, facts(found.learner, outline=outline))


def certificates_of(learner: User, *, course: str = "") -> "QuerySet[Certificate]":
    """The learner's certificates, of one course or of all, newest first. One query."""
    mine = Certificate.objects.filter(learner=learner).select_related("course_version")
    return (mine.filter(course_version__course=course) if course else mine).order_by("-issued_at", "-pk")


def which_hold(learner: User, *, made: list[Certificate]) -> set[int]:
    """Ids of those of the learner's certificates that hold. Six queries, however many; none where there are none."""
    if not made:
        return set()
    outlines = catalogue.outlines_of_versions({each.course_version_id for each in made})
    lacking = missing(learner, outlines=outlines)
    holding = {outline.version.pk for outline in outlines if outline.required and not lacking[outline.version.pk]}
    return {each.pk for each in made if each.course_version_id in holding}


def _progress(learner: User, *, items: set[int]) -> "QuerySet[ItemProgress]":
    return ItemProgress.objects.filter(learner=learner, item__in=items, completed_at__isnull=False)


def _attempts(learner: User, *, items: set[int]) -> "QuerySet[QuizAttempt]":
    return QuizAttempt.objects.filter(learner=learner, quiz__item__in=items)


def _marks(learner: User, *, items: set[int]) -> "QuerySet[Mark]":
    """Those in effect, one for each answer that was marked."""
    mine = Mark.objects.filter(submission__learner=learner, replaced_by=None)
    return mine.filter(submission__exercise__item_version__item__in=items)


def _passed_quizzes(learner: User, *, among: set[int]) -> "QuerySet[ItemVersion, int]":
    """Ids of those of these item versions that are a quiz which the learner has passed, or a diagnostic which they have
    answered, in whichever version.
    """
    passed = QuizAttempt.objects.filter(learner=learner, quiz__item=OuterRef("item"), passed=True)
    answered = DiagnosticResult.objects.filter(learner=learner, item=OuterRef("item"))
    fits = Q(Exists(passed)) | Q(Exists(answered), content__has_key="diagnostic")
    quizzes = ItemVersion.objects.filter(pk__in=among, item__kind=Item.Kind.QUIZ)
    return quizzes.filter(fits).values_list("pk", flat=True)


def _passed_exercises(learner: User, *, items: set[int]) -> "QuerySet[Mark, int]":
    passed = _marks(learner, items=items).filter(passed=True)
    return passed.values_list("submission__exercise__item_version__item_id", flat=True)


def _awards(learner: User, *, items: set[int]) -> list[Award]:
    """The best level of each skill by evidence in effect that rests on work in these items. One query."""
    of_course = Q(mark__submission__exercise__item_version__item__in=items) | Q(quiz_attempt__quiz__item__in=items)
    by_skill = in_effect().filter(of_course, learner=learner).values("skill__position", "skill_id", "skill__name")
    best = by_skill.annotate(best=Max("level")).order_by("skill__position", "skill_id")
    return [(row["skill__name"], Level(row["best"])) for row in best]
