"""Questions of passed quizzes to look back at: answered on one page, with a word on every option, for practice."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from upskill.learning import recall
from upskill.learning.recall import Answered, Asked
from upskill.people.models import User
from upskill.web.person import signed_in

from . import lines
from .forms import QuizForm
from .quiz_result import QuestionResult, question_result

SECONDS_A_QUESTION = 40


@dataclass(frozen=True)
class Card:
    """What the home page says of the questions that are due: how many, and how many minutes they take."""

    questions: int

    @property
    def minutes(self) -> int:
        """Rounded up."""
        return -(-self.questions * SECONDS_A_QUESTION // 60)


@dataclass(frozen=True)
class Line:
    """One answered question: the word on every option, where it comes from, and when it comes back."""

    result: QuestionResult
    quiz_title: str
    quiz_url: str
    comes_back: str


def card(learner: User) -> Card | None:
    """The card of the home page; None where nothing is due. At most two queries."""
    due = recall.today(learner, on=timezone.localdate()).due
    return Card(len(due)) if due else None


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The questions that are due; sent, they come back as results at once, for what was answered is kept nowhere."""
    learner, on = signed_in(request), timezone.localdate()
    today = recall.today(learner, on=on)
    asked = recall.asked(today.due) if today.due else []
    form = QuizForm(request.POST if request.method == "POST" else None, content=_content(asked))
    if request.method != "POST" or (asked and not form.is_valid()):
        context = {"form": form, "asked": asked, "next_on": today.next_on, "crumbs": []}
        return render(request, "learner/recall.html", context, status=422 if form.errors else 200)
    answers = form.answers() if asked else {}
    answered = recall.answer(learner, answers=answers, asked=asked, on=on)
    if not answered:
        messages.info(request, _("These questions were answered already. Your first answers count."))
        return redirect("learner:recall")
    context = {"lines": _lines(answered, answers=answers), "crumbs": []}
    return render(request, "learner/recall_result.html", context)


def _content(asked: list[Asked]) -> dict[str, Any]:
    """The questions as those of one quiz, each with a name that no other quiz's question has."""
    return {"questions": [each.content | {"id": each.key} for each in asked]}


def _lines(answered: list[Answered], *, answers: dict[str, Any]) -> list[Line]:
    return [
        Line(
            result=question_result(each.asked.content, answer=answers[each.asked.key], number=number),
            quiz_title=each.asked.quiz.title,
            quiz_url=lines.item_url(each.asked.quiz),
            comes_back=_comes_back(each),
        )
        for number, each in enumerate(answered, 1)
    ]


def _comes_back(answered: Answered) -> str:
    due_on = answered.place.due_on
    if due_on is None:
        return _("It does not come back: you have answered it right each time.")
    days = (due_on - answered.place.since).days
    return ngettext("It comes back in %(n)d day.", "It comes back in %(n)d days.", days) % {"n": days}
