"""What an SVG file may hold so that whoever opens it can only look at it. What may not be there is refused, never taken
out: what learners see is what the author looked at.
"""

import re
from dataclasses import dataclass
from xml.sax import SAXParseException, handler, xmlreader  # what a reader is called; defusedxml reads # nosec B406

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

LARGEST_BYTES = 150_000
WIDEST = 400  # units of the viewBox, which matplotlib writes in points: on a telephone 12 points are still 12 pixels
PIXELS_PER_UNIT = 4 / 3
_ELEMENTS = "svg g defs clipPath use path rect circle ellipse line polyline polygon text tspan style title desc"
ELEMENTS = frozenset(_ELEMENTS.split())
NAMESPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}
_DRAW_AGAIN = "Draw it with matplotlib alone, by `manage.py draw_figures`."
_ALONE = "Take it out: the picture stands alone, and may name only its own parts, as url(#name)."
_WHY = {
    "script": "A picture runs nothing. Take it out.",
    "foreignObject": "Draw text as text of the picture.",
    "image": "Draw lines and areas in place of pixels; a photograph cannot be a figure.",
}
_LOADS = re.compile(r"url\((?!#)|//|@|\\|image-set|expression|javascript:", re.IGNORECASE)  # or could, if read kindly
_LOCAL = re.compile(r"#[\w.:-]+")


@dataclass(frozen=True)
class Flaw:
    """Why a file cannot be a figure. `line` counts from 1."""

    line: int
    problem: str
    cure: str


@dataclass(frozen=True)
class Drawing:
    """What was found in an SVG file: its size in pixels, where it says one, and everything that is wrong with it."""

    width: int
    height: int
    flaws: tuple[Flaw, ...]


def read_svg(content: bytes) -> Drawing:
    """The size of a picture, and what keeps it from being shown."""
    if len(content) > LARGEST_BYTES:
        problem = f"The picture has {len(content) / 1000:.0f} kB, more than {LARGEST_BYTES // 1000}."
        return Drawing(0, 0, (Flaw(1, problem, "Draw fewer points, or sums of them: learners load it on telephones."),))
    parser = make_parser()
    parser.forbid_dtd = True
    reader = _Reader(parser)
    parser.setContentHandler(reader)
    parser.setErrorHandler(handler.ErrorHandler())
    try:
        parser.feed(content)
        parser.close()
    except SAXParseException as error:
        reader.add(f"This is not whole XML: {error.getMessage()}.", _DRAW_AGAIN, line=error.getLineNumber())
    except DefusedXmlException:
        reader.add("The picture has a document type.", "Take the <!DOCTYPE ...> out.")
    return Drawing(reader.width, reader.height, tuple(reader.flaws))


class _Reader(handler.ContentHandler):
    """Notes everything that an SVG file may not hold, with its line."""

    def __init__(self, at: xmlreader.Locator) -> None:
        super().__init__()
        self._at = at
        self.flaws: list[Flaw] = []
        self.width = self.height = 0
        self._path: list[str] = []
        self._style = ""

    def add(self, problem: str, cure: str, *, line: int | None = None) -> None:
        """Note something, where the parser stands or on another line."""
        self.flaws.append(Flaw(line or self._at.getLineNumber() or 1, problem, cure))

    def startElement(self, name: str, attrs: "xmlreader.AttributesImpl[str]") -> None:  # noqa: N802, the name is the parser's
        if not self._path:
            self._read_size(name, attrs)
        self._path.append(name)
        if name not in ELEMENTS:
            self.add(f"The picture holds <{name}>.", _WHY.get(name, _DRAW_AGAIN))
        for key in attrs.keys():  # noqa: SIM118 - it is no whole mapping
            self._check_attribute(key, attrs[key])

    def endElement(self, name: str) -> None:  # noqa: N802, the name is the parser's
        if self._path.pop() == "style" and _LOADS.search(self._style):
            self.add("The style of the picture loads something.", _ALONE)

    def characters(self, content: str) -> None:
        self._style += content if self._path[-1:] == ["style"] else ""

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802, the name is the parser's
        self.add(f"The picture holds <?{target}?>.", "Take the line out.")

    def _check_attribute(self, key: str, value: str) -> None:
        local = key.rpartition(":")[2].lower()
        if local.startswith("on"):
            self.add(f"The picture holds the event handler {key}.", "A picture runs nothing. Take it out.")
        elif local in {"href", "src", "base"} and not _LOCAL.fullmatch(value):
            self.add(f"The picture refers to {value[:80]}.", "Let it refer only to its own parts, as #name.")
        elif key.partition(":")[0] == "xmlns":
            if NAMESPACES.get(key) != value:
                self.add(f"The picture holds {key} for something other than SVG.", _DRAW_AGAIN)
        elif _LOADS.search(value):
            self.add(f"The attribute {key} loads something.", _ALONE)

    def _read_size(self, name: str, attrs: "xmlreader.AttributesImpl[str]") -> None:
        if name != "svg" or attrs.get("xmlns") != NAMESPACES["xmlns"]:
            self.add("This is no SVG picture.", _DRAW_AGAIN)
            return
        try:
            left, top, width, height = (float(part) for part in attrs.get("viewBox", "").split())
        except ValueError:
            self.add("The picture does not say how large it is.", "Give it a viewBox of four numbers.")
            return
        if not (left == top == 0 and 0 < width <= WIDEST and 0 < height <= 2 * WIDEST):
            cure = f"Draw it at most {WIDEST / 72:.1f} inches wide and {2 * WIDEST / 72:.1f} high."
            self.add(f"The picture is {width:g} by {height:g} points; on a telephone nobody could read it.", cure)
            return
        self.width, self.height = round(width * PIXELS_PER_UNIT), round(height * PIXELS_PER_UNIT)
