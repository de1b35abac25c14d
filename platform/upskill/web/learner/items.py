"""A lesson, a quiz, an exercise, a reflection or a workshop: reading it, and what a learner sends from it."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upskill import pipeline
from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Item, ItemVersion
from upskill.celery import announce
from upskill.core import blobs
from upskill.learning import diagnostics, drafts
from upskill.learning import queries as learning_queries
from upskill.learning import rules as learning_rules
from upskill.learning import services as learning_services
from upskill.learning.models import DiagnosticResult
from upskill.marking.answers import AnswerRefused
from upskill.marking.jobs import TooManyOpen, count_hand_in
from upskill.marking.reflections import TextRefused
from upskill.people import rules as people_rules
from upskill.web import browser_python, downloads, exercise_checks
from upskill.web.allowed import HOUR, UsedUp, allowed, refused, sentence, spend
from upskill.web.downloads import DATA, MOST_DOWNLOADS, NOTEBOOK, attachment
from upskill.web.person import signed_in

from . import languages, lines, reflections, workbench
from .diagnostic_result import diagnostic_result, questions_with_feedback
from .forms import QuizForm, ReflectionForm, UploadForm
from .quiz_result import quiz_result

View = Callable[..., HttpResponse]
MOST_QUIZZES = 120  # in an hour, of one person
USUAL_WAIT_SECONDS = 10  # until one of several answers has its mark
MOST_SAVES = 240  # of texts, in an hour, of one person
FIGURE = re.compile(r"([0-9a-f]{64})\.svg")
ACTION: dict[str, str] = {
    Item.Kind.LESSON: "complete",
    Item.Kind.QUIZ: "quiz_answer",
    Item.Kind.EXERCISE: "submit",
    Item.Kind.REFLECTION: "write",
    Item.Kind.WORKSHOP: "complete",
}


def of_item(*kinds: str) -> Callable[[View], View]:
    """The view gets the item that the address names, if it is of one of these kinds (any, where none is given).

    Somebody who has not started the course is led to its page, where starting takes one click.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def open_item(request: HttpRequest, *, course: str, module: str, item: str, **more: str) -> HttpResponse:
            found = catalogue.item(course, module=module, slug=item)
            if found is None or (kinds and found.item.kind not in kinds):
                raise Http404
            try:
                learning_rules.check_open_course(signed_in(request), course=course)
            except learning_rules.NotEnrolled as refusal:
                messages.info(request, str(refusal))
                return redirect("learner:course", course)
            return view(request, item=found, **more)

        return open_item

    return decorate


