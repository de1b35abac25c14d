"""Pictures lose bytes and nothing that one can see."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .pictures import SIGNATURE, read, shrink


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixels: np.ndarray, *, filters: list[int]) -> bytes:
    """A PNG as Chromium writes it, each row written by one of PNG's five filters (W3C's PNG, section 9)."""
    height, width, channels = pixels.shape
    rows = pixels.astype(int)
    lines = b""
    for y in range(height):
        up = rows[y - 1] if y else np.zeros((width, channels), int)
        left = np.vstack([np.zeros((1, channels), int), rows[y][:-1]])
        corner = np.vstack([np.zeros((1, channels), int), up[:-1]])
        guess = left + up - corner
        near = np.stack([abs(guess - left), abs(guess - up), abs(guess - corner)])
        paeth = np.choose(near.argmin(axis=0), [left, up, corner])
        foretold = [0 * up, left, up, (left + up) // 2, paeth][filters[y % len(filters)]]
        lines += bytes([filters[y % len(filters)]]) + ((rows[y] - foretold) % 256).astype(np.uint8).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 6, 0, 0, 0)
    body = zlib.compress(lines)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", body[:9]), chunk(b"IDAT", body[9:]), chunk(b"IEND", b"")]
    return SIGNATURE + b"".join(parts)


def palette_pixels(small: bytes) -> np.ndarray:
    """What a PNG with a palette shows, if its rows are not filtered."""
    place, parts = len(SIGNATURE), {}
    while place < len(small):
        (size,) = struct.unpack(">I", small[place : place + 4])
        parts[small[place + 4 : place + 8]] = small[place + 8 : place + 8 + size]
        place += 12 + size
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]


@given(
    st.integers(1, 6), st.integers(1, 6), st.sampled_from([3, 4]),
    st.lists(st.integers(0, 4), min_size=1, max_size=5), st.randoms(use_true_random=False),
)  # fmt: skip
@settings(deadline=None)
def test_a_picture_of_few_colours_stays_as_it_is(height, width, channels, filters, chance):
    pixels = np.array(
        [[[chance.choice([0, 7, 128, 255]) for _ in range(channels)] for _ in range(width)] for _ in range(height)]
    ).astype(np.uint8)

    picture = png(pixels, filters=filters)

    assert np.array_equal(read(picture), pixels[:, :, :3])
    assert np.array_equal(palette_pixels(shrink(picture)), pixels[:, :, :3])


def test_a_picture_of_many_colours_keeps_the_commonest_and_comes_near_the_others():
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:, :, 0] = np.arange(40)
    pixels[:, :, 1] = np.arange(40)[:, None]
    pixels[:20] = (200, 10, 10)

    seen = palette_pixels(shrink(png(pixels, filters=[0]))).astype(int)

    assert np.array_equal(seen[:20], pixels[:20])
    assert abs(seen - pixels).max() <= 32


def test_a_picture_that_chromium_does_not_write_is_refused():
    odd = png(np.zeros((1, 1, 3), np.uint8), filters=[0]).replace(b"\x08\x02\x00", b"\x10\x02\x00", 1)

    with pytest.raises(AssertionError, match="another way now"):
        shrink(odd)
