"""One row of a model, for what every request asks: writing its SQL anew took Django most of such a query's time."""

from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

_M = TypeVar("_M", bound=Model)


def one_row(model: type[_M], *, where: str, parameters: list[Any]) -> _M | None:
    """The row for which `where` holds (SQL of ours with %s for each parameter), as `model.objects` would give it.

    For columns whose values Django takes from the database as they are. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_sql(model, where), parameters)
        row = cursor.fetchone()
    return model.from_db(connection.alias, _columns(model), row) if row else None


def _columns(model: type[Model]) -> list[str]:
    return [each.attname for each in model._meta.concrete_fields]


@cache
def _sql(model: type[Model], where: str) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(each.column)) for each in model._meta.concrete_fields)
    return f"SELECT {columns} FROM {quote(model._meta.db_table)} WHERE {where} LIMIT 1"  # noqa: S608 - names and SQL of ours # nosec B608
