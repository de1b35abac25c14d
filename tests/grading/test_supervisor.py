"""A supervisor believes a proof for ten minutes, and its warm processes for two hundred jobs."""

import socket

import pytest

from grading.protocol import Limits, Outcome, to_json
from grading.runner import supervisor as module
from grading.runner.supervisor import Supervisor
from grading.runner.warm_set import WarmSet
from grading.runner.warmth import Warmth
from grading.sandbox.modes import Mode
from tests.grading.answering import RIGHT, answered, exercise, job, points

pytestmark = pytest.mark.slow  # starts warm processes
SOURCE = exercise("doubling")
FULL = {"test_double": 2.0, "test_long_words": 3.0, "test_share": 2.0, "why": None}
TEXT = to_json(job(SOURCE, answer=answered(SOURCE, **RIGHT)))


@pytest.fixture
def supervisor():
    ours, theirs = socket.socketpair()
    with ours, theirs, Supervisor("", owner=ours) as running:
        yield running


def test_an_old_proof_is_made_anew_before_the_next_job_and_the_warm_process_stays(supervisor):
    warm, proof = supervisor._warm, supervisor.proof
    supervisor._proved_at -= module._PROOF_SECONDS

    verdict = supervisor.mark(TEXT)

    assert points(verdict) == FULL
    assert (supervisor._warm is warm, supervisor.proof is proof) == (True, False)
    assert supervisor.proof.holds


def test_a_warm_process_is_replaced_after_its_jobs(supervisor):
    warm = supervisor._warm
    supervisor._jobs = module._MOST_JOBS

    supervisor.make_ready()
    verdict = supervisor.mark(TEXT)

    assert supervisor._warm is not warm
    assert supervisor.recycled == {"jobs": 1, "doubt": 0, "fault": 0, "wall": 0}
    assert (verdict.outcome, points(verdict)) == (Outcome.MARKED, FULL)


def test_a_warm_process_that_is_doubted_takes_no_other_job(supervisor):
    supervisor.mark(TEXT)
    warm, supervisor._is_doubtful = supervisor._warm, True

    verdict = supervisor.mark(TEXT)

    assert supervisor._warm is not warm
    assert (points(verdict), supervisor.recycled["doubt"]) == (FULL, 1)


def test_an_answer_that_names_a_library_is_marked_where_it_is_loaded(supervisor):
    supervisor.mark(TEXT)
    wanted = {**RIGHT, "double": f"import sklearn.tree\n{RIGHT['double']}"}

    verdict = supervisor.mark(to_json(job(SOURCE, answer=answered(SOURCE, **wanted))))
    latest = supervisor._warm.latest
    again = supervisor.mark(TEXT)

    assert (points(verdict), points(again)) == (FULL, FULL)
    assert (latest, supervisor._warm.latest) == (Warmth.MODELS, Warmth.PLAIN)


def test_where_the_host_is_the_wall_there_is_one_pair():
    warm = WarmSet(Mode.EXTERNAL, slot=None)
    try:
        warm.start_another()
        pair = warm.take(Limits(), warmth=Warmth.PLAIN)
        warm.end(pair)
        assert (list(warm._processes), warm.latest) == ([Warmth.MODELS], Warmth.MODELS)
    finally:
        warm.close()


def test_in_quiet_seconds_every_warm_process_gets_a_pair_that_waits(supervisor):
    for _ in Warmth:
        supervisor.use_the_time()
    processes = supervisor._warm._processes
    pairs = {warmth: processes[warmth]._collected() for warmth in Warmth}
    waiting = [pair.learner.has_ended() or pair.judge.has_ended() for pair in pairs.values()]
    for warmth, pair in pairs.items():
        processes[warmth].end(pair)

    assert waiting == [False] * 3
    assert points(supervisor.mark(TEXT)) == FULL


def test_files_too_large_to_be_laid_out_are_the_authors_mistake(supervisor):
    verdict = supervisor.mark(to_json(job(SOURCE, answer=answered(SOURCE, **RIGHT), files={"big": bytes(20 << 20)})))

    assert verdict.outcome is Outcome.FAILED_OURS
    assert verdict.reason.startswith("The files beside the notebook are too large to be laid out: ")
    assert points(supervisor.mark(TEXT)) == FULL


def test_a_fresh_pair_serves_each_job(supervisor):
    verdicts = [supervisor.mark(TEXT) for _ in range(3)]

    assert [points(verdict) for verdict in verdicts] == [FULL] * 3
