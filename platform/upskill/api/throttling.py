"""How often somebody may ask. Refused with 429 and the seconds to wait."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from upskill.core import allowances
from upskill.core.places import place
from upskill.people.models import User

MINUTE = 60


class Allowances(BaseThrottle):
    """So many requests a minute for each person, and fewer that write; for nobody in particular, by where they are."""

    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        """True while there is something left. One query, two for a request that writes."""
        try:
            if isinstance(request.user, User):
                _spend_of_person(request.user)
                if request.method not in {"GET", "HEAD", "OPTIONS"}:
                    _spend_of_writer(request.user, view)
            else:
                _spend_of_place(request._request)
        except allowances.UsedUp as used_up:
            self.seconds = used_up.seconds
            return False
        return True

    def wait(self) -> float:
        """Seconds until it begins anew."""
        return self.seconds


def _spend_of_person(person: User) -> None:
    allowances.spend("api", who=str(person.pk), most=settings.API_REQUESTS_PER_MINUTE, seconds=MINUTE)


def _spend_of_writer(person: User, view: APIView) -> None:
    limit: str = view.writes_a_minute  # type: ignore[attr-defined]  # every view is a views.base.View
    allowances.spend(f"api {limit}", who=str(person.pk), most=getattr(settings, limit), seconds=MINUTE)


def _spend_of_place(request: HttpRequest) -> None:
    allowances.spend("api place", who=place(request), most=settings.API_REQUESTS_PER_PLACE, seconds=MINUTE)
