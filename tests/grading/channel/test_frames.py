"""Frames arrive whole and in order, or not at all; what is no frame of ours is refused."""

import json
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.channel import frames
from grading.channel.frames import ChannelBroken, FrameRefused, FrameSocket, TooLarge


@pytest.fixture
def ends():
    """The two ends of a real socketpair."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def wire(header, buffers=b"", *, total=None, header_bytes=None, sequence=0):
    """A frame's bytes, with lies where they are asked for."""
    total = len(header) + len(buffers) if total is None else total
    return (
        struct.pack("<III", total, len(header) if header_bytes is None else header_bytes, sequence) + header + buffers
    )


def refusal(ends, data):
    """What the receiver says to these bytes, after which the sender is gone."""
    ours, theirs = ends
    sender = threading.Thread(target=lambda: (theirs.sendall(data), theirs.shutdown(socket.SHUT_WR)))
    sender.start()
    with pytest.raises((FrameRefused, ChannelBroken)) as caught:
        FrameSocket(ours, limit=1000).receive()
    sender.join()
    return f"{type(caught.value).__name__}: {caught.value}"


def test_frames_arrive_in_order_with_their_buffers(ends):
    ours, theirs = map(FrameSocket, ends)

    ours.send({"op": "call", "names": ["ä", None, 1.5]}, [b"abc", bytearray(b"x" * 8), memoryview(b"yz")])
    ours.send({})
    first, second = theirs.receive(), theirs.receive()

    assert first.head == {"op": "call", "names": ["ä", None, 1.5]}
    assert bytes(first.buffers) == b"abc\0\0\0\0\0" + b"x" * 8 + b"yz\0\0\0\0\0\0"
    assert (second.head, bytes(second.buffers)) == ({}, b"")


def test_both_directions_count_for_themselves(ends):
    ours, theirs = map(FrameSocket, ends)

    for number in range(3):
        ours.send({"ask": number})
        assert theirs.receive().head == {"ask": number}
    theirs.send({"answer": 1})

    assert ours.receive().head == {"answer": 1}


def test_the_buffers_of_a_frame_may_be_changed_and_are_its_own(ends):
    ours, theirs = map(FrameSocket, ends)
    data = bytearray(b"12345678")

    ours.send({}, [data])
    frame = theirs.receive()
    frame.buffers[0] = 0

    assert data == b"12345678"
    assert bytes(frame.buffers) == b"\x002345678"


def test_a_large_frame_arrives_whole(ends):
    ours, theirs = map(FrameSocket, ends)
    data = bytes(range(256)) * 100_000

    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(ours.send, {"texts": ["ü" * 1000] * 1000}, [data])
        frame = theirs.receive()
        sent.result()

    assert frame.head == {"texts": ["ü" * 1000] * 1000}
    assert frame.buffers == data


@settings(deadline=None)
@given(
    st.dictionaries(st.text(), st.one_of(st.none(), st.integers(), st.floats(allow_nan=False), st.text()), max_size=5)
)
def test_any_head_arrives_as_it_was(head):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        FrameSocket(ours).send(head)

        assert FrameSocket(theirs).receive().head == head


def test_half_of_a_surrogate_pair_in_a_head_arrives(ends):
    ours, theirs = map(FrameSocket, ends)

    ours.send({"name": "\ud800é"})

    assert theirs.receive().head == {"name": "\ud800é"}


def test_a_frame_over_the_limit_is_not_sent_and_the_next_one_is(ends):
    ours, theirs = FrameSocket(ends[0], limit=100), FrameSocket(ends[1])

    with pytest.raises(TooLarge, match="A frame of 120 bytes is over the limit of 100"):
        ours.send({"a": 1}, [b"x" * 112])
    ours.send({"a": 2})

    assert theirs.receive().head == {"a": 2}


def test_a_head_of_too_many_parts_is_not_sent(ends, monkeypatch):
    monkeypatch.setattr(frames, "MAX_BRANCHES", 10)

    with pytest.raises(TooLarge, match="too many parts"):
        FrameSocket(ends[0]).send({"a": [[]] * 10})


