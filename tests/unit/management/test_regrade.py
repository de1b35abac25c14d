"""What an operator reads at the shell while every answer to an exercise is marked again."""

import datetime as dt
import io
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from grading.protocol import CheckResult, CheckStatus
from tests.factories.catalogue import ExerciseFactory, ItemVersionFactory, ModuleFactory
from tests.factories.marking import DoneJobFactory, MarkFactory, SkillFactory, SubmissionFactory
from tests.factories.people import PersonFactory
from tests.unit.management.commands import run
from upskill import pipeline
from upskill.core import heartbeats
from upskill.core.models import OutboxMail
from upskill.learning.models import Submission
from upskill.management import regrade_words
from upskill.management.commands.regrade import Command
from upskill.marking import jobs, regrades, regrading
from upskill.marking.models import Job, Mark, Regrade
from upskill.marking.slot import Outcome, Verdict

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
NAME = "ethics/audits/double"
REASON = "The test asked for too much."
STATUS = {0: "failed", 2: "partial", 4: "passed"}
HEADING = f"Regrade of {NAME}, begun on 2026-11-24 at 09:30 UTC: {REASON}"


class Terminal(io.StringIO):
    """Somebody looks at it."""

    def isatty(self) -> bool:
        return True


class Wait:
    """What happens while the command sleeps: each time the next answer is marked, and so many seconds pass."""

    def __init__(self, *happenings, seconds: float = 60) -> None:
        self.happenings, self.seconds, self.now = list(happenings), seconds, 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += self.seconds
        self.happenings.pop(0)()

    def clock(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _worker():
    heartbeats.beat("worker-1", program=heartbeats.WORKER, is_working=True)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def exercise():
    SkillFactory()
    module = ModuleFactory(course_version__course__id="ethics", slug="audits")
    return ExerciseFactory(item_version__module=module, item_version__slug="double")


def marked(exercise, number: int, *, points: int = 4) -> Mark:
    """The answer of learner 0…01, 0…02 and so on."""
    learner = PersonFactory(public_id=UUID(int=number), full_name="Alice Secret")
    return MarkFactory(submission__exercise=exercise, submission__learner=learner, points=points)


def marks(points: int | None = None, *, outcome: Outcome = Outcome.MARKED, message: str = ""):
    """The engine says this of the next answer."""

    def happens() -> None:
        claim = jobs.claim()
        assert claim
        submission = Submission.objects.get(pk=claim.submission_id)
        checks = []
        if points is not None:
            usual = "" if points == 4 else "Not yet."
            checks = [
                CheckResult(
                    check="test_one",
                    status=CheckStatus(STATUS[points]),
                    points=float(points),
                    max_points=4.0,
                    message=message or usual,
                ),
                CheckResult(check="reflection", status=CheckStatus.WAITING, points=None, max_points=6.0),
            ]
        verdict = Verdict(job_id=str(claim.token), outcome=outcome, checks=tuple(checks), reason="It broke.")
        pipeline.store_verdict(submission, claim=claim, verdict=verdict, now=NOW)

    return happens


def said(*arguments: str, wait: Wait | None = None, out: io.StringIO | None = None) -> list[str]:
    out = out or io.StringIO()
    wait = wait or Wait()
    command = Command(sleep=wait.sleep, clock=wait.clock, user=lambda: "alice, as upskill")
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue().split("\n")[:-1]


def interrupt() -> None:
    """Whoever looks has had enough."""
    raise KeyboardInterrupt


def figures(**wanted: int) -> list[str]:
    """The lines on what came of the answers."""
    whole = {
        "same": "the same",
        "words": "the same points, other words",
        "higher": "higher",
        "lower": "lower",
        "refused": "refused this time, mark kept",
        "failed": "failed by a fault of ours, mark kept",
        "now": "pass now",
        "no_longer": "pass no longer",
    }
    return [f"{wanted.get(name, 0):>8} {words}" for name, words in whole.items()]


# --- starting and looking --------------------------------------------------------------------------------------------


def test_regrade_is_shown_until_it_is_done_and_then_what_came_of_it(exercise, settings):
    settings.JOB_MAX_TRIES = 1
    for number, points in enumerate((4, 0, 4, 0, 4, 4), start=1):
        marked(exercise, number, points=points)
    wait = Wait(
        marks(4), marks(4), marks(2), marks(0, message="Say double."), marks(outcome=Outcome.REFUSED),
        marks(outcome=Outcome.FAILED_OURS),
    )  # fmt: skip

    lines = said(NAME, "--reason", REASON, wait=wait)

    assert lines == [
        HEADING,
        "0 of 6 done, 0 changed",
        "1 of 6 done, 0 changed, about 5 min left",
        "2 of 6 done, 1 changed, about 4 min left",
        "3 of 6 done, 2 changed, about 3 min left",
        "4 of 6 done, 3 changed, about 2 min left",
        "5 of 6 done, 3 changed, about 1 min left",
        "5 of 6 done, 3 changed, 1 failed",
        *figures(same=1, words=1, higher=1, lower=1, refused=1, failed=1, now=1, no_longer=1),
        "00000000-0000-0000-0000-000000000002 attempt 1: 0 -> 4 points, passes now",
        "00000000-0000-0000-0000-000000000003 attempt 1: 4 -> 2 points, passes no longer",
        f"Once the fault is mended, mark those that failed: manage.py regrade {NAME} --resume",
    ]
    assert wait.slept == [10] * 6
    assert OutboxMail.objects.count() == 2


def test_on_a_terminal_one_line_is_written_over(exercise):
    marked(exercise, 1)
    wait = Wait(marks(2), seconds=1)

    lines = said(NAME, "--reason", REASON, wait=wait, out=Terminal())

    assert lines[:2] == [HEADING, "\r0 of 1 done, 0 changed\x1b[K\r1 of 1 done, 1 changed\x1b[K"]
    assert lines[2:10] == figures(lower=1, no_longer=1)
    assert wait.slept == [2]


def test_dry_run_ends_with_what_to_type_to_do_it(exercise):
    mark = marked(exercise, 1)

    lines = said(NAME, "--reason", "It was our fault.", "--dry-run", wait=Wait(marks(2)))

    assert lines == [
        f"Dry run of {NAME}, begun on 2026-11-24 at 09:30 UTC: It was our fault.",
        "0 of 1 done, 0 would change",
        "1 of 1 done, 1 would change",
        *figures(lower=1, no_longer=1),
        "00000000-0000-0000-0000-000000000001 attempt 1: 4 -> 2 points, passes no longer",
        "This was a dry run: no mark has changed. To change them: "
        f"manage.py regrade {NAME} --reason 'It was our fault.'",
    ]
    assert (list(Mark.objects.all()), OutboxMail.objects.count()) == ([mark], 0)


def test_whoever_stops_looking_reads_that_it_goes_on(exercise):
    marked(exercise, 1)

    lines = said(NAME, "--reason", REASON, wait=Wait(interrupt))

    assert lines == [
        HEADING,
        "0 of 1 done, 0 changed",
        "",
        f"It goes on without you. Look again with: manage.py regrade {NAME}  "
        f"Pause it with: manage.py regrade {NAME} --pause",
    ]
    assert Job.objects.get(lane="regrade").state == Job.State.QUEUED


def test_while_nothing_is_marked_the_reason_stands_above(exercise):
    heartbeats.beat("worker-1", program=heartbeats.WORKER, is_working=False, note="Marking is paused: no wall.")
    marked(exercise, 1)

    lines = said(NAME, "--reason", REASON, wait=Wait(marks(4)))

    assert lines[1] == "Marking is paused: no wall. Answers wait until that is mended."


def test_somebody_else_who_pauses_it_ends_the_looking(exercise):
    marked(exercise, 1)
    wait = Wait(lambda: regrading.pause(Regrade.objects.get(), ran_by="root", now=NOW))

    lines = said(NAME, "--reason", REASON, wait=wait)

    assert lines == [HEADING, "0 of 1 done, 0 changed", "0 of 1 done, 0 changed, paused", *figures()]


def test_audit_trail_names_who_sat_at_the_shell_and_no_person_of_the_service(exercise, audit_trail):
    marked(exercise, 1)

    said(NAME, "--reason", REASON, wait=Wait(interrupt))
    said(NAME, "--pause")
    said(NAME, "--resume")

    who = "alice, as upskill"
    assert audit_trail() == [
        ("regrade.started", None, {"exercise": NAME, "answers": 1, "dry_run": False, "ran_by": who}),
        ("regrade.paused", None, {"answers": 1, "ran_by": who}),
        ("regrade.resumed", None, {"answers": 1, "ran_by": who}),
    ]


def test_without_options_it_says_how_the_newest_regrade_stands(exercise):
    marked(exercise, 1)
    marked(exercise, 2, points=0)
    regrading.begin(exercise, reason=REASON, is_dry_run=False, ran_by="root", now=NOW)
    marks(2)()

    assert said(NAME) == [
        HEADING,
        "1 of 2 done, 1 changed",
        *figures(lower=1, no_longer=1),
        "00000000-0000-0000-0000-000000000001 attempt 1: 4 -> 2 points, passes no longer",
    ]


def test_earlier_regrade_that_was_paused_is_given_up_and_that_is_said(exercise):
    marked(exercise, 1)
    marked(exercise, 2)
    earlier = regrading.begin(exercise, reason="Before.", is_dry_run=False, ran_by="root", now=NOW)
    regrading.pause(earlier, ran_by="root", now=NOW)

    lines = said(NAME, "--reason", REASON, wait=Wait(marks(4), marks(4)))

    assert lines[:3] == [
        HEADING,
        "An earlier regrade was not over. It is given up: 2 of its answers were left.",
        "0 of 2 done, 0 changed",
    ]


@pytest.mark.parametrize(("shows_all", "shown"), [(False, 2), (True, 3)])
def test_long_lists_are_cut_unless_all_is_asked_for(exercise, monkeypatch, shows_all, shown):
    monkeypatch.setattr(regrade_words, "MOST_CHANGES", 2)
    for number in range(1, 4):
        marked(exercise, number)
    regrading.begin(exercise, reason=REASON, is_dry_run=False, ran_by="root", now=NOW)
    for _ in range(3):
        marks(2)()

    lines = said(NAME, *(["--all"] if shows_all else []))

    who = [line.partition(" ")[0] for line in lines if "->" in line]
    assert who == [str(UUID(int=number)) for number in range(1, shown + 1)]
    assert lines[-1] == (
        "00000000-0000-0000-0000-000000000003 attempt 1: 4 -> 2 points, passes no longer"
        if shows_all
        else "and 1 more: add --all to see them."
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_costs_the_same_for_one_change_and_for_three(exercise, rows, django_assert_num_queries):
    for number in range(1, rows + 1):
        marked(exercise, number)
    regrading.begin(exercise, reason=REASON, is_dry_run=False, ran_by="root", now=NOW)
    for _ in range(rows):
        marks(2)()

    with django_assert_num_queries(6):
        said(NAME)


def test_nobodys_name_is_in_what_it_says(exercise):
    marked(exercise, 1)

    lines = said(NAME, "--reason", REASON, wait=Wait(marks(2)))

    assert "Alice" not in "\n".join(lines)


# --- pausing and resuming --------------------------------------------------------------------------------------------


def test_pause_and_resume_say_how_many_answers_wait(exercise):
    marked(exercise, 1)
    marked(exercise, 2)
    regrading.begin(exercise, reason=REASON, is_dry_run=False, ran_by="root", now=NOW)

    paused, resumed = run("regrade", NAME, "--pause"), run("regrade", NAME, "--resume")

    assert paused == [f"Paused: 2 answers wait. Go on with: manage.py regrade {NAME} --resume"]
    assert resumed == [f"Resumed: 2 answers wait for a worker. Look again with: manage.py regrade {NAME}"]
    assert regrades.open_regrades()[0].is_paused is False


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["ethics"],
            "There is no exercise ethics. Write COURSE/MODULE/ITEM, such as ai-ethics-in-practice/bias-audits/",
        ),
        (["ethics/audits/lesson"], "There is no exercise ethics/audits/lesson. Write COURSE/MODULE/ITEM, such as "),
        ([NAME], f"{NAME} has never been regraded. Start with --reason."),
        ([NAME, "--pause"], f"{NAME} has never been regraded. Start with --reason."),
        ([NAME, "--dry-run"], "A dry run needs its --reason as well: it stands above the result."),
        ([NAME, "--pause", "--resume"], "Give one of --reason, --pause and --resume, or none of them to see"),
        ([NAME, "--reason", "x", "--pause"], "Give one of --reason, --pause and --resume, or none of them to see"),
        ([NAME, "--reason", " "], "Give a reason of up to 4,000 characters."),
        ([NAME, "--reason", "x"], f"No answer to {NAME} has an automatic mark: there is nothing to mark again."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_refused_in_one_sentence_and_leaves_nothing(exercise, arguments, sentence):
    ItemVersionFactory(module=exercise.item_version.module, slug="lesson")
    DoneJobFactory(submission=SubmissionFactory(exercise=exercise), state=Job.State.REFUSED)

    with pytest.raises(CommandError) as refusal:
        said(*arguments)

    assert str(refusal.value).startswith(sentence)
    assert (Regrade.objects.count(), Job.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--resume", "There is nothing to resume: the regrade is not paused, and no fault stopped any of it."),
        ("--reason=x", f"Answers to {NAME} are being marked again already. Wait for the end, or pause that."),
    ],
)
def test_what_does_not_fit_a_regrade_under_way_is_refused(exercise, option, sentence):
    marked(exercise, 1)
    regrade = regrading.begin(exercise, reason=REASON, is_dry_run=False, ran_by="root", now=NOW)

    with pytest.raises(CommandError) as refusal:
        said(NAME, option)

    assert (str(refusal.value), Regrade.objects.get()) == (sentence, regrade)
