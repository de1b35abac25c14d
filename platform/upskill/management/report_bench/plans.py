"""The dearest queries of a bench, each with the plan by which PostgreSQL carries it out."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass
class Queries:
    """Goes around every query and remembers of each text the one that took longest."""

    slowest: dict[str, tuple[float, Any]] = field(default_factory=dict)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        result = execute(sql, params, many, context)
        took = (time.perf_counter() - begun) * 1000
        text = str(sql)
        if text.lstrip().startswith(("SELECT", "WITH")) and took > self.slowest.get(text, (0.0, None))[0]:
            self.slowest[text] = (took, params)
        return result

    def plans(self, number: int) -> list[str]:
        """The plans of so many of them, dearest first, asked of the database that is in use."""
        dearest = sorted(self.slowest.items(), key=lambda each: -each[1][0])[:number]
        return [f"{took:.1f} ms: {text}\n{_plan(text, params)}" for text, (took, params) in dearest]


def _plan(text: str, params: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {text}", params)
        return "\n".join(line for (line,) in cursor.fetchall())
