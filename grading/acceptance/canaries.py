"""Sockets that nobody should reach: who connects or sends is noted."""

import contextlib
import os
import re
import selectors
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_LOCAL_PORT = re.compile(r"(?:127\.0\.0\.1|localhost)\\?['\"]?\s*[,:]\s*(\d{2,5})")


class Canaries:
    """A TCP and a UDP port of this machine, a socket file and an abstract socket, listening while the block lasts."""

    def __init__(self, folder: Path) -> None:
        """`folder` gets the socket file, which everybody may reach."""
        self.path = folder / "database.sock"
        self.abstract = f"upskill-canary-{os.getpid()}"
        self._selector = selectors.DefaultSelector()
        self._hits: list[str] = []
        self._stop, self._stopped = socket.socketpair()
        self._extra: list[socket.socket] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.tcp_port = self._internet(socket.SOCK_STREAM, name="TCP")
        self.udp_port = self._internet(socket.SOCK_DGRAM, name="UDP")

    def __enter__(self) -> Self:
        self._unix(str(self.path), kind=socket.SOCK_STREAM, name="socket file")
        self.path.chmod(0o777)
        self._unix(f"\0{self.abstract}", kind=socket.SOCK_STREAM, name="abstract socket")
        self._unix(f"\0{self.abstract}d", kind=socket.SOCK_DGRAM, name="abstract datagram socket")
        self._selector.register(self._stopped, selectors.EVENT_READ, "stop")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.close()
        self._thread.join(timeout=5)
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()

    def hits(self) -> list[str]:
        """The sockets that were reached since the last call."""
        seen, self._hits = self._hits, []
        return sorted(set(seen))

    def watch_ports_of(self, text: str) -> list[int]:
        """Listen also at the local ports that `text` names, and only those; the ports that are taken by others."""
        for old in self._extra:
            self._selector.unregister(old)
            old.close()
        self._extra, taken = [], []
        for port in set(local_ports(text)) - {self.tcp_port, self.udp_port}:
            try:
                self._internet(socket.SOCK_STREAM, name=f"TCP port {port}", port=port)
            except OSError:
                taken.append(port)
        return taken

    def _internet(self, kind: socket.SocketKind, *, name: str, port: int = 0) -> int:
        listener = socket.socket(socket.AF_INET, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            raise
        self._add(listener, name=name)
        if port:
            self._extra.append(listener)
        number: int = listener.getsockname()[1]
        return number

    def _unix(self, address: str, *, kind: socket.SocketKind, name: str) -> None:
        listener = socket.socket(socket.AF_UNIX, kind)
        listener.bind(address)
        self._add(listener, name=name)

    def _add(self, listener: socket.socket, *, name: str) -> None:
        if listener.type == socket.SOCK_STREAM:
            listener.listen(16)
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, name)

    def _listen(self) -> None:
        while True:
            for key, _ in self._selector.select(timeout=0.2):
                if key.data == "stop":
                    return
                assert isinstance(key.fileobj, socket.socket)  # noqa: S101 (only sockets are registered)
                self._take(key.fileobj, name=key.data)

    def _take(self, listener: socket.socket, *, name: str) -> None:
        with contextlib.suppress(OSError):  # the caller has hung up, or this listener was just closed
            if listener.type == socket.SOCK_STREAM:
                listener.accept()[0].close()
            else:
                listener.recv(65536)
            self._hits.append(name)


def local_ports(text: str) -> list[int]:
    """The ports of this machine that a program names beside its address, ("127.0.0.1", 45991) as well as a URL's."""
    numbers = {int(number) for number in _LOCAL_PORT.findall(text)}
    return sorted(number for number in numbers if 1023 < number < 65536)
