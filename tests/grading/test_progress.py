"""A verdict is made of what the child said, whatever ended it; only used-up time is the learner's fault."""

import os
import time

import pytest

from grading.protocol import CheckResult, CheckStatus, Limits, Outcome, Provenance, Verdict, to_json
from grading.runner.events import Event, EventKind, Timings
from grading.runner.frames import write_frame
from grading.runner.progress import Ending, Progress
from grading.runner.supervise import OwnerGone, listen, take_in

LIMITS = Limits(total_seconds=60)
NEVER = "This check did not run, because your code stopped earlier. Correct that first, then submit again."
LATE = "Your code did not finish within 60 seconds. Look for a loop that never ends."


def check(name, status="not_run", *, points=0.0, message=""):
    return CheckResult(check=name, status=CheckStatus(status), points=points, max_points=1.0, message=message)


PLAN = Verdict(
    job_id="job-1",
    outcome=Outcome.MARKED,
    checks=(check("a"), check("b"), check("essay", "waiting", points=None)),
    provenance=Provenance(isolation="unsafe-dev: rlimits"),
    free_text={"essay": "Because."},
)
PASSED = check("a", "passed", points=1.0)


def progress(*events):
    """What is known after these events."""
    known = Progress("job-1", LIMITS)
    for event in events:
        take_in(event, progress=known)
    return known


def plan():
    return Event(kind=EventKind.PLAN, body=to_json(PLAN))


def started():
    return Event(kind=EventKind.STARTED)


def said(result):
    return Event(kind=EventKind.CHECK, body=to_json(result))


def finished(**phases):
    return Event(kind=EventKind.FINISHED, body=to_json(Timings(phases=phases)))


def summary(verdict):
    return verdict.outcome, [(result.check, result.status, result.message) for result in verdict.checks]


def test_a_finished_job_has_every_result_and_its_timings():
    known = progress(plan(), started(), said(PASSED), said(check("b", message=NEVER)), finished(cells=12))

    verdict = known.verdict(Ending.ENDED)

    assert verdict == Verdict(
        job_id="job-1",
        outcome=Outcome.MARKED,
        checks=(PASSED, check("b", message=NEVER), check("essay", "waiting", points=None)),
        provenance=Provenance(isolation="unsafe-dev: rlimits", timings_ms={"cells": 12}),
        free_text={"essay": "Because."},
    )


def test_out_of_time_in_learner_code_keeps_what_passed_before():
    verdict = progress(plan(), started(), said(PASSED)).verdict(Ending.OUT_OF_TIME)

    assert summary(verdict) == (
        Outcome.MARKED,
        [("a", "passed", ""), ("b", "not_run", LATE), ("essay", "waiting", "")],
    )
    assert [result.points for result in verdict.checks] == [1.0, 0.0, None]


@pytest.mark.parametrize(
    ("events", "ending"),
    [
        ([], Ending.ENDED),
        ([], Ending.OUT_OF_TIME),
        ([plan()], Ending.OUT_OF_TIME),  # no learner code had run
        ([plan(), started(), said(PASSED)], Ending.ENDED),  # the child died
        ([plan(), started(), said(PASSED)], Ending.SAID_TOO_MUCH),
        ([finished()], Ending.ENDED),
    ],
)
def test_every_other_ending_without_a_last_word_is_our_fault(events, ending):
    verdict = progress(*events).verdict(ending)

    assert (verdict.outcome, verdict.checks, verdict.free_text) == (Outcome.FAILED_OURS, (), {})
    assert verdict.reason == f"The marking process ended without a verdict ({ending})."


def test_a_refusal_and_a_fault_are_passed_on():
    refused = progress(Event(kind=EventKind.REFUSED, body="No notebook.")).verdict(Ending.ENDED)
    known = progress(plan(), Event(kind=EventKind.FAILED, body="Out of paper.\nTraceback\n..."))
    failed = known.verdict(Ending.ENDED)

    assert (refused.outcome, refused.reason) == (Outcome.REFUSED, "No notebook.")
    assert (failed.outcome, failed.reason, failed.checks) == (Outcome.FAILED_OURS, "Out of paper.", ())
    assert failed.provenance.isolation == "unsafe-dev: rlimits"
    assert known.detail == "Traceback\n..."


def test_the_first_word_on_a_check_and_the_first_ending_count():
    known = progress(
        plan(),
        started(),
        said(check("a", "failed")),
        said(PASSED),
        finished(),
        said(check("b", "passed", points=1.0)),
        Event(kind=EventKind.FAILED, body="Too late."),
    )

    verdict = known.verdict(Ending.ENDED)

    assert summary(verdict)[1][:2] == [("a", "failed", ""), ("b", "not_run", LATE)]


def test_a_check_that_was_not_planned_is_not_added():
    known = progress(plan(), started(), said(check("invented", "passed", points=1.0)), finished())

    verdict = known.verdict(Ending.ENDED)

    assert [result.check for result in verdict.checks] == ["a", "b", "essay"]


def listened(*texts, close=True, owner_gone=lambda: False):
    """What is known after frames with these texts, and how listening ended."""
    reader, writer = os.pipe()
    for text in texts:
        write_frame(writer, text)
    if close:
        os.close(writer)
    known = Progress("job-1", LIMITS)
    try:
        return known, listen(reader, progress=known, owner_gone=owner_gone)
    finally:
        os.close(reader)


def test_listening_takes_events_in_until_the_child_ends():
    known, ending = listened(*map(to_json, (plan(), started(), said(PASSED))))

    assert (ending, known.plan, known.started, known.results) == (Ending.ENDED, PLAN, True, {"a": PASSED})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[" * 20_000,
        '{"kind": "shout", "body": ""}',
        '{"kind": "plan", "body": "{}"}',
        '{"kind": "check", "body": "3"}',
    ],
)
def test_a_child_that_says_nonsense_is_listened_to_no_longer(text):
    known, ending = listened(to_json(plan()), text, to_json(finished()))

    assert (ending, known.outcome) == (Ending.SAID_TOO_MUCH, None)


def test_a_child_that_says_too_much_is_listened_to_no_longer():
    reader, writer = os.pipe()
    os.write(writer, b"\xff\xff\xff\xff")
    os.close(writer)
    known = Progress("job-1", LIMITS)

    ending = listen(reader, progress=known, owner_gone=lambda: False)

    os.close(reader)
    assert ending is Ending.SAID_TOO_MUCH


def test_listening_stops_when_nobody_waits_for_the_verdict():
    began = time.monotonic()

    with pytest.raises(OwnerGone):
        listened(close=False, owner_gone=lambda: time.monotonic() > began + 0.3)

    assert time.monotonic() < began + 5
