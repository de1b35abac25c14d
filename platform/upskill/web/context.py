"""What every page's template has: the service's name, the navigation for this person, and the marking banner."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from upskill.people import rules as people_rules
from upskill.people.models import User
from upskill.reports import rules as report_rules
from upskill.skills import rules as skill_rules


class NavLink(NamedTuple):
    """One entry of the service navigation."""

    url: str
    label: str
    is_current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Costs no query for people who are signed out, one or two for those signed in: their roles."""
    person = getattr(request, "user", None)
    return {
        "service_name": settings.SERVICE_NAME,
        "nav": _navigation(person, path=request.path) if isinstance(person, User) else [],
        "feedback_page": _feedback_page(request.path),
        "marking_banner": settings.FOR_TRYING_OUT,
    }


def _navigation(person: User, *, path: str) -> list[NavLink]:
    links = [
        ("learner:home", _("Home")),
        ("learner:catalogue", _("Courses")),
        ("learner:learning", _("My learning")),
        ("learner:skills", _("My skills")),
    ]
    if people_rules.can_train_any(person):
        links.append(("trainer:courses", _("Marking")))
    if report_rules.can_see_team(person):
        links.append(("manager:team", _("My team")))
    if report_rules.can_see_departments(person):
        links.append(("manager:departments", _("Departments")))
    if skill_rules.can_keep_roles_anywhere(person):
        links.append(("roles:organisations", _("Roles")))
    if people_rules.can_import_any(person):
        links.append(("administrator:home", _("Staff records")))
    if people_rules.can_operate(person):
        links.append(("operator:state", _("Service")))
    urls = [(reverse(name), label) for name, label in links]
    current = max((url for url, _label in urls if path.startswith(url)), key=len, default="")
    return [NavLink(url, label, url == current and (url != "/" or path == "/")) for url, label in urls]


def _feedback_page(path: str) -> str:
    """The page that feedback from here is about; "" for the key to an account or a certificate, and for the
    form itself.
    """
    about_nothing = (reverse("account:sign_in"), reverse("account:feedback"), "/certificates/")
    return "" if path.startswith(about_nothing) else path
