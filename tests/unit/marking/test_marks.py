"""Marks: added from a verdict or by a person, never edited; the learner is told, the trail is kept."""

import datetime as dt
from decimal import Decimal

import pytest

from grading.protocol import CheckResult, CheckStatus, Outcome, Provenance, Verdict
from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import MarkFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory
from upskill.core import blobs
from upskill.core.models import AuditEntry, OutboxMail
from upskill.marking import queries, services
from upskill.marking.models import Mark
from upskill.marking.services import (
    MarkOutOfRange,
    MarkReplaced,
    NothingChanged,
    NothingToMark,
    RubricMark,
    VerdictDoesNotFit,
)

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)


def rows(mark: Mark) -> list[tuple]:
    return [(each.slug, each.status, each.points, each.message) for each in mark.checks.all()]


def override(mark: Mark, *, points, reason="It was right.", by=None) -> Mark:
    return services.override_mark(mark, points=points, reason=reason, by=by or PersonFactory(), now=LATER)


def judge(mark: Mark, *, levels, comment="Clear.", check="reflection", by=None) -> Mark:
    judgement = RubricMark(check=check, levels=levels, comment=comment)
    return services.mark_by_rubric(mark, rubric_mark=judgement, by=by or PersonFactory(), now=LATER)


# --- from the engine -------------------------------------------------------------------------------------------------


def test_engine_job_holds_the_exercise_the_answer_and_the_files_beside_it():
    exercise = ExerciseFactory(
        source_sha256=blobs.store(b'{"the": "source"}'),
        files={"table.csv": blobs.store(b"a,b\n1,2\n")},
        limits={"cell_seconds": 3},
        hidden_messages={"test_one": "Mind the edges."},
    )
    submission = SubmissionFactory(exercise=exercise, blob_id=blobs.store(b'{"the": "answer"}'))

    job = services.engine_job(submission, token="token-1")

    assert (job.job_id, job.source, job.answer) == ("token-1", '{"the": "source"}', '{"the": "answer"}')
    assert (job.files, job.limits.cell_seconds) == ({"table.csv": b"a,b\n1,2\n"}, 3)
    assert (job.hidden_messages, job.seed) == ({"test_one": "Mind the edges."}, submission.pk)


def test_record_verdict_writes_a_result_per_check_and_what_decided_it(audit_trail):
    submission = SubmissionFactory()
    results = (
        CheckResult(check="test_one", status=CheckStatus.PARTIAL, points=2.5, max_points=4.0, message="Almost."),
        CheckResult(check="reflection", status=CheckStatus.WAITING, points=None, max_points=6.0),
    )
    provenance = Provenance(engine_version="1", python="3.11", seed=7, libraries={"nbgrader": "0.9.6"})
    verdict = Verdict(
        job_id="t", outcome=Outcome.MARKED, checks=results, provenance=provenance, free_text={"reflection": "A pause."}
    )

    mark = services.record_verdict(submission, verdict=verdict, now=NOON)

    assert (mark.points, mark.max_points, mark.waiting_points, mark.passed) == (Decimal("2.5"), 4, 6, False)
    assert rows(mark) == [("test_one", "partial", Decimal("2.50"), "Almost."), ("reflection", "waiting", None, "")]
    assert [each.answer for each in mark.checks.all()] == ["", "A pause."]
    assert (mark.given_by, mark.provenance["engine_version"], mark.provenance["outcome"]) == (None, "1", "marked")
    assert audit_trail() == [("mark.given", None, {"points": "2.5"})]


def test_record_verdict_knows_the_titles_and_points_of_the_published_check():
    """A verdict's own idea of what a check offers is not taken over."""
    verdict = Verdict(job_id="t", outcome=Outcome.MARKED, checks=(passed(max_points=400.0), waits()))

    mark = services.record_verdict(SubmissionFactory(), verdict=verdict, now=NOON)

    check = mark.checks.get(slug="test_one")
    assert (check.title, check.max_points, mark.max_points) == ("One", 4, 4)


def passed(check="test_one", **fields) -> CheckResult:
    return CheckResult(check=check, status=CheckStatus.PASSED, **{"points": 4.0, "max_points": 4.0, **fields})


def waits() -> CheckResult:
    return CheckResult(check="reflection", status=CheckStatus.WAITING, points=None, max_points=6.0)


