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
                _spend_of_person(request.user, is_writing=request.method not in {"GET", "HEAD", "OPTIONS"})
            else:
                _spend_of_place(request._request)
        except allowances.UsedUp as used_up:
            self.seconds = used_up.seconds
            return False
        return True

    def wait(self) -> float:
        """Seconds until it begins anew."""
        return self.seconds


def _spend_of_person(person: User, *, is_writing: bool) -> None:
    who = str(person.pk)
    allowances.spend("api", who=who, most=settings.API_REQUESTS_PER_MINUTE, seconds=MINUTE)
    if is_writing:
        allowances.spend("api writing", who=who, most=settings.API_WRITES_PER_MINUTE, seconds=MINUTE)


def _spend_of_place(request: HttpRequest) -> None:
    allowances.spend("api place", who=place(request), most=settings.API_REQUESTS_PER_PLACE, seconds=MINUTE)
