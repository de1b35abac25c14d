"""The page that says how marking works, with the engine's state of this moment."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upskill.marking import engines
from upskill.marking.jobs import MOST_OPEN

# What confines an answer while it runs, as a mark's provenance names it.
PROTECTIONS = {
    "processes": _("It sees no other program, and all that it starts ends with it."),
    "network": _("It has no network."),
    "ipc": _("It shares no memory with other programs."),
    "files": _("It sees only its own files, and what it writes is thrown away."),
    "uid": _("It runs as a user of the computer that has no rights."),
    "rlimits": _("Its time, memory and files are limited."),
}


@login_not_required
@require_safe
def how_marking_works(request: HttpRequest) -> HttpResponse:
    """From upload to mark, what a machine decides and what a person does, rights, limits, and how it stands now.

    One query for visitors.
    """
    engine = engines.state()
    context = {
        "engine": engine,
        "protections": [PROTECTIONS[part] for part in PROTECTIONS if part in engine.confined],
        "limits": engines.usual_limits(),
        "notebook_mb": engines.LARGEST_NOTEBOOK_MB,
        "most_open": MOST_OPEN,
        "crumbs": [],
    }
    return render(request, "account/how_marking_works.html", context)
