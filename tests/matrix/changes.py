"""What an act changed: every row of every table of ours before and after, without what differs by itself."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

Rows = dict[str, dict[Any, dict[str, Any]]]  # table -> key -> column -> value
NEW = "(new)"
COUNTS = "core.Allowance"  # how often somebody asks: counted whatever becomes of it
OURS = [model for model in apps.get_models() if model.__module__.startswith("upskill.") and model._meta.label != COUNTS]


def every_row() -> Rows:
    """All rows of our tables. One query for each."""
    return {
        model._meta.label: {row[model._meta.pk.attname]: row for row in model._default_manager.values()}
        for model in OURS
    }


def tables_changed(before: Rows, *, after: Rows) -> set[str]:
    """ "+" and the name of a table with new rows, "~" of one with changed rows, "-" of one that has lost some."""
    changed = set()
    for table, rows in after.items():
        old = before[table]
        changed |= {f"+{table}"} if rows.keys() - old.keys() else set()
        changed |= {f"-{table}"} if old.keys() - rows.keys() else set()
        changed |= {f"~{table}"} if any(rows[key] != old[key] for key in rows.keys() & old.keys()) else set()
    return changed


def effect(before: Rows, *, after: Rows) -> list[str]:
    """New and changed rows in words that are the same whenever the same is done: no keys of new rows, moments or
    random ids.
    """
    new = {table: rows.keys() - before[table].keys() for table, rows in after.items()}
    said = []
    for model in OURS:
        table = model._meta.label
        for key, row in after[table].items():
            if before[table].get(key) != row:
                said.append(f"{table} {NEW if key in new[table] else key}: {_plain(model, row, new=new)}")
    return sorted(said)


def _plain(model: type[models.Model], row: dict[str, Any], *, new: dict[str, Any]) -> dict[str, Any]:
    plain = {field.attname: _value(field, row[field.attname], new=new) for field in model._meta.concrete_fields}
    if isinstance(plain.get("details"), dict) and "token" in plain["details"]:
        plain["details"] = {**plain["details"], "token": NEW}
    about = {str(key) for table, keys in new.items() if table.lower() == plain.get("subject_kind") for key in keys}
    if plain.get("subject_id") in about:
        plain["subject_id"] = NEW
    return plain


def _value(field: Any, value: Any, *, new: dict[str, Any]) -> Any:
    of = field.related_model._meta.label if field.related_model else field.model._meta.label
    points_to_a_row = field.primary_key or field.related_model
    if points_to_a_row and value in new.get(of, ()):
        return NEW
    if isinstance(value, UUID | dt.datetime) or str(field.attname).endswith(("digest", "token_key", "request_id")):
        return f"({type(value).__name__})"
    return value
