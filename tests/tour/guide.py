"""The visitor's guide: pictures are taken, numbered and said in a sentence each; at the end they stand in a README."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator, Page, ViewportSize

from tests.browser.reader import NARROW, WIDE, Reader
from tests.running import RunningSite

from .pictures import shrink

LARGEST_FOLDER = 3_000_000  # bytes: everybody who clones the repository downloads them
SMALLEST_PICTURE = 8_000  # bytes; an empty screen has 1,200
ROOM = 12  # pixels of room around what a picture shows: fewer than from one paragraph to the next
TOP = """element => {
  const before = element.previousElementSibling
  const first = before?.matches('[class*="govuk-caption"]') ? before : element
  return Math.round(first.getBoundingClientRect().top + scrollY)
}"""  # a heading begins with the small line above it
BOTTOM = "element => Math.round(element.getBoundingClientRect().bottom + scrollY)"
PAGE = "document.documentElement.scrollHeight"
HEAD = """# A tour in pictures

One story for each role, on the demo data, as `./run --tour` clicked through it. The people are invented.
"""


@dataclass(frozen=True)
class Picture:
    """One picture: the name of its file, and the sentence beneath it."""

    file: str
    says: str


@dataclass
class Story:
    """What one role does, picture by picture."""

    role: str
    title: str
    pictures: list[Picture] = field(default_factory=list)


class Tour:
    """A walk through the running site with a camera."""

    def __init__(self, site: RunningSite, *, browser: Browser, folder: Path, say: Callable[[str], None]) -> None:
        self.site, self.browser, self.folder, self.say = site, browser, folder, say
        self.stories: dict[str, Story] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def visitor(self, role: str, title: str) -> "Visitor":
        """Somebody with a browser of their own, whose pictures tell the story of this role."""
        story = self.stories.setdefault(role, Story(role, title))
        page = self.browser.new_context(viewport=WIDE, accept_downloads=True, locale="en-GB").new_page()
        return Visitor(page, tour=self, story=story)

    def write(self) -> None:
        """The README with every picture, and nothing in the folder that this tour did not take."""
        lines = [HEAD]
        for story in self.stories.values():
            lines.append(f"## {story.title}\n")
            lines += [f"{each.says}\n\n![{each.says}]({each.file})\n" for each in story.pictures]
        (self.folder / "README.md").write_text("\n".join(lines), encoding="utf-8")
        taken = {each.file for story in self.stories.values() for each in story.pictures}
        for old in self.folder.glob("*.png"):
            if old.name not in taken:
                old.unlink()


class Visitor(Reader):
    """Somebody who looks at the site, and takes a picture of what they see."""

    def __init__(self, page: Page, *, tour: Tour, story: Story) -> None:
        super().__init__(page, site=tour.site, shots=tour.folder)
        self.tour, self.story = tour, story

    def picture(
        self, name: str, says: str, *, at: Locator | None = None, to: Locator | None = None, narrow: bool = False
    ) -> None:
        """A picture with this sentence, from the top of the page or `at` for one screen or to the end of `to`.

        `narrow`: as a phone shows it.
        """
        file = f"{self.story.role}-{len(self.story.pictures) + 1}-{name}.png"
        self.page.wait_for_load_state("networkidle")  # what was clicked is there
        screen = NARROW if narrow else WIDE
        self.page.set_viewport_size(screen)
        picture = shrink(self.page.screenshot(full_page=True, clip=self._part(screen, at=at, to=to)))
        assert len(picture) > SMALLEST_PICTURE, f"{file} shows next to nothing: the page was not there yet"
        (self.tour.folder / file).write_bytes(picture)
        self.page.set_viewport_size(WIDE)
        self.story.pictures.append(Picture(file, says))
        assert self.complaints == [], file
        self.tour.say(f"{file:<34} {says}")

    def _part(self, screen: ViewportSize, *, at: Locator | None, to: Locator | None) -> FloatRect:
        """The part of the page that the picture shows. It does not depend on how far the page can be scrolled."""
        page = self.page.evaluate(PAGE)
        top = max(at.first.evaluate(TOP) - ROOM, 0) if at else 0
        bottom = to.last.evaluate(BOTTOM) + ROOM if to else top + screen["height"]
        return FloatRect(x=0, y=top, width=screen["width"], height=min(bottom, page) - top)
