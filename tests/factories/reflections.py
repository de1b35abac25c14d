"""A real reflection, read from files as an author writes them, and texts on their way to a trainer."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from grading.protocol import CheckResult, CheckStatus
from upskill import pipeline
from upskill.catalogue.course_files.levels import Skills
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.reflection import CHECK, read_reflection
from upskill.catalogue.course_files.shape import ItemContent
from upskill.catalogue.course_files.texts import Folder
from upskill.catalogue.models import Check, ExerciseVersion, Item, Module
from upskill.core import blobs
from upskill.learning.models import Submission
from upskill.marking import jobs
from upskill.marking.models import Mark
from upskill.marking.services import RubricMark
from upskill.marking.slot import Outcome, Verdict
from upskill.people.models import User

from .catalogue import ItemVersionFactory, ModuleFactory
from .people import NOON

PROMPT = """\
---
title: One page
minutes: 20
skills: []
words: 20
---

Say **what you found**, and advise.
"""
RUBRIC = """\
model_answer: A pause, until somebody has read the 14 cases.
criteria:
  - id: finding
    title: States the finding
    points: 2
    levels: [None, A feeling, A number, A number in context, A number with its limits]
  - id: advice
    title: Gives advice
    points: 4
    levels: [Says nothing, Says something, Says what, Says what and who, Says what and who and when]
"""
TEXT = "The tool misses 14 of 40. I advise a pause."


def real_reflection(
    *, module: Module | None = None, level: int = 2, slug: str = "one-page", model_answer: str = ""
) -> ExerciseVersion:
    """A published reflection of at most 20 words, which earns this level of fairness."""
    read = _read()
    assert read.exercise
    item = ItemVersionFactory(
        module=module or ModuleFactory(), kind=Item.Kind.REFLECTION, slug=slug, title=read.title, minutes=read.minutes,
        content=read.page, skills=[{"skill": "fairness", "level": level}],
    )  # fmt: skip
    exercise = ExerciseVersion.objects.create(
        item_version=item,
        source_sha256=blobs.store(read.exercise.source.encode()),
        release_sha256=blobs.store(read.exercise.release.encode()),
        filename=f"{slug}.ipynb",
        pass_share=read.exercise.pass_share,
    )
    [check] = read.exercise.checks
    Check.objects.create(
        exercise=exercise, slug=check.slug, position=0, title=check.title, max_points=check.max_points, by_person=True,
        rubric=list(check.rubric), model_answer=model_answer or check.model_answer,
    )  # fmt: skip
    return exercise


def send(exercise: ExerciseVersion, *, by: User, text: str = TEXT, key: str = "key", now=NOON) -> Submission:
    """The text, sent as its page sends it."""
    return pipeline.send_reflection(exercise, text=text, idempotency_key=key, by=by, now=now, announce=lambda: None)


def arrived(sent: Submission, *, text: str = TEXT) -> Mark:
    """Its first mark, once the engine has looked at it: everything waits for a person."""
    claim = jobs.claim()
    assert claim
    assert claim.submission_id == sent.pk
    waiting = CheckResult(check=CHECK, status=CheckStatus.WAITING, points=None, max_points=6.0)
    free_text = {CHECK: text}
    verdict = Verdict(job_id=str(claim.token), outcome=Outcome.MARKED, checks=(waiting,), free_text=free_text)
    mark = pipeline.store_verdict(sent, claim=claim, verdict=verdict, now=NOON)
    assert mark
    return mark


def judge(mark: Mark, *, by: User, finding: int, advice: int, comment: str = "Say who decides.", now=NOON) -> Mark:
    """A trainer's mark by the rubric."""
    levels = {"finding": finding, "advice": advice}
    judgement = RubricMark(check=CHECK, levels=levels, comment=comment)
    return pipeline.mark_by_rubric(mark, rubric_mark=judgement, by=by, now=now)


@cache
def _read() -> ItemContent:
    """nbgrader takes seconds to import, so once."""
    notes = Notes()
    with TemporaryDirectory() as place:
        root = Path(place)
        (root / "one-page.reflection.md").write_text(PROMPT)
        (root / "one-page.rubric.yml").write_text(RUBRIC)
        found = read_reflection(
            root / "one-page.reflection.md", slug="one-page", key="tests/module/one-page",
            folder=Folder(root, notes), skills=Skills({}),
        )  # fmt: skip
    notes.stop_if_any()
    assert found
    return found
