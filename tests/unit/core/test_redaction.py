"""No log line holds a key to somebody's account."""

import logging
import logging.config
from typing import Any

import pytest
from django.conf import settings as site

from upskill.core.redaction import WithoutTokens

LOGGING: dict[str, Any] = site.LOGGING
TOKEN = "Zk3_-abcdefghijklmnopqrstuvwxyz0123456789ABC"


def line(message: str, *args, name: str = "django.request") -> str:
    """What a handler with the filter writes."""
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, None)
    assert WithoutTokens().filter(record) is True
    return record.getMessage()


@pytest.mark.parametrize(
    ("message", "args", "written"),
    [
        ("Gone: %s", (f"/sign-in/{TOKEN}/",), "Gone: /sign-in/[token]/"),
        (f"GET /sign-in/{TOKEN}/?a=1 HTTP/1.1", (), "GET /sign-in/[token]/?a=1 HTTP/1.1"),
        ("%(r)s %(f)s", ({"r": f"/sign-in/{TOKEN}", "f": f"/sign-in/{TOKEN}/"},), "/sign-in/[token] /sign-in/[token]/"),
        ("Forbidden: %s %s%%", ("/sign-in/", 5), "Forbidden: /sign-in/ 5%"),
        ("GET %s", ("/sign-in/sent/",), "GET /sign-in/sent/"),
        ("Not Found: %s", (f"/api/v1/me/?token=upskill_{'0f' * 32}",), "Not Found: /api/v1/me/?token=[token]"),
        (f"/sign-in/{TOKEN}/?t=upskill_{'a' * 64}", (), "/sign-in/[token]/?t=[token]"),
        ("upskill_stack with %s", ("upskill_abc",), "upskill_stack with upskill_abc"),
        ("GET %s", (f"/weekly-mail/{'0f' * 16}:{TOKEN}/",), "GET /weekly-mail/[token]/"),
        (f"GET /certificates/{'0-9' * 12}/withdraw/", (), "GET /certificates/[id]/withdraw/"),
        ("Nothing of ours", (), "Nothing of ours"),
    ],
)
def test_token_is_blanked_wherever_it_stands(message, args, written):
    assert line(message, *args) == written


def test_mail_that_a_worker_prints_keeps_its_link():
    assert line(f"http://127.0.0.1:8000/sign-in/{TOKEN}/", name="celery.redirected").endswith(f"{TOKEN}/")


def test_every_handler_of_the_site_has_the_filter():
    handlers = LOGGING["handlers"]

    assert {name: handler["filters"] for name, handler in handlers.items()} == {"console": ["without_tokens"]}


@pytest.mark.parametrize("name", ["django", "django.server", "gunicorn.access"])
def test_loggers_that_bring_handlers_of_their_own_use_ours(name):
    assert LOGGING["loggers"][name]["handlers"] == ["console"]
    assert LOGGING["loggers"][name]["propagate"] is False


def test_configured_site_prints_no_token(capsys):
    logging.config.dictConfig(LOGGING)
    try:
        for name in ("django.request", "django.server", "gunicorn.access", "upskill.people.signin", "somebody.else"):
            logging.getLogger(name).error("Gone: %s", f"/sign-in/{TOKEN}/")

        printed = capsys.readouterr()
    finally:
        logging.getLogger().handlers = [h for h in logging.getLogger().handlers if h.name != "console"]

    assert TOKEN not in printed.out + printed.err
    assert printed.err.count("Gone: /sign-in/[token]/") == 5
