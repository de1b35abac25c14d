"""How often somebody may ask. Refused with 429 and the seconds to wait."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from upskill.core import allowances
from upskill.core.allowances import Limit
from upskill.core.places import place
from upskill.people.models import User

MINUTE = 60


class Allowances(BaseThrottle):
    """So many requests a minute for each person, and fewer that write; for nobody in particular, by where they are."""

    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        """True while there is something left. One query."""
        try:
            allowances.spend_each(_limits(request, view))
        except allowances.UsedUp as used_up:
            self.seconds = used_up.seconds
            return False
        return True

    def wait(self) -> float:
        """Seconds until it begins anew."""
        return self.seconds


def _limits(request: Request, view: APIView) -> list[Limit]:
    if not isinstance(request.user, User):
        return [Limit("api place", place(request._request), settings.API_REQUESTS_PER_PLACE, MINUTE)]
    who = str(request.user.pk)
    limits = [Limit("api", who, settings.API_REQUESTS_PER_MINUTE, MINUTE)]
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        name: str = view.writes_a_minute  # type: ignore[attr-defined]  # every view is a views.base.View
        limits.append(Limit(f"api {name}", who, getattr(settings, name), MINUTE))
    return limits
