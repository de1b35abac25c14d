"""What stands outside the wall while a proof runs, and can tell afterwards whether anybody got out to it."""

import secrets
import select
import shutil
import socket
import sysconfig
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import grading

_WORDS = "left alone"
_LEFT = ".left-by-a-canary"
_SHARED = tuple(map(Path, ("/tmp", "/var/tmp", "/dev/shm")))  # noqa: S108 (only looked at) # nosec B108


class Witnesses:
    """Listening sockets, a secret, and places that are not the canary's to write to. Use it with `with`."""

    def __init__(self, *, open_to_all: bool) -> None:
        """`open_to_all`: every user of this machine may read the secret and write to the rest, if there is no wall."""
        self.token = secrets.token_hex(16)
        self.folder = Path(tempfile.mkdtemp(prefix="upskill-proof-"))
        self.folder.chmod(0o755)
        self.secret, self.open_file = self.folder / "secret", self.folder / "open"
        self.open_folder = self.folder / "shared"
        self.open_folder.mkdir()
        for path, text in ((self.secret, self.token), (self.open_file, _WORDS)):
            path.write_text(text)
            path.chmod(0o666 if open_to_all else 0o600)
        if open_to_all:
            self.open_folder.chmod(0o777)
        self.listening = dict(self._listeners())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for listener in self.listening.values():
            listener.close()
        for path in self.beyond():
            path.unlink(missing_ok=True)
        shutil.rmtree(self.folder)

    def _listeners(self) -> list[tuple[str, socket.socket]]:
        tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        udp.bind(("127.0.0.1", 0))
        files = [("socket file", str(self.folder / "stream"), socket.SOCK_STREAM)]
        files += [("datagram socket file", str(self.folder / "datagram"), socket.SOCK_DGRAM)]
        files += [("abstract socket", f"\0{self.token[:8]}", socket.SOCK_STREAM)]
        found = [("TCP port", tcp), ("UDP port", udp)]
        for name, address, kind in files:
            listener = socket.socket(socket.AF_UNIX, kind)
            listener.bind(address)
            if not address.startswith("\0"):
                Path(address).chmod(0o777)
            found.append((name, listener))
        for _, listener in found:
            if listener.type == socket.SOCK_STREAM:
                listener.listen(8)
        return found

    def addresses(self) -> dict[str, str | int]:
        """Where each listener can be reached, by its name."""
        names = {name: listener.getsockname() for name, listener in self.listening.items()}
        return {name: address[1] if isinstance(address, tuple) else _text(address) for name, address in names.items()}

    def beyond(self) -> list[Path]:
        """Files that a canary tries to leave where the next learner's code, or the engine itself, would find them."""
        code = [Path(grading.__file__).parent, Path(sysconfig.get_path("purelib"))]
        return [folder / f"{_LEFT}-{self.token[:8]}" for folder in (self.open_folder, *code, *_SHARED)]

    def reached(self) -> list[str]:
        """What was touched from behind the wall."""
        readable = select.select(list(self.listening.values()), [], [], 0)[0]
        found = [name for name, listener in self.listening.items() if listener in readable]
        found += [str(path) for path in self.beyond() if path.exists()]
        if not self.open_file.exists() or self.open_file.read_text() != _WORDS:
            found.append(str(self.open_file))
        return found


def _text(address: str | bytes) -> str:
    return address.decode() if isinstance(address, bytes) else address
