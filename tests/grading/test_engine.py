"""Answers through the whole engine: a supervisor, a warm process, a confined pair, a verdict."""

import copy
import json
import os
import platform
from importlib.metadata import version

import pytest

from grading import __version__
from grading.answers import TOO_MUCH
from grading.checks import checks_sha256
from grading.protocol import Cause, CheckResult, CheckStatus, Limits, Outcome
from grading.runner import messages
from tests.grading.answering import RIGHT, answered, exercise, job, points, result_of

SOURCE = exercise("doubling")
FULL = {"test_double": 2.0, "test_long_words": 3.0, "test_share": 2.0, "why": None}
EARLIER = messages.STOPPED_EARLIER
THIS_CODE = "Write the code for this question"
SLOW = "Your code did not finish within 2 seconds. Look for a loop that never ends."
QUICK = Limits(cell_seconds=2, total_seconds=10)
PATIENT = Limits(cell_seconds=8, total_seconds=30)


@pytest.fixture
def mark(engine):
    """Mark an answer to the small exercise, right but for the given cells."""

    def marked(limits=PATIENT, **answers):
        return engine.mark(job(SOURCE, answer=answered(SOURCE, **{**RIGHT, **answers}), limits=limits))

    return marked


def passed(name, points):
    return CheckResult(check=name, status=CheckStatus.PASSED, points=points, max_points=points)


def failed(name, message, *, max_points, hidden=False, cause=Cause.ASSERTION):
    return CheckResult(
        check=name,
        status=CheckStatus.FAILED,
        points=0.0,
        max_points=max_points,
        message=message,
        hidden=hidden,
        cause=cause,
    )


def not_run(name, message, *, max_points, cause):
    return CheckResult(
        check=name, status=CheckStatus.NOT_RUN, points=0.0, max_points=max_points, message=message, cause=cause
    )


WAITING = CheckResult(check="why", status=CheckStatus.WAITING, points=None, max_points=4.0)
OTHERS = (passed("test_long_words", 3.0), passed("test_share", 2.0), WAITING)


def test_a_right_answer_gets_every_point_and_its_text_waits_for_a_person(mark):
    verdict = mark()

    assert (verdict.job_id, verdict.outcome, verdict.reason) == ("job-1", Outcome.MARKED, "")
    assert verdict.checks == (passed("test_double", 2.0), *OTHERS)
    assert verdict.free_text == {"why": "It saves adding."}


def test_a_verdict_says_what_decided_it(engine):
    verdict = engine.mark(job(SOURCE, answer=answered(SOURCE, **RIGHT), seed=7))

    provenance = verdict.provenance
    assert provenance.tests_sha256 == checks_sha256(SOURCE)
    assert provenance.engine_version == __version__
    assert provenance.libraries == {
        name: version(name) for name in ("nbgrader", "ipython", "numpy", "pandas", "scikit-learn", "matplotlib")
    }
    assert (provenance.python, provenance.seed) == (platform.python_version(), 7)
    assert set(provenance.timings_ms) == {"prepare", "fork", "cells"}
    assert provenance.isolation == engine.isolation != ""


def test_an_answer_left_as_it_was_gets_nothing_and_is_asked_for(engine):
    verdict = engine.mark(job(SOURCE, answer=answered(SOURCE)))

    assert verdict.outcome is Outcome.MARKED
    assert verdict.checks == (
        failed("test_double", "Write this function, then submit again.", max_points=2.0, cause=Cause.EXCEPTION),
        failed("test_long_words", f"{THIS_CODE}, then submit again.", max_points=3.0, cause=Cause.EXCEPTION),
        failed("test_share", f"{THIS_CODE}, then submit again.", max_points=2.0, cause=Cause.EXCEPTION),
        failed("why", messages.NO_ANSWER, max_points=4.0, cause=Cause.NONE),
    )


def test_part_of_the_points_for_part_of_an_answer(mark):
    verdict = mark(double="def double(x):\n    return x * x + 1")

    assert points(verdict) == {"test_double": 0.0, "test_long_words": 3.0, "test_share": 1.0, "why": None}
    assert result_of(verdict, check="test_share") == CheckResult(
        check="test_share",
        status=CheckStatus.PARTIAL,
        points=1.0,
        max_points=2.0,
        message="You earned 1 of 2 points.",
    )


