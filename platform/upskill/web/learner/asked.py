"""What somebody was asked to learn: what is overdue, due and done, why, by whom, and from what they are exempt."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from upskill.people.models import User
from upskill.planning import queries
from upskill.planning.dues import State
from upskill.web.person import signed_in
from upskill.web.planning import lines
from upskill.web.planning.lines import DueLine

MOST_ON_CARD = 3


@dataclass(frozen=True)
class Card:
    """What a home page says of it: how much is overdue, and what comes first."""

    overdue: str  # a sentence, "" for nothing
    first: list[DueLine]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everything that is asked of whoever asks, in groups."""
    learner = signed_in(request)
    found = [
        (due.state, lines.due_line(due, reader=learner)) for due in queries.due_of(learner, on=timezone.localdate())
    ]
    titles = {
        State.OVERDUE: _("Overdue"),
        State.DUE: _("To do"),
        State.DONE: _("Done"),
        State.EXEMPT: _("You need not do"),
    }
    groups = [(title, [line for state, line in found if state == wanted]) for wanted, title in titles.items()]
    return render(request, "learner/asked.html", {"groups": [group for group in groups if group[1]], "crumbs": []})


def card(learner: User) -> Card | None:
    """What a home page shows; None where nothing is left to do of what is asked. As many queries as due_of."""
    waiting = [due for due in queries.due_of(learner, on=timezone.localdate()) if due.is_open]
    overdue = sum(due.state == State.OVERDUE for due in waiting)
    said = ngettext("%(n)d course is overdue.", "%(n)d courses are overdue.", overdue) % {"n": overdue}
    first = [lines.due_line(due, reader=learner) for due in waiting[:MOST_ON_CARD]]
    return Card(overdue=said if overdue else "", first=first) if waiting else None
