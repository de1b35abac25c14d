"""The words between the site and the engine survive the journey, and nothing else passes for them."""

import json
import math
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.protocol import (
    CheckResult,
    CheckStatus,
    Job,
    Limits,
    Outcome,
    ProtocolError,
    Provenance,
    Verdict,
    from_json,
    to_json,
)

texts = st.text(max_size=50)
numbers = st.floats(min_value=0, max_value=999, allow_nan=False)
file_names = st.lists(
    st.text(string.ascii_letters + string.digits + "_- é", min_size=1, max_size=12), min_size=1, max_size=3
).map("/".join)
limits = st.builds(
    Limits,
    cell_seconds=st.integers(1, 60),
    total_seconds=st.integers(1, 600),
    memory_mb=st.integers(1, 4096),
    output_kb=st.integers(1, 4096),
    processes=st.integers(1, 99),
    files_mb=st.integers(1, 999),
)
jobs = st.builds(
    Job,
    job_id=texts,
    source=texts,
    answer=texts,
    files=st.dictionaries(file_names, st.binary(max_size=80), max_size=4),
    limits=limits,
    seed=st.integers(0, 2**63),
    hidden_messages=st.dictionaries(texts, texts, max_size=3),
)
results = st.builds(
    CheckResult,
    check=texts,
    status=st.sampled_from(CheckStatus),
    points=st.none() | numbers,
    max_points=numbers,
    message=texts,
    hidden=st.booleans(),
)
verdicts = st.builds(
    Verdict,
    job_id=texts,
    outcome=st.sampled_from(Outcome),
    checks=st.lists(results, max_size=4).map(tuple),
    reason=texts,
    provenance=st.builds(
        Provenance,
        tests_sha256=texts,
        engine_version=texts,
        libraries=st.dictionaries(texts, texts, max_size=3),
        python=texts,
        isolation=texts,
        seed=st.integers(),
        timings_ms=st.dictionaries(texts, st.integers(), max_size=3),
    ),
    free_text=st.dictionaries(texts, texts, max_size=3),
    by_author=st.booleans(),
)


def verdict_data(**changes):
    """A verdict as plain data, with some fields changed; a field set to ... is left out."""
    data = json.loads(to_json(Verdict(job_id="1", outcome=Outcome.MARKED)))
    data.update(changes)
    return json.dumps({name: value for name, value in data.items() if value is not ...})


def check_data(**changes):
    """One check result as plain data, with some fields changed."""
    result = CheckResult(check="a", status=CheckStatus.PASSED, points=1.0, max_points=1.0)
    return {**json.loads(to_json(result)), **changes}


@settings(deadline=None)
@given(jobs)
def test_a_job_comes_back_as_it_was_sent(job):
    text = to_json(job)

    returned = from_json(Job, text)

    assert returned == job
    assert text.isascii()


@settings(deadline=None)
@given(verdicts)
def test_a_verdict_comes_back_as_it_was_sent(verdict):
    text = to_json(verdict)

    returned = from_json(Verdict, text)

    assert returned == verdict
    assert all(type(result.status) is CheckStatus for result in returned.checks)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_brings_more_than_a_protocol_error(text):
    with pytest.raises(ProtocolError) as refusal:
        from_json(Verdict, text)

    assert str(refusal.value)


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=8))
def test_no_value_in_a_field_brings_more_than_a_protocol_error(value):
    data = json.loads(to_json(Verdict(job_id="1", outcome=Outcome.MARKED)))

    for name in data:
        try:
            returned = from_json(Verdict, json.dumps({**data, name: value}))
        except ProtocolError:
            continue
        assert to_json(from_json(Verdict, to_json(returned))) == to_json(returned)


