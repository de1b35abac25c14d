"""What the page of a reflection shows: how it is judged, the learner's text, and what became of those sent."""

from typing import Any

from django.utils.translation import gettext as _

from upskill.catalogue.models import ItemVersion
from upskill.learning import drafts
from upskill.learning.models import Draft
from upskill.marking import reflections
from upskill.people.models import User

from . import lines
from .forms import ReflectionForm


def about(
    item: ItemVersion, *, learner: User, form: ReflectionForm | None = None, elsewhere: str = ""
) -> dict[str, Any]:
    """The context of learner/reflection.html. `elsewhere` is what another window has saved since.

    Five queries, and two reads of blobs once something was sent.
    """
    attempts = lines.attempt_lines(learner, item=item)
    shown = {
        "words": item.content["words"],
        "criteria": _titles(item),
        "attempts": attempts,
        "elsewhere": elsewhere,
    }
    if form:
        return shown | {"form": form}
    newest, draft = attempts[0] if attempts else None, drafts.draft_of(learner, item=item.item)
    sent = reflections.text_of(newest.submission) if newest else ""
    is_newer = newest is None or (draft is not None and draft.saved_at > newest.submission.submitted_at)
    if newest and reflections.waits(newest.mark, job=newest.state):
        return shown | {"waiting": newest, "sent_text": sent, "has_draft": is_newer and bool(draft_text(draft))}
    text = draft_text(draft) if is_newer else sent
    initial = {"text": text, "revision": draft.revision if draft else drafts.NO_REVISION}
    return shown | {"form": ReflectionForm(initial=initial, words=item.content["words"])}


def draft_text(draft: Draft | None) -> str:
    """What a draft of a reflection holds."""
    return "\n\n".join(draft.cells.values()) if draft else ""


def saved_elsewhere() -> str:
    """What the page says where another window has saved the text since, with the choice that there is."""
    return _(
        "This text was saved in another window since. What was saved there stands below yours: copy from it what you"
        " need. “Save for later” keeps the text in the box instead."
    )


def _titles(item: ItemVersion) -> list[str]:
    rubrics = item.exercise.checks.filter(by_person=True).values_list("rubric", flat=True)
    return [criterion["title"] for rubric in rubrics for criterion in rubric]
