"""What a fault of ours stopped waits again, one answer or all that stopped for the same cause; or is given up."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from upskill.celery import announce
from upskill.marking import queue, stopped
from upskill.marking.models import Job
from upskill.people import rules
from upskill.people.models import User
from upskill.web.person import signed_in


@require_POST
def release(request: HttpRequest, *, job: int) -> HttpResponse:
    """The job waits again. Of one that does already, the page says so and nothing changes."""
    return _act(request, number=job, act=_one)


@require_POST
def release_alike(request: HttpRequest, *, job: int) -> HttpResponse:
    """The job and others that stopped for the same cause wait again; with `tests=newest` those of its exercise alone,
    for the newest tests.
    """
    return _act(request, number=job, act=_newest_tests if request.POST.get("tests") == "newest" else _alike)


@require_POST
def give_up_alike(request: HttpRequest, *, job: int) -> HttpResponse:
    """The job and others of its exercise that stopped for the same cause end; learners are asked to hand in again."""
    return _act(request, number=job, act=_give_up_alike)


def _act(request: HttpRequest, *, number: int, act: Callable[[Job, User], str]) -> HttpResponse:
    person = signed_in(request)
    rules.check_operate(person)
    job = queue.job(number)
    if job is None:
        raise Http404
    try:
        said = act(job, person)
    except stopped.NotStopped as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("operator:state")


def _one(job: Job, person: User) -> str:
    stopped.release(job, by=person, now=timezone.now())
    announce()
    return _("Job %(job)d waits for its mark again.") % {"job": job.pk}


def _alike(job: Job, person: User) -> str:
    return _wait_again(stopped.with_all_alike(partial(stopped.release, by=person, now=timezone.now()), job))


def _newest_tests(job: Job, person: User) -> str:
    act = partial(stopped.release, by=person, now=timezone.now(), newest_tests=True)
    return _wait_again(stopped.with_all_alike(act, job, one_exercise=True))


def _wait_again(number: int) -> str:
    announce()
    return ngettext("%(n)d job waits for its mark again.", "%(n)d jobs wait for their marks again.", number) % {
        "n": number
    }


def _give_up_alike(job: Job, person: User) -> str:
    act = partial(stopped.give_up, by=person, now=timezone.now())
    number = stopped.with_all_alike(act, job, one_exercise=True)
    return ngettext(
        "%(n)d answer stays without a mark. Its learner is asked to hand in again.",
        "%(n)d answers stay without marks. Their learners are asked to hand in again.",
        number,
    ) % {"n": number}
