"""Keeping keys out of logs and error pages: whoever reads one must not be able to sign in as somebody else."""

import logging
import re
from typing import Any

from django.views.debug import SafeExceptionReporterFilter

SIGN_IN_TOKEN = re.compile(r"(/sign-in/)[A-Za-z0-9_-]{20,}")
PRINTED_MAIL = "celery.redirected"  # a worker without a mail server prints its mail: there the link must be readable


class WithoutTokens(logging.Filter):
    """A log filter that blanks the token of every sign-in link in a line, wherever it stands."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: the line is kept, without its token."""
        message = record.getMessage()
        if "/sign-in/" in message and record.name != PRINTED_MAIL:
            record.msg, record.args = SIGN_IN_TOKEN.sub(r"\1[token]", message), ()
        return True


class NoSettings(SafeExceptionReporterFilter):
    """Django's page about a fault, which DEBUG shows to whoever asks, without settings or environment."""

    def get_safe_settings(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Nothing: under Django's own server it would be the whole environment."""
        return {}
