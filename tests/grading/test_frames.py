"""Frames carry text between processes, bounded and whole or not at all."""

import os
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.runner.frames import FrameRefused, read_frame, write_frame


def read_from(data, *, limit=1000):
    """The frames in these bytes."""
    reader, writer = os.pipe()
    os.write(writer, data)
    os.close(writer)
    frames = []
    try:
        while (frame := read_frame(reader, limit=limit)) is not None:
            frames.append(frame)
    finally:
        os.close(reader)
    return frames


@settings(deadline=None)
@given(st.lists(st.text(max_size=50), max_size=5))
def test_frames_arrive_in_order_and_whole(texts):
    reader, writer = os.pipe()
    for text in texts:
        write_frame(writer, text)
    os.close(writer)

    arrived = [read_frame(reader, limit=1000) for _ in range(len(texts) + 1)]

    os.close(reader)
    assert arrived == [*texts, None]


def test_a_frame_larger_than_a_pipe_arrives_whole():
    reader, writer = os.pipe()
    text = "é" * 1_000_000
    sender = threading.Thread(target=write_frame, args=(writer, text))
    sender.start()

    arrived = read_frame(reader, limit=2_000_000)

    sender.join()
    os.close(reader)
    os.close(writer)
    assert arrived == text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\0\0\x03\xe9" + b"x" * 1001, "A frame of 1001 bytes is over the limit of 1000."),
        (b"\xff\xff\xff\xff", "A frame of 4294967295 bytes is over the limit of 1000."),
        (b"\0\0\0\x05abc", "A frame was cut short."),
        (b"\0\0", "A frame was cut short."),
        (b"\0\0\0\x02\xff\xfe", "A frame is not UTF-8."),
    ],
)
def test_a_frame_too_long_cut_short_or_garbled_is_refused(data, problem):
    with pytest.raises(FrameRefused) as refusal:
        read_from(data)

    assert str(refusal.value) == problem


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_bring_more_than_a_refusal(data):
    try:
        frames = read_from(data)
    except FrameRefused:
        return

    assert b"".join(len(text.encode()).to_bytes(4, "big") + text.encode() for text in frames) == data
