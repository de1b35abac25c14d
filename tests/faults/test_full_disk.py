"""F7: the disk is full. What was accepted is marked once there is room; the rest is refused in words."""

import json
import random
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests import running
from tests.faults.test_killed_worker import marks_and_tries
from tests.journeys import answers
from tests.running import RunningSite, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(900)]
EXERCISE = "/api/v1/exercises/ai-ethics-in-practice/bias-audits/audit-referrals/"
SIZE_MB = 500
ANSWER_MB = 4


@pytest.fixture
def site() -> Iterator[RunningSite]:
    """A site whose data folder is a small disk of its own, where the database's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="upskill-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", str(folder)], check=True)
    try:
        site = running.start(folder / "site", settings={"API_WRITES_PER_MINUTE": "1000"})
        try:
            site.until_all_is_marked()
            yield site
        finally:
            site.stop()
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(file: Path) -> None:
    """No byte is left on its disk."""
    with suppress(OSError), file.open("ab", buffering=0) as stream:
        while stream.write(bytes(1 << 16)):
            pass


def large(release: bytes, *, number: int) -> bytes:
    """A right answer, different for each number, that needs room."""
    notebook = json.loads(answers.write("solution", release=release))
    notebook["cells"][0]["metadata"]["note"] = random.Random(number).randbytes(ANSWER_MB << 19).hex()
    return json.dumps(notebook).encode()


def test_f7_what_was_accepted_while_the_disk_was_full_is_marked_once_there_is_room(site: RunningSite):
    tokens = json.loads(site.run("tests.faults.crowd", "8", "disk"))
    sent = {"Authorization": f"Bearer {tokens[0]}"}
    release = requests.get(f"{site.url}{EXERCISE}notebook/", headers=sent, timeout=30).content
    filler = site.data.parent / "filler"

    def hand_in(number: int) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {tokens[number]}",
            "Idempotency-Key": f"disk-{number}",
            "Content-Type": "application/json",
        }
        body = b'{"notebook": ' + large(release, number=number) + b"}"
        return requests.post(f"{site.url}{EXERCISE}submissions/", data=body, headers=headers, timeout=60)

    fill(filler)
    full = [hand_in(number) for number in range(len(tokens))]
    filler.unlink()

    assert {answer.status_code for answer in full} <= {201, 503}
    assert 503 in {answer.status_code for answer in full}, "the disk was not full"
    assert wait_until(lambda: hand_in(0).status_code in (200, 201), seconds=60, pause=2)
    later = [hand_in(number) for number in range(len(tokens))]
    assert {answer.status_code for answer in later} <= {200, 201}
    site.until_all_is_marked()
    ids = [answer.json()["public_id"] for answer in later]
    assert [(site.rows(POINTS, each), marks_and_tries(site, each)[0]) for each in ids] == [([(14,)], 1)] * len(tokens)
    for first, second in zip(full, later, strict=True):
        if first.status_code == 201:
            assert first.json()["public_id"] == second.json()["public_id"]


POINTS = """
    select m.points from marking_mark m join learning_submission s on s.id = m.submission_id where s.public_id = %s
"""
