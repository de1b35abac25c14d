"""The organisation tree of one day, with who works where."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from upskill.people.models import Membership, Organisation, in_force

from .disclosure import Branch, Row


@dataclass
class Node:
    """An organisation, the ids of the people who work in no smaller part of it, and its parts by name."""

    organisation: Organisation
    people: list[int] = field(default_factory=list)
    parts: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """This organisation and everything below, parents first."""
        yield self
        for part in self.parts:
            yield from part.walk()


def whole_tree(organisation: Organisation, *, on: dt.date) -> Node:
    """The whole tree that an organisation in force belongs to, from its topmost ancestor down. Two queries.

    Somebody whose organisation has ended is counted in the nearest one above that has not.
    """
    family = Organisation.objects.filter(in_force(on), path__startswith=_root(organisation)).order_by("name", "code")
    nodes = {each.path: Node(each) for each in family}
    top = nodes[organisation.path]
    for path, node in nodes.items():
        above = _nearest(_parent(path), known=nodes)
        if above:
            nodes[above].parts.append(node)
        elif organisation.path.startswith(path):
            top = node
    for person, path in posts(organisation, on=on).values_list("person_id", "organisation__path"):
        above = _nearest(path, known=nodes)
        if above:
            nodes[above].people.append(person)
    return top


def posts(organisation: Organisation, *, on: dt.date) -> "QuerySet[Membership]":
    """The posts that people with an active account hold on that day, anywhere in the organisation's whole tree.

    The probe is no person and holds none.
    """
    everywhere = Membership.objects.filter(in_force(on), organisation__path__startswith=_root(organisation))
    return everywhere.filter(person__is_active=True, person__is_probe=False)


def counted(node: Node, *, place: Callable[[int], int], places: int) -> Branch:
    """The tree as counts: how many people stand at each of `places`, by what `place` says of a person's id."""
    return Branch(
        code=node.organisation.code,
        own=_row(map(place, node.people), places=places),
        children=tuple(counted(part, place=place, places=places) for part in node.parts),
    )


def _row(found: Iterator[int], *, places: int) -> Row:
    row = [0] * places
    for at in found:
        row[at] += 1
    return tuple(row)


def _root(organisation: Organisation) -> str:
    return organisation.path.partition("/")[0] + "/"


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"


def _nearest(path: str, *, known: dict[str, Node]) -> str:
    """The path itself if it is known, or the longest known one above it; empty if there is none."""
    while path.strip("/") and path not in known:
        path = _parent(path)
    return path if path in known else ""
