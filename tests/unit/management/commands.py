"""Running management commands, and what they leave behind."""

import io
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management import call_command


@dataclass(frozen=True)
class Start:
    """What two starts printed, and how many rows each table had after them."""

    first: list[str]
    counts: Counter[str]
    second: list[str]
    counts_after: Counter[str]


def run(command: str, *arguments: str, **options: Any) -> list[str]:
    """The lines that the command prints."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=out, **options)
    return out.getvalue().splitlines()


def rows_per_table() -> Counter[str]:
    """Table -> number of rows."""
    return Counter({model._meta.label: model._default_manager.count() for model in apps.get_models()})
