"""What a fault of ours stopped waits again, one answer or all that stopped for the same cause; or is given up."""

from collections.abc import Callable

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
    return _answered(request, number=job, act=_one)


@require_POST
def release_alike(request: HttpRequest, *, job: int) -> HttpResponse:
    """The job and others that stopped for the same cause wait again."""
    return _answered(request, number=job, act=_alike)


@require_POST
def give_up_alike(request: HttpRequest, *, job: int) -> HttpResponse:
    """The job and others that stopped for the same cause end; their learners are asked to hand in again."""
    return _answered(request, number=job, act=_without)


def _answered(request: HttpRequest, *, number: int, act: Callable[[Job, User], str]) -> HttpResponse:
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
        announce()
        messages.success(request, said)
    return redirect("operator:state")


def _one(job: Job, person: User) -> str:
    stopped.release(job, by=person, now=timezone.now())
    return _("Job %(job)d waits for its mark again.") % {"job": job.pk}


def _alike(job: Job, person: User) -> str:
    number = stopped.with_all_alike(stopped.release, job, by=person, now=timezone.now())
    return ngettext("%(n)d job waits for its mark again.", "%(n)d jobs wait for their marks again.", number) % {
        "n": number
    }


def _without(job: Job, person: User) -> str:
    number = stopped.with_all_alike(stopped.give_up, job, by=person, now=timezone.now())
    return ngettext(
        "%(n)d answer has no mark. Its learner gets a mail that asks them to hand in again.",
        "%(n)d answers have no mark. Their learners get a mail that asks them to hand in again.",
        number,
    ) % {"n": number}
