"""F4 with RabbitMQ, away, or taking calls and answering none: nobody waits for good, and nothing is lost."""

import time
from collections.abc import Iterator

import pytest

from tests import running
from tests.faults import brokers
from tests.faults.brokers import RabbitMQ
from tests.faults.test_killed_worker import marks_and_tries
from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.running import RunningSite, Visitor
from upskill.celery import AWAY_SECONDS

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(600)]
FORM = "/sign-in/"


@pytest.fixture(scope="module")
def broker(tmp_path_factory) -> Iterator[RabbitMQ]:
    with brokers.started("rabbitmq", tmp_path_factory.mktemp("rabbitmq")) as started:
        assert isinstance(started, RabbitMQ)
        yield started


@pytest.fixture(scope="module")
def rabbits_site(broker: RabbitMQ, tmp_path_factory) -> Iterator[RunningSite]:
    site = running.start(tmp_path_factory.mktemp("site"), settings=broker.settings)
    yield site
    site.stop()


def hand_in(learner: DemoLearner, *, release: bytes) -> str:
    return learner.hand_in(answers.write("solution", release=release))


@pytest.mark.timeout(900)
def test_f4_answers_are_taken_while_rabbitmq_is_away_and_marked_once_it_is_back(
    rabbits_site: RunningSite, broker: RabbitMQ, is_full
):
    site, learner = rabbits_site, DemoLearner(rabbits_site)
    release = learner.release()
    with broker.away():
        began = time.monotonic()
        sent = [hand_in(learner, release=release) for _ in range(3)]
        time.sleep(max(0.0, (300 if is_full else 60) - (time.monotonic() - began)))
        waiting = [learner.state(each)["state"] for each in sent]

    assert waiting == ["queued"] * 3
    assert [learner.marked(each, seconds=90)["state"] for each in sent] == ["done"] * 3
    assert [marks_and_tries(site, each) for each in sent] == [(1, 1)] * 3


def test_f4_answers_and_sign_in_links_are_taken_while_rabbitmq_hangs(
    rabbits_site: RunningSite, broker: RabbitMQ, record_property
):
    """Every request here gives up after 30 seconds: without bounds they would wait for as long as the broker hangs."""
    site, learner, stranger = rabbits_site, DemoLearner(rabbits_site), Visitor(rabbits_site)
    release = learner.release()
    before = hand_in(learner, release=release)  # from here on the web process has a connection
    learner.marked(before, seconds=90)

    with broker.hanging():
        began = time.monotonic()
        first = hand_in(learner, release=release)
        waited = time.monotonic() - began
        second = hand_in(learner, release=release)
        at_once = time.monotonic() - began - waited
        time.sleep(AWAY_SECONDS)
        began = time.monotonic()
        asked = stranger.post(FORM, form_page=FORM, data={"email": "nobody@example.gov.uk", "next": ""})
        for_link = time.monotonic() - began

    sent = [before, first, second]
    states = {each: learner.marked(each, seconds=90)["state"] for each in sent}
    record_property("figures", f"{waited:.1f} s to hand in, {at_once:.1f} s the second, {for_link:.1f} s for a link")
    assert asked.status_code == 200
    assert states == dict.fromkeys(sent, "done")
    assert [marks_and_tries(site, each) for each in sent] == [(1, 1)] * 3
