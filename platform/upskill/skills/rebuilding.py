"""Works the tallies of levels out anew from evidence, compares them with those that are kept, and mends these.

The service may run meanwhile. Evidence and its tally are written in one transaction, so what one statement sees of both
always fits; to mend, people are locked as the trigger locks them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from upskill.people.models import User

from .tallies import COLUMNS, FROM_EVIDENCE

PEOPLE_COMPARED = 20_000  # at once
PEOPLE_MENDED = 500
MOST_EXAMPLES = 10

_DIFFERENT = f"""
    SELECT CASE WHEN kept.id IS NULL THEN 'missing' WHEN worked.learner_id IS NULL THEN 'extra' ELSE 'different' END,
        person.id, person.public_id, COALESCE(worked.skill_id, kept.skill_id)
    FROM ({FROM_EVIDENCE.format(which="learner_id > %(after)s AND learner_id <= %(until)s")}) worked
    FULL JOIN (SELECT * FROM skills_leveltally WHERE person_id > %(after)s AND person_id <= %(until)s) kept
        ON kept.person_id = worked.learner_id AND kept.skill_id = worked.skill_id
    JOIN people_user person ON person.id = COALESCE(worked.learner_id, kept.person_id)
    WHERE (worked.awareness_on, worked.working_on, worked.practitioner_on, worked.expert_on)
        IS DISTINCT FROM (kept.awareness_on, kept.working_on, kept.practitioner_on, kept.expert_on)
    ORDER BY person.id, 4
"""  # noqa: S608 - put together from the texts above alone # nosec B608
_LOCK = """
    SELECT pg_advisory_xact_lock(hashtextextended('level tally', person))
    FROM (SELECT unnest(%(people)s::bigint[]) AS person ORDER BY 1) people
"""
_FORGET = "DELETE FROM skills_leveltally WHERE person_id = ANY(%(people)s)"
_WORK_OUT = f"""
    INSERT INTO skills_leveltally ({COLUMNS})
        {FROM_EVIDENCE.format(which="learner_id = ANY(%(people)s)").strip()}
"""


@dataclass
class Comparison:
    """How tallies that are kept differ from evidence, and examples: what is wrong, public id of the person, skill."""

    counts: Counter[str] = field(default_factory=Counter)  # missing, extra, different
    examples: list[tuple[str, str, str]] = field(default_factory=list)
    people: int = 0  # whose tallies differ

    @property
    def is_equal(self) -> bool:
        """True where nothing differs."""
        return not self.counts.total()


def compare() -> Comparison:
    """All tallies beside the evidence. Nothing is changed."""
    found = Comparison()
    for rows in _differences():
        _note(rows, found=found)
    return found


def mend() -> Comparison:
    """Make every tally what the evidence says; returns what differed before. Safe to repeat and to stop at any time:
    each batch of people is a transaction of its own.
    """
    found = Comparison()
    for rows in _differences():
        _note(rows, found=found)
        people = sorted({person for _what, person, _public_id, _skill in rows})
        for at in range(0, len(people), PEOPLE_MENDED):
            _work_out(people[at : at + PEOPLE_MENDED])
    return found


def _differences() -> Iterator[list[tuple[Any, ...]]]:
    last = User.objects.aggregate(last=Max("pk"))["last"] or 0
    for after in range(0, last, PEOPLE_COMPARED):
        with connection.cursor() as cursor:
            cursor.execute(_DIFFERENT, {"after": after, "until": after + PEOPLE_COMPARED})
            rows = cursor.fetchall()
        yield rows


def _note(rows: list[tuple[Any, ...]], *, found: Comparison) -> None:
    found.counts.update(what for what, *_rest in rows)
    found.people += len({person for _what, person, *_rest in rows})
    room = MOST_EXAMPLES - len(found.examples)
    found.examples += [(what, str(public_id), skill) for what, _person, public_id, skill in rows[:room]]


@transaction.atomic
def _work_out(people: list[int]) -> None:
    with connection.cursor() as cursor:
        for statement in (_LOCK, _FORGET, _WORK_OUT):
            cursor.execute(statement, {"people": people})
