"""A database for the bench alone, with the demo in it: what is measured leaves no trace in anybody's."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from upskill import pipeline
from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import CourseVersion, Item, ItemVersion, Module
from upskill.core import blobs
from upskill.learning import services as learning
from upskill.learning.models import Submission
from upskill.management import demo_history, demo_roles
from upskill.management.population import colleagues
from upskill.marking import slot
from upskill.people import demo, posts, tokens
from upskill.people.imports import giving
from upskill.people.models import Organisation, TokenScope
from upskill.people.posts import Post
from upskill.reports import saved_views
from upskill.reports.publication import publish
from upskill.skills import services as skills

from . import growth

NAME = "upskill_page_bench"


@contextmanager
def demo_database(*, times: int = 1) -> Iterator[None]:
    """A fresh database on the same server with courses and demo, with so many times its people; dropped at the end.

    Raises slot.MarkingPaused where nothing can be marked.
    """
    ours = connection.settings_dict["NAME"]
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        load(times=times, now=timezone.now())
        yield
    finally:
        slot.close()
        connection.creation.destroy_test_db(ours, verbosity=0)


def load(*, times: int, now: dt.datetime) -> None:
    """The courses and the demo, with every answer marked, so many times its people, and one learner who tries again."""
    call_command("sync_courses", stdout=io.StringIO())
    demo.load(now=now)
    demo_roles.load(now=now)
    demo_history.load(now=now)
    mark_all()
    growth.multiply(times)  # before anything points back at an older row of its own kind, which a copy could not
    go_on(now=now)
    colleagues.load(now=now)
    publish(timezone.localdate(now), now=now)
    plan(now=now)


def plan(*, now: dt.datetime) -> None:
    """The viewer keeps a view, the administrator gives a file of staff records, and the learner has a further post."""
    people = demo.people_by_role()
    viewed = Organisation.objects.get(code=demo.VIEWED_DEPARTMENT)
    saved_views.keep(people["viewer"], name="Our skills", organisation=viewed, query="", every="", now=now)
    file = f"staff_number,full_name\n1,{people['learner'].full_name}\n".encode()
    giving.give(file, filename="staff.csv", organisation=viewed, has_leavers=False, by=people["administrator"], now=now)
    posts.add_post(people["learner"], to=Post(viewed), from_on=timezone.localdate(now), by=None, now=now)


def mark_all() -> None:
    """Mark whatever waits, in this process."""
    while pipeline.mark_next(now=timezone.now):
        continue


def go_on(*, now: dt.datetime) -> None:
    """One learner tries again, twice; their first mark is made again, replaced by the trainer, and doubted. They have
    a certificate. Somebody else doubts theirs.
    """
    first, other = Submission.objects.select_related("exercise", "learner").order_by("pk")[:2]
    _hand_in_again(first, key="again", now=now)
    mark = first.marks.get()
    pipeline.mark_again(mark, by=first.learner, now=now, announce=_nobody)
    mark_all()
    check = mark.checks.exclude(points=None)[0]
    other_points = Decimal(0) if check.points else check.max_points
    trainer = demo.people_by_role()["trainer"]
    new = pipeline.override_mark(mark, points={check.slug: other_points}, reason="Read again.", by=trainer, now=now)
    pipeline.ask_review(new, reason="I think that the first mark was right.", by=first.learner, now=now)
    pipeline.ask_review(other.marks.get(), reason="My rule is right but for ties.", by=other.learner, now=now)
    _hand_in_again(first, key="once more", now=now)
    _certify(first, now=now)
    tokens.issue_token(first.learner, name="Notebook", scopes=[TokenScope.READ], days=30, now=now)


def _hand_in_again(sent: Submission, *, key: str, now: dt.datetime) -> None:
    content = blobs.read(sent.blob_id)
    pipeline.submit(sent.exercise, content=content, idempotency_key=key, by=sent.learner, now=now, announce=_nobody)


def _certify(sent: Submission, *, now: dt.datetime) -> None:
    """A certificate of a version from before, which had one lesson and nothing else: its reader has finished it."""
    learner, course = sent.learner, sent.exercise.item_version.item.course
    lesson = ItemVersion.objects.filter(item__course=course, item__kind=Item.Kind.LESSON).order_by("pk")[0]
    said = {"summary": "What it was about.", "language": "en-GB", "licence": "CC-BY-4.0"}
    before = CourseVersion.objects.create(
        course=course, version="0.0.1", content_sha256="0" * 64, published_at=now, title="A course", **said
    )
    module = Module.objects.create(course_version=before, slug=lesson.module.slug, position=0, title="A module")
    ItemVersion.objects.create(
        item=lesson.item, module=module, position=0, title=lesson.title, minutes=lesson.minutes, content=lesson.content,
        content_sha256=lesson.content_sha256,
    )  # fmt: skip
    learning.complete_item(learner, item=lesson.item, now=now)
    [outline] = catalogue.outlines_of_versions([before.pk])
    skills.issue_certificate(learner, outline=outline, now=now)


def _nobody() -> None:
    """Marking goes on in this process when it is time for it."""
