"""The page that says how marking works, with the engine's state of this moment."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upskill.marking import engines
from upskill.marking.engines import EngineState
from upskill.marking.jobs import MOST_OPEN

# How the engine works, and what it proves before it takes work, in every mode but the one for trying out.
ITS_OWN_FILES = _("It sees only its own files, and what it writes is thrown away.")
PROTECTIONS = (
    _("It cannot see the hidden tests or the right answers. Another program compares them with yours."),
    _("It has no network."),
    ITS_OWN_FILES,
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
        "protections": [each for each in PROTECTIONS if _holds(each, engine=engine)],
        "limits": engines.usual_limits(),
        "notebook_mb": engines.LARGEST_NOTEBOOK_MB,
        "most_open": MOST_OPEN,
        "crumbs": [],
    }
    return render(request, "account/how_marking_works.html", context)


def _holds(protection: object, *, engine: EngineState) -> bool:
    """Whether it holds behind the wall that the engine has now. Where the host is the wall, it shows what it shows."""
    return engine.is_confined and not (engine.rests_on_host and protection is ITS_OWN_FILES)
