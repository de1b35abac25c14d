"""One message of the link: values written into a frame and read out of one, with the containers that both sides share.

A head has `twins`: [number, kind, extra, tree of the contents] for each container that is new or changed, and `gone`:
the numbers that the sender can no longer reach. Where a container stands in a value, its tree is {"link.twin": number}.
"""

from collections.abc import Callable
from typing import Any

from grading.channel.codec import Decoder, Encoder
from grading.channel.forms import Json
from grading.channel.frames import Frame, FrameSocket
from grading.channel.refusals import BadValue
from grading.channel.twins import Mark, Twin, Twins, empty, extra_of, holds, refill

MAX_NUMBER = 24  # characters of a container's number
TWIN = "link.twin"


class Outgoing:
    """A message that is being written. `other` gives the trees of objects that are no plain values."""

    def __init__(self, twins: Twins, other: "Callable[[object, Outgoing], Json]") -> None:
        self._encoder = Encoder(self._form)
        self._twins = twins
        self._other = other
        self._new: list[Twin] = []

    def put(self, value: object, *, carries: bool = True) -> Json:
        """The tree for a value. With `carries`, later changes made on this side to its containers are told as well."""
        return self._encoder.encode(self._twins.marked(value, carries=carries, new=self._new))

    def encode(self, value: object) -> Json:
        """The same, under the encoder's name for it."""
        return self.put(value)

    def send(self, link: FrameSocket, head: dict[str, Any]) -> None:
        """Add the containers and send. Raises ChannelBroken, TooLarge, NotEncodable."""
        rows = []
        waiting = {twin.number: twin for twin in (*self._twins.changed(), *self._new)}
        self._new.clear()
        while waiting:
            _, twin = waiting.popitem()
            rows.append(self._row(twin))
            waiting |= {new.number: new for new in self._new}
            self._new.clear()
        if rows:
            head["twins"] = rows
        if gone := self._twins.unreachable():
            head["gone"] = gone
        link.send(head, self._encoder.buffers)

    def _row(self, twin: Twin) -> list[Json]:
        extra = self._encoder.encode(extra_of(twin.value))
        content = self._encoder.encode(self._twins.content(twin, new=self._new))
        return [twin.number, type(twin.value).__name__, extra, content]

    def _form(self, value: object) -> Json:
        if type(value) is Mark:
            return {TWIN: value.number}
        return self._other(value, self)


class Incoming:
    """A message that has arrived. Raises BadValue for whatever is not written as this module writes it."""

    def __init__(
        self,
        frame: Frame,
        twins: Twins,
        other: "Callable[[str, Json, Incoming], object]",
        *,
        carries: bool,
        theirs: str,
    ) -> None:
        self.head = frame.head
        self._decoder = Decoder(frame.buffers, self._read)
        self._twins = twins
        self._other = other
        self._carries = carries
        self._theirs = theirs
        self._leaving: dict[str, Any] = {}  # containers that this message shows for the last time
        self._take_twins(frame.head.get("twins", []))
        self._let_go(frame.head.get("gone", []))

    def get(self, tree: Json) -> Any:
        """The value of a tree of this message."""
        return self._decoder.decode(tree)

    def _take_twins(self, rows: object) -> None:
        if type(rows) is not list:
            raise BadValue("The containers of a message are no list.")
        found = [(self._twin(row), row[3]) for row in rows]
        for twin, tree in found:
            new = self.get(tree)
            if not holds(twin.value, new):
                raise BadValue(f"A {type(twin.value).__name__} came back as a {type(new).__name__}.")
            refill(twin.value, new)
        for twin, _ in found:
            self._twins.content(twin, new=[])

    def _twin(self, row: object) -> Twin:
        """The container that a row is about, made if the other side has just numbered it."""
        if type(row) is not list or len(row) != 4:
            raise BadValue("A container is not described by four things.")
        number, kind, extra, _ = row
        twin = self._twins.get(number)
        if twin is not None:
            return twin
        if type(number) is not str or not number.startswith(self._theirs) or len(number) > MAX_NUMBER:
            raise BadValue("A container has a number that its side cannot give.")
        try:
            return self._twins.add(number, empty(kind, self.get(extra)), carries=self._carries)
        except (KeyError, TypeError, ValueError, OverflowError) as problem:
            raise BadValue("A container is of no kind that travels.") from problem

    def _let_go(self, numbers: object) -> None:
        if type(numbers) is not list:
            raise BadValue("The containers that are gone are no list.")
        for number in numbers:
            if twin := self._twins.get(number):
                self._leaving[twin.number] = twin.value
        self._twins.forget(numbers)

    def _read(self, tag: str, payload: Json) -> object:
        if tag != TWIN:
            return self._other(tag, payload, self)
        if type(payload) is str and payload in self._leaving:
            return self._leaving[payload]
        twin = self._twins.get(payload)
        if twin is None:
            raise BadValue("A container was never sent.")
        twin.carries = twin.carries or self._carries
        return twin.value
