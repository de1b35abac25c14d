"""A small build of Python for the browser, and a package index over HTTP that has its files."""

import hashlib
import http.server
import io
import json
import random
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from upskill.browser_runtime.manifest import INDEX, Carrier, Manifest, RuntimeFile

CARRIER = Carrier("carrier", "carrier-1.0-py3-none-any.whl", "inside/it/")
CARRIED = {"core.wasm": b"\0asm" * 5000, "numbers-2.0-py3-none-any.whl": b"numbers" * 300}
OWN = {"words-1.0-py3-none-any.whl": b"words" * 200}
ALL = CARRIED | OWN
LARGE = random.Random(1).randbytes(400_000)  # of the carrier, and nobody wants it


def manifest() -> Manifest:
    """Three files: two that a carrier has, one that is a distribution of its own."""
    files = tuple(
        RuntimeFile(
            name=name,
            version="1.0",
            licence="MIT",
            source="carrier" if name in CARRIED else INDEX,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            package=name.partition("-")[0] if name.endswith(".whl") else "",
        )
        for name, content in ALL.items()
    )
    return Manifest("1.0", {"python": "3.14.0"}, {"carrier": CARRIER}, files, digest="b" * 64)


def carrier(contents: dict[str, bytes]) -> bytes:
    """An archive that has these files in the carrier's folder, and others."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside/other/large.bin", LARGE)
        archive.writestr("inside/other/core.wasm", b"another one of this name")
        for name, content in contents.items():
            archive.writestr(CARRIER.folder + name, content)
    return whole.getvalue()


@dataclass
class Index:
    """What an index has, and what it was asked for. `breaks_at`: the file after half of which it hangs up, once."""

    address: str = ""
    carried: dict[str, bytes] = field(default_factory=lambda: dict(CARRIED))
    own: dict[str, bytes] = field(default_factory=lambda: dict(OWN))
    gives_parts: bool = True
    breaks_at: str = ""
    asked: list[str] = field(default_factory=list)
    sent: int = 0  # bytes
    nonsense: bytes = b""  # in place of every page

    def file(self, name: str) -> bytes | None:
        """The distribution of this name."""
        return carrier(self.carried) if name == CARRIER.file else self.own.get(name)


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers as an index does: /simple/PROJECT/ in JSON, /files/NAME whole or in part."""

    protocol_version = "HTTP/1.1"
    index: Index

    def do_GET(self) -> None:
        self.index.asked.append(self.path)
        kind, name = self.path.strip("/").split("/", 1)
        if kind == "simple":
            self._page(name)
        else:
            self._file(name, self.index.file(name))

    def do_HEAD(self) -> None:
        self.do_GET()

    def _page(self, project: str) -> None:
        own = [each for each in self.index.own if each.startswith(project)]
        names = [CARRIER.file] if project == "carrier" and self.index.carried else own
        if not names:
            self._send(404, b"", {})
            return
        entries = [{"filename": each, "url": f"/files/{each}", "hashes": {}} for each in names]
        page = {"meta": {"api-version": "1.0"}, "name": project, "files": entries}
        self._send(
            200,
            self.index.nonsense or json.dumps(page).encode(),
            {"Content-Type": "application/vnd.pypi.simple.v1+json"},
        )

    def _file(self, name: str, content: bytes | None) -> None:
        asked = self.headers.get("Range", "")
        if content is None:
            self._send(404, b"", {})
        elif name == self.index.breaks_at:
            self.index.breaks_at = ""
            self._send(200, content[: len(content) // 2], {"Content-Length": str(len(content))})
            self.close_connection = True
        elif asked and self.index.gives_parts:
            self._part(content, *asked.removeprefix("bytes=").split("-"))
        else:
            self._send(200, content, {})

    def _part(self, content: bytes, first: str, last: str) -> None:
        begin = int(first) if first else max(0, len(content) - int(last))
        end = min(int(last), len(content) - 1) if first and last else len(content) - 1
        self._send(206, content[begin : end + 1], {"Content-Range": f"bytes {begin}-{end}/{len(content)}"})

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
            self.index.sent += len(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running(index: Index) -> Iterator[Index]:
    """The index answers at its address while the block lasts."""
    handler = type("Handler", (_Handler,), {"index": index})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    index.address = f"http://127.0.0.1:{server.server_address[1]}/simple/"
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
