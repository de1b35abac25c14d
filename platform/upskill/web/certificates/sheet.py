"""A certificate as a PDF: one sheet of text with a title, a language and tags that say what is a heading.

Names may hold anything. What cannot be drawn (controls, letters that the typeface lacks) is never drawn wrongly: a
sentence stands in its place, and programs that read the sheet aloud are given the text itself.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upskill.skills.certificates import Genuine
from upskill.web.templatetags.words import by_people, by_tests, day, duration, level

FONTS = Path(__file__).parent / "fonts"
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # kinds of characters: controls, halves of characters, and none


class CannotDraw(Exception):
    """The typeface lacks a letter of this text, or it has none."""


def pdf(found: Genuine, *, address: str, now: dt.datetime) -> bytes:
    """The sheet of a certificate that holds. `address`: where anybody can check it. Takes a third of a second."""
    from .tagged import Sheet  # not before: see there

    title = _("Certificate: %(course)s") % {"course": found.facts.outline.version.title}
    sheet = Sheet(title=title, author=service_name(), language=get_language() or "en-GB", now=now)
    for kind, text in _text(found, address=address, now=now):
        try:
            sheet.say(drawable(text), kind=kind, link=text if kind == "link" else "")
        except CannotDraw:
            instead = _("(in letters that this sheet cannot show: read it at the address below)")
            sheet.say(instead, kind=kind, instead_of=_without_controls(text))
    return bytes(sheet.output())


def drawable(text: str) -> str:
    """The text as it is drawn: composed, in one line, without controls. Raises CannotDraw."""
    shown = _without_controls(unicodedata.normalize("NFC", text))
    if not shown or any(ord(each) not in _letters() for each in shown):
        raise CannotDraw
    return shown


def _without_controls(text: str) -> str:
    """The text in one line, with nothing in it that is not seen but acts, such as what turns the direction."""
    spaced = "".join(" " if each.isspace() else each for each in text)
    return " ".join("".join(each for each in spaced if unicodedata.category(each) not in UNSEEN).split())


def _text(found: Genuine, *, address: str, now: dt.datetime) -> Iterator[tuple[str, str]]:
    """What the sheet says, from top to bottom: (kind, text)."""
    facts, version = found.facts, found.facts.outline.version
    yield "note", service_name()
    yield "H1", _("Certificate")
    yield "H2", found.certificate.name
    yield "P", _("has finished the course")
    yield "H2", version.title
    yield (
        "P",
        _("Version %(version)s, finished on %(day)s") % {"version": version.version, "day": day(facts.finished_at)},
    )
    yield "P", _("Time that the course takes: %(time)s") % {"time": duration(facts.outline.minutes)}
    if facts.awards:
        yield "H2", _("Skills that the evidence shows")
    for name, rank in facts.awards:
        yield "P", _("%(skill)s: level %(level)s") % {"skill": name, "level": level(rank)}
    yield "H2", _("How it was marked")
    yield "P", by_tests(facts.by_tests)
    yield "P", by_people(facts.by_people)
    yield "H2", _("How to check it")
    yield "P", _("Open this address. If it says otherwise than this sheet, the address is right and the sheet is not.")
    yield "link", address
    yield "note", _("Read from the records on %(day)s.") % {"day": day(now)}


def service_name() -> str:
    """What the service is called."""
    return str(settings.SERVICE_NAME or _("AI skills for government"))


@cache
def _letters() -> frozenset[int]:
    """What both typefaces can draw."""
    from fontTools.ttLib import TTFont  # not before: it is slow

    cuts = [TTFont(FONTS / file).getBestCmap() for file in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    return frozenset(cuts[0]) & frozenset(cuts[1])
