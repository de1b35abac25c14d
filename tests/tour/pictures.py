"""Screenshots made small: the same picture with at most 256 colours, a third of the bytes and no visible difference.

Reads what Chromium writes (8 bits a channel, not interlaced) and nothing else.
"""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
CHANNELS = {2: 3, 6: 4}  # PNG's number for a kind of picture -> bytes of a pixel
Pixels = np.ndarray


def shrink(png: bytes) -> bytes:
    """The same picture with a palette: its commonest colours, and the nearest of them for the others."""
    pixels = read(png)
    height, width = pixels.shape[:2]
    coded = (pixels[:, :, 0].astype(np.uint32) << 16) | (pixels[:, :, 1].astype(np.uint32) << 8) | pixels[:, :, 2]
    colours, places, counts = np.unique(coded, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    rows = _nearest(colours, kept=kept)[places].reshape(height, width).astype(np.uint8)
    lines = np.hstack([np.zeros((height, 1), np.uint8), rows])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", _channels(kept).tobytes()), (b"IDAT", zlib.compress(lines.tobytes(), 9))]
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in [*parts, (b"IEND", b"")])


def read(png: bytes) -> Pixels:
    """Red, green and blue of each pixel: an array of height x width x 3."""
    chunks = list(_chunks(png))
    width, height, bits, kind, _method, _filter, interlaced = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
    assert (bits, kind in CHANNELS, interlaced) == (8, True, 0), "Chromium writes its screenshots another way now"
    channels = CHANNELS[kind]
    data = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    lines = np.frombuffer(data, np.uint8).reshape(height, width * channels + 1)
    above = np.zeros((width, channels), np.uint8)
    rows = []
    for line in lines:
        above = _unfiltered(int(line[0]), line[1:].reshape(width, channels), above=above)
        rows.append(above)
    return np.stack(rows)[:, :, :3]


def _unfiltered(filtered_by: int, row: Pixels, *, above: Pixels) -> Pixels:
    """The row's own bytes: PNG writes each as the difference from what another pixel foretells."""
    if filtered_by == 0:
        return row
    if filtered_by == 1:
        return np.cumsum(row, axis=0, dtype=np.uint8)
    if filtered_by == 2:
        return row + above
    foretell = _average if filtered_by == 3 else _paeth
    found, left, corner = [], [0] * row.shape[1], [0] * row.shape[1]
    for differences, up in zip(row.tolist(), above.tolist(), strict=True):
        left = [(each + foretell(a, b, c)) & 255 for each, a, b, c in zip(differences, left, up, corner, strict=True)]
        found.append(left)
        corner = up
    return np.array(found, np.uint8)


def _average(left: int, up: int, _corner: int) -> int:
    return (left + up) // 2


def _paeth(left: int, up: int, corner: int) -> int:
    a, b, c = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if a <= b and a <= c:
        return left
    return up if b <= c else corner


def _nearest(colours: Pixels, *, kept: Pixels) -> Pixels:
    """For each colour the place of the nearest kept one."""
    have = _channels(kept).astype(np.int32)
    found = [
        np.argmin(((have[None, :, :] - part[:, None, :]) ** 2).sum(axis=2), axis=1)
        for part in np.array_split(_channels(colours).astype(np.int32), len(colours) // 1000 + 1)
    ]
    return np.concatenate(found)


def _channels(coded: Pixels) -> Pixels:
    return np.stack([coded >> 16, (coded >> 8) & 255, coded & 255], axis=1).astype(np.uint8)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        place += 12 + size


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
