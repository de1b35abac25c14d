"""What `manage.py check` says about signing in."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def mail_is_not_printed(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A warning where a service for real people prints its sign-in links to a log, which then is a bunch of keys."""
    if settings.DEBUG or not settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return []
    return [
        checks.Warning(
            "Sign-in links are printed to the log of the worker: whoever reads it can sign in as anybody.",
            hint="Set EMAIL_HOST to the address of a mail server.",
            id="upskill.W001",
        )
    ]
