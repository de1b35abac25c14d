"""A list of what a page can show instead, one of which is shown: components/choices.html."""

from typing import NamedTuple


class Choice(NamedTuple):
    """One of them: its words, the address that shows it, and whether that is what is shown."""

    title: str
    address: str
    is_current: bool
