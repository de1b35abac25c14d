"""Writes what people learned: quiz attempts, answers with their marks, evidence, and the tallies that come of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from upskill.learning.models import Enrolment, ItemProgress, QuizAttempt, Submission
from upskill.marking.models import CheckMark, Job, Mark
from upskill.skills.models import Evidence, Level, LevelTally
from upskill.skills.tallies import COLUMNS, FROM_EVIDENCE

from . import copying
from .copying import NULL
from .offers import Offer, Teaching
from .trees import Ints
from .work import DAYS, Work

TABLES = (Enrolment, ItemProgress, QuizAttempt, Submission, Job, Mark, CheckMark, Evidence, LevelTally)
REVIEWED = 0.01  # of all evidence, how much rests on a mark that a person has given in place of another
LOST, SAME = (
    0.4,
    0.8,
)  # up to which lot a review takes the level, or leaves it; above, it raises it where that is offered
POINTS = 10


@dataclass(frozen=True)
class Answers:
    """The submissions of exercises: which pieces of work they are, and the ids of their first marks."""

    work: Ints
    marks: range


def write(
    work: Work, *, people: range, teaching: Teaching, reviewed: float, now: dt.datetime, rng: np.random.Generator
) -> int:
    """Everything that these people did; returns how many rows of evidence there are. The tallies are not touched."""
    moments = Moments(now)
    _write_courses(work, people=people, teaching=teaching, moments=moments)
    solved = np.array([offer.exercise is not None for offer in teaching.offers])[work.offer]
    attempts = _write_attempts(np.flatnonzero(~solved), work, people=people, offers=teaching.offers, moments=moments)
    answers = _write_answers(
        np.flatnonzero(solved), work, people=people, offers=teaching.offers, moments=moments, rng=rng
    )
    sources = np.empty(len(work.person), dtype=np.int64)
    sources[~solved], sources[solved] = attempts, answers.marks
    pieces = _Pieces(work, sources, solved=solved, people=people, offers=teaching.offers, moments=moments)
    return pieces.write() + pieces.review(answers, share=reviewed, trainer=people[0], rng=rng)


def tally(people: range) -> int:
    """Work out the tallies of these people, who have none yet; returns how many there are."""
    which = f"learner_id BETWEEN {people.start} AND {people.stop - 1}"
    counted = FROM_EVIDENCE.format(which=which)
    return copying.execute(f"INSERT INTO {LevelTally._meta.db_table} ({COLUMNS}) {counted}")


class Moments:
    """Moments of the past, which are counted in seconds from its beginning, as COPY reads them."""

    def __init__(self, now: dt.datetime) -> None:
        begin = now.astimezone(dt.UTC).replace(tzinfo=None) - dt.timedelta(days=DAYS)
        self.begin = np.datetime64(begin, "s")

    def at(self, seconds: Ints) -> list[str]:
        """Each of these moments."""
        said: list[str] = np.datetime_as_string(self.begin + seconds.astype("timedelta64[s]"), timezone="UTC").tolist()
        return said


def _write_courses(work: Work, *, people: range, teaching: Teaching, moments: Moments) -> None:
    """Who began which course, and its first item."""
    person, course, second = work.begun
    learners, at = [people[each] for each in person.tolist()], moments.at(second)
    columns: dict[str, copying.Column] = {
        "learner_id": learners,
        "course_id": [teaching.courses[each] for each in course.tolist()],
        "enrolled_at": at,
    }
    copying.add(Enrolment, rows=len(learners), columns=columns)
    columns = {
        "learner_id": learners,
        "item_id": [teaching.first_items[each] for each in course.tolist()],
        "opened_at": at,
        "last_seen_at": at,
        "completed_at": at,
    }
    copying.add(ItemProgress, rows=len(learners), columns=columns)


def _write_attempts(which: Ints, work: Work, *, people: range, offers: list[Offer], moments: Moments) -> range:
    """The quizzes that were passed, all with every answer right. What was answered is not invented."""
    ids = copying.next_ids(QuizAttempt, rows=len(which))
    offer = work.offer[which].tolist()
    columns: dict[str, copying.Column] = {
        "id": ids,
        "learner_id": [people[each] for each in work.person[which].tolist()],
        "quiz_id": [offers[each].quiz for each in offer],
        "answers": "{}",
        "right": [offers[each].questions for each in offer],
        "questions": [offers[each].questions for each in offer],
        "passed": "t",
        "answered_at": moments.at(work.second[which]),
    }
    copying.add(QuizAttempt, rows=len(which), columns=columns)
    return ids


def _write_answers(
    which: Ints, work: Work, *, people: range, offers: list[Offer], moments: Moments, rng: np.random.Generator
) -> Answers:
    """The exercises that were solved, each marked once, all with the file that learners download."""
    rows, offer = len(which), work.offer[which].tolist()
    ids, marks = copying.next_ids(Submission, rows=rows), copying.next_ids(Mark, rows=rows)
    learners, at = [people[each] for each in work.person[which].tolist()], moments.at(work.second[which])
    sent: dict[str, copying.Column] = {
        "id": ids,
        "public_id": copying.uuids(rows, rng=rng),
        "learner_id": learners,
        "exercise_id": [offers[each].exercise for each in offer],
        "blob_id": [offers[each].blob for each in offer],
        "idempotency_key": [f"invented-{each}" for each in ids],
        "attempt": 1,
        "submitted_at": at,
    }
    job: dict[str, copying.Column] = {"submission_id": ids, "learner_id": learners, "state": "done"}
    job |= dict.fromkeys(("queued_at", "started_at", "ended_at"), at)
    copying.add(Submission, rows=rows, columns=sent)
    copying.add(Job, rows=rows, columns=job)
    _write_marks(marks, {"submission_id": ids, "marked_at": at})
    return Answers(which, marks)


def _write_marks(ids: range, columns: dict[str, copying.Column], *, points: copying.Column = POINTS) -> None:
    """Marks of one check each."""
    full: dict[str, copying.Column] = {"max_points": POINTS, "points": points}
    marks = {"id": ids, "waiting_points": 0, "passed": "t", **full, **columns}
    copying.add(Mark, rows=len(ids), columns=marks)
    check: dict[str, copying.Column] = {"mark_id": ids, "slug": "whole", "position": 0, "title": "The whole answer"}
    status = "passed" if points == POINTS else ["passed" if each else "failed" for each in _list(points)]
    copying.add(CheckMark, rows=len(ids), columns={**check, "status": status, **full})


def _list(column: copying.Column) -> Sequence[Any]:
    return column if not isinstance(column, str | int) else [column]


class _Pieces:
    """The rows of evidence: as many for each piece of work as it earns skills."""

    def __init__(
        self, work: Work, sources: Ints, *, solved: Any, people: range, offers: list[Offer], moments: Moments
    ) -> None:
        self.people, self.moments, self.offers = people, moments, offers
        gains = np.array([len(offer.awards) for offer in offers])
        begins = np.concatenate([[0], np.cumsum(gains)])[:-1]
        self.skills = [skill for offer in offers for skill, _level in offer.awards]
        offered = np.array([level for offer in offers for _skill, level in offer.awards])
        self.work = np.repeat(np.arange(len(work.person)), gains[work.offer])  # of each row
        nth = np.arange(len(self.work)) - np.repeat(np.cumsum(gains[work.offer]) - gains[work.offer], gains[work.offer])
        self.award = begins[work.offer][self.work] + nth
        self.offered = offered[self.award]
        self.level = np.minimum(self.offered, int(Level.WORKING))
        self.person, self.second = work.person[self.work], work.second[self.work]
        self.source, self.solved = sources[self.work], solved[self.work]
        self.ids = range(0)

    def write(self) -> int:
        """All of them; how many there are."""
        self.ids = copying.next_ids(Evidence, rows=len(self.work))
        everything = np.arange(len(self.work))
        columns = self._columns(everything) | {
            "id": self.ids,
            "level": self.level.tolist(),
            "mark_id": [each if solved else NULL for each, solved in self._sources()],
            "quiz_attempt_id": [NULL if solved else each for each, solved in self._sources()],
        }
        copying.add(Evidence, rows=len(self.work), columns=columns)
        return len(self.work)

    def review(self, answers: Answers, *, share: float, trainer: int, rng: np.random.Generator) -> int:
        """Some marks are replaced by a trainer's, a week later, and their evidence with them; how many rows that is."""
        chosen = self._chosen(answers, share=share, rng=rng)
        lots = rng.random(len(chosen))
        latest = (DAYS * 86_400) - 1
        second = np.minimum(self._second_of(chosen, answers) + 7 * 86_400, latest)
        ids = copying.next_ids(Mark, rows=len(chosen))
        replaced = [answers.marks[each] for each in chosen.tolist()]
        columns: dict[str, copying.Column] = {
            "submission_id": self._submissions_of(replaced),
            "marked_at": self.moments.at(second),
            "given_by_id": trainer,
            "reason": "Read again.",
            "replaces_id": replaced,
            "passed": ["f" if lot < LOST else "t" for lot in lots.tolist()],
        }
        _write_marks(ids, columns, points=[0 if lot < LOST else POINTS for lot in lots.tolist()])
        return self._replace(dict(zip(replaced, zip(ids, lots.tolist(), second.tolist(), strict=True), strict=True)))

    def _replace(self, reviews: dict[int, tuple[int, float, int]]) -> int:
        """New evidence for that which rested on these marks."""
        rows = np.flatnonzero(self.solved & np.isin(self.source, list(reviews)))
        found = [reviews[each] for each in self.source[rows].tolist()]
        levels = [_judged(lot, level=level, offered=offered) for (_mark, lot, _at), level, offered in zip(
            found, self.level[rows].tolist(), self.offered[rows].tolist(), strict=True)]  # fmt: skip
        kept = (
            np.array(levels, dtype=np.int64) == self.level[rows]
        )  # what stays keeps the moment at which it was earned
        seconds = np.where(kept, self.second[rows], np.array([at for _mark, _lot, at in found], dtype=np.int64))
        columns = self._columns(rows) | {
            "level": levels,
            "mark_id": [mark for mark, _lot, _at in found],
            "replaces_id": [self.ids[each] for each in rows.tolist()],
            "earned_at": self.moments.at(seconds),
        }
        copying.add(Evidence, rows=len(rows), columns=columns)
        return len(rows)

    def _chosen(self, answers: Answers, *, share: float, rng: np.random.Generator) -> Ints:
        """Which answers are read again."""
        wanted = min(round(share * len(self.work)), len(answers.work))
        return np.sort(rng.permutation(len(answers.work))[:wanted])

    def _second_of(self, chosen: Ints, answers: Answers) -> Ints:
        first_row = np.searchsorted(self.work, answers.work[chosen])
        return self.second[first_row]

    def _submissions_of(self, marks: list[int]) -> list[int]:
        known = dict(Mark.objects.filter(pk__in=marks).values_list("pk", "submission_id"))
        return [known[each] for each in marks]

    def _sources(self) -> Any:
        return zip(self.source.tolist(), self.solved.tolist(), strict=True)

    def _columns(self, rows: Ints) -> dict[str, copying.Column]:
        return {
            "learner_id": [self.people[each] for each in self.person[rows].tolist()],
            "skill_id": [self.skills[each] for each in self.award[rows].tolist()],
            "earned_at": self.moments.at(self.second[rows]),
        }


def _judged(lot: float, *, level: int, offered: int) -> int:
    """What a review leaves of a level."""
    if lot < LOST:
        return int(Level.NONE)
    return level if lot < SAME else min(offered, int(Level.PRACTITIONER))
