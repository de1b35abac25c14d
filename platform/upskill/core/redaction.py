"""Keeping keys out of logs and error pages: whoever reads one must not be able to sign in as somebody else."""

import logging
import re
from typing import Any

from django.views.debug import SafeExceptionReporterFilter

SIGN_IN_TOKEN = re.compile(r"(/sign-in/)[A-Za-z0-9_-]{20,}")
ACCESS_TOKEN = re.compile(r"upskill_[0-9a-f]{64}")  # where a program puts its token into an address
PRINTED_MAIL = "celery.redirected"  # a worker without a mail server prints its mail: there the link must be readable


class WithoutTokens(logging.Filter):
    """A log filter that blanks the token of every sign-in link, and every access token, wherever they stand."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: the line is kept, without its token."""
        message = record.getMessage()
        without = ACCESS_TOKEN.sub("[token]", message)
        if record.name != PRINTED_MAIL:
            without = SIGN_IN_TOKEN.sub(r"\1[token]", without)
        if without != message:
            record.msg, record.args = without, ()
        return True


class NoSettings(SafeExceptionReporterFilter):
    """Django's page about a fault, which DEBUG shows to whoever asks, without settings or environment."""

    def get_safe_settings(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Nothing: under Django's own server it would be the whole environment."""
        return {}
