"""Files of staff records: given, checked, confirmed, carried out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upskill.celery import announce_import
from upskill.people import rules, staff
from upskill.people.imports import comparing, giving
from upskill.people.imports.columns import COLUMNS, FileRefused
from upskill.people.models import Organisation, PeopleImport
from upskill.people.queries import roles_of
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from .forms import ImportForm

MOST_FILES, PAGE_SIZE, ERRORS_SHOWN = 60, 20, 50
State = PeopleImport.State
KINDS = {
    "new": gettext_lazy("New people"),
    "back": gettext_lazy("People without a post until now"),
    "moved": gettext_lazy("People who move"),
    "changed": gettext_lazy("People whose record changes otherwise"),
    "ended": gettext_lazy("People who have left"),
    "same": gettext_lazy("Rows that change nothing"),
}
STEPS = {
    "read": gettext_lazy("Reading the file"),
    "judge": gettext_lazy("Checking the rows"),
    "compare": gettext_lazy("Comparing with what is known"),
    "people": gettext_lazy("Writing people"),
    "posts": gettext_lazy("Writing posts"),
    "heads": gettext_lazy("Writing who leads what"),
    "leavers": gettext_lazy("Ending the posts of those who have left"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("people import", most=MOST_FILES, seconds=HOUR)
def imports(request: HttpRequest) -> HttpResponse:
    """A form for another file, and the files before."""
    person = signed_in(request)
    rules.check_import_any(person)
    roles = roles_of(person)
    form = ImportForm(
        request.POST or None, request.FILES or None, scopes=list(roles.administered), whole=roles.is_operator
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _given(request, form)
        except (FileRefused, giving.ImportUnderWay) as refusal:
            form.add_error("file", str(refusal))
    page = Paginator(staff.imports_for(person), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "columns": COLUMNS, "query": "", "crumbs": []}
    return render(request, "administrator/imports.html", context, status=422 if form.errors else 200)


def _given(request: HttpRequest, form: ImportForm) -> HttpResponse:
    said: dict[str, Any] = form.cleaned_data
    organisation = Organisation.objects.get(code=form.code) if form.code else None
    rules.check_import(signed_in(request), organisation=organisation)
    imported = giving.give(
        said["file"].read(), filename=said["file"].name, organisation=organisation, has_leavers=said["leavers"],
        by=signed_in(request), now=timezone.now(),
    )  # fmt: skip
    announce_import()
    return redirect("administrator:import", imported.public_id)


@never_cache
@require_safe
def imported(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """How far a file is, what it would change or has changed, and what is wrong with its rows."""
    context = _state(request, _import_or_404(request, public_id))
    return render(
        request, "administrator/import.html", context | {"crumbs": [("/administrator/imports/", _("Imports"))]}
    )


@never_cache
@require_safe
def import_state(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """The part of the page that changes; the header X-Poll says `done` when it will not change by itself."""
    context = _state(request, _import_or_404(request, public_id))
    answer = render(request, "administrator/import_state.html", context)
    answer["X-Poll"] = "wait" if context["is_working"] else "done"
    return answer


@require_POST
def confirm(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """What was checked is carried out. A second time changes nothing and says so."""
    found = _import_or_404(request, public_id)
    try:
        giving.confirm(found, by=signed_in(request), now=timezone.now())
    except giving.NotChecked as refusal:
        messages.info(request, str(refusal))
    else:
        announce_import()
    return redirect("administrator:import", public_id)


@require_POST
def withdraw(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Nothing of the file is carried out, and it is deleted. Too late changes nothing and says so."""
    found = _import_or_404(request, public_id)
    try:
        giving.withdraw(found, by=signed_in(request), now=timezone.now())
    except giving.BeingApplied as refusal:
        messages.info(request, str(refusal))
    return redirect("administrator:import", public_id)


def _import_or_404(request: HttpRequest, public_id: UUID) -> PeopleImport:
    found = staff.import_of(public_id)
    if found is None:
        raise Http404
    rules.check_see_import(signed_in(request), imported=found)
    return found


def _state(request: HttpRequest, found: PeopleImport) -> dict[str, Any]:
    said = found.summary
    errors = Paginator(comparing.errors_in_words(said), ERRORS_SHOWN).get_page(request.GET.get("page"))
    counts, examples = said.get("counts", {}), said.get("examples", {})
    return {
        "import": found,
        "is_working": found.state in (State.CHECKING, State.APPLYING),
        "step": STEPS[found.step],
        "kinds": [
            (str(words), counts[kind], examples.get(kind, [])) for kind, words in KINDS.items() if kind in counts
        ],
        "changes": sum(number for kind, number in counts.items() if kind != "same"),
        "errors": errors,
        "error_count": said.get("error_count", 0),
        "page": errors,
        "query": "",
    }
