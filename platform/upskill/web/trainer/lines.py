"""What one line of a trainer's list shows."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.learning import rules as learning_rules
from upskill.learning.models import Submission
from upskill.learning.pseudonyms import names_for
from upskill.marking.models import Job, Mark
from upskill.marking.points import in_figures
from upskill.people.models import User


@dataclass(frozen=True)
class CourseLine:
    """A course that somebody trains, and how many submissions and reviews wait for them."""

    id: str
    title: str
    waiting: int
    reviews: int


@dataclass(frozen=True)
class Tag:
    """A state in a word or two, and its colour."""

    text: str
    colour: str


@dataclass(frozen=True)
class SubmissionLine:
    """One submission with its state; `name` is the learner's or a pseudonym, `mark` is None until there is one.

    `waits`: how many points wait, and for whom; "" where none do.
    """

    submission: Submission
    name: str
    state: Tag
    mark: Mark | None
    waits: str


def submission_lines(
    sent: Iterable[Submission], *, trainer: User, course: str, may_decide: dict[int, bool]
) -> list[SubmissionLine]:
    """The lines of submissions that come from marking.queries.listed. At most two queries.

    `may_decide`: of each with an open review its id, and whether this trainer may decide it.
    """
    listed = list(sent)
    names = names_for(trainer, course=course, learners={each.learner for each in listed})
    return [
        _line(each, name=names[each.learner_id], trainer=trainer, may_decide=may_decide.get(each.pk)) for each in listed
    ]


def _line(sent: Submission, *, name: str, trainer: User, may_decide: bool | None) -> SubmissionLine:
    jobs: list[Job] = sent.newest_jobs  # type: ignore[attr-defined]
    marks: list[Mark] = sent.current_marks  # type: ignore[attr-defined]
    mark = marks[0] if marks else None
    own = learning_rules.is_own(trainer, submission=sent)
    state = state_tag(jobs[0], mark=mark, own=own, may_decide=may_decide)
    waits = _waits(mark.waiting_points, own=own) if mark and mark.waiting_points else ""
    return SubmissionLine(submission=sent, name=name, state=state, mark=mark, waits=waits)


def _waits(waiting: Decimal, *, own: bool) -> str:
    """Whom so many points wait for: nobody gives themselves any."""
    number = math.ceil(waiting)  # 1.5 points are several
    if own:
        said = ngettext("%(n)s point waits for another trainer", "%(n)s points wait for another trainer", number)
    else:
        said = ngettext("%(n)s point waits for you", "%(n)s points wait for you", number)
    return said % {"n": in_figures(waiting)}


def state_tag(job: Job, *, mark: Mark | None, own: bool, may_decide: bool | None) -> Tag:
    """Where a submission is on its way, as a trainer needs to know it. `own`: it is this trainer's own work.

    `may_decide`: whether this trainer may decide its open review; None where none is open.
    """
    if may_decide is not None:
        return Tag(_("Review for you"), "purple") if may_decide else Tag(_("Review for another"), "grey")
    if mark is None:
        return {
            Job.State.REFUSED: Tag(_("Not readable"), "grey"),
            Job.State.FAILED_OURS: Tag(_("Our fault"), "red"),
            Job.State.RUNNING: Tag(_("Being marked"), "grey"),
        }.get(Job.State(job.state), Tag(_("In the queue"), "grey"))
    if mark.waiting_points:
        return Tag(_("For another trainer") if own else _("Waiting for you"), "grey" if own else "yellow")
    return Tag(_("Passed"), "green") if mark.passed else Tag(_("Not passed"), "orange")
