"""nbgrader decides the points, and none of its traps gives or takes one."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.utils import compute_checksum, determine_grade

from grading.checks import AuthorError, CheckSpec
from grading.protocol import Cause, CheckResult, CheckStatus, Limits
from grading.runner import messages
from grading.runner.judge import Answers, CellRun, first_failure, held, judge_code, judge_written, not_run
from grading.runner.messages import Failure

LIMITS = Limits(cell_seconds=10, memory_mb=2048, output_kb=1024)
SOURCE = "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(-7) == -14\n### END HIDDEN TESTS"
NEUTRAL = "Not on the cases you have not seen."
STUB = "def double(x):\n    raise NotImplementedError()"
RAN = CellRun(finished=True)
NO_ANSWERS = Answers()


def spec(*, points=2.0, has_hidden=True, by_person=False):
    return CheckSpec(check="t", title="T", max_points=points, by_person=by_person, has_hidden=has_hidden)


def cell_after(*outputs, source=SOURCE, points=2.0):
    metadata = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    named = {**metadata, "grade_id": "t", "points": points}
    return new_code_cell(source, metadata={"nbgrader": named}, outputs=list(outputs), execution_count=5)


def error(name, value="", *, line=None):
    """An error output; `judged` finds in its traceback the line of the cell at which it happened."""
    return new_output("error", ename=name, evalue=value, traceback=[str(line)] if line else [])


def result(text):
    return new_output("execute_result", data={"text/plain": text})


def stream(name, text="a note"):
    return new_output("stream", name=name, text=text)


def judged(cell, *, run=None, answers=NO_ANSWERS, has_hidden=True, points=2.0):
    lines = [int(line) for output in cell.outputs for line in output.get("traceback", [])]
    run = run or CellRun(finished=True, line=lines[0] if lines else None)
    return judge_code(
        cell, spec=spec(points=points, has_hidden=has_hidden), run=run, answers=answers, limits=LIMITS, neutral=NEUTRAL
    )


def check(status, points, message="", *, hidden=False, max_points=2.0, cause=Cause.NONE):
    return CheckResult(
        check="t",
        status=CheckStatus(status),
        points=points,
        max_points=max_points,
        message=message,
        hidden=hidden,
        cause=cause,
    )


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        [stream("stdout")],
        [stream("stderr")],
        [stream("stderr"), stream("stdout"), stream("stderr")],
        [new_output("display_data", data={"text/plain": "0"})],
        [result("'a sentence'")],
        [result("2")],
        [stream("stderr"), result("2.0")],
    ],
)
def test_a_test_that_ran_to_its_end_passes(outputs):
    assert judged(cell_after(*outputs)) == check("passed", 2.0)


def test_a_warning_would_cost_all_points_if_nbgrader_were_left_alone():
    points, _ = determine_grade(cell_after(stream("stderr")))

    assert points == 0
    assert judged(cell_after(stream("stderr"))) == check("passed", 2.0)


@pytest.mark.parametrize("run", [CellRun(), CellRun(finished=False)])
def test_a_test_that_never_ran_gives_nothing(run):
    points, _ = determine_grade(cell_after())

    assert points == 2.0  # what nbgrader would give for it
    assert judged(cell_after(), run=run) == check(
        "not_run",
        0.0,
        "This check did not run, because your code stopped earlier. Correct that first, then submit again.",
    )


@pytest.mark.parametrize(
    ("text", "status", "points", "message"),
    [
        ("0.5", "partial", 0.5, "You earned 0.5 of 2 points."),
        ("1", "partial", 1.0, "You earned 1 of 2 points."),
        ("0", "failed", 0.0, "This check gave none of its 2 points."),
        ("0.0", "failed", 0.0, "This check gave none of its 2 points."),
        ("-0.0", "failed", 0.0, "This check gave none of its 2 points."),
        ("2", "passed", 2.0, ""),
    ],
)
def test_a_number_at_the_end_of_a_test_is_its_points(text, status, points, message):
    assert judged(cell_after(result(text))) == check(status, points, message)


@pytest.mark.parametrize("text", ["nan", "-1", "-inf", "inf", "2.0001", "1e400", "1" * 400])
def test_a_score_that_nobody_can_mean_is_the_authors_error(text):
    with pytest.raises(AuthorError) as mistake:
        judged(cell_after(result(text)))

    assert str(mistake.value).endswith("It may give 0 to 2.")


def test_a_result_without_text_is_the_authors_error():
    cell = cell_after(new_output("execute_result", data={"image/png": "abc"}))

    with pytest.raises(AuthorError) as mistake:
        judged(cell)

    assert str(mistake.value) == "The result of the check t cannot be read as points."


@pytest.mark.parametrize(
    ("run", "cause", "message"),
    [
        (
            CellRun(finished=True, too_slow_after=10),
            Cause.TIME,
            "Your code did not finish within 10 seconds. Look for a loop that never ends.",
        ),
        (
            CellRun(python_ended=True),
            Cause.EXIT,
            "Your code stopped Python itself. Look for exit() or quit(), or for a table or list that grows "
            "beyond 2,048 MB.",
        ),
    ],
)
def test_a_test_that_broke_a_limit_says_which(run, cause, message):
    assert judged(cell_after(result("2")), run=run) == check("failed", 0.0, message, cause=cause)


def test_an_answer_that_is_not_what_it_seems_waits_for_a_person():
    assert held(spec(), because=messages.HELD) == check("waiting", None, messages.HELD, cause=Cause.HELD)


@pytest.mark.parametrize(
    ("failure", "cause", "message"),
    [
        (error("AssertionError", "Two times two is 4.", line=1), Cause.ASSERTION, "Two times two is 4."),
        (error("AssertionError", "", line=1), Cause.ASSERTION, "This did not hold: assert double(2) == 4"),
        (
            error("TypeError", "no", line=1),
            Cause.EXCEPTION,
            "TypeError: no. A value has another type than the code expects. "
            "Check what you pass in and what you return.",
        ),
    ],
)
def test_a_failure_in_the_visible_part_is_told(failure, cause, message):
    assert judged(cell_after(stream("stdout"), failure)) == check("failed", 0.0, message, cause=cause)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("AssertionError", Cause.ASSERTION),
        ("ValueError", Cause.EXCEPTION),
        ("NameError", Cause.EXCEPTION),
        ("MemoryError", Cause.MEMORY),
        ("SystemExit", Cause.EXCEPTION),
    ],
)
@pytest.mark.parametrize("line", [2, 3, 4, None])
def test_a_failure_in_the_hidden_part_or_nowhere_is_told_in_neutral_words(name, cause, line):
    failure = error(name, "The secret is -7 and -14.", line=line)

    assert judged(cell_after(failure)) == check("failed", 0.0, NEUTRAL, hidden=True, cause=cause)


def test_a_failure_without_a_place_is_told_where_nothing_is_hidden():
    cell = cell_after(error("AssertionError", "Two times two is 4."), source="assert double(2) == 4")

    assert judged(cell, has_hidden=False) == check("failed", 0.0, "Two times two is 4.", cause=Cause.ASSERTION)


def test_the_first_of_several_errors_counts():
    cell = cell_after(error("AssertionError", "First.", line=1), error("AssertionError", "Second.", line=3))

    assert judged(cell) == check("failed", 0.0, "First.", cause=Cause.ASSERTION)


@pytest.mark.parametrize("failure", [error("NotImplementedError", line=1), error("NameError", "x", line=3)])
def test_an_untouched_answer_is_asked_for(failure):
    answers = Answers(stubs=(STUB,), all_untouched=True, runs=(RAN,))

    assert judged(cell_after(failure), answers=answers) == check(
        "failed", 0.0, "Write this function, then submit again.", cause=Cause.EXCEPTION
    )


def test_a_name_missing_because_the_answer_failed_is_explained_by_that_failure():
    answers = Answers(stubs=(STUB,), runs=(RAN,), failures=(Failure(name="SyntaxError", value="'(' was never closed"),))

    missing = judged(cell_after(error("NameError", "name 'double' is not defined", line=1)), answers=answers)
    wrong = judged(cell_after(error("AssertionError", "Two times two is 4.", line=1)), answers=answers)

    assert missing.message.startswith("SyntaxError: '(' was never closed.")
    assert wrong.message == "Two times two is 4."


def test_a_name_missing_because_the_answer_never_ended_is_explained_by_that():
    answers = Answers(stubs=(STUB,), runs=(CellRun(finished=True, too_slow_after=10),))
    cell = cell_after(error("NameError", "name 'double' is not defined", line=1))

    assert judged(cell, answers=answers) == check(
        "failed", 0.0, "Your code did not finish within 10 seconds. Look for a loop that never ends.", cause=Cause.TIME
    )


def written_cell(source, *, stub="Write your answer here.", kind=new_markdown_cell):
    metadata = {"grade": True, "solution": True, "locked": False, "task": False, "schema_version": 3}
    cell = kind(stub, metadata={"nbgrader": {**metadata, "grade_id": "t", "points": 2.0}})
    cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)
    cell.source = source
    return cell


@pytest.mark.parametrize("kind", [new_markdown_cell, new_code_cell])
def test_a_written_answer_waits_for_a_person(kind):
    cell = written_cell("Because.", kind=kind)

    assert judge_written(cell, spec=spec(by_person=True)) == check("waiting", None)


@pytest.mark.parametrize("source", ["Write your answer here.", "", "  \n\t"])
def test_an_answer_never_written_waits_for_nobody(source):
    cell = written_cell(source)

    assert judge_written(cell, spec=spec(by_person=True)) == check(
        "failed", 0.0, "You have not written an answer yet. Write it, then submit again."
    )


def test_a_check_without_a_turn_may_say_why():
    assert not_run(spec(), message="Time was up.") == check("not_run", 0.0, "Time was up.")


def test_judging_leaves_the_cell_as_it_was():
    cell = cell_after(stream("stderr"), result("1"))
    before = nbformat.from_dict(cell)

    judged(cell)

    assert cell == before


def test_a_cell_without_errors_has_no_failure():
    assert first_failure(cell_after(stream("stderr"), result("1"))) is None
    assert first_failure(new_markdown_cell("words")) is None


def test_a_task_always_waits_for_a_person():
    metadata = {"grade": False, "solution": False, "locked": True, "task": True, "grade_id": "t", "points": 2}
    cell = new_markdown_cell("Describe it below.", metadata={"nbgrader": metadata})

    assert judge_written(cell, spec=spec(by_person=True)) == check("waiting", None)
