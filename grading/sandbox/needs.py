"""What learners' code needs and a wall could take away by mistake."""

import contextlib
import importlib
import os
import socket
import sqlite3
import tempfile
import threading
import zoneinfo
from collections.abc import Callable
from pathlib import Path


def unmet(*, time_zones: bool) -> list[str]:
    """The needs that are not met in this process. `time_zones`: the machine has their data."""
    needs: dict[str, Callable[[], object]] = {
        "an empty work folder": _find_nothing,
        "files": _write_and_remove,
        "temporary files": lambda: tempfile.TemporaryFile().close(),
        "a database": _use_database,
        "a thread": _use_thread,
        "a library not read before": lambda: importlib.import_module("colorsys"),
        "a pair of sockets": _use_pair,
    }
    if time_zones:
        needs["time zones"] = lambda: zoneinfo.ZoneInfo.no_cache("Europe/Paris")
    return [name for name, use in needs.items() if not _works(use)]


def _works(use: Callable[[], object]) -> bool:
    try:
        use()
    except (OSError, ImportError, RuntimeError, LookupError, sqlite3.Error):
        return False
    return True


def _find_nothing() -> None:
    if os.listdir():
        raise OSError("The folder is not empty")


def _write_and_remove() -> None:
    file = Path("file")
    file.write_text("text")
    file.unlink()


def _use_database() -> None:
    with contextlib.closing(sqlite3.connect("data.db")) as database:
        database.execute("create table numbers (number)")
        database.commit()
    os.unlink("data.db")


def _use_thread() -> None:
    thread = threading.Thread(target=os.getpid)
    thread.start()
    thread.join()


def _use_pair() -> None:
    ends = socket.socketpair()
    ends[0].sendall(b"text")
    ends[1].recv(4)
    for end in ends:
        end.close()
