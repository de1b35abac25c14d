"""Saved views: one's own list, and saving, changing and deleting one."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upskill.core.rules import NotThere
from upskill.people.models import User
from upskill.reports import rules, saved_views, sights
from upskill.reports.models import SavedView
from upskill.reports.saved_views import NameTaken, TooMany
from upskill.reports.unit_figures import KINDS, Slice
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from .figures import asked
from .figures.places import Place, narrowing, place_of

MOST_CHANGES = 60  # in an hour by one person


class ViewForm(forms.Form):
    """A name, and how often to mail."""

    label_size = "m"
    name = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    every = forms.ChoiceField(
        label=gettext_lazy("Mail me about it"),
        help_text=gettext_lazy("One sentence and a link to your work email address: others may see your mail."),
        choices=[("", gettext_lazy("Never")), ("week", gettext_lazy("Each Monday")),
                 ("month", gettext_lazy("On the first day of each month"))],
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip

    def clean_name(self) -> str:
        """In one line: it becomes the subject of a mail."""
        return " ".join(str(self.cleaned_data["name"]).split())


@never_cache
@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """The person's own saved views, each with the way to it."""
    owner = signed_in(request)
    context = {"views": saved_views.views_of(owner), "crumbs": _crumbs(owner)[:-1]}
    return render(request, "manager/saved_views.html", context)


@never_cache
@require_safe
def open_view(request: HttpRequest, *, view: UUID) -> HttpResponse:
    """To the page that the view shows: of one skill side by side, or of the organisation. Back to the list, with a
    sentence, where its owner no longer sees the figures.
    """
    own = _own(request, view=view)
    if not saved_views.still_sees(own, on=timezone.localdate()):
        messages.info(request, _("You no longer see the figures of this view. Delete it, or ask for access."))
        return redirect("manager:saved_views")
    name = "manager:compare" if "skill=" in own.query else "manager:department"
    address = reverse(name, args=[own.organisation.code])
    return redirect(f"{address}?{own.query}" if own.query else address)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("saved view", most=MOST_CHANGES, seconds=HOUR)
def save(request: HttpRequest, *, code: str) -> HttpResponse:
    """The view that the address names, under a name."""
    place = place_of(request, code=code)
    people, skill = narrowing(request, place=place).slice, request.GET.get("skill", "")
    query, proposed = _proposed(place, people=people, skill=skill, by=request.GET.get("by", ""))
    form = ViewForm(request.POST if request.method == "POST" else None, initial={"name": proposed[:80]})
    if form.is_valid() and place.organisation:
        try:
            saved_views.keep(
                place.viewer, organisation=place.organisation, query=query, now=timezone.now(), **_said(form)
            )
        except (NameTaken, TooMany) as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The view is saved."))
            return redirect("manager:saved_views")
    context = {"form": form, "shows": proposed, "crumbs": [*place.crumbs(), (place.url, place.name)]}
    return render(request, "manager/save_view.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("saved view", most=MOST_CHANGES, seconds=HOUR)
def change(request: HttpRequest, *, view: UUID) -> HttpResponse:
    """Another name, or mail at other intervals."""
    own = _own(request, view=view)
    initial = {"name": own.name, "every": own.every}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            saved_views.change(own, by=own.owner, now=timezone.now(), **_said(form))
        except NameTaken as refusal:
            form.add_error("name", str(refusal))
        except NotThere as refusal:
            form.add_error("every", str(refusal))
        else:
            messages.success(request, _("The view is changed."))
            return redirect("manager:saved_views")
    context = {"form": form, "view": own, "crumbs": _crumbs(own.owner)}
    return render(request, "manager/change_view.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("saved view", most=MOST_CHANGES, seconds=HOUR)
def delete(request: HttpRequest, *, view: UUID) -> HttpResponse:
    """Asks first."""
    own = _own(request, view=view)
    if request.method != "POST":
        return render(request, "manager/delete_view.html", {"view": own, "crumbs": _crumbs(own.owner)})
    saved_views.throw_away(own, by=own.owner, now=timezone.now())
    messages.success(request, _("The view is deleted."))
    return redirect("manager:saved_views")


def _proposed(place: Place, *, people: Slice, skill: str, by: str) -> tuple[str, str]:
    """What a view keeps of an address, and what it is called: what is not known is left out."""
    names = sights.skill_names()
    side = by if skill in names and by in KINDS else ""
    query = asked.query_of(people, skill=skill if skill in names else "", by=side).removeprefix("?")
    said = [place.name, names.get(skill), asked.name_of(people) if people.kind else "", side and asked.SIDES[side][0]]
    return query, ", ".join(str(each) for each in said if each)


def _own(request: HttpRequest, *, view: UUID) -> SavedView:
    owner = signed_in(request)
    own = saved_views.views_of(owner).filter(public_id=view).first()
    if own is None:
        raise Http404
    own.owner = owner
    return own


def _said(form: ViewForm) -> dict[str, str]:
    return {"name": form.cleaned_data["name"], "every": form.cleaned_data["every"]}


def _crumbs(owner: User) -> list[tuple[str, str]]:
    """Whoever sees no figures any more still has their own list."""
    above = [(reverse("manager:departments"), _("Departments"))] if rules.can_see_departments(owner) else []
    return [*above, (reverse("manager:saved_views"), _("Saved views"))]
