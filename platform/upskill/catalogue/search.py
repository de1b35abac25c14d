"""Finding courses, modules and items by words, in what is published now. Quiz questions, hints, solutions and code
are not searched: they hold the answers or nearly give them. How the words of items are kept, and why in a column that
models.py does not know: decision 0015.
"""

import html
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST = 200  # characters that somebody searches for
BEGIN, END = "\ue000", "\ue001"  # around a found word, until the text is escaped; no text of ours holds them
_MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
# A plain word at the end, outside quotation marks and after no minus: somebody may still be typing it.
_UNFINISHED = re.compile(r'(?P<before>(?:[^"]*"[^"]*")*[^"]*?)(?:^|(?<=\s))(?P<word>\w{3,})$')

READ = """
    SELECT (
        websearch_to_tsquery('english', %(words)s)
        || (websearch_to_tsquery('english', %(before)s) && to_tsquery('english', %(prefix)s))
    )::text
"""
# Only rows of current versions. Weights: title A; summary, objectives and text C.
FOUND = """
    WITH asked AS (SELECT %(asked)s::tsquery AS words), found AS (
        SELECT 'course' AS kind, version.course_id AS course, version.title AS course_title, '' AS key,
            version.title AS title, version.summary AS body,
            setweight(to_tsvector('english', version.title), 'A')
                || setweight(to_tsvector('english', version.summary), 'C') AS vector
        FROM catalogue_courseversion version JOIN catalogue_course course ON course.current_version_id = version.id
        UNION ALL
        SELECT 'module', version.course_id, version.title, module.slug, module.title,
            concat_ws(' ', module.summary, objectives.sentences),
            setweight(to_tsvector('english', module.title), 'A')
                || setweight(to_tsvector('english', concat_ws(' ', module.summary, objectives.sentences)), 'C')
        FROM catalogue_module module
            JOIN catalogue_course course ON course.current_version_id = module.course_version_id
            JOIN catalogue_courseversion version ON version.id = module.course_version_id
            CROSS JOIN LATERAL (
                SELECT string_agg(sentence, ' ') AS sentences FROM jsonb_array_elements_text(module.objectives) sentence
            ) objectives
        UNION ALL
        SELECT item.kind, item.course_id, version.title, item.key, shown.title,
            shown.search_text, shown.search
        FROM catalogue_itemversion shown
            JOIN catalogue_item item ON item.id = shown.item_id
            JOIN catalogue_module module ON module.id = shown.module_id
            JOIN catalogue_course course ON course.current_version_id = module.course_version_id
            JOIN catalogue_courseversion version ON version.id = module.course_version_id
        WHERE shown.search @@ (SELECT words FROM asked)
    )
"""
COUNT = f"{FOUND} SELECT count(*) FROM found, asked WHERE vector @@ words"  # noqa: S608 - made of constants # nosec B608
PAGE = f"""
    {FOUND}, page AS (
        SELECT kind, course, course_title, key, title, ts_rank(vector, words, 1) AS rank, words,
            translate(regexp_replace(coalesce(body, ''), '<[^>]*>', ' ', 'g'), %(markers)s, '') AS plain
        FROM found, asked WHERE vector @@ words
        ORDER BY rank DESC, title, kind, course, key LIMIT %(most)s OFFSET %(first)s
    )
    SELECT kind, course, course_title, key, title, plain,
        ts_headline('english', plain, words, CASE WHEN length(plain) < 200 THEN %(whole)s ELSE %(part)s END)
    FROM page ORDER BY rank DESC, title, kind, course, key
"""  # noqa: S608 - made of constants # nosec B608
COURSES = f"""
    {FOUND} SELECT course FROM found, asked WHERE vector @@ words
    GROUP BY course ORDER BY max(ts_rank(vector, words, 1)) DESC, course
"""  # noqa: S608 - made of constants # nosec B608
WHOLE = f"StartSel={BEGIN}, StopSel={END}, HighlightAll=true"
PART = f"StartSel={BEGIN}, StopSel={END}, MaxWords=30, MinWords=15, MaxFragments=1"


class Kind(StrEnum):
    """What can be found."""

    COURSE = "course"
    MODULE = "module"
    LESSON = "lesson"
    QUIZ = "quiz"
    EXERCISE = "exercise"
    REFLECTION = "reflection"
    WORKSHOP = "workshop"


class NothingToFind(Exception):
    """No word is left to search for: there was none, or only words that stand in every text."""


@dataclass(frozen=True)
class Hit:
    """One find. `key` is the module's name, or for an item module and item with a slash between; "" for a course.

    `snippet` is safe HTML: text around the found words, with <mark> around each, and nothing else.
    """

    kind: Kind
    course: str
    course_title: str
    key: str
    title: str
    snippet: SafeString


class Found:
    """What is published now and fits the words: a sequence that a Paginator can cut. Two queries, and one to make it.

    Words as in web search: "in quotation marks" belong together, `or` between words, `-` before what must not be there.
    The last word also finds what it begins. Raises NothingToFind.
    """

    def __init__(self, words: str) -> None:
        self._asked = _asked(words)

    def __len__(self) -> int:
        """How many there are."""
        return int(_rows(COUNT, asked=self._asked)[0][0])

    def __getitem__(self, part: slice) -> list[Hit]:
        """The finds of this part, the best first."""
        first, last = part.start or 0, part.stop
        cut = {"markers": BEGIN + END, "whole": WHOLE, "part": PART}
        rows = _rows(PAGE, asked=self._asked, first=first, most=last - first, **cut)
        return [
            Hit(Kind(kind), course, course_title, key, title, _snippet(part, whole=plain))
            for kind, course, course_title, key, title, plain, part in rows
        ]


def courses(words: str) -> list[str]:
    """Ids of the courses in which something fits the words, the best first. Two queries. Raises NothingToFind."""
    return [course for (course,) in _rows(COURSES, asked=_asked(words))]


def _asked(words: str) -> str:
    """The words as PostgreSQL's query, as text. Raises NothingToFind."""
    unfinished = _UNFINISHED.match(words)
    before = unfinished["before"] if unfinished else ""
    prefix = f"'{unfinished['word']}':*" if unfinished and not before.rstrip().lower().endswith(" or") else ""
    asked = str(_rows(READ, words=words, before=before if prefix else "", prefix=prefix)[0][0])
    if not asked:
        raise NothingToFind
    return asked


def _snippet(part: str, *, whole: str) -> SafeString:
    """What PostgreSQL cut out, as HTML in which <mark> is the only tag, whatever the text holds."""
    if not part:
        return SafeString("")
    before, _cut, after = whole.partition(part.replace(BEGIN, "").replace(END, ""))
    plain = html.unescape(f"{_edge(before, gap='… ')}{part}{_edge(after, gap=' …')}")
    marked = _MARKED.sub(r"<mark>\1</mark>", escape(" ".join(plain.split())))
    return mark_safe(marked.replace(BEGIN, "").replace(END, ""))  # noqa: S308 - escaped above # nosec B308 B703


def _edge(left_out: str, *, gap: str) -> str:
    """What stands for the text before or after a part: the text itself where it holds no word."""
    return gap if any(character.isalnum() for character in left_out) else left_out


def _rows(query: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
