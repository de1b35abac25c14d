"""What every answer tells browsers about itself: what it may load, who may use it, and whom to tell."""

import datetime as dt

import pytest
from django.core.handlers.wsgi import get_script_name
from django.utils import timezone

from tests.factories.people import PersonFactory
from upskill.web.middleware import UNUSED

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "report-uri": "/csp-report/",
    "report-to": "csp",
}
PAGES = ["/", "/sign-in/", "/privacy/", "/skills/", "/nowhere/", "/api/v1/me/", "/courses/", "/sign-in/x/"]


def test_no_header_of_a_visitor_puts_the_service_below_another_path():
    assert get_script_name({"SCRIPT_NAME": "/elsewhere", "PATH_INFO": "/elsewhere/courses/"}) == ""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_every_page_has_the_whole_set(client, page, is_signed_in):
    if is_signed_in:
        client.force_login(PersonFactory())

    headers = client.get(page).headers

    assert dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")) == POLICY
    assert headers["Permissions-Policy"] == ", ".join(f"{feature}=()" for feature in UNUSED)
    assert {
        name: headers[name]
        for name in (
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy",
            "Reporting-Endpoints",
            "X-Content-Type-Options",
            "X-Frame-Options",
        )
    } == {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Reporting-Endpoints": 'csp="/csp-report/"',
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    assert headers["Referrer-Policy"] in {"same-origin", "strict-origin"}


@pytest.mark.parametrize("feature", ["camera", "microphone", "geolocation", "payment", "usb", "display-capture"])
def test_no_page_may_use_what_could_listen_or_look(feature):
    assert feature in UNUSED


# --- security.txt ---


def test_somebody_who_found_a_hole_learns_whom_to_write_to(client, settings):
    settings.CONTACT_EMAIL, settings.SERVICE_ADDRESS = "safety@example.gov.uk", "https://skills.example.gov.uk"

    answer = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    days = (dt.datetime.fromisoformat(fields.pop("Expires")) - timezone.now()).days
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert fields == {
        "Contact": "mailto:safety@example.gov.uk",
        "Preferred-Languages": "en",
        "Canonical": "https://skills.example.gov.uk/.well-known/security.txt",
    }
    assert 30 < days < 365


def test_service_that_names_nobody_has_no_such_page(client, settings):
    settings.CONTACT_EMAIL = ""

    assert client.get("/.well-known/security.txt").status_code == 404
