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


def hand_in(site: RunningSite, token: str, *, content: bytes) -> tuple[int, str]:
    """What the site answers, and the id under which it has taken the answer; 0 where the connection breaks."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "disk", "Content-Type": "application/json"}
    body = b'{"notebook": ' + content + b"}"
    try:
        answer = requests.post(f"{site.url}{EXERCISE}submissions/", data=body, headers=headers, timeout=60)
    except requests.ConnectionError:
        return 0, ""
    return answer.status_code, answer.json().get("public_id", "")


def test_f7_what_was_accepted_while_the_disk_was_full_is_marked_once_there_is_room(site: RunningSite):
    tokens = json.loads(site.run("tests.faults.crowd", "8", "disk"))
    sent = {"Authorization": f"Bearer {tokens[0]}"}
    release = requests.get(f"{site.url}{EXERCISE}notebook/", headers=sent, timeout=30).content
    contents = {token: large(release, number=number) for number, token in enumerate(tokens)}
    filler = site.data.parent / "filler"

    fill(filler)
    full = {token: hand_in(site, token, content=content) for token, content in contents.items()}
    filler.unlink()
    assert wait_until(
        lambda: {hand_in(site, token, content=contents[token])[0] for token in tokens} <= {200, 201},
        seconds=120,
        pause=2,
    )
    later = {token: hand_in(site, token, content=contents[token])[1] for token in tokens}
    site.until_all_is_marked()

    statuses = {status for status, _ in full.values()}
    assert statuses <= {0, 201, 503}
    assert statuses - {201}, "the disk was not full"
    assert {token: later[token] for token, (status, _) in full.items() if status == 201} == {
        token: name for token, (status, name) in full.items() if status == 201
    }
    found = [(site.rows(POINTS, name), marks_and_tries(site, name)[0]) for name in later.values()]
    assert found == [([(14,)], 1)] * len(tokens)


POINTS = """
    select m.points from marking_mark m join learning_submission s on s.id = m.submission_id where s.public_id = %s
"""
