"""A page as screen readers get it: the browser's own accessibility tree, and what would be wrong with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

LANDMARKS_ONCE = ("banner", "main", "contentinfo")
LANDMARKS = {"navigation", "region", "complementary", "search"}  # a form is one only where it has a name
SAID_BY_THEIR_ROLE = {"navigation", "complementary", "search"}  # where there is one of them
CONTROLS = {
    "button", "link", "textbox", "searchbox", "spinbutton", "radio", "checkbox", "combobox", "listbox", "option",
    "DisclosureTriangle", "slider", "switch", "tab", "menuitem",
}  # fmt: skip
TABLES = {"table", "grid", "LayoutTable"}  # the last is what Chromium makes of a table without headings
CHROMIUMS_OWN = {"MenuListPopup"}  # what hangs below a select and is named by its options


@dataclass
class Node:
    """One thing that is read out: its role, its name, the level of a heading, and what is inside."""

    role: str
    name: str
    level: int = 0
    inside: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """This node and everything inside, in the order in which it is read."""
        yield self
        for node in self.inside:
            yield from node.walk()


def read(page: Page) -> Node:
    """The page's accessibility tree, without what the browser leaves out."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    root = next(node for node in nodes if "parentId" not in node)
    return _told(root, by_id)[0]


def faults(page: Page) -> list[str]:
    """Everything that would leave somebody who listens to the page without help."""
    told = list(read(page).walk())
    return [*_headings(told), *_landmarks(told), *_names(told), *_tables(told)]


def _headings(told: list[Node]) -> Iterator[str]:
    """One first heading; below it no level is left out. News about what happened may come before."""
    headings = [node for node in told if node.role == "heading"]
    first = [node.name for node in headings if node.level == 1]
    if len(first) != 1:
        yield f"first headings: {first}"
    before = 1
    for heading in headings:
        if not heading.name.strip():
            yield f"a heading of level {heading.level} says nothing"
        if heading.level > before + 1:
            yield f"“{heading.name}” is of level {heading.level} below one of level {before}"
        before = heading.level


def _landmarks(told: list[Node]) -> Iterator[str]:
    """Header, main part and footer once; where there are several of another kind, each has a name of its own."""
    for role in LANDMARKS_ONCE:
        if (count := sum(node.role == role for node in told)) != 1:
            yield f"{count} landmarks of role {role}"
    names = Counter((node.role, node.name.strip()) for node in told if node.role in LANDMARKS)
    several = Counter(role for role, _name in names.elements())
    for (role, name), count in names.items():
        if not name and (role not in SAID_BY_THEIR_ROLE or several[role] > 1):
            yield f"a landmark of role {role} without a name"
        elif count > 1:
            yield f"{count} landmarks “{name}” of role {role}"


def _names(told: list[Node]) -> Iterator[str]:
    """Each control and each picture can be called by a name."""
    for node in told:
        if node.role in CONTROLS and not node.name.strip() and not _is_empty_choice(node):
            yield f"a {node.role} without a name"
        if node.role in {"image", "img"} and not node.name.strip():
            yield "a picture without words"
    groups = [node for node in told if node.role in {"radiogroup", "group"} and _has_choices(node)]
    yield from (f"a group of {len(node.inside)} choices without a question" for node in groups if not node.name.strip())


def _tables(told: list[Node]) -> Iterator[str]:
    """Each table has headings of columns, and each heading says something."""
    for table in (node for node in told if node.role in TABLES):
        cells = list(table.walk())
        headings = [cell for cell in cells if cell.role in {"columnheader", "rowheader"}]
        if not any(cell.role == "columnheader" for cell in headings):
            yield f"table “{table.name}” has no headings of columns"
        yield from (f"table “{table.name}” has an empty heading" for cell in headings if not cell.name.strip())


def _is_empty_choice(node: Node) -> bool:
    """The first option of a select that nothing was chosen in."""
    return node.role == "option"


def _has_choices(node: Node) -> bool:
    return any(inside.role in {"radio", "checkbox"} for inside in node.inside)


def _told(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> list[Node]:
    """The node with what is inside; only what is inside, where the browser leaves the node itself out."""
    inside = [told for child in node.get("childIds", []) if child in by_id for told in _told(by_id[child], by_id)]
    role = node.get("role", {}).get("value", "")
    if node.get("ignored") or role in CHROMIUMS_OWN:
        return inside
    level = next((each["value"]["value"] for each in node.get("properties", []) if each["name"] == "level"), 0)
    return [Node(role=role, name=str(node.get("name", {}).get("value", "")), level=int(level), inside=inside)]
