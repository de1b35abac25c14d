"""How often somebody may do something on the pages, and how they are told that it was too often.

A page without a form answers with errors/429.html. A view with a form calls `spend` itself and draws the form again
with `sentence` above it, so that nothing typed is lost.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from upskill.core import allowances
from upskill.core.allowances import UsedUp
from upskill.core.places import place
from upskill.people.models import User

from .templatetags.words import duration

__all__ = ["UsedUp", "allowed", "refused", "sentence", "spend", "wait"]

View = Callable[..., HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})
HOUR = 60 * 60


def spend(request: HttpRequest, what: str, *, most: int, seconds: int) -> None:
    """Count one act of the person or, where nobody is signed in, of the network they come from. One query.

    Raises UsedUp after `most` acts in a stretch of `seconds`.
    """
    person = getattr(request, "user", None)
    who = f"person {person.pk}" if isinstance(person, User) else f"place {place(request)}"
    allowances.spend(what, who=who, most=most, seconds=seconds)


def allowed(what: str, *, most: int, seconds: int, reading: bool = False) -> Callable[[View], View]:
    """The view, at most `most` times in `seconds` for one person or place; then UsedUp, which becomes a 429 page.

    Counts what is sent (POST). `reading` counts every look as well: for downloads.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if reading or request.method not in READING:
                spend(request, what, most=most, seconds=seconds)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def wait(used_up: UsedUp) -> str:
    """How long to wait, in words, rounded up: 1 minute, 1 hour 5 minutes."""
    return duration(-(-used_up.seconds // 60))


def sentence(used_up: UsedUp) -> str:
    """What a form says: what happened and what to do."""
    return _("You have done this too often. Nothing was saved. Try again in %(wait)s.") % {"wait": wait(used_up)}


def refused(response: HttpResponse, *, seconds: int) -> HttpResponse:
    """The response as a 429 that says when to come back."""
    response.status_code = 429
    response.headers["Retry-After"] = str(seconds)
    return response
