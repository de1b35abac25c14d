"""Settings from environment variables, read strictly: a missing or odd value stops the start with the cure."""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
_YES, _NO = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off"})


def required(name: str, *, cure: str) -> str:
    """The value of `name`, never empty. Stops the start with `cure` otherwise."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {cure}")
    return value


def text(name: str, default: str = "") -> str:
    """The value of `name`, or `default`."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool) -> bool:
    """True or False. Anything that is neither (a typing mistake) stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in _YES | _NO:
        return value in _YES
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to true or false.")


def number(name: str, *, default: int, least: int = 0) -> int:
    """A whole number, at least this."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.")
    if int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value}. Set it to {least} or more.")
    return int(value)


def words(name: str, *, default: list[str]) -> list[str]:
    """A list, written with commas between its words."""
    value = os.environ.get(name, "")
    return [word.strip() for word in value.split(",") if word.strip()] or default


def folders(name: str, *, default: list[Path]) -> list[Path]:
    """A list of folders, written with the system's path separator between them."""
    value = os.environ.get(name, "")
    return [Path(part).resolve() for part in value.split(os.pathsep) if part] or default


def folder_or_off(name: str, *, default: Path) -> Path | None:
    """A folder; None where the value is off (or false, no, 0). Anything but a whole path stops the start."""
    value = os.environ.get(name, "").strip()
    if value.lower() in _NO:
        return None
    if value and not Path(value).is_absolute():
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to off, or to a folder with its whole path.")
    return Path(value) if value else default


def database(name: str) -> dict[str, Any]:
    """Django's DATABASES entry for the PostgreSQL URL in `name`; a Unix socket folder goes in `?host=`."""
    url = required(
        name, cure="Give a PostgreSQL URL, or start with ./run or manage.py, which bring their own PostgreSQL."
    )
    settings: dict[str, Any] = dict(_env.db_url_config(url))
    if settings.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} is not a PostgreSQL URL. Upskill runs on PostgreSQL only.")
    options = settings.setdefault("OPTIONS", {})
    settings["HOST"] = options.pop("host", settings.get("HOST", ""))
    return settings
