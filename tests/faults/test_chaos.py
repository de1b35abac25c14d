"""F1 and F6: processes are killed all the while. Every accepted answer is marked, once, and right; poison is buried.

One seed of 60 answers with Valkey; marked long, three of 300 with each broker; with --full, three of 1,000 with each.
"""

import json
import time
from dataclasses import dataclass

import pytest

from tests import running
from tests.faults import brokers, chaos
from tests.faults.brokers import RabbitMQ, Valkey
from tests.faults.chaos import POISON, Database, Killer, Rush
from tests.journeys import answers
from tests.running import RunningSite

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(1200)]
SEEDS = (7, 11, 13)
LEARNERS = 120
RESULTS = """
    select s.public_id::text, j.state, j.tries, count(m.id), min(m.points), max(m.points)
    from learning_submission s join marking_job j on j.submission_id = s.id
    left join marking_mark m on m.submission_id = s.id
    where s.idempotency_key like %s group by s.id, j.id
"""


@dataclass(frozen=True)
class Stage:
    """A running site, its broker, and the access tokens of a crowd of learners."""

    site: RunningSite
    broker: Valkey | RabbitMQ
    tokens: list[str]


@pytest.fixture(scope="module")
def stage(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stage")
    with brokers.started(request.param, folder / "broker") as broker:
        site = running.start(folder / "site", settings={"JOB_LEASE_SECONDS": "5", **broker.settings})
        try:
            tokens = json.loads(site.run("tests.faults.crowd", str(LEARNERS), "crowd"))
            site.until_all_is_marked()
            yield Stage(site, broker, tokens)
        finally:
            site.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Asked by pytest for the cases of each test here."""
    if "seed" in metafunc.fixturenames:
        number = 1000 if metafunc.config.getoption("--full") else 300
        names = ["valkey", "rabbitmq"] if brokers.RABBITMQ else ["valkey"]
        cases = [(name, seed, number) for name in names for seed in SEEDS]
        short = pytest.param("valkey", SEEDS[0], 60, marks=pytest.mark.short)
        long = [pytest.param(*case, marks=pytest.mark.long) for case in cases]
        metafunc.parametrize(("stage", "seed", "number"), [short, *long], indirect=["stage"], scope="module")


def test_nothing_is_lost_doubled_or_wrong_while_processes_are_killed(
    stage: Stage, seed: int, number: int, record_property
):
    rush = Rush(stage.site, stage.tokens, name=f"seed-{seed}-{number}", number=number)
    killer, database = Killer(stage.site, rush, broker=stage.broker, seed=seed), Database(stage.site)
    began = time.monotonic()

    with killer.poison_kills():
        with rush.being_handed_in():
            killer.kill_at_random()
        seconds_after = seconds_to_the_end(rush, killer=killer, database=database)

    results = {name: rest for name, *rest in database.rows(RESULTS, rush.like)}
    record_property("figures", f"{time.monotonic() - began:.0f} s in all, {seconds_after:.0f} s after the last kill")
    record_property("kills", dict(killer.kills))
    record_property("tries", max(tries for _, tries, *_ in results.values()))
    record_property("statuses", dict(rush.statuses))
    assert results.keys() == rush.accepted.keys()
    assert {name: found for name, (_, _, *found) in results.items()} == {
        name: expected(kind) for name, kind in rush.accepted.items()
    }
    assert {state for name, (state, *_) in results.items() if rush.accepted[name] == POISON} == {"failed_ours"}
    assert set(rush.statuses) <= {200, 201, 429, 503}


@pytest.mark.long
@pytest.mark.parametrize("stage", ["valkey"], indirect=True)
def test_without_whatever_asks_again_answers_are_lost(stage: Stage):
    """The control: it shows that the test above would see a loss."""
    rush = Rush(stage.site, stage.tokens, name="control", number=40)
    killer, database = Killer(stage.site, rush, broker=stage.broker, seed=7), Database(stage.site)

    with stage.site.without("beat", "housekeeper"):
        with rush.being_handed_in():
            time.sleep(2)
            killer.kill("worker")
        for _ in range(2):
            killer.kill("worker")
            killer.kill("broker")
            time.sleep(2)
        time.sleep(30)  # six leases
        lost = chaos.open_jobs(database, like=rush.like)
        time.sleep(15)
        still_lost = chaos.open_jobs(database, like=rush.like)

    assert lost == still_lost > 0


def expected(kind: str) -> list[float | int | None]:
    """How many marks an answer of this kind gets, and their least and most points."""
    if kind == POISON:
        return [0, None, None]
    points = sum(points or 0 for points in answers.expected(kind).points.values())
    return [1, points, points]


def seconds_to_the_end(rush: Rush, *, killer: Killer, database: Database) -> float:
    """From the last kill to the end of the last job. Fails where that takes too long."""
    while chaos.open_jobs(database, like=rush.like):
        waited = time.monotonic() - killer.last_at
        assert waited < chaos.MOST_WAITED, dict(database.rows(chaos.STATES, rush.like))
        time.sleep(0.25)
    return time.monotonic() - killer.last_at
