"""In which language a lesson is shown: English, or the Welsh that lies beside it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from upskill.catalogue.models import ItemVersion

WELSH, ENGLISH = "cy", "en"
UNCHECKED_CY = "Nid oes siaradwr Cymraeg wedi gwirio'r cyfieithiad hwn eto."
STALE_CY = "Mae'r wers Gymraeg yn hŷn na'r un Saesneg, felly rydych yn gweld y Saesneg nes bydd wedi'i diweddaru."


class Other(NamedTuple):
    """The way to the same lesson in the other language, in that language's own word."""

    url: str
    label: str
    lang: str


@dataclass(frozen=True)
class Shown:
    """A lesson in one language. `lang` is "" where that is the language of the page around it.

    `notes` are what to know about the translation: (language, sentence).
    """

    title: str
    html: str
    lang: str
    other: Other | None
    notes: list[tuple[str, str]]


def lesson_in(asked: str, *, item: ItemVersion) -> Shown:
    """The lesson in the language that was asked for; in English where there is no Welsh of what it says now."""
    welsh: dict[str, Any] | None = item.content.get("cy")
    if welsh is None:
        return Shown(item.title, item.content["html"], "", None, [])
    if welsh.get("is_stale"):
        stale = _("The Welsh of this lesson is older than the English, so you see the English until it is up to date.")
        return Shown(item.title, item.content["html"], "", None, [("", stale), (WELSH, STALE_CY)])
    if asked != WELSH:
        return Shown(item.title, item.content["html"], "", Other("?lang=cy", "Cymraeg", WELSH), [])
    unchecked = _("No Welsh speaker has checked this translation yet.")
    notes = [] if welsh["is_checked"] else [(WELSH, UNCHECKED_CY), ("", unchecked)]
    return Shown(welsh["title"], welsh["html"], WELSH, Other("?lang=en", "English", ENGLISH), notes)
