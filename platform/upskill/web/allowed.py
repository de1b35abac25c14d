"""How often a page may be used by one person, or by one place where nobody is signed in. More is answered with 429."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse

from upskill.core import allowances

from .account import visitors

View = Callable[..., HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Allowance:
    """At most `most` acts of this kind in a stretch of `seconds`."""

    what: str
    most: int
    seconds: int


FEEDBACK = Allowance("feedback", most=10, seconds=60 * 60)


def within(allowance: Allowance) -> Callable[[View], View]:
    """The view, for as long as who asks stays within their allowance; reading is free. Raises allowances.UsedUp.

    It is counted before the view begins, so that an attempt that fails counts as well. One query.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method not in SAFE:
                who = _who(request)
                allowances.spend(allowance.what, who=who, most=allowance.most, seconds=allowance.seconds)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    return f"place {visitors.place(request)}"
