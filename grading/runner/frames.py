"""Length-limited frames of text between processes. Never pickle: nothing is run to read them."""

import os
import struct

_HEADER = struct.Struct(">I")


class FrameRefused(Exception):
    """A frame is larger than its limit, or stops in the middle."""


def write_frame(fd: int, text: str) -> None:
    """Send one frame, however long it takes."""
    data = text.encode("utf-8")
    rest = memoryview(_HEADER.pack(len(data)) + data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def read_frame(fd: int, *, limit: int) -> str | None:
    """The next frame, or None at the end. Raises FrameRefused for one longer than `limit` bytes or cut short."""
    header = _read(fd, _HEADER.size)
    if not header:
        return None
    (size,) = _HEADER.unpack(header) if len(header) == _HEADER.size else (0,)
    if size > limit:
        raise FrameRefused(f"A frame of {size} bytes is over the limit of {limit}.")
    data = _read(fd, size)
    if len(header) < _HEADER.size or len(data) < size:
        raise FrameRefused("A frame was cut short.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise FrameRefused("A frame is not UTF-8.") from problem


def _read(fd: int, size: int) -> bytes:
    parts = []
    while size and (part := os.read(fd, min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