@require_safe
@of_item()
def item(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """The page of an item; looking at it keeps the learner's place."""
    learning_services.see_item(signed_in(request), item=item.item, now=timezone.now())
    if item.item.kind == Item.Kind.QUIZ:
        return _diagnostic(request, item=item) if diagnostics.is_diagnostic(item.content) else _quiz(request, item=item)
    if item.item.kind == Item.Kind.EXERCISE:
        return _exercise(request, item=item, form=UploadForm())
    if item.item.kind == Item.Kind.REFLECTION:
        return _reflection(request, item=item)
    if item.item.kind == Item.Kind.WORKSHOP:
        return _workshop(request, item=item)
    return _page(
        request, "learner/lesson.html", item=item, shown=languages.lesson_in(request.GET.get("lang", ""), item=item)
    )


@require_POST
@of_item(Item.Kind.LESSON, Item.Kind.WORKSHOP)
def complete(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """A lesson has been read, or a workshop done: on to what comes next."""
    pipeline.complete_item(signed_in(request), item=item.item, now=timezone.now())
    _previous, following = catalogue.outline_around(item).neighbours(item)
    return redirect(lines.item_url(following) if following else reverse("learner:course", args=[item.item.course_id]))


@require_POST
@of_item(Item.Kind.QUIZ)
def quiz_answer(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """The whole quiz, answered; the item's page then has a word on every answer."""
    if diagnostics.is_diagnostic(item.content):
        raise Http404
    form = QuizForm(request.POST, content=item.content)
    if not form.is_valid():
        return _page(request, "learner/quiz.html", item=item, form=form, status=422)
    try:
        spend(request, "answer quiz", most=MOST_QUIZZES, seconds=HOUR)
    except UsedUp as used_up:
        form.add_error(None, sentence(used_up))
        return refused(_page(request, "learner/quiz.html", item=item, form=form), seconds=used_up.seconds)
    pipeline.answer_quiz(item, answers=form.answers(), by=signed_in(request), now=timezone.now())
    return redirect(lines.item_url(item))


@require_http_methods(["GET", "HEAD", "POST"])
@of_item(Item.Kind.QUIZ)
def find_start(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """A diagnostic, answered: its result at once, with a word on every answer, for those are kept nowhere.

    Who comes back to this address, by the browser's history, is led to the page of the diagnostic.
    """
    if not diagnostics.is_diagnostic(item.content):
        raise Http404
    if request.method != "POST":
        return redirect(lines.item_url(item))
    form = QuizForm(request.POST, content=item.content)
    if not form.is_valid():
        return _diagnostic(request, item=item, form=form, status=422)
    try:
        spend(request, "answer quiz", most=MOST_QUIZZES, seconds=HOUR)
    except UsedUp as used_up:
        form.add_error(None, sentence(used_up))
        return refused(_diagnostic(request, item=item, form=form), seconds=used_up.seconds)
    answers = form.answers()
    result = pipeline.answer_diagnostic(item, answers=answers, by=signed_in(request), now=timezone.now())
    questions = questions_with_feedback(item.content, answers=answers)
    return _start_found(request, item=item, result=result, questions=questions)


@require_POST
@of_item(Item.Kind.EXERCISE)
def submit(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """A notebook, handed in; a file that cannot be marked is refused in a sentence beside the field."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _exercise(request, item=item, form=form, status=422)
    content = form.content()
    try:
        count_hand_in(signed_in(request))
        submission = pipeline.submit(
            item.exercise,
            content=content,
            idempotency_key=form.key(content),
            by=signed_in(request),
            now=timezone.now(),
            announce=announce,
        )
    except (AnswerRefused, learning_services.KeyReused) as refusal:
        form.add_error("notebook", str(refusal))
        return _exercise(request, item=item, form=form, status=422)
    except (TooManyOpen, UsedUp) as refusal:
        seconds = _too_much_now(form, field="notebook", refusal=refusal)
        return refused(_exercise(request, item=item, form=form), seconds=seconds)
    return redirect("learner:submission", submission.public_id)


@require_POST
@of_item(Item.Kind.REFLECTION)
def write(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """The text of a reflection, saved for later or sent; what is wrong with it stands beside it, and it is kept."""
    form = ReflectionForm(request.POST, words=item.content["words"])
    if not form.is_valid():
        return _reflection(request, item=item, form=form, status=422)
    try:
        return _save(request, item=item, form=form) if "save" in request.POST else _send(request, item=item, form=form)
    except drafts.SavedElsewhere:
        return _saved_elsewhere(request, item=item)
    except (TextRefused, AnswerRefused, learning_services.KeyReused) as refusal:
        form.add_error("text", str(refusal))
        return _reflection(request, item=item, form=form, status=422)
    except (TooManyOpen, UsedUp) as refusal:
        seconds = _too_much_now(form, field="text", refusal=refusal)
        return refused(_reflection(request, item=item, form=form), seconds=seconds)


def _too_much_now(form: UploadForm | ReflectionForm, *, field: str, refusal: TooManyOpen | UsedUp) -> int:
    """Say it beside the field. Returns how many seconds to wait."""
    form.add_error(field, sentence(refusal) if isinstance(refusal, UsedUp) else str(refusal))
    return refusal.seconds if isinstance(refusal, UsedUp) else USUAL_WAIT_SECONDS


@require_safe
@allowed("download", most=MOST_DOWNLOADS, seconds=HOUR, reading=True)
@of_item(Item.Kind.EXERCISE)
def notebook(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """The exercise as a notebook to download."""
    exercise = item.exercise
    return attachment(blobs.read(exercise.release_sha256), name=exercise.filename, type_=NOTEBOOK)


@require_safe
@allowed("download", most=MOST_DOWNLOADS, seconds=HOUR, reading=True)
@of_item(Item.Kind.EXERCISE)
def data_file(request: HttpRequest, *, item: ItemVersion, file: str) -> HttpResponse:
    """A file that lies beside the notebook, to download."""
    if file not in item.exercise.files:
        raise Http404
    return attachment(blobs.read(item.exercise.files[file]), name=file, type_=DATA)


@require_safe
@of_item(Item.Kind.LESSON)
def figure(request: HttpRequest, *, item: ItemVersion, file: str) -> HttpResponse:
    """A picture that the lesson shows, or showed when the page was opened."""
    named = FIGURE.fullmatch(file)
    if named is None or not catalogue.has_figure(item.item, sha256=named[1]):
        raise Http404
    return downloads.figure(blobs.read(named[1]))


def _quiz(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """The result of the newest attempt at this version of the quiz, or the questions."""
    attempt = learning_queries.newest_quiz_attempt(signed_in(request), item=item.item)
    if attempt is None or attempt.quiz_id != item.pk or "again" in request.GET:
        return _page(request, "learner/quiz.html", item=item, form=QuizForm(content=item.content))
    return _page(request, "learner/quiz_result.html", item=item, result=quiz_result(attempt))


def _diagnostic(
    request: HttpRequest, *, item: ItemVersion, form: QuizForm | None = None, status: int = 200
) -> HttpResponse:
    """The newest result of this version of a diagnostic, or the questions."""
    result = None if form else diagnostics.newest_result(signed_in(request), item=item.item)
    if result and result.quiz_id == item.pk and "again" not in request.GET:
        return _start_found(request, item=item, result=result)
    shown = {"form": form or QuizForm(content=item.content), "action": lines.item_url(item, name="find_start")}
    return _page(request, "learner/diagnostic.html", item=item, status=status, **shown)


def _start_found(request: HttpRequest, *, item: ItemVersion, result: DiagnosticResult, **more: Any) -> HttpResponse:
    shown: dict[str, Any] = {"result": diagnostic_result(result), "again": lines.item_url(item)}
    return _page(request, "learner/diagnostic_result.html", item=item, **shown, **more)


def _workshop(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """The participants' side; trainers of the course are led to theirs."""
    course, (module, slug) = item.item.course_id, item.item.key.split("/", 1)
    trains = people_rules.can_train(signed_in(request), course=course)
    trainers_side = reverse("trainer:kit", args=[course, module, slug]) if trains else ""
    return _page(request, "learner/workshop.html", item=item, trainers_side=trainers_side)


def _exercise(request: HttpRequest, *, item: ItemVersion, form: UploadForm, status: int = 200) -> HttpResponse:
    cells = workbench.cell_lines(item)
    here = workbench.page_data(request, item=item, cells=cells) if workbench.is_offered() else None
    response = _page(
        request,
        "learner/exercise.html",
        item=item,
        form=form,
        cells=cells,
        here=here,
        why_not_here=workbench.why_not(),
        can_hand_in=learning_rules.can_hand_in(item.exercise),
        badge=exercise_checks.badge(item.exercise),
        files=[(lines.item_url(item, name="file", file=name), name) for name in sorted(item.exercise.files)],
        notebook_url=lines.item_url(item, name="notebook"),
        attempts=lines.attempt_lines(signed_in(request), item=item),
        status=status,
    )
    return browser_python.allow(response) if here else response


def _reflection(
    request: HttpRequest, *, item: ItemVersion, form: ReflectionForm | None = None, status: int = 200, **more: str
) -> HttpResponse:
    shown = reflections.about(item, learner=signed_in(request), form=form, **more)
    return _page(request, "learner/reflection.html", item=item, status=status, **shown)


def _save(request: HttpRequest, *, item: ItemVersion, form: ReflectionForm) -> HttpResponse:
    """Raises SavedElsewhere, TextRefused, UsedUp."""
    spend(request, "save text", most=MOST_SAVES, seconds=HOUR)
    text, revision = form.cleaned_data["text"], form.cleaned_data["revision"]
    pipeline.save_reflection(item.exercise, text=text, revision=revision, by=signed_in(request), now=timezone.now())
    messages.success(request, _("Your text is saved. Nobody else sees it until you send it."))
    return redirect(lines.item_url(item))


def _send(request: HttpRequest, *, item: ItemVersion, form: ReflectionForm) -> HttpResponse:
    """Raises TextRefused, KeyReused, TooManyOpen, UsedUp."""
    count_hand_in(signed_in(request))
    pipeline.send_reflection(
        item.exercise,
        text=form.cleaned_data["text"],
        idempotency_key=form.key(),
        by=signed_in(request),
        now=timezone.now(),
        announce=announce,
    )
    messages.success(request, _("Your text is sent. A trainer of the course reads it, and we email you its mark."))
    return redirect(lines.item_url(item))


def _saved_elsewhere(request: HttpRequest, *, item: ItemVersion) -> HttpResponse:
    """The text as it was typed, beside what another window has saved: the next save replaces that."""
    there = drafts.draft_of(signed_in(request), item=item.item)
    typed = request.POST.copy()
    typed["revision"] = str(there.revision if there else drafts.NO_REVISION)
    form = ReflectionForm(typed, words=item.content["words"])
    form.add_error("text", reflections.saved_elsewhere())
    return _reflection(request, item=item, form=form, status=409, elsewhere=reflections.draft_text(there))


def _page(request: HttpRequest, template: str, *, item: ItemVersion, status: int = 200, **more: Any) -> HttpResponse:
    """An item's page with the contents of its module, and the ways back and on."""
    done = learning_queries.completed_items(signed_in(request), courses=[item.item.course_id])
    outline = catalogue.outline_around(item)
    previous, following = outline.neighbours(item)
    context = {
        "item": item,
        "is_done": item.item_id in done,
        "action": lines.item_url(item, name=ACTION[item.item.kind]),
        "contents": [
            lines.item_line(other, done=done, current=item)
            for other in outline.items
            if other.module_id == item.module_id
        ],
        "previous": _neighbour(previous),
        "next": _neighbour(following),
        "crumbs": lines.way_to_course(item),
    }
    return render(request, template, context | more, status=status)


def _neighbour(item: ItemVersion | None) -> dict[str, str] | None:
    return {"url": lines.item_url(item), "label": item.title} if item else None
