"""Who sits at the shell, as the operating system says it."""

import os
import pwd


def system_user() -> str:
    """The user that this process runs as; after sudo "alice, as upskill".

    For records alone: whoever runs this can make it say something else, so it opens nothing.
    """
    number = os.geteuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run as a number that has no name
        name = f"user {number}"
    before = os.environ.get("SUDO_USER", "")
    return _readable(f"{before}, as {name}" if before and before != name else name)


def _readable(name: str) -> str:
    """Without bytes that are no text, which no database stores, and no longer than anybody is called."""
    return name.encode(errors="replace").decode()[:200]
