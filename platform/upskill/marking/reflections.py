"""Reflections: text that a learner writes in the page and a person marks.

It is kept as an answer to an exercise of one cell. The service itself puts the text into that cell, so that nobody can
hand in anything else; from there on it is a submission like any other.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs
from upskill.learning import queries as learning
from upskill.learning.models import Submission
from upskill.people.models import User

from . import queries
from .answers import AnswerRefused, answer_cells, open_cells
from .models import Job, Mark

MOST_CHARACTERS_A_WORD = 20  # on average: one endless word must not stand for an endless text
MOST_SAVED_CHARACTERS = 60_000  # of a draft, which may be longer than what can be sent
_WORD = re.compile(r"\w+(?:['\u2019.,]\w+)*")


class TextRefused(Exception):
    """The text cannot be saved or sent as it is. One sentence says why, and what to do."""


@dataclass(frozen=True)
class Judged:
    """One criterion as a person judged it: its level of 4, and the sentence that the level stands for."""

    title: str
    level: int
    says: str


def words_as_browsers_count_them(text: str) -> int:
    """How many words a text has: the two parts of a word with a hyphen are two. (To authors they are one.)"""
    return len(_WORD.findall(text))


def cell_of(exercise: ExerciseVersion) -> str:
    """The id of the one cell that a reflection has for the learner's text. At most one read of a blob."""
    [cell] = open_cells(exercise)
    return cell


def saveable(text: str) -> str:
    """The text as a draft keeps it. Raises TextRefused for one that is longer than anybody will read."""
    text = _cleaned(text)
    if len(text) > MOST_SAVED_CHARACTERS:
        raise TextRefused(_too_many_characters(text, most=MOST_SAVED_CHARACTERS))
    return text


def notebook_of(exercise: ExerciseVersion, *, text: str, most_words: int) -> bytes:
    """The answer that holds this text and nothing else of the learner's; the same for the same text.

    Raises TextRefused for a text that cannot be sent.
    """
    text, name = _cleaned(text), cell_of(exercise)
    _refuse_by_length(text, most_words=most_words)
    notebook: dict[str, Any] = json.loads(blobs.read(exercise.release_sha256))
    for cell in notebook["cells"]:
        if cell["id"] == name:
            cell["source"] = text
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True).encode()


def text_of(submission: Submission) -> str:
    """The text that was sent. Two reads of blobs."""
    try:
        return "\n\n".join(cell.source for cell in answer_cells(submission))
    except AnswerRefused:  # nothing that the page makes is refused; a damaged file has no text
        return ""


def check_turn(learner: User, *, exercise: ExerciseVersion, text: str, idempotency_key: str) -> None:
    """Nothing, if the learner may send this text now: none of theirs waits for a trainer, and it is another text than
    the last. What was sent with this key before may be sent again. Raises TextRefused.

    The caller holds the learner's row, so that of two windows at once one is refused.
    """
    if Submission.objects.filter(learner=learner, idempotency_key=idempotency_key).exists():
        return
    newest = learning.submissions_of(learner, item=exercise.item_version.item).first()
    if newest is None:
        return
    state = queries.state_of(newest)
    if waits(state.mark, job=state.job.state):
        raise TextRefused(
            _("A trainer has not marked your last text yet. Save this one for later, and send it after that.")
        )
    if text_of(newest) == _cleaned(text):
        raise TextRefused(_("You have sent this text already. Change it before you send it again."))


def waits(mark: Mark | None, *, job: str) -> bool:
    """Whether a text is on its way to a person, or with them: by its mark in effect and its job's state."""
    return bool(mark.waiting_points) if mark else job != Job.State.REFUSED


def judged(mark: Mark) -> list[Judged]:
    """What a person said of each criterion, in the order of the rubric; none while it waits. One query."""
    levels = {name: level for check in mark.checks.all() for name, level in check.rubric_levels.items()}
    rubrics = mark.submission.exercise.checks.filter(by_person=True).values_list("rubric", flat=True)
    return [
        Judged(each["title"], levels[each["id"]], each["levels"][levels[each["id"]]])
        for rubric in rubrics
        for each in rubric
        if each["id"] in levels
    ]


def _cleaned(text: str) -> str:
    """One kind of line end, and no space around it: as the engine's reader gives it back."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _refuse_by_length(text: str, *, most_words: int) -> None:
    words, most_characters = words_as_browsers_count_them(text), most_words * MOST_CHARACTERS_A_WORD
    if not words:
        raise TextRefused(_("Write your text, then send it."))
    if words > most_words:
        said = ngettext("Your text has %(n)d word.", "Your text has %(n)d words.", words) % {"n": words}
        raise TextRefused(f"{said} {_('Shorten it to %(most)d or fewer.') % {'most': most_words}}")
    if len(text) > most_characters:
        raise TextRefused(_too_many_characters(text, most=most_characters))


def _too_many_characters(text: str, *, most: int) -> str:
    return _("Your text has %(n)s characters. Shorten it to %(most)s or fewer.") % {
        "n": f"{len(text):,}",
        "most": f"{most:,}",
    }
