"""./run on a host that cannot confine learners' code: nothing is marked, everything else works, and all are told."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests import running
from tests.running import ROOT, RunningSite, wait_until
from tests.stack.processes import everything_gone

pytestmark = [pytest.mark.stack, pytest.mark.slow]
PAUSED = "Marking is paused: the marking engine does not start. Submissions wait until it does."
HOST = ROOT / "tests" / "grading" / "wall" / "host.py"
HANDED_IN = 10  # notebooks of the demo's named people; those of its colleagues were marked when they were invented
WAITING = "select state, count(*) from marking_job where lane = 'regrade' group by state"


@pytest.fixture
def site() -> Iterator[RunningSite]:
    """A running site where the kernel refuses namespaces and Landlock."""
    place = Path(tempfile.mkdtemp(prefix="unwalled-", dir="/tmp"))
    place.chmod(0o755)
    wishes = json.dumps({"closed": True, "refuses": ["namespaces", "landlock"]})
    started = running.start(place / "data", on=[sys.executable, str(HOST), "start", wishes])
    yield started
    started.stop()
    assert everything_gone(place)
    shutil.rmtree(place)


def test_marking_is_paused_and_the_operator_reads_what_is_missing_and_the_one_setting(site: RunningSite):
    output = site.data / "run-output.txt"
    assert wait_until(lambda: "Marking is paused" in output.read_text(), seconds=60)
    said = output.read_text()
    paused = wait_until(
        lambda: (
            "cannot prove that answers are kept apart"
            in requests.get(f"{site.url}/how-marking-works/", timeout=10).text
        ),
        seconds=60,
    )
    ready = requests.get(f"{site.url}/readyz", timeout=10)

    for told in (
        "Learner code cannot be confined on this host.",
        "network namespace",
        "- landlock: ",
        "GRADER_ISOLATION=",
    ):
        assert told in said
    assert paused
    assert (ready.status_code, ready.json()["checks"]["worker"]) == (503, {"ok": False, "detail": PAUSED})
    assert site.rows(WAITING) == [("queued", HANDED_IN)]
