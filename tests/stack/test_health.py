"""The real stack, asked by programs: ready once it runs, not ready with the reason when a part of it stops; and
`manage.py smoke`, which leaves no trace in any figure.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.running import ROOT, RunningSite, Visitor, wait_until
from tests.stack.processes import programs, run
from upskill_stack.folders import open_folders
from upskill_stack.supervision import Supervisor

pytestmark = [pytest.mark.stack, pytest.mark.slow]
NOT_SWEEPING = "The housekeeper does not sweep: it, beat or the broker is down."
PARTS = {"database", "migrations", "worker", "housekeeper", "broker"}


def ready(site: RunningSite) -> tuple[int, dict[str, str], float]:
    """Status of /readyz, what is not well, and the seconds that it took to say so."""
    begun = time.monotonic()
    page = requests.get(f"{site.url}/readyz", timeout=10)
    took = time.monotonic() - begun
    checks = page.json()["checks"]
    assert checks.keys() == PARTS
    return page.status_code, {name: check["detail"] for name, check in checks.items() if not check["ok"]}, took


def becomes_ready(site: RunningSite) -> bool:
    return wait_until(lambda: ready(site)[0] == 200, seconds=90, pause=0.5)


def smoke(site: RunningSite, *arguments: str):
    port = site.url.rsplit(":", 1)[1]
    return run(ROOT / "manage.py", "smoke", *arguments, data=site.data, PORT=port)


@contextmanager
def stopped(site: RunningSite, program: str) -> Iterator[None]:
    """Without this program, as an operator stops it; it runs again afterwards."""
    supervisor = Supervisor(open_folders(site.data))
    supervisor.stop(program)
    try:
        yield
    finally:
        supervisor._call("startProcess", program, True)


@contextmanager
def frozen(site: RunningSite, program: str) -> Iterator[None]:
    """With this program alive and deaf."""
    pid = programs(site.data)[program]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


# --- ready or not ----------------------------------------------------------------------------------------------------


def test_site_is_ready_once_it_runs(site: RunningSite):
    assert becomes_ready(site)
    assert requests.get(f"{site.url}/healthz", timeout=10).text == "ok"


def test_worker_that_was_stopped_is_told_by_readyz_and_smoke_and_both_are_well_again_afterwards(site: RunningSite):
    assert becomes_ready(site)

    with stopped(site, "worker"):
        told = wait_until(
            lambda: ready(site)[:2] == (503, {"worker": "No marking worker gives signs of life."}), seconds=40
        )
        ended = smoke(site, "--seconds", "2")

    assert (told, ended.returncode) == (True, 1)
    assert ended.stderr == ("No marking worker gives signs of life. Start the worker; its log says why it stopped.\n")
    assert becomes_ready(site)


def test_smoke_right_after_the_worker_was_stopped_says_that_it_stopped(site: RunningSite):
    assert becomes_ready(site)

    with stopped(site, "worker"):
        ended = smoke(site)

    assert ended.returncode == 1
    assert ended.stderr.startswith("No marking worker gives signs of life")
    assert becomes_ready(site)


@pytest.mark.parametrize("program", ["housekeeper", "beat"])
def test_stopped_sweeping_is_told(site: RunningSite, program: str):
    assert becomes_ready(site)

    with stopped(site, program):
        told = wait_until(
            lambda: (
                ready(site)[1] == {"housekeeper": "The housekeeper does not sweep: it, beat or the broker is down."}
            ),
            seconds=40,
        )

    assert told
    assert becomes_ready(site)


@pytest.mark.parametrize(
    ("program", "part", "words"),
    [
        ("postgres", "database", "PostgreSQL does not answer."),
        ("valkey", "broker", "The broker does not answer."),
    ],
)
def test_server_that_hangs_is_told_within_three_seconds(site: RunningSite, program: str, part: str, words: str):
    assert becomes_ready(site)

    with frozen(site, program):
        answers = [ready(site) for _ in range(2)]

    assert [(status, failing[part]) for status, failing, _took in answers] == [(503, words)] * 2
    assert max(took for *_said, took in answers) < 3.2
    assert becomes_ready(site)


def test_signs_of_life_go_on_after_the_database_was_killed(site: RunningSite):
    assert becomes_ready(site)

    os.kill(programs(site.data)["postgres"], signal.SIGKILL)
    back = becomes_ready(site)
    last = site.rows("select max(seen_at) from core_heartbeat where program = 'worker'")
    goes_on = wait_until(
        lambda: site.rows("select max(seen_at) from core_heartbeat where program = 'worker'") != last, seconds=30
    )

    assert (back, goes_on) == (True, True)


def test_each_marking_slot_gives_its_own_signs_of_life_and_says_what_it_marks_with(site: RunningSite):
    assert becomes_ready(site)
    fresh = (
        "select is_working, facts->>'isolation' in ('namespace', 'landlock'), facts->'libraries'->>'nbgrader' "
        "from core_heartbeat where program = 'worker' and seen_at > now() - interval '12 seconds'"
    )

    two = wait_until(lambda: len(site.rows(fresh)) >= 2, seconds=60)

    assert (two, set(site.rows(fresh))) == (True, {(True, True, "0.9.6")})


# --- the probe -------------------------------------------------------------------------------------------------------


def figures(site: RunningSite) -> dict[str, str]:
    """Every page that counts people or work, for every organisation that the viewer sees; and the metrics of marks."""
    found = {}
    for role, pages in PAGES.items():
        visitor = Visitor(site)
        visitor.post("/demo/sign-in/", form_page="/demo/", data={"role": role})
        for page in pages(site):
            answer = visitor.get(page)
            assert answer.status_code == 200, page
            found[f"{role} {page}"] = CHANGES.sub("", answer.text)
    metrics = requests.get(f"{site.url}/metrics", timeout=10).text
    found["metrics"] = "\n".join(line for line in metrics.splitlines() if MARKS.match(line))
    assert "upskill_marks_last_hour" in found["metrics"]
    return found


def organisations(site: RunningSite) -> list[str]:
    codes = site.rows(
        "select code from people_organisation where path like 'dwp/%%' and valid_to is null order by path"
    )
    return [f"/{path}/{code}/" for (code,) in codes for path in ("manager/departments", "api/v1/departments")]


# What differs from one look to the next: a form's token, and the seconds of a sign of life.
CHANGES = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|\d\d:\d\d:\d\d')
MARKS = re.compile(r"upskill_(jobs|marks|marking|answer|mail|sign_in|oldest)")
PAGES: dict[str, Callable[[RunningSite], list[str]]] = {
    "viewer": lambda site: ["/", *organisations(site), "/manager/departments/dwp/figures.csv"],
    "manager": lambda site: ["/", "/manager/team/", "/manager/team/levels.csv", "/api/v1/team/"],
    "trainer": lambda site: ["/", "/trainer/ai-ethics-in-practice/", "/trainer/ai-ethics-in-practice/?show=waiting"],
    "learner": lambda site: ["/", "/courses/", "/courses/ai-ethics-in-practice/", "/skills/"],
    "operator": lambda site: ["/", "/operator/", "/how-marking-works/"],
}


def test_smoke_finds_all_right_and_leaves_no_trace_in_any_figure(site: RunningSite):
    assert becomes_ready(site)
    site.until_all_is_marked()
    before = figures(site)

    ended = smoke(site)

    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert ended.stdout.splitlines()[-1].endswith("all is right")
    marks = site.rows(
        "select count(*) from marking_mark m join learning_submission s on s.id = m.submission_id "
        "join people_user u on u.id = s.learner_id where u.is_probe"
    )
    after = figures(site)
    assert marks[0][0] >= 1
    assert [page for page in before if before[page] != after[page]] == []
    assert len(before) > 10


def test_marking_is_logged_with_the_id_of_the_click_that_caused_it(site: RunningSite):
    assert becomes_ready(site)

    assert smoke(site).returncode == 0

    ((request_id, job),) = site.rows("select request_id, id from marking_job order by id desc limit 1")
    ended = [line for line in site.log("worker").splitlines() if f"The engine is done with job {job}: marked" in line]
    clicks = [line for line in site.log("web").splitlines() if f"request_id={request_id}" in line and "POST" in line]
    assert [f"request_id={request_id}" in line for line in ended] == [True]
    assert ["/submit/" in line for line in clicks] == [True]
