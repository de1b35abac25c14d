"""Ends what nobody uses any more. Runs under supervisord; locks tell it who is left, even after a kill -9."""

import os
import signal
import sys
import time
from pathlib import Path

from upskill_stack import locks
from upskill_stack.services import Stack
from upskill_stack.site_programs import SITE

LOOK_EVERY_SECONDS = 1.0


def main(data: Path) -> None:
    """Look once a second, until supervisord ends us."""
    stack = Stack(data)
    stack.open()
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        try:
            with locks.alone_at_once(stack.guard):
                look(stack)
        except locks.Taken:
            continue  # somebody comes or goes right now
        except FileNotFoundError:  # somebody deleted the data folder, and with it all ways to ask
            os.kill(os.getppid(), signal.SIGTERM)


def look(stack: Stack) -> None:
    """Stop the site when ./run has gone, and everything when no user is left."""
    if stack.end_if_unused():
        return
    if locks.is_free(stack.demo):
        stack.supervisor.stop(*SITE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
