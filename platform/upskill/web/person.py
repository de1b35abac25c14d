"""Who is asking."""

from django.http import HttpRequest

from upskill.people.models import User


def signed_in(request: HttpRequest) -> User:
    """The person who is signed in. LoginRequiredMiddleware lets nobody else as far as a view that asks."""
    assert isinstance(request.user, User), "this view needs somebody who is signed in"  # noqa: S101
    return request.user
