"""The broker of the local stack: Valkey (or Redis) on a Unix socket, each message on disk before it is confirmed."""

import signal
import socket
from pathlib import Path
from urllib.parse import quote

from upskill_stack.binaries import find_valkey
from upskill_stack.folders import Folders, make_private
from upskill_stack.supervision import Order, clean_environment

NAME = "valkey"
TITLE = "Valkey"


def prepare(folders: Folders, *, durable: bool = True) -> Order:
    """Make the server's data folder and return how the server is started.

    Without `durable`, the loss of the machine may cost the messages of its last second.
    """
    program = find_valkey(folders)
    data = folders.server_data(NAME)
    make_private(data, owner=folders.owner)
    options = {
        "port": "0",  # no network at all
        "unixsocket": str(_socket(folders)),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "always" if durable else "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    command = [str(program.path), *(word for name, value in options.items() for word in (f"--{name}", value))]
    return Order(
        name=NAME, command=command, environment=clean_environment(), owner=folders.owner, dies_by=signal.SIGTERM
    )


def is_ready(folders: Folders) -> bool:
    """Whether the server answers; while it reads its file after a crash it does not."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(_socket(folders)))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def url(folders: Folders) -> str:
    """The server's address for CELERY_BROKER_URL."""
    return f"redis+socket://{quote(str(_socket(folders)))}"


def _socket(folders: Folders) -> Path:
    return folders.server_sockets / "valkey.sock"
