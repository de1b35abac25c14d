"""What a request may be used for, before any rule about the person is asked."""

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from upskill.people.models import AccessToken

from .problems import LacksScope


class HasScope(BasePermission):
    """Somebody signed in may do whatever their roles allow; a token only what its scopes name, and never more."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """False for nobody. Raises LacksScope. A method that the view has not got is left for it to refuse."""
        if not request.user.is_authenticated:
            return False
        if isinstance(request.auth, AccessToken) and request.method in view.allowed_methods:
            _check_scope(request.auth, request=request, view=view)
        return True


def _check_scope(token: AccessToken, *, request: Request, view: APIView) -> None:
    is_reading = request.method in {"GET", "HEAD", "OPTIONS"}
    scope = getattr(view, "reads" if is_reading else "writes")
    if scope is None:
        raise LacksScope(_("Access tokens are managed by people, not by tokens. Sign in to the service for this."))
    if scope not in token.scopes:
        raise LacksScope(_("This access token lacks the scope “%(scope)s”. Make one that has it.") % {"scope": scope})
