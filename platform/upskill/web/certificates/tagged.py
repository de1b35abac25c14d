"""A PDF whose every piece of text says what it is. Takes a second and a half to import: do so when one is made."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fpdf import FPDF, ViewerPreferences, XPos, YPos

FONTS = Path(__file__).parent / "fonts"
CUTS = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
BRAND, INK, QUIET = (0, 89, 79), (11, 12, 12), (72, 79, 84)
MARGIN = 25  # millimetres
LOOKS: dict[str, tuple[float, Any, tuple[int, int, int]]] = {  # size in points, cut, colour
    "H1": (30, "B", BRAND),
    "H2": (18, "B", INK),
    "P": (12, "", INK),
    "note": (9.5, "", QUIET),
    "link": (9.5, "", INK),
    # a report that fits on one sheet
    "small H1": (18, "B", BRAND),
    "small H2": (11, "B", INK),
    "small P": (9.5, "", INK),
    "small note": (8, "", QUIET),
    "head": (6.5, "B", INK),
    "row": (8, "", INK),
}
HEADINGS = {"H1": "H1", "H2": "H2", "small H1": "H1", "small H2": "H2"}  # look -> tag; all else is a paragraph


class Sheet(FPDF):
    """An A4 document with a title that its window shows, a language, and its typefaces within."""

    def __init__(self, *, title: str, author: str, language: str, now: dt.datetime, margin: int = MARGIN) -> None:
        super().__init__(format="A4")
        self.alias_nb_pages("")  # "{nb}" in a name stays what it is
        self.set_title(title)
        self.set_author(author)
        self.set_lang(language)
        self.set_creation_date(now)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        for cut, file in CUTS.items():
            self.add_font("DejaVu", style=cut, fname=FONTS / file)
        self.set_margins(margin, margin)
        self.set_auto_page_break(True, margin=margin)
        self.add_page()

    def say(self, text: str, *, kind: str, instead_of: str = "", link: str = "") -> None:
        """Add a piece of text of a kind in LOOKS. `instead_of`: what programs that read aloud are given for it."""
        size, cut, colour = LOOKS[kind]
        self.set_font("DejaVu", style=cut, size=size)
        self.set_text_color(*colour)
        put: dict[str, Any] = {"w": self.epw, "h": size * 0.5, "text": text, "align": "L", "link": link}
        height: Any = self.multi_cell(**put, dry_run=True, output="HEIGHT")
        if self.will_page_break(height):
            self.add_page()
        self.ln((2 if kind.startswith("small") else 4) if kind in HEADINGS else 1)
        with self._tagged(HEADINGS.get(kind, "P"), instead_of=instead_of):
            self.multi_cell(**put, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def row(self, cells: Sequence[str], *, kind: str, first: float, height: float, instead_of: str) -> None:
        """Add a line of a table: `first` of its width for the first cell, the others alike, on the right. What does not
        fit is cut. Programs that read aloud are given `instead_of`, a sentence with the headings in it.
        """
        size, cut, colour = LOOKS[kind]
        self.set_font("DejaVu", style=cut, size=size)
        self.set_text_color(*colour)
        if self.will_page_break(height):
            self.add_page()
        widths = [self.epw * first, *[self.epw * (1 - first) / max(1, len(cells) - 1)] * (len(cells) - 1)]
        with self._tagged("P", instead_of=instead_of):
            for number, (width, text) in enumerate(zip(widths, cells, strict=True)):
                align = "R" if number else "L"
                self.cell(width, height, self._fitting(text, width=width), align=align, border="B")
        self.ln(height)

    def _fitting(self, text: str, *, width: float) -> str:
        """The text, cut where it is wider than its cell."""
        room = width - 2 * self.c_margin
        if self.get_string_width(text) <= room:
            return text
        while text and self.get_string_width(f"{text}…") > room:
            text = text[:-1]
        return f"{text}…"

    @contextmanager
    def _tagged(self, kind: str, *, instead_of: str) -> Iterator[None]:
        """What is drawn within is of this kind. fpdf2 has this for pictures only."""
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=number, alt_text=instead_of or None)
        self._out(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")
