"""Answers that were handed in and marked before: each leaves the rows that one real answer has left, in every table.

That one is the crowd's first answer that passed. Their learners work in the crowd's departments, so that whoever hands
in next to them meets a long past of the same department. Files are short and no two are the same: real ones would only
take up the disk, nobody reads them.
"""

import sys
import time
from typing import Any

from django.db import models

from upskill.core.models import AuditEntry, Blob
from upskill.learning.models import Enrolment, ItemProgress, Submission
from upskill.marking.models import CheckMark, Job, Mark
from upskill.people.models import Membership, Organisation, User
from upskill.skills.models import Evidence

from .copies import Changes, Copies, execute, loading, value

PER_PERSON, SPAN, AT_A_TIME = 20, "interval '2 years'", 500_000
PER_LEARNER: list[type[models.Model]] = [Membership, Enrolment, ItemProgress]
PER_ANSWER: list[type[models.Model]] = [Submission, Job, Mark, CheckMark, Evidence, AuditEntry]
_FILE = "convert_to('earlier answer ' || {}, 'UTF8')"


def make(number: int) -> dict[str, Any]:
    """So many earlier answers; says how many people handed them in, how long that took, and how large all is."""
    begun = time.monotonic()
    with loading([User, Blob, *PER_LEARNER, *PER_ANSWER]):
        people = Earlier(first_answer(), number=number).add()
    size = value("SELECT pg_database_size(current_database())")
    seconds = round(time.monotonic() - begun)
    return {"answers": number, "people": people, "seconds": seconds, "database_gb": round(size / 1e9, 2)}


def first_answer() -> Mark:
    """The mark of the crowd's first answer that passed."""
    return Mark.objects.filter(passed=True).select_related("submission__learner").order_by("pk")[0]


class Earlier:
    """So many answers, twenty of each learner, the last one an hour old; `blob` where all have the same file."""

    def __init__(self, mark: Mark, *, number: int, blob: str = "") -> None:
        self.mark, self.number, self.blob = mark, number, blob
        learner = mark.submission.learner
        self.people = Copies.of(learner, number=-(-number // PER_PERSON))
        self.answers = Copies.of(mark.submission, number=number)
        self.jobs = Copies.of(mark.submission.jobs.get(), number=number)
        self.marks = Copies.of(mark, number=number)
        self.departments = list(Organisation.objects.filter(code__startswith="crowd-").values_list("pk", "code"))
        place = f"(1 + (n - 1) / {PER_PERSON})"
        self.learner = f"({self.people.first} + {place})"  # of answer n, and where they work
        codes = _array([f"'{code}'" for _pk, code in self.departments])
        self.department = f"({codes})[1 + {place} % {len(self.departments)}]"

    def add(self) -> int:
        """Write all of it; returns how many people there are."""
        self._add_people()
        for begin in range(1, self.number + 1, AT_A_TIME):
            self._add_answers((begin, min(begin + AT_A_TIME - 1, self.number)))
            print(f"{min(begin + AT_A_TIME - 1, self.number):,} earlier answers", file=sys.stderr, flush=True)
        return self.people.number

    def _add_people(self) -> None:
        email = f"'earlier-' || {self.people.id} || '@example.gov.uk'"
        self.people.add({"public_id": "gen_random_uuid()", "email": email})
        work_in = f"({_array([pk for pk, _code in self.departments])})[1 + n % {len(self.departments)}]"
        for model in PER_LEARNER:
            whose = "learner_id" if model is not Membership else "person_id"
            for row in model._default_manager.filter(**{whose: self.mark.submission.learner_id}):
                changes = {whose: self.people.id} | ({"organisation_id": work_in} if model is Membership else {})
                Copies.of(row, number=self.people.number).add(changes)

    def _add_answers(self, numbers: tuple[int, int]) -> None:
        at = f"now() - interval '1 hour' - {SPAN} * (1 - n::float8 / {self.number})"
        self._add_files(numbers)
        self.answers.add(
            {"public_id": "gen_random_uuid()", "learner_id": self.learner, "submitted_at": at}
            | {"blob_id": f"'{self.blob}'" if self.blob else f"encode(sha256({_FILE.format(self.answers.id)}), 'hex')"}
            | {"idempotency_key": "'earlier-' || n", "attempt": f"1 + (n - 1) % {PER_PERSON}"},
            numbers=numbers,
        )
        moments = {"queued_at": at, "started_at": f"{at} + interval '1 s'", "ended_at": f"{at} + interval '2 s'"}
        whose = {"submission_id": self.answers.id, "learner_id": self.learner, "department": self.department}
        self.jobs.add(whose | moments, numbers=numbers)
        self.marks.add({"submission_id": self.answers.id, "marked_at": f"{at} + interval '2 s'"}, numbers=numbers)
        self._add_what_marks_leave(at=at, numbers=numbers)

    def _add_files(self, numbers: tuple[int, int]) -> None:
        if self.blob:
            return
        text, (begin, end) = _FILE.format(self.answers.id), numbers
        execute(
            f"INSERT INTO core_blob (sha256, size, content) "  # noqa: S608 - all of it is ours # nosec B608
            f"SELECT encode(sha256({text}), 'hex'), length({text}), {text} FROM generate_series({begin}, {end}) n"
        )

    def _add_what_marks_leave(self, *, at: str, numbers: tuple[int, int]) -> None:
        """What a check, evidence and the audit trail have of each mark."""
        for check in self.mark.checks.all():
            self._add_rows(check, {"mark_id": self.marks.id}, numbers=numbers)
        for evidence in self.mark.evidence.all():
            changes = {"mark_id": self.marks.id, "learner_id": self.learner, "earned_at": at}
            self._add_rows(evidence, changes, numbers=numbers)
        subjects = {copies.row._meta.label_lower: copies for copies in (self.answers, self.jobs, self.marks)}
        for entry in AuditEntry.objects.filter(about=self.mark.submission.learner, subject_kind__in=subjects):
            by = {"by_id": self.learner} if entry.by_id else {}
            subject = f"{subjects[entry.subject_kind].id}::text"
            self._add_rows(entry, {"about_id": self.learner, "at": at, "subject_id": subject, **by}, numbers=numbers)

    @staticmethod
    def _add_rows(row: models.Model, changes: Changes, *, numbers: tuple[int, int]) -> None:
        copies = Copies.of(row, number=numbers[1] - numbers[0] + 1)
        key = str(row._meta.pk.column)
        copies.add({key: f"{copies.first} + n - {numbers[0] - 1}"} | changes, numbers=numbers)


def _array(values: list) -> str:
    return f"ARRAY[{', '.join(map(str, values))}]"