@pytest.mark.parametrize(
    "checks",
    [
        (waits(),),  # without its test the exercise would be passed by nothing
        (passed(),),
        (passed(), passed(), waits()),
        (passed(), waits(), passed("never_heard_of")),
        (passed(), passed("reflection", points=6.0, max_points=6.0)),  # only a person gives these points
    ],
    ids=["test missing", "free text missing", "twice", "of another exercise", "free text judged"],
)
def test_record_verdict_about_other_checks_than_the_exercise_has_is_never_a_mark(checks):
    verdict = Verdict(job_id="t", outcome=Outcome.MARKED, checks=checks)

    with pytest.raises(VerdictDoesNotFit):
        services.record_verdict(SubmissionFactory(), verdict=verdict, now=NOON)

    assert Mark.objects.count() == 0


# --- override --------------------------------------------------------------------------------------------------------


def test_override_mark_keeps_the_old_mark_and_says_who_changed_it(audit_trail):
    old, trainer = MarkFactory(points=2), PersonFactory()

    new = override(old, points={"test_one": Decimal("3.5")}, reason="Rounding was fine.", by=trainer)

    assert list(queries.history(old.submission)) == [new, old]
    assert (new.points, new.max_points, new.waiting_points) == (Decimal("3.5"), 4, 6)
    assert (new.given_by, new.marked_at, new.reason, new.replaces) == (trainer, LATER, "Rounding was fine.", old)
    assert rows(old) == [("test_one", "failed", 2, "Not yet."), ("reflection", "waiting", None, "")]
    assert audit_trail() == [("mark.overridden", trainer, {"old": "2", "new": "3.5"})]
    assert AuditEntry.objects.get().about == old.submission.learner


def test_override_mark_says_on_each_changed_check_that_a_trainer_changed_it():
    old = MarkFactory(points=2)

    new = override(old, points={"test_one": Decimal(4)})

    assert rows(new) == [
        ("test_one", "passed", 4, "A trainer changed this from 2 to 4 points."),
        ("reflection", "waiting", None, ""),
    ]


def test_override_mark_leaves_the_message_of_a_check_that_did_not_change():
    exercise = ExerciseFactory()
    exercise.checks.create(slug="test_two", position=2, title="Two", max_points=5)
    old = MarkFactory(points=2, submission__exercise=exercise)
    old.checks.create(
        slug="test_two", position=2, title="Two", points=1, max_points=5, status="partial", message="One of five."
    )

    new = override(old, points={"test_one": Decimal(4), "test_two": Decimal(1)})

    assert rows(new)[2] == ("test_two", "partial", 1, "One of five.")


def test_override_mark_of_a_hidden_line_shows_the_trainers_words_and_nothing_hidden():
    old = MarkFactory(points=0)
    old.submission.exercise.checks.create(slug="test_two", position=2, title="Two", max_points=5)
    old.checks.create(
        slug="test_two", position=2, title="Two", points=0, max_points=5, status="failed", hidden=True, message="Edges."
    )

    new = override(old, points={"test_two": Decimal(5)})

    check = new.checks.get(slug="test_two")
    assert (check.hidden, check.message) == (False, "A trainer changed this from 0 to 5 points.")


def test_override_mark_tells_the_learner_by_mail():
    old = MarkFactory(points=2)

    override(old, points={"test_one": Decimal("3.50")}, reason="Rounding was fine.")

    mail, title = OutboxMail.objects.get(), old.submission.exercise.item_version.title
    assert (mail.to, mail.created_at) == (old.submission.learner, LATER)
    assert mail.subject == f"Your mark for “{title}” has changed"
    assert mail.body == (
        f"A trainer has marked your work on “{title}”: 3.5 of 4 points.\n\nRounding was fine.\n\n"
        "Sign in to see each check, and the mark before this one.\n"
    )


