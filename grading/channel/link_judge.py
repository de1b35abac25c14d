"""The judge's end of the link. Every byte that comes from the learner's process is hostile until it is checked here.

What is checked: each reply answers the request that waits for it; each value is rebuilt from a fixed set of forms; each
changed argument is still what it was lent as; budgets hold. Whatever breaks a rule trips, and the test cell is held.
"""

import ast
import os
import re
import secrets
import socket
import sys
import types
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PosixPath
from typing import Any, NoReturn

from grading.channel import estimators, library, loans
from grading.channel.exposed import Exposed
from grading.channel.forms import Json
from grading.channel.frames import Frame, FrameSocket
from grading.channel.handles import is_class, is_handle, number_of
from grading.channel.messages import Incoming, Outgoing
from grading.channel.mirrors import Mirrors
from grading.channel.names import Names
from grading.channel.raised import number_of as number_of_error
from grading.channel.raised import rebuilt
from grading.channel.refusals import BadValue, ChannelBroken, FrameRefused, NotEncodable, TooLarge
from grading.channel.reports import TestStatus
from grading.channel.shared_files import FileRefused, SharedFiles, looks_like_file
from grading.channel.stops import Hold, NotCarried, NotPlain, Stopped
from grading.channel.twins import Twins

# What reading a hostile message may raise. Anything else is a fault of ours and must be seen.
_FAULTS = (
    BadValue, FileRefused, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError,
    MemoryError, OSError,
)  # fmt: skip
_KEEPS = frozenset(
    {"name", "attribute", "item"}
)  # what is read so stays the learner's own: a test's changes to it travel


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What one test cell may ask of the learner's process."""

    calls: int = 20_000  # questions and answers, both ways
    megabytes: int = 256  # that come from there
    depth: int = 40  # of functions of the test that the learner's code calls while they call it


