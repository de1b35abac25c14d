"""F7: the disk is full. ./run ends, as its supervisor cannot write its log; started again, it has lost nothing."""

import json
import random
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

from tests import running
from tests.faults.chaos import EXERCISE
from tests.faults.test_killed_worker import marks_and_tries
from tests.journeys import answers
from tests.running import RunningSite

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(900)]
SIZE_MB = 500
ANSWER_MB = 4


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk of its own, where the database's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="upskill-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def started(disk: Path) -> Iterator[RunningSite]:
    """The site, with its data on this disk."""
    site = running.start(disk / "site", settings={"API_WRITES_PER_MINUTE": "1000"})
    try:
        yield site
    finally:
        site.stop()


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


def hand_in(site: RunningSite, token: str, *, content: bytes) -> tuple[int, str]:
    """What the site answers, and the id under which it has taken the answer; 0 where the connection breaks."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "disk", "Content-Type": "application/json"}
    body = b'{"notebook": ' + content + b"}"
    try:
        answer = requests.post(f"{site.url}{EXERCISE}submissions/", data=body, headers=headers, timeout=60)
    except requests.ConnectionError:
        return 0, ""
    return answer.status_code, answer.json().get("public_id", "")


def test_f7_what_was_accepted_until_the_disk_was_full_is_marked_once_there_is_room_and_the_site_runs(disk: Path):
    with started(disk) as site:
        tokens = json.loads(site.run("tests.faults.crowd", "6", "disk"))
        sent = {"Authorization": f"Bearer {tokens[0]}"}
        release = requests.get(f"{site.url}{EXERCISE}notebook/", headers=sent, timeout=30).content
        contents = {token: large(release, number=number) for number, token in enumerate(tokens)}
        site.stack.supervisor.stop("worker")
        accepted = hand_in(site, tokens[0], content=contents[tokens[0]])
        fill(disk / "filler")
        refused = {hand_in(site, token, content=contents[token])[0] for token in tokens[1:]}
    (disk / "filler").unlink()

    with started(disk) as site:
        later = [hand_in(site, token, content=contents[token]) for token in tokens]
        site.until_all_is_marked()
        found = [(site.rows(POINTS, name), marks_and_tries(site, name)[0]) for _, name in later]

    assert (accepted[0], refused <= {0, 503}) == (201, True)
    assert later[0] == (200, accepted[1])
    assert found == [([(14,)], 1)] * len(tokens)


POINTS = """
    select m.points from marking_mark m join learning_submission s on s.id = m.submission_id where s.public_id = %s
"""
