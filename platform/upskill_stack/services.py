"""PostgreSQL and Valkey for as long as somebody needs them.

./run, every `manage.py` command and ./test take a place among the users of one data folder's servers. The first one
starts them, the last one stops them. A user that is killed loses its place at once, and the keeper stops what nobody
uses.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType

from upskill_stack import locks, postgres, valkey
from upskill_stack.folders import Folders, check_space, open_data, open_folders, remove_short_sockets
from upskill_stack.problems import in_plain_words
from upskill_stack.supervision import IN_TROUBLE, UP, Supervisor, wait_until

SERVER_OF = {"DATABASE_URL": postgres, "CELERY_BROKER_URL": valkey}


class Stack:
    """The stack of one data folder, seen by one of its users."""

    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.folders: Folders
        self.supervisor: Supervisor

    @property
    def guard(self) -> Path:
        """Held alone by whoever comes, goes or looks whether somebody is left: one at a time."""
        return self.data / "stack.lock"

    @property
    def users(self) -> Path:
        """Held together by everybody who uses the stack."""
        return self.data / "users.lock"

    @property
    def demo(self) -> Path:
        """Held alone by ./run; its web address is inside."""
        return self.data / "run.lock"

    def open(self) -> None:
        """Find the folders and the supervisor. Call it under the guard."""
        self.folders = open_folders(self.data)
        self.supervisor = Supervisor(self.folders)

    def end_if_unused(self) -> bool:
        """Stop everything when nobody uses it any more. Call it under the guard."""
        if not locks.is_free(self.users):
            return False
        self.supervisor.shut_down()
        remove_short_sockets(self.folders)
        return True


@contextmanager
def running(
    data: Path,
    *,
    environment: Mapping[str, str] = os.environ,
    durable: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[dict[str, str]]:
    """Keep the servers up that `environment` names no address for; gives the addresses to add to it.

    Safe to use many times at once, in one process or in many. Refuses with a StackProblem.
    """
    missing = {name: server for name, server in SERVER_OF.items() if not environment.get(name)}
    if not missing:
        yield {}
        return
    with joined(data) as stack:
        with locks.alone(stack.guard):
            _bring_up(stack, list(missing.values()), durable=durable, say=say)
        yield {name: server.url(stack.folders) for name, server in missing.items()}


@contextmanager
def joined(data: Path) -> Iterator[Stack]:
    """Be a user of the stack in `data`, with its supervisor up; the last user to leave stops everything."""
    stack = Stack(data)
    open_data(stack.data)
    with locks.alone(stack.guard), in_plain_words(stack.data):
        check_space(stack.data)
        stack.open()
        if not stack.supervisor.answers():
            stack.supervisor.start()
        place = locks.Share(stack.users)
    try:
        yield stack
    finally:
        place.give_up()
        with locks.alone(stack.guard):
            stack.end_if_unused()


def _bring_up(stack: Stack, servers: list[ModuleType], *, durable: bool, say: Callable[[str], None]) -> None:
    """Start those servers that do not run, and wait until all of them answer."""
    for server in servers:
        if stack.supervisor.state(server.NAME) not in UP:
            say(f"Starting {server.TITLE}")
            stack.supervisor.run(server.prepare(stack.folders, durable=durable))
    for server in servers:
        wait_until(
            partial(server.is_ready, stack.folders),
            alive=partial(_not_in_trouble, stack.supervisor, server.NAME),
            seconds=120,
            what=server.TITLE,
            log=stack.folders.logs / f"{server.NAME}.log",
        )


def _not_in_trouble(supervisor: Supervisor, name: str) -> bool:
    return supervisor.state(name) not in IN_TROUBLE