class JudgeEnd:
    """Asks the learner's process for names, calls and attributes, on behalf of test cells.

    `names` is the namespace of the tests. `sources` are the learner's cells as handed in, for `inspect.getsource`.
    `root` is the folder in which the tests run.
    """

    def __init__(self, sock: socket.socket, *, budget: Budget | None = None, root: Path | None = None) -> None:
        self.names = Names(self)
        self.mirrors = Mirrors(self)
        self.sources: list[str] = []
        self.made_by_test: set[int] = set()  # handles that a test got by calling a class of the learner's
        self.unchanged = object()
        self._budget = budget or Budget()
        self._link = FrameSocket(sock)
        self._twins = Twins("t")
        self._exposed = Exposed(self)
        self._files = SharedFiles(root or Path.cwd())
        self._calls = 0
        self._bytes = 0
        self._tripped: str | None = None
        self._stopped: str | None = None
        self._refused: NotPlain | None = None

    # ------------------------------------------------------------------ one test cell

    def begin(self, source: str) -> None:
        """A test cell starts: its budget is whole, and the files that it names are kept in step."""
        self.names.begin()
        self._calls = self._bytes = 0
        self._tripped = self._stopped = self._refused = None
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and type(node.value) is str and looks_like_file(node.value):
                self._watch(node.value)
        if self._files.watched():
            try:
                self.names_there()
            except (Hold, Stopped):
                return  # remembered, and part of the report

    def overruled(self, ended: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the report says whatever the test made of it: a tripwire, an end, or a refusal that it swallowed."""
        if self._tripped is not None:
            return {"status": TestStatus.HOLD, "reason": self._tripped}
        if self._stopped is not None:
            return {"status": TestStatus.STOPPED, "reason": self._stopped}
        if self._refused is not None and ended["status"] is TestStatus.PASSED and ended.get("score") is None:
            return {"status": TestStatus.FAILED, "error": "NotPlain", "message": str(self._refused)}
        return None

    def spent(self) -> dict[str, Any]:
        """Calls made and bytes received since `begin`."""
        return {"calls": self._calls, "bytes": self._bytes}

    def trip(self, why: str) -> NoReturn:
        """Hold the mark of this test cell. Never returns."""
        self._tripped = self._tripped or why[:500]
        raise Hold(why[:500])

    def stop(self, why: str) -> NoReturn:
        """End this test cell because the learner's process cannot go on. Never returns."""
        self._stopped = self._stopped or why
        raise Stopped(why)

    def refuse(self, problem: NotPlain) -> NoReturn:
        """Refuse to treat an object as a plain value. Never returns."""
        self._refused = self._refused or problem
        raise problem

    # ------------------------------------------------------------------ questions

    def fetch(self, name: str, *, shared: bool, has: bool) -> Any:
        """The value of a learner's global name. Raises KeyError if there is none."""
        reply = self._request({"op": "name", "name": name, "has": has}, [], carries=shared)
        if reply.head.get("missing") is True:
            raise KeyError(name)
        if has and reply.head.get("same") is True:
            return self.unchanged
        return self._value(reply, [])

    def names_there(self) -> list[str]:
        """The learner's global names."""
        names = self.value("names")
        if type(names) is not list or not all(type(name) is str for name in names):
            self.trip("The list of names is none.")
        return names

    def value(self, op: str, *args: object, of: int | None = None, **head: Any) -> Any:
        """What the learner's end gives for one operation on the object of this number."""
        own: list[Json] = [] if of is None else [{"link.mine": of}]
        reply = self._request({"op": op, **head}, own, args, carries=op in _KEEPS or op == "attributes")
        return self._value(reply, [])

    def call(self, number: int, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """What a function or class of the learner's gives. Arguments that it changes are changed here too."""
        own: list[Json] = [{"link.mine": number}]
        reply = self._request({"op": "call"}, own, args, kwargs, carries=False)
        lent = [None, *args, *kwargs.values()]
        try:
            changes = [(place, reply.get(tree)) for place, tree in reply.head.get("changed", [])]
        except _FAULTS as problem:
            self.trip(f"Changed arguments: {problem}")
        for place, new in changes:
            self._give_back(lent, place, new)
        return self._value(reply, lent)

    def pyplot(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """What a function of pyplot gives in the learner's process, where the figures are."""
        return self._value(self._request({"op": "pyplot", "name": name}, [], args, kwargs, carries=False), [])

    def _give_back(self, lent: list[Any], place: object, new: object) -> None:
        if type(place) is not int or not 0 < place < len(lent) or not loans.is_loan(lent[place]):
            self.trip("An argument came back that was never lent.")
        try:
            loans.give_back(lent[place], new)
        except (loans.WrongReturn, TypeError, AttributeError) as problem:
            self.trip(str(problem))

    def _value(self, reply: Incoming, lent: list[Any]) -> Any:
        tree = reply.head.get("value")
        try:
            if type(tree) is dict and "link.argument" in tree:
                place = tree["link.argument"]
                if type(place) is not int or not 0 < place < len(lent) or not loans.is_loan(lent[place]):
                    raise BadValue("What was returned is no argument.")
                return lent[place]
            if type(tree) is dict and "link.path" in tree:
                return self._path(tree["link.path"])
            return reply.get(tree)
        except _FAULTS as problem:
            self.trip(f"A value: {problem}")

    # ------------------------------------------------------------------ one request and its reply

    def _request(
        self,
        head: dict[str, Any],
        own: list[Json],
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
        *,
        carries: bool,
    ) -> Incoming:
        if self._tripped is not None:
            raise Hold(self._tripped)
        token = secrets.token_hex(6)
        out = Outgoing(self._twins, self._form)
        try:
            trees = [*own, *(self._argument(arg, out) for arg in args)]
            named = [[key, self._argument(value, out)] for key, value in (kwargs or {}).items()]
            self._send(head | {"args": trees, "kwargs": named, "re": token, "patched": self._exposed.patched()}, out)
        except (NotEncodable, TooLarge) as problem:
            raise NotCarried(str(problem)) from None
        reply = self._reply(token, carries=carries)
        self._raise_if_failed(reply)
        return reply

    def _argument(self, value: object, out: Outgoing) -> Json:
        """A value that the test hands over; for a path to a file, also the file."""
        if type(value) in (str, PosixPath) and (name := self._files.relative(value)):
            text = str(value)
            if os.path.isabs(text):
                self._watch(text)
                return {"link.path": [name, type(value).__name__, os.path.isdir(text)]}
            if looks_like_file(text) or os.path.exists(text):
                self._watch(text)
        return out.put(value)

    def _watch(self, path: str) -> None:
        if name := self._files.relative(path):
            self._files.watch(name)

    def _send(self, head: dict[str, Any], out: Outgoing) -> None:
        self._count()
        if watched := self._files.watched():
            head["watch"] = watched
            if files := [[name, out.put(content)] for name, content in self._files.changed()]:
                head["files"] = files
        try:
            out.send(self._link, head)
        except ChannelBroken:
            self.stop("The learner's process has ended.")
        except OSError:
            self.stop("The learner's process took too long to listen.")

    def _reply(self, token: str, *, carries: bool) -> Incoming:
        while True:
            message = self._receive(carries=carries)
            if message.head.get("re") != token:
                self.trip("A reply to another question.")
            if "ask" not in message.head:
                return message
            self._answer(message)

    def _receive(self, *, carries: bool) -> Incoming:
        try:
            frame = self._link.receive()
        except ChannelBroken:
            self.stop("The learner's process has ended.")
        except FrameRefused as problem:
            self.trip(f"A frame: {problem}")
        except OSError:
            self.stop("The learner's process took too long to answer.")
        self._bytes += len(frame.buffers) + 100
        if self._bytes > self._budget.megabytes << 20:
            self.stop("The answers are too large.")
        try:
            return self._read_message(frame, carries=carries)
        except _FAULTS as problem:
            self.trip(f"A message: {problem}")

    def _read_message(self, frame: Frame, *, carries: bool) -> Incoming:
        message = Incoming(frame, self._twins, self._read, carries=carries or "ask" in frame.head, theirs="s")
        for name, tree in message.head.get("files", []):
            self._files.take(name, message.get(tree))
        self.names.stale(message.head.get("stale", []))
        printed = message.head.get("out", "")
        if type(printed) is not str:
            raise BadValue("What was printed is no text.")
        sys.stdout.write(printed)
        for described, text in message.head.get("warned", []):
            self._warn(self.mirrors.class_of(described), str(text))
        return message

    def _warn(self, kind: type, text: str) -> None:
        if not issubclass(kind, Warning):
            raise BadValue("A warning is of no kind of warning.")
        warnings.warn_explicit(text, kind, "<learner>", 1)

    def _answer(self, request: Incoming) -> None:
        self._count()
        if self._exposed.depth >= self._budget.depth:
            self.stop("The test and the learner's code call each other without end.")
        try:
            found = self._exposed.answer(request)
        except _FAULTS as problem:
            self.trip(f"A question: {problem}")
        out = Outgoing(self._twins, self._form)
        try:
            if "answer" in found:
                found["answer"] = out.put(found["answer"])
        except (NotEncodable, TooLarge, NotCarried) as problem:
            out, found = Outgoing(self._twins, self._form), {"failed": [None, str(problem)]}
        self._send(found, out)

    def _raise_if_failed(self, reply: Incoming) -> None:
        head = reply.head
        if "refused" in head:
            raise NotCarried(str(head["refused"])[:500])
        if "raised" not in head:
            return
        try:
            problem = rebuilt(self, head["raised"], reply)
        except _FAULTS as fault:
            self.trip(f"An exception: {fault}")
        if isinstance(problem, KeyboardInterrupt | GeneratorExit):
            self.stop("The learner's code was stopped because it took too long.")
        raise problem

    def _count(self) -> None:
        self._calls += 1
        if self._calls > self._budget.calls:
            self.stop("The test and the learner's code called each other too often.")

    # ------------------------------------------------------------------ objects, both ways

    def _form(self, value: object, out: Outgoing) -> Json:
        """The tree for an object that is no plain value. Raises NotCarried."""
        if is_handle(value):
            return {"link.mine": number_of(value)}
        if is_class(value):
            return {"link.mine": value._Handle__info.number}  # type: ignore[attr-defined]
        if (number := number_of_error(value)) is not None:
            return {"link.mine": number}
        if isinstance(value, BaseException) and (named := library.name_of(type(value))):
            return {"link.error": [list(named), [out.put(arg) for arg in value.args]]}
        if (estimator := estimators.form(value, out)) is not None:
            return {"link.estimator": estimator}
        if loans.is_loan(value) and not estimators.is_estimator(value):
            return loans.form(value, out)
        if type(value) is re.Pattern:
            return {"link.regex": [value.pattern, value.flags]}
        if isinstance(value, types.ModuleType) and library.is_library(value.__name__):
            return {"link.module": value.__name__}
        if named := library.name_of(value):
            return {"link.library": list(named)}
        return self._exposed.form(value)

    def _read(self, tag: str, payload: Json, message: Incoming) -> object:
        """The object for a tree that is no plain value. Raises BadValue and the like."""
        if tag == "link.object":
            return self.mirrors.handle(payload)
        if tag == "link.class":
            return self.mirrors.class_of(payload)
        if tag == "link.library" and type(payload) is list and len(payload) == 2:
            return library.resolve(*payload)
        if tag == "link.module":
            return library.module_named(payload)
        if tag == "link.error":
            return rebuilt(self, payload, message)
        if tag == "link.yours":
            return self._exposed.get(payload)
        if tag == "link.estimator":
            return estimators.read(payload, message)
        if tag in loans.TAGS:
            return loans.read(tag, payload, message)
        raise BadValue(f"A value has the tag {tag[:40]}.")

    def _path(self, payload: Any) -> str | Path:
        name, kind, is_folder = payload
        if type(name) is not str or self._files.relative(name) != name:
            raise BadValue("A path leads elsewhere.")
        self._files.watch(name)
        place = self._files.root / name
        if is_folder is True:
            place.mkdir(parents=True, exist_ok=True)
        return str(place) if kind == "str" else place
