"""The report as a PDF of one sheet, tagged as certificates are: programs that read aloud know headings from text."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upskill.reports.headlines import day
from upskill.web.certificates.sheet import CannotDraw, drawable, service_name

from .one_page import OnePage, Table

if TYPE_CHECKING:
    from upskill.web.certificates.tagged import Sheet

CELL = 5.2  # millimetres, from one line of a table to the next
NAME = 0.3  # of the width, for the first column


def pdf(page: OnePage, *, now: dt.datetime) -> bytes:
    """The sheet. Takes a third of a second."""
    from upskill.web.certificates.tagged import Sheet  # not before: see there

    title = _("Skills in %(name)s") % {"name": page.name}
    sheet = Sheet(title=title, author=service_name(), language=get_language() or "en-GB", now=now, margin=15)
    sheet.say(f"{service_name()}. {day(page.seen.publication.on)}", kind="small note")
    sheet.say(_drawn(title), kind="small H1")
    for sentence in page.sentences:
        sheet.say(_drawn(sentence), kind="small P")
    for table in page.tables:
        sheet.say(_drawn(table.title), kind="small H2")
        _table(sheet, table)
    sheet.say(_("How the figures were made"), kind="small H2")
    for sentence in page.method:
        sheet.say(sentence, kind="small note")
    return bytes(sheet.output())


def _table(sheet: "Sheet", table: Table) -> None:
    sheet.row(
        [_drawn(each) for each in table.head], kind="head", first=NAME, height=CELL, instead_of=". ".join(table.head)
    )
    for name, found in table.rows:
        values = [cell.text for cell in found]
        said = "; ".join(f"{head}: {value}" for head, value in zip(table.head[1:], values, strict=True))
        cells = [_drawn(name), *map(_drawn, values)]
        sheet.row(cells, kind="row", first=NAME, height=CELL, instead_of=f"{name}. {said}")


def _drawn(text: str) -> str:
    """The text as it is drawn; in its place words of ours where the typeface lacks a letter of it."""
    try:
        return drawable(text)
    except CannotDraw:
        return _("(in letters that this sheet cannot show)")
