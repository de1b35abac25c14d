"""Why a person gives, doubts or changes a mark: words that somebody will read."""

from django.utils.translation import gettext as _

MOST_CHARACTERS = 4000


class ReasonUnusable(Exception):
    """A reason is missing, or longer than anybody will read."""


def usable(reason: str) -> str:
    """The reason without space around it. Raises ReasonUnusable."""
    reason = reason.strip()
    if not 0 < len(reason) <= MOST_CHARACTERS:
        raise ReasonUnusable(_("Give a reason of up to 4,000 characters."))
    return reason
