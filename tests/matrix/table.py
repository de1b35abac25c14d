"""The table of who may what, read from table.txt, and the addresses that the service really has."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

FILE = Path(__file__).with_name("table.txt")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
WORDS = ("ok", "go", "done", "sign-in", "no", "none", "now", "gone", "down")
PUBLIC = ("-", "course", "key")  # what an address may name without belonging to one department


@dataclass(frozen=True)
class Row:
    """One line: what each role gets for one method of one address, maybe in a certain case."""

    address: str  # as in the table: trainer:submission+guest
    method: str
    of: str
    cells: dict[str, str]  # role -> word

    @property
    def name(self) -> str:
        """The name of the URL pattern."""
        return self.address.partition("+")[0]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the line speaks of."""
        if self.method == "any":
            return METHODS
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)

    def __str__(self) -> str:
        return f"{self.address} {self.method}"


def read(text: str) -> list[Row]:
    """The lines of the table. Raises ValueError, naming the line, for one that cannot be right."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    heading, *rest = lines
    if heading[:3] != ["address", "method", "of"]:
        raise ValueError(f"The table begins with {heading[:3]}, not with its heading.")
    return [_row(line, roles=heading[3:]) for line in rest]


def _row(line: list[str], *, roles: list[str]) -> Row:
    if len(line) != len(roles) + 3:
        raise ValueError(f"{line[:2]} has {len(line) - 3} cells; there are {len(roles)} roles.")
    address, method, of, *words = line
    unknown = set(words) - set(WORDS) | {method} - {*METHODS, "any"}
    if unknown:
        raise ValueError(f"{address} {method} has {sorted(unknown)}; the words are {', '.join(WORDS)}.")
    return Row(address=address, method=method, of=of, cells=dict(zip(roles, words, strict=True)))


ROWS = read(FILE.read_text(encoding="utf-8"))
ROLES = tuple(ROWS[0].cells)


def addresses() -> dict[str, tuple[str, ...]]:
    """Name of each URL pattern -> its parameters. A pattern without a name goes by the name of its view."""
    found: dict[str, tuple[str, ...]] = {}
    for name, parameters in _patterns(get_resolver(), spaces=(), parameters=()):
        if name in found:
            raise ValueError(f"Two URL patterns are called {name}. Give each a name of its own.")
        found[name] = parameters
    return found


def _patterns(
    resolver: URLResolver, *, spaces: tuple[str, ...], parameters: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        here = (*parameters, *_parameters(entry))
        if isinstance(entry, URLResolver):
            inside = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _patterns(entry, spaces=inside, parameters=here)
        else:
            yield ":".join([*spaces, entry.name or entry.callback.__name__]), here


def _parameters(entry: URLPattern | URLResolver) -> tuple[str, ...]:
    if isinstance(entry.pattern, RegexPattern):
        return tuple(entry.pattern.regex.groupindex)
    return tuple(entry.pattern.converters)
