"""Exempting somebody from what is asked of them, and ending that."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from upskill.people.models import User
from upskill.planning import queries, rules, services
from upskill.planning.models import Assignment
from upskill.planning.queries import Due
from upskill.planning.services import ExemptionRefused
from upskill.web.allowed import HOUR, UsedUp, allowed, refused, sentence, spend
from upskill.web.person import signed_in

from . import ending, lines
from .forms import ExemptForm, FindForm

MOST_EXEMPTED = 200  # in an hour by one person
MOST_SOUGHT = 60  # addresses looked up in an hour by one person


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, *, assignment: UUID) -> HttpResponse:
    """Who is to be exempted, of everybody whom an organisation asks: found by their address, never in a list."""
    asked = ending.asked_or_404(assignment)
    rules.check_end(signed_in(request), assignment=asked, on=timezone.localdate())
    form = FindForm(request.POST if request.method == "POST" else None)
    shown = {"form": form, "asked": lines.assignment_line(asked), "crumbs": ending.crumbs(asked)}
    if form.is_valid():
        try:
            spend(request, "find to exempt", most=MOST_SOUGHT, seconds=HOUR)
        except UsedUp as used_up:
            form.add_error(None, sentence(used_up))
            return refused(render(request, "planning/find_exempt.html", shown), seconds=used_up.seconds)
        person = User.objects.filter(email=form.cleaned_data["email"].lower(), is_active=True).first()
        if person and queries.due_by(asked, person=person, on=timezone.localdate()):
            return redirect("planning:exempt", asked.public_id, person.public_id)
        form.add_error("email", _("Nobody with this address is asked to do this."))
    return render(request, "planning/find_exempt.html", shown, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exempt(request: HttpRequest, *, assignment: UUID, person: UUID) -> HttpResponse:
    """Why this person need not do it: the form, or the reason that holds already and the way to end it."""
    asked, due = _due_or_404(request, assignment=assignment, person=person)
    form = ExemptForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            spend(request, "exempt", most=MOST_EXEMPTED, seconds=HOUR)
            reason, by = form.cleaned_data["reason"], signed_in(request)
            services.exempt(asked, person=due.person, reason=reason, by=by, now=timezone.now())
        except ExemptionRefused as refusal:
            form.add_error("reason", str(refusal))
        except UsedUp as used_up:
            form.add_error(None, sentence(used_up))
            return refused(_page(request, asked=asked, due=due, form=form), seconds=used_up.seconds)
        else:
            messages.success(request, _("%(name)s need not do it.") % {"name": due.person.full_name})
            return redirect(_way_back(request, asked=asked)[0])
    return _page(request, asked=asked, due=due, form=form)


@require_POST
@allowed("exempt", most=MOST_EXEMPTED, seconds=HOUR)
def end(request: HttpRequest, *, assignment: UUID, person: UUID) -> HttpResponse:
    """The person is asked again."""
    asked, due = _due_or_404(request, assignment=assignment, person=person)
    if due.exemption:
        services.end_exemption(due.exemption, by=signed_in(request), now=timezone.now())
    messages.success(request, _("%(name)s is asked to do it again.") % {"name": due.person.full_name})
    return redirect(_way_back(request, asked=asked)[0])


def _due_or_404(request: HttpRequest, *, assignment: UUID, person: UUID) -> tuple[Assignment, Due]:
    """Raises Http404, NotThere."""
    asked, today = ending.asked_or_404(assignment), timezone.localdate()
    learner = User.objects.filter(public_id=person, is_active=True, is_probe=False).first()
    if learner is None:
        raise Http404
    rules.check_exempt(signed_in(request), assignment=asked, learner=learner, on=today)
    due = queries.due_by(asked, person=learner, on=today)
    if due is None:
        raise Http404
    return asked, due


def _page(request: HttpRequest, *, asked: Assignment, due: Due, form: ExemptForm) -> HttpResponse:
    back, crumbs = _way_back(request, asked=asked)
    context = {
        "form": form,
        "asked": lines.assignment_line(asked),
        "person": due.person,
        "exemption": due.exemption,
        "end_url": reverse("planning:end_exemption", args=[asked.public_id, due.person.public_id]),
        "back": back,
        "crumbs": crumbs,
    }
    return render(request, "planning/exempt.html", context, status=422 if form.errors else 200)


def _way_back(request: HttpRequest, *, asked: Assignment) -> tuple[str, list[tuple[str, str]]]:
    """The list that whoever exempts may see, and the way up to it: a line manager sees the one of their team."""
    if rules.can_end(signed_in(request), assignment=asked, on=timezone.localdate()):
        return ending.list_of(asked), ending.crumbs(asked)
    return reverse("planning:team"), ending.crumbs_of_team()
