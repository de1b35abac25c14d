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
MOST_USES = 5_000  # of parts: what a file says in few bytes costs whoever looks at it
MOST_USED_CHARACTERS = 2_000_000  # of all that is drawn so; the most crowded of our charts draws 110,000
_ELEMENTS = "svg g defs clipPath use path rect circle ellipse line polyline polygon text tspan style title desc"
ELEMENTS = frozenset(_ELEMENTS.split())
NAMESPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}
_DRAW_AGAIN = "Draw it with matplotlib alone, by `manage.py draw_figures`."
_FEWER = "Draw fewer points, or sums of them: learners load it on telephones."
_ALONE = "Take it out: the picture stands alone, and may name only its own parts, as url(#name)."
_WHY = {
    "script": "A picture runs nothing. Take it out.",
    "foreignObject": "Draw text as text of the picture.",
    "image": "Draw lines and areas in place of pixels; a photograph cannot be a figure.",
}
_LOADS = re.compile(r"url\((?!#)|//|@|\\|image-set|expression|javascript:", re.IGNORECASE)  # or could, if read kindly
_NAMES = re.compile(r"url\(", re.IGNORECASE)
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
        return Drawing(0, 0, (Flaw(1, problem, _FEWER),))
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
        self._lengths: dict[str, int] = {}  # id of a <path> -> how much it says
        self._others: set[str] = set()  # ids of all else
        self._uses: list[tuple[int, str]] = []  # line, and the id of what is drawn again

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
        self._note_part(name, [(key.rpartition(":")[2], attrs[key]) for key in attrs.keys()])  # noqa: SIM118 - as above

    def endElement(self, name: str) -> None:  # noqa: N802, the name is the parser's
        if self._path.pop() != "style":
            return
        if _LOADS.search(self._style):
            self.add("The style of the picture loads something.", _ALONE)
        elif "(" in self._style:
            self.add("The style of the picture holds a bracket.", "Set lines and colours there, as #1d70b8, no shapes.")

    def endDocument(self) -> None:  # noqa: N802, the name is the parser's
        """Only now is it known which parts there are."""
        wrong = [(line, part) for line, part in self._uses if part in self._others or part not in self._lengths]
        if wrong:
            line, part = wrong[0]
            self.add(f"<use> draws #{part[:80]}, which is no <path> of the picture.", _DRAW_AGAIN, line=line)
        elif len(self._uses) > MOST_USES or sum(self._lengths[part] for _, part in self._uses) > MOST_USED_CHARACTERS:
            self.add(f"The picture draws its parts {len(self._uses):,} times.", _FEWER, line=self._uses[0][0])

    def characters(self, content: str) -> None:
        self._style += content if self._path[-1:] == ["style"] else ""

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802, the name is the parser's
        self.add(f"The picture holds <?{target}?>.", "Take the line out.")

    def _note_part(self, name: str, values: list[tuple[str, str]]) -> None:
        """Parts, and what draws them again. Were others than paths used, a short file could have a picture drawn for
        ever: a group of ten uses of a group of ten uses. The same holds of areas cut by areas that are cut.
        """
        for key, value in values:
            if key == "id" and name == "path":
                self._lengths[value] = max(self._lengths.get(value, 0), sum(len(each) for _, each in values))
            elif key == "id":
                self._others.add(value)
            elif key == "href" and name == "use" and _LOCAL.fullmatch(value):
                self._uses.append((self._at.getLineNumber() or 1, value.removeprefix("#")))
        if "clipPath" in self._path and (name == "use" or any(_NAMES.search(value) for _, value in values)):
            self.add("A <clipPath> is made of other parts.", _DRAW_AGAIN)

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