def test_a_visible_test_speaks_for_itself(mark):
    verdict = mark(double="def double(x):\n    return 3 * x")

    assert result_of(verdict, check="test_double") == failed(
        "test_double", "double(2) should be 4. You returned 6.", max_points=2.0
    )


def test_a_hidden_test_shows_only_the_neutral_line(mark):
    verdict = mark(double="def double(x):\n    return abs(2 * x)", long_words="long_words = []")

    assert verdict.checks[:2] == (
        failed("test_double", messages.HIDDEN, max_points=2.0, hidden=True),
        failed(
            "test_long_words",
            "Count every word of more than three letters, and no other.",
            max_points=3.0,
            hidden=True,
        ),
    )


def test_a_jobs_own_neutral_line_goes_before_the_exercises(engine):
    answer = answered(SOURCE, **RIGHT | {"long_words": "long_words = []"})

    verdict = engine.mark(job(SOURCE, answer=answer, hidden_messages={"test_long_words": "Try other words."}))

    assert result_of(verdict, check="test_long_words").message == "Try other words."


def test_an_answer_cannot_carry_hidden_values_out_in_an_exception(mark):
    telltale = "def double(x):\n    if x != 2:\n        raise {}(f'the hidden input is {{x}}')\n    return 4"

    for kind in ("AssertionError", "type('Leak777', (Exception,), {})"):
        result = result_of(mark(double=telltale.format(kind)), check="test_double")

        assert (result.points, result.message, result.hidden) == (0.0, messages.HIDDEN, True)


def test_an_exception_is_told_with_advice(mark):
    verdict = mark(double="def double(x):\n    return x.double", long_words="long_words = [")

    assert verdict.checks[:2] == (
        failed(
            "test_double",
            "AttributeError: 'int' object has no attribute 'double'. This value does not have that property. "
            "Check what type it is.",
            max_points=2.0,
            cause=Cause.EXCEPTION,
        ),
        failed(
            "test_long_words",
            "SyntaxError: incomplete input (line 1). Python cannot read this line. "
            "Look for a missing bracket, quote or colon.",
            max_points=3.0,
            cause=Cause.EXCEPTION,
        ),
    )


def test_a_note_on_stderr_costs_nothing(mark):
    verdict = mark(
        double="import sys, warnings\n\n"
        "def double(x):\n    warnings.warn('old')\n    print(1, file=sys.stderr)\n    return 2 * x"
    )

    assert verdict.checks == (passed("test_double", 2.0), *OTHERS)


