"""The page that says how marking works, with the engine's state of this moment."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upskill.marking import engines
from upskill.marking.jobs import MOST_OPEN

# What the engine proves before it takes work, in every mode but the one for trying out.
PROTECTIONS = (
    _("It cannot see the hidden tests or the right answers. Another program compares them with yours."),
    _("It has no network."),
    _("It sees only its own files, and what it writes is thrown away."),
    _("It can start no other program, and touch none that runs."),
    _("Its time, memory and files are limited."),
)


@login_not_required
@require_safe
def how_marking_works(request: HttpRequest) -> HttpResponse:
    """From upload to mark, what a machine decides and what a person does, rights, limits, and how it stands now.

    One query for visitors.
    """
    engine = engines.state()
    context: dict[str, Any] = {
        "engine": engine,
        "protections": PROTECTIONS if engine.is_confined else (),
        "limits": engines.usual_limits(),
        "notebook_mb": engines.LARGEST_NOTEBOOK_MB,
        "most_open": MOST_OPEN,
        "crumbs": [],
    }
    return render(request, "account/how_marking_works.html", context)
