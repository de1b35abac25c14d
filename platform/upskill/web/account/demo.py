"""The demo page: one account per role, for somebody who tries the service on their own machine."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from upskill.people import demo

from .visitors import is_on_this_machine

# role of the account -> where it begins, in the order of the page. What to try is in the template.
STARTS = {
    "learner": "learner:home",
    "trainer": "trainer:courses",
    "reviewer": "trainer:courses",
    "manager": "manager:team",
    "viewer": "manager:departments",
    "administrator": "administrator:home",
    "operator": "operator:state",
}


def is_open(request: HttpRequest) -> bool:
    """True only with DEBUG on, hosts of this machine alone, and a browser on this machine."""
    return settings.DEMO_SIGNIN and is_on_this_machine(request)


@login_not_required
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """One account per role, and what to try with it."""
    _only_when_open(request)
    people = demo.people_by_role()
    listed = [(role, people[role]) for role in STARTS if role in people]
    return render(request, "account/demo.html", {"accounts": listed, "crumbs": []})


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as the demo account of the role, and as no other account."""
    _only_when_open(request)
    role = request.POST.get("role", "")
    person = demo.enter(role, now=timezone.now())
    if person is None:
        raise Http404
    login(request, person)
    return redirect(STARTS[role])


def _only_when_open(request: HttpRequest) -> None:
    if not is_open(request):
        raise Http404