STUBBORN = """
def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""


@pytest.mark.parametrize(
    "endless",
    ["def double(x):\n    while True:\n        pass", STUBBORN],
    ids=["loop", "loop that will not be interrupted"],
)
def test_an_endless_function_is_stopped_and_named(mark, endless):
    verdict = mark(limits=QUICK, double=endless)

    assert result_of(verdict, check="test_double") == failed("test_double", SLOW, max_points=2.0, cause=Cause.TIME)


def test_an_endless_answer_cell_leaves_the_other_answers_their_points(mark):
    verdict = mark(limits=QUICK, double="while True:\n    pass")

    assert points(verdict) == {"test_double": 0.0, "test_long_words": 3.0, "test_share": 0.0, "why": None}
    assert result_of(verdict, check="test_double").message == SLOW


def test_the_time_for_all_cells_is_limited_too(mark):
    limits = Limits(cell_seconds=5, total_seconds=2)

    verdict = mark(limits=limits, long_words="import time\nlong_words = ['house', 'words']\ntime.sleep(100)")

    assert verdict.outcome is Outcome.MARKED
    assert result_of(verdict, check="test_double").status is CheckStatus.PASSED
    assert result_of(verdict, check="test_long_words") == not_run(
        "test_long_words", SLOW, max_points=3.0, cause=Cause.TIME
    )


@pytest.mark.parametrize("stop", ["os._exit(0)", "ctypes.string_at(0)"])
def test_code_that_ends_python_keeps_what_passed_before(mark, stop):
    verdict = mark(long_words=f"import ctypes, os\n{stop}")

    ended = messages.python_ended(PATIENT)
    assert verdict.outcome is Outcome.MARKED
    assert verdict.checks == (
        passed("test_double", 2.0),
        not_run("test_long_words", ended, max_points=3.0, cause=Cause.EXIT),
        not_run("test_share", EARLIER, max_points=2.0, cause=Cause.EXIT),
        WAITING,
    )


def test_a_test_in_which_python_ends_says_so_itself(mark):
    verdict = mark(double="import os\n\ndef double(x):\n    os._exit(0)")

    assert result_of(verdict, check="test_double") == failed(
        "test_double", messages.python_ended(PATIENT), max_points=2.0, cause=Cause.EXIT
    )
    assert [result.message for result in verdict.checks[1:3]] == [EARLIER, EARLIER]


def test_memory_is_limited_in_words_that_help(mark):
    limits = Limits(cell_seconds=5, total_seconds=20, memory_mb=1024)

    verdict = mark(limits=limits, double="def double(x):\n    return [0] * 10**9")

    assert result_of(verdict, check="test_double").message == (
        "Your code used more memory than it may. Work with less data at a time, then submit again."
    )
    assert verdict.checks[1:2] == OTHERS[:1]


def test_a_lot_of_output_is_dropped_and_costs_nothing(mark):
    flood = "def double(x):\n    for _ in range(2000):\n        print('x' * 1000)\n    return 2 * x"

    in_test = mark(double=flood)
    in_answer = mark(double=flood + "\n\ndouble(1)\n\ndef double(x):\n    return 2 * x")

    assert in_test.checks == (passed("test_double", 2.0), *OTHERS)
    assert in_answer.checks == (passed("test_double", 2.0), *OTHERS)


@pytest.mark.slow
def test_one_huge_output_or_exception_does_no_harm(mark):
    printed = mark(double="print('x' * 30_000_000)\n\ndef double(x):\n    return 2 * x")
    raised = mark(double="def double(x):\n    raise ValueError('x' * 30_000_000)")

    assert printed.outcome is Outcome.MARKED
    assert printed.free_text == {"why": "It saves adding."}
    assert (raised.outcome, points(raised)["test_double"]) == (Outcome.MARKED, 0.0)


def test_a_library_that_the_code_does_not_name_is_imported_late_and_gives_the_same(engine):
    late = f"table = [*map(getattr(__builtins__, '__imp' + 'ort__'), ['pan' + 'das'])][0]\n{RIGHT['double']}"

    verdict = engine.mark(job(SOURCE, answer=answered(SOURCE, **{**RIGHT, "double": late})))

    assert points(verdict)["test_double"] == 2.0


def test_helpers_in_cells_of_ones_own_are_used(engine):
    notebook = json.loads(answered(SOURCE, **RIGHT | {"double": "def double(x):\n    return helper(x)"}))
    own = {"cell_type": "code", "source": "def helper(x):\n    return x + x", "metadata": {}}
    notebook["cells"].insert(3, own)

    verdict = engine.mark(job(SOURCE, answer=json.dumps(notebook)))

    assert verdict.checks == (passed("test_double", 2.0), *OTHERS)


def test_files_lie_beside_the_notebook_with_their_folders(engine):
    source = exercise("reading_files")
    answer = answered(source, lines="lines = open('notes/today.txt').read().split()")

    with_file = engine.mark(job(source, answer=answer, files={"notes/today.txt": b"one\ntwo\n"}))
    with_other = engine.mark(job(source, answer=answer, files={"notes/today.txt": b"\xff\x00"}))

    assert points(with_file) == {"test_lines": 1.0}
    assert points(with_other) == {"test_lines": 0.0}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("{}", "This file is not a notebook. Upload the file that Jupyter saved, ending in .ipynb."),
        (
            "[" * 200_000,
            "This file is nested too deeply to be a notebook. Download the exercise again, copy your work into it "
            "and upload that file.",
        ),
        (
            answered(exercise("telling"), told="told = 1"),
            "This notebook belongs to another exercise (tests/telling). Hand in the one for this exercise.",
        ),
    ],
    ids=["no notebook", "too deep", "another exercise"],
)
def test_what_is_no_answer_is_refused_with_its_sentence(engine, answer, reason):
    verdict = engine.mark(job(SOURCE, answer=answer))

    assert (verdict.outcome, verdict.reason, verdict.checks) == (Outcome.REFUSED, reason, ())


@pytest.mark.parametrize(
    ("name", "answers", "reason"),
    [
        ("too_many_points", {"share": "share = 0.5"}, "The check test_share gave 5.0 points. It may give 0 to 2."),
        ("broken_setup", {}, "fails before the learner's first: FileNotFoundError: [Errno 2] No such file"),
    ],
)
def test_an_authors_mistake_is_never_a_wrong_answer(engine, name, answers, reason):
    source = exercise(name)

    verdict = engine.mark(job(source, answer=answered(source, **answers)))

    assert (verdict.outcome, verdict.by_author, verdict.checks) == (Outcome.FAILED_OURS, True, ())
    assert reason in verdict.reason


def test_a_source_that_is_no_exercise_is_our_fault(engine):
    good = job(SOURCE, answer=answered(SOURCE, **RIGHT))
    broken = type(good)(job_id="job-2", source="{}", answer=good.answer)

    verdict = engine.mark(broken)

    assert (verdict.job_id, verdict.outcome) == ("job-2", Outcome.FAILED_OURS)
    assert verdict.reason.startswith("The exercise is not a notebook")


def test_chance_comes_from_the_jobs_seed(engine):
    source = exercise("telling")
    answer = answered(source, told="import random, numpy\ntold = f'{random.random()} {numpy.random.rand()}'")

    told = [
        result_of(engine.mark(job(source, answer=answer, seed=seed)), check="test_told").message for seed in (1, 1, 2)
    ]

    assert told[0] == told[1] != told[2]


def test_the_caller_is_called_while_it_waits(engine):
    calls = []
    answer = answered(SOURCE, **RIGHT | {"double": "import time\ntime.sleep(2.5)\n" + RIGHT["double"]})

    verdict = engine.mark(job(SOURCE, answer=answer), on_wait=lambda: calls.append(os.getpid()))

    assert verdict.checks == (passed("test_double", 2.0), *OTHERS)
    assert len(calls) >= 2
    assert set(calls) == {os.getpid()}


FORGES = """
import gc
from grading.channel.frames import FrameSocket

