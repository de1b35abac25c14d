"""A person's own account: where to see and manage what belongs to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upskill.web.person import signed_in


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and the ways to what is kept about them and to their access tokens."""
    return render(request, "account/account.html", {"person": signed_in(request)})
