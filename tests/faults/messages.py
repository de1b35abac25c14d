"""Sends the message that wakes a marking slot, so many times. Run beside the site: `messages.py NUMBER`."""

import sys

from upskill.celery import MARKING, app


def main(number: int) -> None:
    """Nobody counts how many lie in the broker already."""
    for _ in range(number):
        app.send_task("upskill.tasks.mark_next", queue=MARKING)


if __name__ == "__main__":
    main(int(sys.argv[1]))