for found in gc.get_objects():
    if type(found) is FrameSocket and found._received:
        found.send({"refused": "Isolation is broken\\nsecond line"})
"""


def test_a_learner_cannot_say_that_the_wall_is_broken(engine):
    before = dict(engine.recycled)

    verdict = engine.mark(job(SOURCE, answer=answered(SOURCE, **{**RIGHT, "double": FORGES})))

    assert (verdict.outcome, verdict.reason, engine.recycled) == (Outcome.MARKED, "", before)
    assert {result.cause for result in verdict.checks if not result.points} <= {Cause.EXIT, Cause.NONE}


def test_cells_with_more_parts_than_can_be_sent_are_refused(engine):
    notebook = json.loads(answered(SOURCE, **RIGHT))
    cell: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"] += [{**cell, "id": f"many-{n}", "source": "#" + "[" * 190_000} for n in range(6)]
    text = json.dumps(notebook).replace("[" * 190_000, "\\u005b" * 190_000)

    verdict = engine.mark(job(SOURCE, answer=text))

    assert (verdict.outcome, verdict.reason) == (Outcome.REFUSED, TOO_MUCH)
    assert points(engine.mark(job(SOURCE, answer=answered(SOURCE, **RIGHT)))) == FULL


def test_a_test_that_is_slow_by_itself_waits_for_a_person_and_says_so(engine):
    source = copy.deepcopy(SOURCE)
    (test,) = [cell for cell in source.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "test_double"]
    test.source = f"for _ in range(10 ** 9):\n    pass\n{test.source}"
    before = engine.recycled.get("doubt", 0)

    verdict = engine.mark(job(source, answer=answered(source, **RIGHT), limits=QUICK))

    held = result_of(verdict, check="test_double")
    assert (held.status, held.cause, held.message) == (CheckStatus.WAITING, Cause.HELD, messages.TOO_LONG)
    engine.mark(job(SOURCE, answer=answered(SOURCE, **RIGHT)))
    assert engine.recycled["doubt"] == before
