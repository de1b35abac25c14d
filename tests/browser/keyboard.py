"""Somebody without a mouse: Tab, Shift+Tab, Enter, Space, arrows and typing, and nothing else.

Every stop on the way is checked: one must see where one is, and nothing may lie over it.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import FileChooser, Page, expect

from .reader import Reader

MOST_TABS = 60  # more is no way to reach something
MOST_ARROWS = 30
NOWHERE = "document.activeElement === document.body"

# The focus as the browser shows it: styles of the control, of its label and of what is drawn before them, with focus
# and without. `keyboard` lets the browser show it as it does for people who use one.
SHOWN = """
(element) => {
  const label = element.labels?.[0];
  const drawn = () => [[element, null], [element, "::before"], [element, "::after"], [label, null], [label, "::before"]]
    .filter(([each]) => each)
    .map(([each, pseudo]) => {
      const style = getComputedStyle(each, pseudo);
      const outline = style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 ? "" : style.outlineColor;
      const border = style.borderColor + style.borderWidth;
      const line = /^rgba\\(.*, 0\\)$/.test(outline) ? "" : outline;
      return [line, style.boxShadow, style.backgroundColor, border].join("|");
    }).join(" ");
  const focused = drawn();
  element.blur();
  const blurred = drawn();
  element.focus({ preventScroll: true });
  return focused !== blurred;
}
"""
# Where the control is on the screen, and whether a finger put there would hit it or its label.
UNCOVERED = """
(element) => [...element.getClientRects()].some((box) => { // a link that is broken into lines has a box for each
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  if (right - left < 1 || bottom - top < 1) return false;
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  return points.some(([x, y]) => {
    const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return hit && (element.contains(hit) || [...(element.labels ?? [])].some((label) => label.contains(hit)));
  });
})
"""


@dataclass(frozen=True)
class Stop:
    """What has the focus: its role and name, as a screen reader says them."""

    role: str
    name: str


def _is_looked_after(chooser: FileChooser) -> None:
    """Whoever expects it fills it in."""


class Keyboard:
    """Hands on a keyboard, in front of a reader's page."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.page = reader, reader.page
        self.session = self.page.context.new_cdp_session(self.page)
        self.page.on("filechooser", _is_looked_after)  # from now on, not from the moment in which one is expected

    def press(self, *keys: str) -> None:
        """These keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """The text, instead of whatever stands in the field."""
        self.press("Control+a")
        self.page.keyboard.type(text)

    def where(self) -> Stop:
        """What has the focus now. Fails if nothing has it."""
        element = self._focused()
        known = self.session.send("Accessibility.getPartialAXTree", {"objectId": element, "fetchRelatives": False})
        node = known["nodes"][0]
        return Stop(node["role"]["value"], str(node.get("name", {}).get("value", "")).strip())

    def tab_to(self, name: str | re.Pattern[str], *, role: str = "", back: bool = False, most: int = MOST_TABS) -> Stop:
        """Press Tab (Shift+Tab with `back`) until the control with this name has the focus."""
        passed = []
        for _press in range(most):
            self.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate(NOWHERE):  # at the browser's own controls, which come after the last of the page
                passed.append("the browser")
                continue
            stop = self.look()
            if role in {"", stop.role} and _fits(stop.name, name):
                return stop
            passed.append(f"{stop.role} “{stop.name}”")
        raise AssertionError(f"{most} presses of Tab do not reach “{name}”: {', '.join(passed)}")

    def open(self, name: str | re.Pattern[str], *, role: str = "link", most: int = MOST_TABS) -> None:
        """Tab to a link (or a control of another role), press Enter, and be on the page that it leads to."""
        self.tab_to(name, role=role, most=most)
        with self.page.expect_navigation():
            self.press("Enter")

    def press_button(self, name: str | re.Pattern[str], *, key: str = "Enter") -> None:
        """Tab to a button that sends a form, press it, and be on the page that comes."""
        self.tab_to(name, role="button")
        with self.page.expect_navigation():
            self.press(key)

    def arrow_to(self, name: str | re.Pattern[str], *, key: str = "ArrowDown") -> Stop:
        """From one radio of a group, the arrow keys until the one with this name has focus; that chooses it."""
        if _fits(self.where().name, name):
            self.press("Space")
        for _press in range(MOST_ARROWS):
            stop = self.look()
            if _fits(stop.name, name):
                return stop
            self.press(key)
        raise AssertionError(f"The arrow keys do not reach “{name}”")

    def choose_file(self, file: Path) -> None:
        """With the focus on a field for files: Enter opens the chooser, where this file is taken."""
        with self.page.expect_file_chooser() as opened:
            self.press("Enter")
        chooser: FileChooser = opened.value
        chooser.set_files(file)

    def look(self) -> Stop:
        """What has the focus, if somebody can see that it has."""
        stop = self.where()
        what = f"{stop.role} “{stop.name}” on {self.page.url}"
        assert self._ask(UNCOVERED), f"{what} has the focus and is hidden or off the screen"
        assert self._ask(SHOWN), f"{what} has the focus and looks as if it had not"
        return stop

    def _ask(self, question: str) -> bool:
        asked = {"objectId": self._focused(), "functionDeclaration": f"function() {{ return ({question})(this) }}"}
        return bool(self.session.send("Runtime.callFunctionOn", {**asked, "returnByValue": True})["result"]["value"])

    def _focused(self) -> str:
        found: dict[str, Any] = self.session.send("Runtime.evaluate", {"expression": "document.activeElement"})
        assert found["result"].get("className") != "HTMLBodyElement", f"nothing has the focus on {self.page.url}"
        return str(found["result"]["objectId"])


def skip_to_content(hands: Keyboard) -> None:
    """The first stop of every page leads past its menu."""
    hands.tab_to("Skip to main content", role="link", most=1)
    hands.press("Enter")
    expect(hands.page.get_by_role("main")).to_be_focused()


def expect_to_be_told_what_is_wrong(page: Page) -> None:
    """After an error the summary at the top has the focus, so that it is read out and the next Tab is in it."""
    expect(page.locator(".govuk-error-summary")).to_be_focused()


def _fits(said: str, name: str | re.Pattern[str]) -> bool:
    return said == name if isinstance(name, str) else bool(name.search(said))
