"""`manage.py check` warns of a log full of keys."""

import pytest

from upskill.people.checks import mail_is_not_printed

CONSOLE, SMTP = (f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "smtp"))


@pytest.mark.parametrize(
    ("debug", "backend", "warnings"),
    [(False, CONSOLE, ["upskill.W001"]), (False, SMTP, []), (True, CONSOLE, []), (True, SMTP, [])],
)
def test_printing_sign_in_links_is_warned_of_outside_a_demo(settings, debug, backend, warnings):
    settings.DEBUG, settings.EMAIL_BACKEND = debug, backend

    found = mail_is_not_printed()

    assert [warning.id for warning in found] == warnings
    assert [warning.hint for warning in found if "EMAIL_HOST" not in (warning.hint or "")] == []
