"""What a log line looks like: one event with its fields, and nothing about a person but an opaque id.

With DEBUG a line is read by people, otherwise it is one JSON object. Every logger of the process ends here: ours, and
those of Django, gunicorn and Celery. What must not be in it is kept out by core.redaction.
"""

import json
import logging.config
import re
import sys
import uuid
from typing import Any

# Where structlog finds rich, it draws tracebacks with it: 0.2 s of every start, for pictures with local variables.
_HAS_RICH = sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
import structlog  # noqa: E402

if _HAS_RICH is None:
    del sys.modules["rich"]

from django.dispatch import receiver  # noqa: E402
from django_structlog.celery.signals import modify_context_before_task_publish  # noqa: E402
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, get_contextvars  # noqa: E402
from structlog.typing import EventDict, Processor  # noqa: E402

from .redaction import PRINTED_MAIL, told, without_tokens  # noqa: E402

__all__ = ["Lines", "about", "bind_contextvars", "clear_contextvars", "configure", "get_logger", "request_id"]

get_logger = structlog.stdlib.get_logger
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_FIRST = ("time", "level", "logger", "event")


def configure(settings: dict[str, Any]) -> None:
    """Make all logging of this process what `settings` say; Django calls it once, at its start."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_FOR_EVERY_EVENT,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class Lines(structlog.stdlib.ProcessorFormatter):
    """The formatter of every handler. `readable`: for people; otherwise JSON, one object a line."""

    def __init__(self, *, readable: bool) -> None:
        super().__init__(
            processors=[_tell_exception, self.remove_processors_meta, _readable if readable else _as_json],
            foreign_pre_chain=_FOR_EVERY_EVENT,
        )


def about(*, request_id: str, **fields: Any) -> Any:
    """A context in which every event carries these fields, and the id of the request that is behind them."""
    return bound_contextvars(request_id=request_id, **fields)


def request_id() -> str:
    """The id of the request that this code runs for, or caused; "" for none."""
    return str(get_contextvars().get("request_id", ""))


def id_for_request(proposed: str) -> str:
    """The id that a proxy proposes, if it is short and of safe characters; else a new one."""
    return proposed if _SAFE_ID.fullmatch(proposed) else uuid.uuid4().hex


@receiver(modify_context_before_task_publish)
def _only_the_request_goes_along(context: dict[str, Any], **_: Any) -> None:
    """A message tells which request it comes from, not which person: its worker may mark another person's answer."""
    for name in context.keys() - {"request_id"}:
        del context[name]


def _tell_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Where it failed and what kind of failure it was, without the words of exceptions that can quote somebody."""
    failure = event.pop("exc_info", None)
    if failure is True:
        failure = sys.exc_info()
    problem = failure[1] if isinstance(failure, tuple) else failure
    for name in [name for name, value in event.items() if isinstance(value, BaseException)]:
        del event[name]
    if isinstance(problem, BaseException):
        event.pop("error", None)  # django-structlog's copy of its words
        event["exception"] = told(problem)
    return event


def _as_json(_logger: Any, _method: str, event: EventDict) -> str:
    fields = {**{name: event.pop(name, "") for name in _FIRST}, **event}
    return without_tokens(json.dumps(fields, default=str, ensure_ascii=False))


def _readable(_logger: Any, _method: str, event: EventDict) -> str:
    time, level, logger, said = (str(event.pop(name, "")) for name in _FIRST)
    if logger == PRINTED_MAIL:
        return said
    exception = event.pop("exception", "")
    fields = " ".join(f"{name}={_in_quotes(str(value))}" for name, value in event.items() if value not in ("", None))
    line = f"{time} {level.upper():<7} {logger} {said}" + (f"  {fields}" if fields else "")
    return without_tokens(f"{line}\n{exception}" if exception else line)


def _in_quotes(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if re.search(r'[\s"=]', value) else value


_FOR_EVERY_EVENT: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
]
