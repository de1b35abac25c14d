"""Who may what, said once for pages, API and buttons.

Each app's `rules.py` holds pairs: `check_mark` raises with the reason, for whatever acts; `can_mark`, made of it with
`claim`, answers the same question with True or False, for whatever draws a button. A rule says who (NotAllowed,
NotThere), then when (NotNow). An app without a `rules.py`, such as `catalogue`, holds nothing that depends on who asks.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

Asked = ParamSpec("Asked")


class NotAllowed(Exception):
    """This person may not do this. The message says why, to them; empty where the page's own words are enough."""


class NotThere(NotAllowed):
    """For this person it does not exist: they are told "not found", whether it is there or not."""


class NotNow(NotAllowed):
    """This person may, but not as things stand. The message says what would have to be different."""


def claim(check: Callable[Asked, None]) -> Callable[Asked, bool]:
    """The rule as a question: True where `check` would raise nothing. Costs the queries of the check."""

    @wraps(check)
    def can(*args: Asked.args, **kwargs: Asked.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except NotAllowed:
            return False
        return True

    return can
