"""Who is asking."""

from django.http import HttpRequest

from upskill.people import queries
from upskill.people.models import User
from upskill.people.queries import Roles


def signed_in(request: HttpRequest) -> User:
    """The person who is signed in. LoginRequiredMiddleware lets nobody else as far as a view that asks."""
    assert isinstance(request.user, User), "this view needs somebody who is signed in"  # noqa: S101
    return request.user


def roles_of(request: HttpRequest) -> Roles:
    """The roles of the person who is signed in. Two queries the first time, none when the page's frame asks again."""
    person = signed_in(request)
    roles: Roles | None = getattr(request, "roles", None)
    if roles is None:
        roles = queries.roles_of(person)
        request.roles = roles  # type: ignore[attr-defined]
    return roles
