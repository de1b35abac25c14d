"""One JSON value per line over a socket, for the proof: both ends are ours, but one of them is tried by canaries."""

import json
import socket
from typing import Any

_LONGEST = 1 << 20


class Silence(Exception):
    """The other end said nothing in time, went away, or said too much."""


def send(channel: socket.socket, value: object) -> None:
    """Send one value. Raises OSError."""
    channel.sendall(json.dumps(value).encode() + b"\n")


def receive(channel: socket.socket) -> Any:
    """The next value, waited for as long as the socket's time-out says. Raises Silence."""
    said = bytearray()
    try:
        while not said.endswith(b"\n"):
            part = channel.recv(1 << 16)
            if not part or len(said) > _LONGEST:
                raise Silence("ended" if not part else "said too much")
            said += part
        return json.loads(said)
    except (OSError, ValueError) as problem:
        raise Silence(f"said nothing that can be read ({problem})") from problem
