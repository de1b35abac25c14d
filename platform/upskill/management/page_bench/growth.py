"""More people, for seeing how a page's time grows: each is a twin of one of the demo's, with the same work.

Rows are copied as they are, without services and audit: this is for the bench's own database alone.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import models, transaction

from upskill.learning.models import Enrolment, ItemProgress, QuizAttempt, Recall, Submission
from upskill.marking.models import CheckMark, Job, Mark
from upskill.people.models import Membership, User
from upskill.skills.models import Evidence

Twins = dict[int, int]  # id of a row -> id of its twin


@transaction.atomic
def multiply(times: int) -> int:
    """Make `times` as many people as there are; returns how many there are then. Roles and tree stay as they are."""
    models_copied: list[type[models.Model]] = [User, *WORK]
    rows = {model: list[Any](model._default_manager.order_by("pk")) for model in models_copied}
    for number in range(1, times):
        _add_twins(rows, number=number)
    return User.objects.count()


def _add_twins(rows: dict[type[models.Model], list[Any]], *, number: int) -> None:
    def renamed(person: User) -> None:
        person.public_id, person.email = uuid4(), f"twin{number}.{person.email}"

    people = _copy(User, rows[User], change=renamed)
    twins: dict[type[models.Model], Twins] = {User: people}
    for model in WORK:
        twins[model] = _copy(model, rows[model], change=lambda row: _repoint(row, twins=twins))


def _copy(model: type[models.Model], rows: list[Any], *, change: Callable[[Any], None]) -> Twins:
    """A copy of each row, changed; the rows themselves are left as they are."""
    copies = [model(**{field.attname: getattr(row, field.attname) for field in _fields(model)}) for row in rows]
    for copy in copies:
        change(copy)
    made = model._default_manager.bulk_create(copies)
    return {row.pk: copy.pk for row, copy in zip(rows, made, strict=True)}


def _repoint(row: models.Model, *, twins: dict[type[models.Model], Twins]) -> None:
    """Make the twin's row point at the twin's other rows; managers, courses and trainers stay the same."""
    for field in _fields(type(row)):
        known: Twins = next((ids for model, ids in twins.items() if model is field.related_model), {})
        if known and field.name in OF_THE_TWIN:
            setattr(row, field.attname, known.get(getattr(row, field.attname)))
    if isinstance(row, Submission):
        row.public_id = uuid4()


def _fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


WORK = (Membership, Enrolment, ItemProgress, QuizAttempt, Recall, Submission, Job, Mark, CheckMark, Evidence)
OF_THE_TWIN = {"person", "learner", "quiz_attempt", "submission", "mark"}