@pytest.mark.parametrize("points", [Decimal("-1"), Decimal("4.01")])
def test_override_mark_out_of_range_writes_nothing(points):
    old = MarkFactory(points=2)

    with pytest.raises(MarkOutOfRange, match="from 0 to 4"):
        override(old, points={"test_one": points})

    assert (Mark.objects.count(), OutboxMail.objects.count(), AuditEntry.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize("slug", ["reflection", "never_heard_of"])
def test_override_mark_is_only_for_checks_with_tests(slug):
    old = MarkFactory(points=2)

    with pytest.raises(NothingToMark, match="Mark free text with its rubric"):
        override(old, points={slug: Decimal(1)})

    assert Mark.objects.count() == 1


def test_override_mark_without_a_change_is_refused():
    old = MarkFactory(points=2)

    with pytest.raises(NothingChanged):
        override(old, points={"test_one": Decimal("2.00")})

    assert Mark.objects.count() == 1


def test_override_mark_of_a_replaced_mark_is_refused_in_one_sentence():
    old = MarkFactory(points=2)
    new = override(old, points={"test_one": Decimal(3)})

    with pytest.raises(MarkReplaced) as refusal:
        override(old, points={"test_one": Decimal(4)})

    assert str(refusal.value) == "Somebody changed this mark while you looked at it. Go back to see the new one."
    assert list(queries.current_marks()) == [new]


def test_override_mark_leaves_the_rows_that_the_caller_holds_as_they_are():
    old = queries.current_marks().get(pk=MarkFactory(points=2).pk)
    before = [(check.pk, check.points, check.mark_id) for check in old.checks.all()]

    override(old, points={"test_one": Decimal(4)})

    assert [(check.pk, check.points, check.mark_id) for check in old.checks.all()] == before


def test_marks_made_one_after_another_form_one_chain():
    first = MarkFactory(points=2)

    second = override(first, points={"test_one": Decimal(3)})
    third = override(second, points={"test_one": Decimal(4)})

    assert [mark.replaces for mark in queries.history(first.submission)] == [second, first, None]
    assert list(queries.current_marks().filter(submission=first.submission)) == [third]


# --- by rubric -------------------------------------------------------------------------------------------------------


def test_mark_by_rubric_completes_the_mark_and_keeps_the_levels(audit_trail):
    old, trainer = MarkFactory(points=4), PersonFactory()
    levels = {"finding": 3, "advice": 4, "limit": 2}

    new = judge(old, levels=levels, comment="Say who decides.", by=trainer)

    check = new.checks.get(slug="reflection")
    assert (new.points, new.max_points, new.waiting_points) == (Decimal("8.5"), 10, 0)
    assert (check.points, check.status, check.message) == (Decimal("4.5"), "partial", "Say who decides.")
    assert (check.rubric_levels, check.answer) == (levels, "I recommend a pause.")
    assert (new.given_by, new.reason, new.replaces) == (trainer, "Say who decides.", old)
    assert audit_trail() == [("mark.completed", trainer, {"levels": levels})]
    assert "8.5 of 10 points" in OutboxMail.objects.get().body


def test_mark_by_rubric_leaves_the_tests_alone():
    old = MarkFactory(points=2)

    new = judge(old, levels={"finding": 4, "advice": 4, "limit": 4})

    assert rows(new)[0] == rows(old)[0]


def test_mark_by_rubric_again_is_a_correction():
    first = MarkFactory(points=4)
    second = judge(first, levels={"finding": 0, "advice": 0, "limit": 0})

    third = judge(second, levels={"finding": 4, "advice": 4, "limit": 4}, comment="I overlooked the table.")

    assert [mark.points for mark in queries.history(first.submission)] == [10, 4, 4]
    assert (third.replaces, third.reason) == (second, "I overlooked the table.")


def test_mark_by_rubric_survives_an_override_of_the_tests():
    judged = judge(MarkFactory(points=2), levels={"finding": 4, "advice": 2, "limit": 2})

    new = override(judged, points={"test_one": Decimal(0)})

    check = new.checks.get(slug="reflection")
    assert (check.points, check.rubric_levels) == (4, {"finding": 4, "advice": 2, "limit": 2})
    assert new.passed


@pytest.mark.parametrize("check", ["test_one", "never_heard_of"])
def test_mark_by_rubric_is_only_for_free_text(check):
    old = MarkFactory(points=2)

    with pytest.raises(NothingToMark, match="marked by its tests"):
        judge(old, levels={}, check=check)

    assert Mark.objects.count() == 1


@pytest.mark.parametrize("levels", [{"finding": 2}, {"finding": 2, "advice": 2, "limit": 5}])
def test_mark_by_rubric_with_a_gap_writes_nothing(levels):
    with pytest.raises(MarkOutOfRange, match="Choose a level for “The"):
        judge(MarkFactory(points=2), levels=levels)

    assert (Mark.objects.count(), OutboxMail.objects.count()) == (1, 0)


def test_of_two_trainers_with_one_page_open_the_second_is_told():
    page = MarkFactory(points=4)
    judge(page, levels={"finding": 4, "advice": 4, "limit": 4})

    with pytest.raises(MarkReplaced):
        judge(page, levels={"finding": 0, "advice": 0, "limit": 0})

    assert Mark.objects.count() == 2


def test_record_view_writes_down_who_looked_at_whose_work():
    submission, trainer = SubmissionFactory(), PersonFactory()

    services.record_view(submission, by=trainer, now=NOON)

    entry = AuditEntry.objects.get()
    assert (entry.event, entry.by, entry.about, entry.at) == ("submission.viewed", trainer, submission.learner, NOON)
    assert (entry.subject_kind, entry.subject_id) == ("learning.submission", str(submission.pk))
