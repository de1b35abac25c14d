"""Figures, moments and levels in plain words, the same on every page."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.core.paginator import Page
from django.utils import formats, timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upskill.marking.points import in_figures

register = template.Library()
MINUTE, DAY = 60, 24 * 60 * 60  # seconds
# For whom a course is, by the word in its course.yml, in the order of a career. Another word is shown as it is.
AUDIENCES = {
    "everyone": gettext_lazy("Everyone"),
    "new-recruit": gettext_lazy("New recruits"),
    "existing-staff": gettext_lazy("Existing staff"),
    "analyst": gettext_lazy("Analysts"),
    "data-scientist": gettext_lazy("Data scientists"),
    "developer": gettext_lazy("Developers"),
    "operational": gettext_lazy("Operational staff"),
    "policy": gettext_lazy("Policy makers"),
    "trainer": gettext_lazy("Trainers"),
    "manager": gettext_lazy("Managers"),
    "senior-leader": gettext_lazy("Senior leaders"),
}
# The principles of the "Artificial Intelligence Playbook for the UK Government" (10 February 2025), in short.
PRINCIPLES = {
    1: gettext_lazy("Know what AI is and what its limits are"),
    2: gettext_lazy("Use AI lawfully, ethically and responsibly"),
    3: gettext_lazy("Use AI securely"),
    4: gettext_lazy("Keep meaningful human control at the right stages"),
    5: gettext_lazy("Manage the whole life cycle of AI"),
    6: gettext_lazy("Use the right tool for the job"),
    7: gettext_lazy("Be open and collaborative"),
    8: gettext_lazy("Work with commercial colleagues from the start"),
    9: gettext_lazy("Have the skills and expertise needed"),
    10: gettext_lazy("Follow your organisation\u2019s policies and have the right assurance"),
}
LEVELS = (  # by number; named one at a time, some hundred times on a page
    gettext_lazy("Not yet"),
    gettext_lazy("Awareness"),
    gettext_lazy("Working"),
    gettext_lazy("Practitioner"),
    gettext_lazy("Expert"),
)
KINDS = {
    "lesson": gettext_lazy("Lesson"),
    "quiz": gettext_lazy("Quiz"),
    "exercise": gettext_lazy("Exercise"),
    "reflection": gettext_lazy("Reflection"),
    "workshop": gettext_lazy("Workshop"),
}
_NEXT_SENTENCE = re.compile(r"[.?!][\u201d\u2019]?\s")


class Drawable(Protocol):
    """What writes itself as HTML, with everything in it escaped."""

    def html(self) -> SafeString:
        """That."""


@register.filter
def points(value: Decimal | None) -> str:
    """Points without needless zeros: 4, 2.5; empty for none."""
    return "" if value is None else in_figures(value)


@register.filter
def day(moment: dt.datetime) -> str:
    """The day in the service's time zone: 23 November 2026."""
    return formats.date_format(timezone.localtime(moment), "j F Y")


@register.filter
def on_day(value: dt.date) -> str:
    """A day that is kept as one: 23 November 2026."""
    return formats.date_format(value, "j F Y")


@register.filter
def moment(value: dt.datetime) -> str:
    """Day and time as GOV.UK writes them: 23 November 2026 at 10:05am, at 3pm, at midday."""
    return _("%(day)s at %(time)s") % {"day": day(value), "time": _time(timezone.localtime(value))}


@register.filter
def to_the_second(value: dt.datetime) -> str:
    """Day and time of day with seconds, where it matters what came first: 23 November 2026 at 10:05:09."""
    return _("%(day)s at %(time)s") % {"day": day(value), "time": timezone.localtime(value).strftime("%H:%M:%S")}


@register.filter
def duration(minutes: int) -> str:
    """Minutes as people say them: 45 minutes, 1 hour, 1 hour 3 minutes."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if rest or not hours:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return " ".join(parts)


@register.filter
def how_long(seconds: float) -> str:
    """Seconds as people say them: 0.8 seconds, 12 seconds, 3 minutes, 1 hour 3 minutes, 2 days."""
    if seconds < 10:
        return _("%(n).1f seconds") % {"n": seconds}
    if seconds < 2 * MINUTE:
        return _("%(n)d seconds") % {"n": round(seconds)}
    if seconds < 2 * DAY:
        return duration(round(seconds / MINUTE))
    return _("%(n)d days") % {"n": round(seconds / DAY)}


@register.filter
def level(rank: int) -> str:
    """The name of a skill level, from 0 (none yet) to 4."""
    return str(LEVELS[rank])


@register.filter
def level_with_number(rank: int) -> str:
    """A skill level by number and name: 2 Working."""
    return f"{int(rank)} {level(rank)}"


@register.filter
def drawn(cells: Iterable[Drawable]) -> SafeString:
    """The cells of a line of a heatmap: one after the other in a template's loop they take as long again."""
    return mark_safe("".join([cell.html() for cell in cells]))  # noqa: S308 - each cell is safe # nosec B308 B703


@register.filter
def numbers(page: "Page[Any]") -> Iterator[int | str]:
    """The numbers of a list's pages: the first, the last, those beside this one, and a gap for the others."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def kind(name: str) -> str:
    """What a course item is called."""
    return str(KINDS[name])


@register.filter
def people(number: str) -> str:
    """For how many people a workshop is: 6 people, 4 to 12 people."""
    return _("1 person") if number == "1" else _("%(number)s people") % {"number": number}


@register.filter
def audience(word: str) -> str:
    """For whom a course is. A word of its author's own is shown with spaces: Service designer."""
    return str(AUDIENCES.get(word) or word.replace("-", " ").capitalize())


@register.filter
def principle(number: int) -> str:
    """What a principle of the AI Playbook asks, in short: Use AI securely."""
    return str(PRINCIPLES[number])


@register.filter
def by_tests(count: int) -> str:
    """How many attempts tests and quizzes marked: 2 attempts marked automatically."""
    return ngettext("%(n)d attempt marked automatically", "%(n)d attempts marked automatically", count) % {"n": count}


@register.filter
def by_people(count: int) -> str:
    """How many attempts people marked: 1 attempt marked by a person."""
    return ngettext("%(n)d attempt marked by a person", "%(n)d attempts marked by people", count) % {"n": count}


@register.filter
def error_message(text: str) -> str:
    """What is wrong with a form, as GOV.UK ends it: no full stop after one sentence, one after each of several."""
    return str(text) if _NEXT_SENTENCE.search(text) else str(text).removesuffix(".")


def _time(local: dt.datetime) -> str:
    if local.minute == 0 and local.hour in {0, 12}:
        return _("midday") if local.hour else _("midnight")
    half = _("pm") if local.hour >= 12 else _("am")
    minute = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minute}{half}"