def test_whole_numbers_are_taken_for_points():
    data = verdict_data(checks=[check_data(points=2, max_points=3)])

    (result,) = from_json(Verdict, data).checks

    assert (result.points, result.max_points) == (2.0, 3.0)
    assert type(result.points) is float


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "The text is not JSON"),
        ("[" * 200_000, "The text is not JSON"),
        ("[]", "Verdict should be dict, not list."),
        (verdict_data(colour="red"), "Verdict has no field colour."),
        (verdict_data(reason=...), "Verdict lacks the field reason."),
        (verdict_data(reason=3), "Verdict.reason should be str, not int."),
        (verdict_data(reason=None), "Verdict.reason should be str, not NoneType."),
        (
            verdict_data(outcome="lost"),
            "Verdict.outcome should be one of marked, refused, failed_ours, not 'lost'.",
        ),
        (verdict_data(checks={}), "Verdict.checks should be list, not dict."),
        (verdict_data(checks=[3]), "Verdict.checks[0] should be dict, not int."),
        (
            verdict_data(checks=[check_data(points="1")]),
            "Verdict.checks[0].points should be float, not str.",
        ),
        (
            verdict_data(checks=[check_data(points=True)]),
            "Verdict.checks[0].points should be float, not bool.",
        ),
        (
            verdict_data(checks=[check_data(points=math.nan)]),
            "Verdict.checks[0].points should be a finite number.",
        ),
        (
            verdict_data(checks=[check_data(points=10**400)]),
            "Verdict.checks[0].points should be a finite number.",
        ),
        (
            verdict_data(checks=[check_data(hidden=1)]),
            "Verdict.checks[0].hidden should be bool, not int.",
        ),
        (verdict_data(free_text={"a": 1}), "Verdict.free_text['a'] should be str, not int."),
    ],
)
def test_anything_but_a_verdict_is_refused_with_the_place(text, problem):
    with pytest.raises(ProtocolError) as refusal:
        from_json(Verdict, text)

    assert str(refusal.value).startswith(problem)


@pytest.mark.parametrize("content", ["not base64!", "YQ", "é"])
def test_files_that_are_not_base64_are_refused(content):
    data = json.loads(to_json(Job(job_id="1", source="", answer="")))

    with pytest.raises(ProtocolError) as refusal:
        from_json(Job, json.dumps({**data, "files": {"a": content}}))

    assert str(refusal.value) == "Job.files['a'] is not base64."


@pytest.mark.parametrize("name", ["/etc/passwd", "../notes.txt", "data/../../x", "", ".", "a\0b"])
def test_a_file_can_only_lie_beside_the_notebook(name):
    with pytest.raises(ProtocolError) as refusal:
        Job(job_id="1", source="", answer="", files={name: b""})

    assert "is no name for a file beside the notebook" in str(refusal.value)


@pytest.mark.parametrize("name", ["cell_seconds", "total_seconds", "memory_mb", "output_kb", "processes", "files_mb"])
def test_a_limit_below_one_is_refused(name):
    with pytest.raises(ProtocolError) as refusal:
        Limits(**{name: 0})

    assert str(refusal.value) == f"The limit {name} is 0. Give a whole number above zero."


@pytest.mark.parametrize("points", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_cannot_hold_is_not_sent(points):
    result = CheckResult(check="a", status=CheckStatus.PARTIAL, points=points, max_points=1.0)

    with pytest.raises(ProtocolError) as refusal:
        to_json(result)

    assert str(refusal.value).startswith("CheckResult cannot be sent")


def test_an_object_that_is_no_part_of_the_protocol_is_not_sent():
    verdict = Verdict(job_id="1", outcome=Outcome.MARKED, reason={1, 2})  # type: ignore[arg-type]

    with pytest.raises(ProtocolError) as refusal:
        to_json(verdict)

    assert str(refusal.value).startswith("Verdict cannot be sent")


def test_a_result_cannot_be_changed_after_the_fact():
    result = CheckResult(check="a", status=CheckStatus.FAILED, points=0.0, max_points=1.0)

    with pytest.raises(AttributeError):
        result.points = 1.0  # type: ignore[misc]
