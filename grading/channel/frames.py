"""Whole frames on a stream socket: JSON and raw buffers, in sequence and of bounded size.

A frame on the wire:  u32 total | u32 header bytes | u32 sequence | JSON header | raw buffers, each at a multiple of 8
`total` counts what follows these twelve bytes. Either direction counts its frames for itself, from zero.
"""

import json
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from grading.channel.refusals import ChannelBroken, FrameRefused, TooLarge

__all__ = ["ALIGNMENT", "MAX_FRAME", "ByteString", "ChannelBroken", "Frame", "FrameRefused", "FrameSocket", "TooLarge"]

ByteString: TypeAlias = bytes | bytearray | memoryview

MAX_FRAME = 64 << 20
MAX_HEADER = 16 << 20
MAX_BRANCHES = 1_000_000  # lists and objects in one header, each of which costs its reader up to 240 bytes
ALIGNMENT = 8
_PREFIX = struct.Struct("<III")
_SEQUENCES = 1 << 32
_as_text = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_as_ascii = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Frame:
    """One frame that arrived. `buffers` is writable and belongs to this frame alone."""

    head: dict[str, Any]
    buffers: memoryview

    @property
    def text(self) -> str:
        """The buffers as the one ASCII text that they hold, without the padding at its end."""
        return bytes(self.buffers).rstrip(b"\0").decode("ascii")


class FrameSocket:
    """Frames over one end of a stream socketpair. Used by one thread at a time.

    After ChannelBroken, FrameRefused, or anything that interrupts a frame half way (a time-out of the socket, a
    signal's exception), the stream is out of step: every later call raises ChannelBroken.
    """

    def __init__(self, sock: socket.socket, *, limit: int = MAX_FRAME) -> None:
        self._socket = sock
        self._limit = limit
        self._sent = 0
        self._received = 0
        self._in_step = True

    def fileno(self) -> int:
        """For `select`, which then waits for the first byte of a frame."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close this end. Safe to repeat."""
        self._socket.close()

    def send(self, head: dict[str, Any], buffers: Iterable[ByteString] = ()) -> None:
        """Send one frame. Raises TooLarge before a byte is sent, so that another frame may follow; ChannelBroken."""
        header = _written(head)
        if len(header) > MAX_HEADER or _branches(header) > MAX_BRANCHES:
            raise TooLarge("The values have too many parts to be sent at once.")
        parts = [b"", header, *_aligned(buffers)]
        total = sum(map(_size, parts))
        if total > self._limit:
            raise TooLarge(f"A frame of {total} bytes is over the limit of {self._limit}.")
        parts[0] = _PREFIX.pack(total, len(header), self._sent % _SEQUENCES)
        with self._whole_or_broken():
            self._socket.sendall(b"".join(parts))
        self._sent += 1

    def receive(self) -> Frame:
        """The next frame, however long it takes to come. Raises ChannelBroken, and FrameRefused for hostile bytes."""
        with self._whole_or_broken():
            total, header_bytes, sequence = _PREFIX.unpack(self._read(_PREFIX.size))
            self._check(total, header_bytes, sequence)
            head = _read_header(self._read(header_bytes))
            buffers = memoryview(self._read(total - header_bytes))
        self._received += 1
        return Frame(head, buffers)

    def _check(self, total: int, header_bytes: int, sequence: int) -> None:
        if total > self._limit:
            raise FrameRefused(f"A frame of {total} bytes is over the limit of {self._limit}.")
        if header_bytes > min(total, MAX_HEADER):
            raise FrameRefused(f"A header of {header_bytes} bytes in a frame of {total}.")
        if sequence != self._received % _SEQUENCES:
            raise FrameRefused(f"Frame {sequence} came where frame {self._received} was due.")

    def _read(self, size: int) -> bytearray:
        data = bytearray(size)
        rest = memoryview(data)
        while rest:
            count = self._socket.recv_into(rest)
            if not count:
                raise ChannelBroken("The other side closed its end.")
            rest = rest[count:]
        return data

    @contextmanager
    def _whole_or_broken(self) -> Iterator[None]:
        if not self._in_step:
            raise ChannelBroken("An earlier frame was refused or cut short.")
        self._in_step = False
        try:
            yield
        except ConnectionError as problem:
            raise ChannelBroken("The other side is gone.") from problem
        except MemoryError as problem:
            raise FrameRefused("There is no memory for this frame.") from problem
        self._in_step = True


def _written(head: dict[str, Any]) -> bytes:
    try:
        header = _encoded(head)
    except (RecursionError, MemoryError) as problem:
        raise TooLarge("The values are nested too deeply to be sent.") from problem
    return header + b" " * (-len(header) % ALIGNMENT)


def _encoded(head: dict[str, Any]) -> bytes:
    try:
        return _as_text(head).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 has no form for
        return _as_ascii(head).encode()


def _aligned(buffers: Iterable[ByteString]) -> Iterator[ByteString]:
    for data in buffers:
        yield data
        if padding := -_size(data) % ALIGNMENT:
            yield b"\0" * padding


def _size(data: ByteString) -> int:
    return data.nbytes if isinstance(data, memoryview) else len(data)


def _branches(header: bytes | bytearray) -> int:
    """At least the number of lists and objects; brackets within texts count too."""
    return header.count(b"[") + header.count(b"{")


def _read_header(header: bytearray) -> dict[str, Any]:
    if _branches(header) > MAX_BRANCHES:
        raise FrameRefused("A header has too many parts.")
    try:
        head = json.loads(header.decode())
    except (ValueError, RecursionError) as problem:  # ValueError: not UTF-8, not JSON, or a number too long
        raise FrameRefused(f"A header is not JSON that we read: {problem}") from problem
    if type(head) is not dict:
        raise FrameRefused("A header is not a JSON object.")
    return head
