"""Organisations and days as commands are told them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from upskill.people import closing, organisations, services
from upskill.people.models import Organisation

REFUSALS = (
    closing.DayOutOfRange, organisations.PeopleInBoth, organisations.UnfitSuccessor,
    services.CodeInUse, services.MovedBelowItself,
)  # fmt: skip


def open_organisation(code: str) -> Organisation:
    """The organisation with this code. Raises CommandError where there is none, or it is closed."""
    found = Organisation.objects.filter(code=code, valid_to=None).first()
    if found is None:
        raise CommandError(f"There is no organisation {code}. Give the code of one that is not closed.")
    return found


def add_day(parser: Any) -> None:
    """The option --on, today by default."""
    parser.add_argument(
        "--on", type=dt.date.fromisoformat, default=timezone.localdate(), metavar="DAY",
        help="the first day on which it is so, such as 2026-11-27; today otherwise",
    )  # fmt: skip


@contextmanager
def refusals() -> Iterator[None]:
    """What services refuse is said as a command says it."""
    try:
        yield
    except REFUSALS as refusal:
        raise CommandError(str(refusal)) from refusal