def test_a_head_that_is_nested_too_deeply_is_not_sent(ends):
    head: dict = {}
    for _ in range(100_000):
        head = {"a": head}

    with pytest.raises(TooLarge, match="nested too deeply"):
        FrameSocket(ends[0]).send(head)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ChannelBroken: The other side closed its end."),
        (b"\1\0\0", "ChannelBroken: The other side closed its end."),
        (wire(b"{}")[:-1], "ChannelBroken: The other side closed its end."),
        (wire(b"{}", b"12345678")[:-3], "ChannelBroken: The other side closed its end."),
        (b"\xff" * 12, "FrameRefused: A frame of 4294967295 bytes is over the limit of 1000."),
        (wire(b"{}", b"x" * 999), "FrameRefused: A frame of 1001 bytes is over the limit of 1000."),
        (wire(b"{}", header_bytes=3), "FrameRefused: A header of 3 bytes in a frame of 2."),
        (wire(b"{}", sequence=1), "FrameRefused: Frame 1 came where frame 0 was due."),
        (wire(b"[]"), "FrameRefused: A header is not a JSON object."),
        (wire(b"1"), "FrameRefused: A header is not a JSON object."),
    ],
)
def test_what_is_no_frame_of_ours_is_refused(ends, data, said):
    assert refusal(ends, data) == said


@pytest.mark.parametrize(
    "header",
    [b"", b"{", b"{}{}", b"\xff", b'"\xed\xa0\x80"', b'{"a": ' + b"9" * 900 * 5 + b"}", b"{'a': 1}", b'{"a": nul}'],
    ids=repr,
)
def test_a_header_that_is_not_json_is_refused(ends, header):
    ours, theirs = ends
    theirs.sendall(wire(header))

    with pytest.raises(FrameRefused, match="A header is not JSON that we read"):
        FrameSocket(ours).receive()


def test_a_header_that_is_nested_without_end_is_refused(ends):
    ours, theirs = ends
    theirs.sendall(wire(b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}"))

    with pytest.raises(FrameRefused, match="not JSON that we read"):
        FrameSocket(ours).receive()


def test_a_header_that_would_fill_the_memory_is_refused(ends):
    ours, theirs = ends
    header = b'{"a":[' + b"{}," * 1_000_000 + b"0]}"

    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(theirs.sendall, wire(header))
        with pytest.raises(FrameRefused, match="too many parts"):
            FrameSocket(ours).receive()
        sent.result()


def test_a_header_longer_than_any_we_send_is_refused_unread(ends):
    ours, theirs = ends
    theirs.sendall(struct.pack("<III", 17 << 20, 17 << 20, 0))

    with pytest.raises(FrameRefused, match="A header of 17825792 bytes"):
        FrameSocket(ours).receive()


def test_a_frame_that_comes_again_is_refused(ends):
    ours, theirs = ends
    channel = FrameSocket(ours)
    theirs.sendall(wire(b"{}") * 2)

    assert channel.receive().head == {}
    with pytest.raises(FrameRefused, match="Frame 0 came where frame 1 was due"):
        channel.receive()


def test_nothing_is_read_after_a_refusal(ends):
    ours, theirs = ends
    channel = FrameSocket(ours)
    theirs.sendall(wire(b"[]") + wire(b"{}", sequence=1))

    with pytest.raises(FrameRefused):
        channel.receive()
    with pytest.raises(ChannelBroken, match="An earlier frame was refused or cut short"):
        channel.receive()
    with pytest.raises(ChannelBroken, match="An earlier frame was refused or cut short"):
        channel.send({})


def test_nothing_is_read_after_a_time_out_in_the_middle(ends):
    ours, theirs = ends
    channel = FrameSocket(ours)
    ours.settimeout(0.05)
    theirs.sendall(wire(b"{}")[:5])

    with pytest.raises(TimeoutError):
        channel.receive()
    with pytest.raises(ChannelBroken):
        channel.receive()


def test_sending_to_a_peer_that_is_gone_breaks_the_channel(ends):
    ours, theirs = ends
    channel = FrameSocket(ours)
    theirs.close()

    with pytest.raises(ChannelBroken, match="The other side is gone"):
        channel.send({"a": 1})


@settings(deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_a_frame_or_refused(data, is_prefixed):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(wire(data) if is_prefixed else data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            head = FrameSocket(ours, limit=1000).receive().head
        except (FrameRefused, ChannelBroken):
            return

    assert head == json.loads(data if is_prefixed else data[12:])
