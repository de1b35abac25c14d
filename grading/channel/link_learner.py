"""The learner's end of the link: answers what the judge's end asks of the learner's names and objects.

It runs beside the learner's code, which may rewrite it. So nothing here protects anything: the judge's end believes no
byte of it. What matters here is that honest work arrives whole.
"""

import contextlib
import importlib
import io
import os
import re
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PosixPath
from typing import Any

from grading.channel import estimators, library, loans
from grading.channel.forms import Json
from grading.channel.frames import Frame, FrameSocket
from grading.channel.learner_objects import Objects
from grading.channel.learner_operations import OPERATIONS, NameMissing
from grading.channel.messages import Incoming, Outgoing
from grading.channel.refusals import BadValue, NotEncodable, TooLarge
from grading.channel.remote import Remote, remote
from grading.channel.shared_files import SharedFiles
from grading.channel.twins import Twins

MAX_STDOUT = 1 << 20  # characters of what one call prints
_ABSENT = object()


class Failed(Exception):
    """What the learner's code sees when a function of the test's own raised an exception."""


class LearnerEnd:
    """Serves one learner's namespace. Call `serve_one` when `fileno` is readable.

    `root` is the folder in which the learner's code runs; files that tests use lie below it.
    """

    def __init__(self, sock: socket.socket, namespace: dict[str, Any], *, root: Path | None = None) -> None:
        self.namespace = namespace
        self.objects = Objects()
        self.told: dict[str, Any] = {}  # names that the judge knows, and the objects they were bound to
        self._sock = sock
        self._link = FrameSocket(sock)
        self._twins = Twins("s")
        self._remotes: dict[int, Remote] = {}
        self._files = SharedFiles(root or Path.cwd())
        self._printed = io.StringIO()
        self._warned: list[warnings.WarningMessage] = []
        self._states: dict[str, tuple[int, bytes]] = {}
        self._token: Json = None  # of the request being served

    def fileno(self) -> int:
        """For select: readable when the judge's end asks something."""
        return self._sock.fileno()

    def serve_one(self) -> None:
        """Answer one request, with all that is asked back and forth in it. Raises ChannelBroken."""
        self._serve(self._link.receive())

    def ask(self, head: dict[str, Any], args: Sequence[object], kwargs: Mapping[str, object]) -> Any:
        """What the test's own function or object answers. Requests that it makes meanwhile are served."""
        out = Outgoing(self._twins, self._form)
        head |= {"re": self._token, "args": [out.put(arg) for arg in args]}
        head["kwargs"] = [[key, out.put(value)] for key, value in kwargs.items()]
        self._send(head, out)
        while True:
            frame = self._link.receive()
            if "op" in frame.head:
                self._serve(frame)
                continue
            answer = self._incoming(frame)
            if "failed" in answer.head:
                self._raise(*answer.head["failed"])
            return answer.get(answer.head.get("answer"))

    def _serve(self, frame: Frame) -> None:
        before = self._token
        self._token = frame.head.get("re")
        try:
            self._answer(frame)
        finally:
            self._token = before

    def _answer(self, frame: Frame) -> None:
        out = Outgoing(self._twins, self._form)
        reply: dict[str, Any] = {}
        try:
            with self._watching(frame.head):
                reply = self._operate(frame, out)
        except NameMissing:
            reply = {"missing": True}
        except BaseException as problem:  # noqa: BLE001 (whatever the learner's code raises is the answer)
            out = Outgoing(self._twins, self._form)
            reply = {"raised": self.objects.error(problem, out)}
        try:
            self._send(reply | {"re": self._token}, out)
        except (NotEncodable, TooLarge) as problem:
            self._send({"refused": str(problem), "re": self._token}, Outgoing(self._twins, self._form))

    def _operate(self, frame: Frame, out: Outgoing) -> dict[str, Any]:
        incoming = self._incoming(frame)
        head = incoming.head
        self._take_files(incoming)
        args = [incoming.get(tree) for tree in head.get("args", [])]
        kwargs = {key: incoming.get(tree) for key, tree in head.get("kwargs", [])}
        lent = [
            (place, arg, loans.state(arg)) for place, arg in enumerate([*args, *kwargs.values()]) if loans.is_loan(arg)
        ]
        value = OPERATIONS[head["op"]](self, head, *args, **kwargs)
        if head["op"] == "name" and self._is_known(head, value):
            return {"same": True}
        lent = [row for row in lent if _still_travels(row[1])]
        changed = [(place, arg) for place, arg, before in lent if loans.state(arg) != before]
        places = {id(arg): place for place, arg, _ in lent}
        try:
            reply: dict[str, Any] = {"value": self._result(value, places, out)}
            if changed:
                reply["changed"] = [[place, _loan_form(arg, out)] for place, arg in changed]
        except (NotEncodable, TooLarge) as problem:
            return {"refused": str(problem)}
        return reply

    def _is_known(self, head: dict[str, Any], value: object) -> bool:
        """Whether the judge has this table or array already, as it is now."""
        if not loans.is_written(value):
            return False
        before = self._states.get(head["name"])
        now = self._states[head["name"]] = (id(value), loans.state(value))
        return head.get("has") is True and now == before

    def _result(self, value: object, places: dict[int, int], out: Outgoing) -> Json:
        if id(value) in places:
            return {"link.argument": places[id(value)]}
        if (
            type(value) in (str, PosixPath)
            and os.path.isabs(text := str(value))
            and (name := self._files.relative(text))
        ):
            return {"link.path": [name, type(value).__name__, os.path.isdir(text)]}
        return out.put(value)

    def _send(self, head: dict[str, Any], out: Outgoing) -> None:
        if printed := self._printed.getvalue():
            head["out"] = printed[:MAX_STDOUT]
            self._printed.seek(0)
            self._printed.truncate()
        if stale := [name for name, value in self.told.items() if self._is_stale(name, value)]:
            head["stale"] = stale
            for name in stale:
                del self.told[name]
        if files := [[name, out.put(content)] for name, content in self._files.changed()]:
            head["files"] = files
        if self._warned:
            head["warned"] = [self._warning(warning, out) for warning in self._warned[:100]]
            self._warned.clear()
        out.send(self._link, head)

    def _is_stale(self, name: str, value: object) -> bool:
        return self.namespace.get(name, _ABSENT) is not value or loans.is_loan(value)

    def _warning(self, warning: warnings.WarningMessage, out: Outgoing) -> list[Json]:
        return [self.objects.class_form(warning.category, out), str(warning.message)[:1000]]

    def _form(self, value: object, out: Outgoing) -> Json:
        return self.objects.form(value, out)

    def _incoming(self, frame: Frame) -> Incoming:
        return Incoming(frame, self._twins, self._read, carries=True, theirs="t")

    def _read(self, tag: str, payload: Any, incoming: Incoming) -> object:
        if tag == "link.mine":
            return self.objects.get(payload)
        if tag == "link.remote":
            number, *rest = payload
            if number not in self._remotes:
                self._remotes[number] = remote(self, number, *rest)
            return self._remotes[number]
        if tag == "link.library":
            module, name = payload
            importlib.import_module(module)
            return library.resolve(module, name)
        if tag == "link.module":
            return importlib.import_module(payload)
        if tag == "link.path":
            return self._path(*payload)
        return self._made(tag, payload, incoming)

    def _made(self, tag: str, payload: Any, incoming: Incoming) -> object:
        if tag == "link.estimator":
            return estimators.read(payload, incoming)
        if tag == "link.error":
            return library.resolve(*payload[0])(*(incoming.get(arg) for arg in payload[1]))
        if tag in loans.TAGS:
            return loans.read(tag, payload, incoming)
        if tag == "link.regex":
            return re.compile(*payload)
        raise BadValue(f"The judge sent a {tag}.")

    def _path(self, name: str, kind: str, is_folder: bool) -> str | Path:
        self._files.watch(name)
        place = self._files.root / name
        (place if is_folder else place.parent).mkdir(parents=True, exist_ok=True)
        return str(place) if kind == "str" else place

    def _take_files(self, incoming: Incoming) -> None:
        for name in incoming.head.get("watch", []):
            self._files.watch(name)
        for name, tree in incoming.head.get("files", []):
            self._files.watch(name)
            self._files.take(name, incoming.get(tree))

    def _raise(self, named: tuple[str, str] | None, text: str) -> None:
        kind: Any = Failed
        if named:
            with contextlib.suppress(LookupError):
                kind = library.resolve(*named)
        raise kind(text)

    @contextlib.contextmanager
    def _watching(self, head: dict[str, Any]) -> Iterator[None]:
        """Catch what the learner's code prints and warns of, and put the test's patches in place."""
        undo = []
        for number, (module, name) in enumerate(head.get("patched", [])):
            owner = sys.modules[module]
            undo.append((owner, name, getattr(owner, name)))
            setattr(owner, name, _Patched(self, number, name))
        try:
            with contextlib.redirect_stdout(self._printed), warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                try:
                    yield
                finally:
                    self._warned += caught
        finally:
            for owner, name, old in undo:
                setattr(owner, name, old)


def _still_travels(value: object) -> bool:
    """False for an estimator that a call has fitted into something that stays here."""
    return not estimators.is_estimator(value) or estimators.travels(value)


def _loan_form(value: object, out: Outgoing) -> Json:
    if loans.is_written(value) or estimators.is_estimator(value):
        return out.put(value)
    return loans.form(value, out)


class _Patched:
    """Stands where the test has patched a library's function for the time of a call."""

    def __init__(self, end: LearnerEnd, number: int, name: str) -> None:
        self._end, self._number, self.__name__ = end, number, name

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._end.ask({"ask": "patched", "of": self._number, "name": "__call__"}, args, kwargs)
